"""Distillation: what a teacher says of an article is kept, and moves the student."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from data.encode import IGNORE, Chunk, Told, cut_chunks, encode_articles
from data.records import LABELS, Convention, LabelledArticle
from model.distil import distilled_loss, soft_loss
from model.losses import Batch, Losses, LossWeights, collate, joint_loss
from model.network import NetworkConfig, SaysoNetwork
from sayso.errors import InputError
from sayso.tags import LAYERS, TAGS
from sayso.tokens import TextTokenizer
from training.loop import Examples, Trainer
from training.recipe import TrainConfig

SMALL = NetworkConfig(link_size=8, stance_size=8, stance_hidden=16)
ALONE = LossWeights(roles=0, links=0, stance=0, distil_roles=1.0, distil_stance=1.0)


def network_of(encoder: Path, config: NetworkConfig, seed: int) -> SaysoNetwork:
    torch.manual_seed(seed)
    network = SaysoNetwork.pretrained(encoder, config)
    for head in (network.emissions, network.stances, *network.stance_head.layers):
        if isinstance(head, torch.nn.Linear):
            torch.nn.init.normal_(head.weight, std=0.5)
    return network.eval()


@pytest.fixture
def student(tiny_encoder: Path) -> SaysoNetwork:
    """A tiny network in evaluation mode."""
    return network_of(tiny_encoder, SMALL, 0)


def told_of(articles: Sequence[LabelledArticle], tokenizer: TextTokenizer) -> dict[str, Told]:
    """A teacher that says the same whenever it is asked, at random."""
    random = np.random.default_rng(5)
    out = {}
    for article in articles:
        tokens, statements = len(tokenizer(article.text)), len(article.statements)
        tags = random.normal(size=(tokens, len(LAYERS) * len(TAGS)), scale=2)
        odds = random.dirichlet(np.ones(len(LABELS)), size=statements)
        out[article.id] = Told(tags.astype(np.float16), np.log(odds).astype(np.float16))
    return out


def _distilled(student: SaysoNetwork, batch: Batch, weights: LossWeights) -> Losses:
    return distilled_loss(student, batch, weights, student(**batch.inputs))


def rows_of(articles: Sequence[LabelledArticle], tokenizer: TextTokenizer) -> list[dict[str, Any]]:
    told = told_of(articles, tokenizer)
    rows = encode_articles(articles, tokenizer, told)
    return [{**row, "told": told[row["doc"]].tags} for row in rows]


@pytest.fixture(scope="module")
def chunks(gold: Sequence[LabelledArticle], tokenizer: TextTokenizer) -> list[Chunk]:
    """Gold articles in chunks of 120 tokens, with a teacher's word on each."""
    return [c for row in rows_of(gold[:3], tokenizer) for c in cut_chunks(row, 120)]


def test_a_soft_loss_is_the_divergence_times_the_squared_temperature() -> None:
    ours, theirs = torch.tensor([[0.0, 0.0]]), torch.tensor([[2.0, 0.0]])
    p = torch.tensor([1.0, 0.0]).softmax(0)
    expected = 4 * float((p * (p / 0.5).log()).sum())
    assert soft_loss(ours, theirs, 2.0).item() == pytest.approx(expected, rel=1e-5)
    assert soft_loss(theirs, theirs + 3.0, 2.0).item() == pytest.approx(0, abs=1e-6)


def test_chunks_hold_what_is_said_of_their_tokens_and_statements(
    gold: Sequence[LabelledArticle], tokenizer: TextTokenizer
) -> None:
    articles = gold[:2]
    told = told_of(articles, tokenizer)
    for row in rows_of(articles, tokenizer):
        word = told[row["doc"]]
        cut = list(cut_chunks(row, 50, 20))
        np.testing.assert_array_equal(
            np.concatenate([c.told for c in cut if c.told is not None]), word.tags
        )
        said = {s.told for c in cut for s in c.statements}
        assert said
        assert said <= {tuple(line) for line in word.stances.tolist()}


