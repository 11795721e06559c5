"""The CRF's likelihood against the sum over every sequence, and its masks."""

from itertools import product

import torch

from model.crf import ChainCrf
from sayso.tags import TAGS, allowed_transitions

LENGTH = 3


def test_probabilities_of_all_legal_sequences_sum_to_one() -> None:
    torch.manual_seed(0)
    crf = ChainCrf()
    torch.nn.init.normal_(crf.transitions)
    sequences = torch.tensor(list(product(range(len(TAGS)), repeat=LENGTH)))
    emissions = torch.randn(1, LENGTH, len(TAGS)).expand(len(sequences), -1, -1)
    losses = crf(emissions, sequences, torch.ones_like(sequences, dtype=torch.bool))
    allowed = torch.from_numpy(allowed_transitions())
    legal = allowed[sequences[:, :-1], sequences[:, 1:]].all(1)
    assert abs(torch.exp(-losses[legal]).sum().item() - 1) < 1e-4
    assert torch.exp(-losses[~legal]).max().item() < 1e-6


def test_padding_changes_nothing() -> None:
    torch.manual_seed(1)
    crf = ChainCrf()
    emissions, tags = torch.randn(1, 5, len(TAGS)), torch.tensor([[0, 1, 2, 0, 3]])
    short = crf(emissions[:, :3], tags[:, :3], torch.ones(1, 3, dtype=torch.bool))
    mask = torch.tensor([[True, True, True, False, False]])
    padded = crf(emissions, tags.masked_fill(~mask, -100), mask)
    torch.testing.assert_close(short, padded)
