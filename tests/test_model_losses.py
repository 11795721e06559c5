"""The joint loss: each task learns from what is marked and from nothing else."""

from pathlib import Path

import pytest
import torch

from data.encode import Chunk, cut_chunks, encode_articles
from data.loaders import load_gold
from data.records import Convention
from model.losses import Batch, Losses, LossWeights, collate, joint_loss
from model.network import DISTANCE_BUCKETS, NetworkConfig, SaysoNetwork, distance_bucket
from sayso.tokens import TextTokenizer

SMALL = NetworkConfig(link_size=8, stance_size=8, stance_hidden=16)


@pytest.fixture(scope="module")
def network(tiny_encoder: Path) -> SaysoNetwork:
    """An untrained tiny network."""
    torch.manual_seed(0)
    return SaysoNetwork.pretrained(tiny_encoder, SMALL).eval()


@pytest.fixture(scope="module")
def chunks(tokenizer: TextTokenizer) -> list[Chunk]:
    """The first gold articles in chunks of 120 tokens."""
    rows = encode_articles(load_gold()[:3], tokenizer)
    return [chunk for row in rows for chunk in cut_chunks(dict(row), 120)]


def _loss(network: SaysoNetwork, batch: Batch) -> Losses:
    return joint_loss(network, batch, LossWeights(), network(**batch.inputs))


def test_padding_changes_no_output(
    network: SaysoNetwork, chunks: list[Chunk], tokenizer: TextTokenizer
) -> None:
    long, short = max(chunks, key=len), min(chunks, key=len)
    assert len(short) < len(long)
    alone = network(**collate([short], tokenizer).inputs)
    beside = network(**collate([long, short], tokenizer).inputs)
    end = len(short) + 2
    torch.testing.assert_close(alone.emissions[0], beside.emissions[1, :end], rtol=1e-3, atol=1e-4)


def test_every_part_of_the_network_learns(
    network: SaysoNetwork, chunks: list[Chunk], tokenizer: TextTokenizer
) -> None:
    network.zero_grad()
    losses = _loss(network, collate(chunks[:4], tokenizer))
    losses.total.backward()  # type: ignore[no-untyped-call]
    still = [n for n, p in network.named_parameters() if p.grad is None or not p.grad.any()]
    assert still == []


def test_flat_articles_teach_the_inner_layer_nothing(
    network: SaysoNetwork, tokenizer: TextTokenizer
) -> None:
    from dataclasses import replace

    flat = [replace(a, convention=Convention.FLAT) for a in load_gold()[:2]]
    rows = encode_articles(flat, tokenizer)
    batch = collate([c for row in rows for c in cut_chunks(dict(row), 200)], tokenizer)
    network.zero_grad()
    _loss(network, batch).total.backward()  # type: ignore[no-untyped-call]
    gradient = network.emissions.weight.grad
    assert gradient is not None
    outer, inner = gradient.chunk(2)
    assert outer.any()
    assert not inner.any()


def test_training_on_a_batch_lowers_its_loss(
    tiny_encoder: Path, chunks: list[Chunk], tokenizer: TextTokenizer
) -> None:
    torch.manual_seed(0)
    network = SaysoNetwork.pretrained(tiny_encoder, SMALL)
    batch = collate(chunks[:4], tokenizer)
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    before = _loss(network, batch)
    for _ in range(30):
        losses = _loss(network, batch)
        optimizer.zero_grad()
        losses.total.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    assert losses.roles < 0.8 * before.roles
    assert losses.links < before.links
    assert losses.stance < before.stance


def test_distance_buckets() -> None:
    found = distance_bucket(torch.tensor([0, 1, 2, 3, 4, -1, -2, 100_000])).tolist()
    near = DISTANCE_BUCKETS
    assert found == [near, near, near + 1, near + 1, near + 2, 0, 1, 2 * near - 1]