def test_a_network_has_nothing_to_learn_from_itself(
    student: SaysoNetwork, gold: Sequence[LabelledArticle], tokenizer: TextTokenizer
) -> None:
    chunk = next(cut_chunks(rows_of(gold[:1], tokenizer)[0], 120))
    with torch.no_grad():
        said = student(**collate([chunk], tokenizer).inputs).emissions[0, 1:-1]
    own = replace(chunk, told=said.numpy())
    weights = replace(ALONE, distil_stance=0.0)
    losses = _distilled(student, collate([own], tokenizer), weights)
    assert losses.distil == pytest.approx(0, abs=1e-5)
    assert _distilled(student, collate([chunk], tokenizer), weights).distil > 1


def test_chunks_that_no_teacher_read_add_nothing(
    student: SaysoNetwork, chunks: list[Chunk], tokenizer: TextTokenizer
) -> None:
    mute = [
        replace(c, told=None, statements=tuple(replace(s, told=()) for s in c.statements))
        for c in chunks[:2]
    ]
    assert _distilled(student, collate(mute, tokenizer), ALONE).distil == 0
    weights = replace(ALONE, distil_stance=0.0)
    one, both = (
        _distilled(student, collate(some, tokenizer), weights).distil
        for some in ([chunks[2]], [*mute, chunks[2]])
    )
    assert both == pytest.approx(one, rel=1e-3)


def test_a_teachers_share_is_added_to_what_labels_say(
    student: SaysoNetwork, chunks: list[Chunk], tokenizer: TextTokenizer
) -> None:
    batch = collate(chunks[:4], tokenizer)
    weights = LossWeights(distil_roles=0.5, distil_stance=0.25)
    labels = joint_loss(student, batch, weights, student(**batch.inputs))
    both = _distilled(student, batch, weights)
    parts = [
        _distilled(student, batch, one).distil
        for one in (LossWeights(distil_roles=0.5), LossWeights(distil_stance=0.25))
    ]
    assert min(parts) > 0
    assert both.distil == pytest.approx(sum(parts), rel=1e-5)
    assert both.total.item() == pytest.approx(labels.total.item() + both.distil, rel=1e-5)
    assert (both.roles, both.links, both.stance) == (labels.roles, labels.links, labels.stance)


def test_padding_does_not_matter(
    student: SaysoNetwork, chunks: list[Chunk], tokenizer: TextTokenizer
) -> None:
    def loss(*some: Chunk) -> float:
        return _distilled(student, collate(some, tokenizer), weights).distil

    long, short = max(chunks, key=len), min(chunks, key=len)
    assert len(short) < len(long)
    weights = replace(ALONE, distil_stance=0.0)
    tokens = len(long) * loss(long) + len(short) * loss(short)
    assert loss(long, short) == pytest.approx(tokens / (len(long) + len(short)), rel=1e-3)
    weights = replace(ALONE, distil_roles=0.0)
    counts = [sum(not any(s.cut) for s in chunk.statements) for chunk in (long, short)]
    stances = counts[0] * loss(long) + counts[1] * loss(short)
    assert loss(long, short) == pytest.approx(stances / sum(counts), rel=1e-3)


def test_unlabelled_chunks_teach_through_the_teacher_alone(
    student: SaysoNetwork, chunks: list[Chunk], tokenizer: TextTokenizer
) -> None:
    blank = [
        replace(
            chunk,
            tags=np.full_like(chunk.tags, IGNORE),
            statements=tuple(replace(one, stance=IGNORE) for one in chunk.statements),
        )
        for chunk in chunks[:4]
    ]
    losses = _distilled(student, collate(blank, tokenizer), LossWeights())
    assert (losses.roles, losses.links, losses.stance) == (0, 0, 0)
    told = _distilled(student, collate(blank, tokenizer), ALONE)
    assert told.distil == _distilled(student, collate(chunks[:4], tokenizer), ALONE).distil
    told.total.backward()  # type: ignore[no-untyped-call]
    assert student.emissions.weight.grad is not None
    assert student.stance_head.layers[0].weight.grad is not None


