"""Heads by themselves: read from a bundle, fed with its encoder's states, put into another one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from data.records import LabelledArticle
from model.heads import StateReader, graft_heads, load_heads
from model.network import Heads
from sayso.bundle import MODEL, WORDS, Bundle, load_bundle, read_manifest
from sayso.encoder import OUTPUTS, Encoder
from sayso.errors import InputError
from sayso.tokens import TextTokenizer


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle()


@pytest.fixture(scope="module")
def heads(bundle: Bundle) -> Heads:
    return load_heads(bundle)


def test_heads_on_states_say_what_the_bundle_says(
    bundle: Bundle, heads: Heads, gold: Sequence[LabelledArticle], tokenizer: TextTokenizer
) -> None:
    text = tokenizer(gold[0].text)
    states = StateReader(bundle).states(text)
    assert states.shape == (len(text), heads.emissions.in_features)
    scores = Encoder(bundle, tokenizer).encode(text)
    with torch.no_grad():
        ours = heads.read(torch.from_numpy(states).float()[None])
    for name in OUTPUTS:
        np.testing.assert_allclose(
            getattr(ours, name)[0].numpy(), getattr(scores, name), atol=5e-3, err_msg=name
        )


def test_the_same_heads_make_the_same_bundle(
    bundle: Bundle,
    heads: Heads,
    gold: Sequence[LabelledArticle],
    tokenizer: TextTokenizer,
    tmp_path: Path,
) -> None:
    model = graft_heads(bundle, heads, tmp_path / "b", name="sayso-x", manifest={"run": "r"})
    assert model.startswith("sayso-x-int8-")
    made = load_bundle(tmp_path / "b")
    assert read_manifest(made.folder)["run"] == "r"
    assert made.config.temperature == bundle.config.temperature, "until it is calibrated"
    text = tokenizer(gold[1].text)
    ours, theirs = (Encoder(one, tokenizer).encode(text) for one in (made, bundle))
    for name in OUTPUTS:
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))


def test_other_heads_are_what_the_bundle_decodes_with(
    bundle: Bundle,
    heads: Heads,
    gold: Sequence[LabelledArticle],
    tokenizer: TextTokenizer,
    tmp_path: Path,
) -> None:
    torch.manual_seed(0)
    other = load_heads(bundle)
    with torch.no_grad():
        for value in other.parameters():
            value.add_(0.02 * torch.randn_like(value))
    graft_heads(bundle, other, tmp_path / "b", name="x", manifest={})
    made = load_bundle(tmp_path / "b")
    assert (made.folder / WORDS).read_bytes() == (bundle.folder / WORDS).read_bytes()
    assert (made.folder / MODEL).read_bytes() != (bundle.folder / MODEL).read_bytes()
    text = tokenizer(gold[2].text)
    scores, before = (Encoder(one, tokenizer).encode(text) for one in (made, bundle))
    pooled = np.random.default_rng(0).normal(size=(3, 2 * other.config.stance_size))
    with torch.no_grad():
        states = torch.from_numpy(StateReader(made).states(text)).float()
        ours = other.read(states[None])
        stances = other.stance_head(torch.from_numpy(pooled).float()).numpy()
    for name in OUTPUTS:
        found = getattr(scores, name)
        np.testing.assert_allclose(getattr(ours, name)[0].numpy(), found, atol=5e-3)
        assert np.abs(found - getattr(before, name)).max() > 0.05
    found = Encoder(made, tokenizer).stance_scores(pooled.astype(np.float32))
    expected = stances - np.logaddexp.reduce(stances, axis=1, keepdims=True)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    again = load_heads(made)
    for name, value in other.state_dict().items():
        if not name.endswith("transitions"):
            torch.testing.assert_close(again.state_dict()[name], value, rtol=0, atol=1e-6)
    allowed = ~other.crfs[0].forbidden  # type: ignore[operator]
    torch.testing.assert_close(
        again.crfs[0].transitions[allowed],  # type: ignore[index]
        other.crfs[0].transitions[allowed],  # type: ignore[index]
        rtol=0,
        atol=1e-6,
    )


def test_a_bundle_of_several_networks_has_no_heads_of_its_own(bundle: Bundle) -> None:
    pair = replace(bundle, config=replace(bundle.config, members=2))
    with pytest.raises(InputError, match="expected a bundle of one network, found 2"):
        load_heads(pair)
    with pytest.raises(InputError, match="expected a bundle of one network, found 2"):
        StateReader(pair)