def test_a_student_comes_to_resemble_its_teacher(
    student: SaysoNetwork, chunks: list[Chunk], tokenizer: TextTokenizer
) -> None:
    batch = collate(chunks[:2], tokenizer)
    optimizer = torch.optim.AdamW(student.parameters(), lr=3e-3)
    found = []
    for _ in range(15):
        losses = _distilled(student, batch, ALONE)
        optimizer.zero_grad()
        losses.total.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        found.append(losses.distil)
    assert found[-1] < 0.7 * found[0]


class KilledError(Exception):
    """Stands for the end of a process."""


def trained(
    folder: Path,
    encoder: Path,
    tokenizer: TextTokenizer,
    examples: Examples,
    kill: int | None = None,
) -> tuple[dict[str, torch.Tensor], list[dict[str, float]]]:
    """Train a tiny student; what it ends with and what was logged."""
    logged: list[dict[str, float]] = []

    def log(step: int, metrics: Any) -> None:
        logged.append(dict(metrics))
        if step == kill:
            raise KilledError

    trainer = Trainer(
        network=network_of(encoder, SMALL, 0),
        tokenizer=tokenizer,
        config=TrainConfig(epochs=2, chunk=120, chunks_per_batch=2, checkpoint_steps=4),
        weights=LossWeights(distil_roles=1.0, distil_stance=0.5),
        folder=folder,
        digest="one",
        log=log,
        taught=True,
    )
    trainer.run(examples)
    return trainer.network.state_dict(), logged


def test_a_killed_run_with_a_teacher_ends_with_the_same_weights(
    tmp_path: Path,
    tiny_encoder: Path,
    gold: Sequence[LabelledArticle],
    tokenizer: TextTokenizer,
) -> None:
    rows = rows_of(gold[:4], tokenizer)
    examples = Examples(
        train=[(row, 1) for row in rows[:2]], tune=rows[2:3], unlabelled=[(rows[3], 1)]
    )
    one, logged = trained(tmp_path / "whole", tiny_encoder, tokenizer, examples)
    assert any(row.get("train_distil", 0) > 0 for row in logged)
    with pytest.raises(KilledError):
        trained(tmp_path / "twice", tiny_encoder, tokenizer, examples, kill=4)
    kept = load_file(tmp_path / "twice" / "checkpoint" / "network.safetensors")
    assert any((kept[name] != value).any() for name, value in one.items())
    two, _ = trained(tmp_path / "twice", tiny_encoder, tokenizer, examples)
    for name, value in one.items():
        torch.testing.assert_close(value, two[name], rtol=0, atol=0)


def test_weights_and_teacher_go_together(
    tmp_path: Path,
    student: SaysoNetwork,
    gold: Sequence[LabelledArticle],
    tokenizer: TextTokenizer,
) -> None:
    flat = [replace(article, convention=Convention.FLAT) for article in gold[:1]]
    rows = [(row, 1) for row in encode_articles(flat, tokenizer)]

    def run(weights: LossWeights, examples: Examples, taught: bool) -> None:
        Trainer(
            student, tokenizer, TrainConfig(), weights, tmp_path, "one", lambda *_: None, taught
        ).run(examples)

    with pytest.raises(InputError, match="expected a teacher for 0 unlabelled articles"):
        run(LossWeights(distil_roles=1.0), Examples(rows, []), False)
    with pytest.raises(InputError, match="expected a teacher for 1 unlabelled articles"):
        run(LossWeights(), Examples([], [], rows), False)
    with pytest.raises(InputError, match="expected a weight above 0"):
        run(LossWeights(), Examples(rows, []), True)
    with pytest.raises(InputError, match="expected a temperature above 0, found 0"):
        LossWeights(temperature=0)
