"""Distillation: the teacher is told the same tokens, and what it says moves the student."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from data.encode import IGNORE, Chunk, cut_chunks, encode_articles
from data.records import Convention, LabelledArticle
from model.distil import IdMap, distilled_loss, soft_loss
from model.ensemble import Ensemble
from model.losses import LossWeights, collate, joint_loss
from model.network import NetworkConfig, SaysoNetwork
from sayso.bundle import DEFAULT_BUNDLE, TOKENIZER
from sayso.errors import InputError
from sayso.tokens import TextTokenizer
from training.loop import Examples, Trainer
from training.recipe import TrainConfig

SMALL = NetworkConfig(link_size=8, stance_size=8, stance_hidden=16)
BIG = NetworkConfig(link_size=16, stance_size=12, stance_hidden=24)
ALONE = LossWeights(roles=0, links=0, stance=0, distil_roles=1.0, distil_stance=1.0)
TEXT = "“We never saw it,” the mayor said on Monday. Her office may reply, aides suggested."


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


@pytest.fixture
def teacher(tiny_encoder: Path) -> Ensemble:
    """Two networks of other sizes than the student's."""
    return Ensemble([network_of(tiny_encoder, BIG, seed) for seed in (1, 2)]).eval()


@pytest.fixture(scope="module")
def chunks(gold: Sequence[LabelledArticle], tokenizer: TextTokenizer) -> list[Chunk]:
    """Gold articles in chunks of 120 tokens."""
    rows = encode_articles(gold[:3], tokenizer)
    return [chunk for row in rows for chunk in cut_chunks(dict(row), 120)]


@pytest.fixture(scope="module")
def mpnet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny MPNet: BERT's vocabulary four ids further on, with special tokens of its own."""
    from transformers import MPNetConfig, MPNetModel

    folder = tmp_path_factory.mktemp("mpnet")
    specials = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3}
    rename_vocabulary(folder, lambda n: n + 4, {"[CLS]": "", "[SEP]": "", "[PAD]": ""}, specials)
    torch.manual_seed(3)
    config = MPNetConfig(
        vocab_size=30_527,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
    )
    MPNetModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


def rename_vocabulary(
    folder: Path,
    move: Callable[[int], int],
    names: dict[str, str],
    more: dict[str, int] | None = None,
) -> Path:
    """The released tokenizer with other ids and names; a token renamed to nothing is dropped."""
    whole: dict[str, Any] = json.loads((DEFAULT_BUNDLE / TOKENIZER).read_text(encoding="utf-8"))
    old = whole["model"]["vocab"]
    vocabulary = {names.get(token, token): move(number) for token, number in old.items()}
    vocabulary.pop("", None)
    whole["model"]["vocab"] = {**(more or {}), **vocabulary}
    whole["added_tokens"], whole["post_processor"] = [], None
    path = folder / TOKENIZER
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


def test_a_soft_loss_is_the_divergence_times_the_squared_temperature() -> None:
    ours, theirs = torch.tensor([[0.0, 0.0]]), torch.tensor([[2.0, 0.0]])
    p = torch.tensor([1.0, 0.0]).softmax(0)
    expected = 4 * float((p * (p / 0.5).log()).sum())
    assert soft_loss(ours, theirs, 2.0).item() == pytest.approx(expected, rel=1e-5)
    assert soft_loss(theirs, theirs + 3.0, 2.0).item() == pytest.approx(0, abs=1e-6)


def test_equal_networks_have_nothing_to_tell(
    student: SaysoNetwork, chunks: list[Chunk], tokenizer: TextTokenizer
) -> None:
    batch = collate(chunks[:4], tokenizer)
    for members in (1, 2):
        losses = distilled_loss(student, batch, ALONE, Ensemble([student] * members))
        assert losses.distil == pytest.approx(0, abs=1e-5)
        assert losses.total.item() == pytest.approx(0, abs=1e-5)


def test_a_teachers_share_is_added_to_what_labels_say(
    student: SaysoNetwork, teacher: Ensemble, chunks: list[Chunk], tokenizer: TextTokenizer
) -> None:
    batch = collate(chunks[:4], tokenizer)
    weights = LossWeights(distil_roles=0.5, distil_stance=0.25)
    labels = joint_loss(student, batch, weights)
    both = distilled_loss(student, batch, weights, teacher)
    parts = [
        distilled_loss(student, batch, one, teacher).distil
        for one in (LossWeights(distil_roles=0.5), LossWeights(distil_stance=0.25))
    ]
    assert min(parts) > 0
    assert both.distil == pytest.approx(sum(parts), rel=1e-5)
    assert both.total.item() == pytest.approx(labels.total.item() + both.distil, rel=1e-5)
    assert (both.roles, both.links, both.stance) == (labels.roles, labels.links, labels.stance)


def test_padding_does_not_matter(
    student: SaysoNetwork, teacher: Ensemble, chunks: list[Chunk], tokenizer: TextTokenizer
) -> None:
    def loss(*some: Chunk) -> float:
        return distilled_loss(student, collate(some, tokenizer), weights, teacher).distil

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
    student: SaysoNetwork, teacher: Ensemble, chunks: list[Chunk], tokenizer: TextTokenizer
) -> None:
    blank = [replace(c, tags=np.full_like(c.tags, IGNORE)) for c in chunks[:4]]
    losses = distilled_loss(student, collate(blank, tokenizer), LossWeights(), teacher)
    assert (losses.roles, losses.links, losses.stance) == (0, 0, 0)
    told = distilled_loss(student, collate(blank, tokenizer), ALONE, teacher)
    assert (
        told.distil
        == distilled_loss(student, collate(chunks[:4], tokenizer), ALONE, teacher).distil
    )
    told.total.backward()  # type: ignore[no-untyped-call]
    assert student.emissions.weight.grad is not None
    assert student.stance_head.layers[0].weight.grad is not None
    assert all(p.grad is None for p in teacher.parameters())


def test_a_student_comes_to_resemble_its_teacher(
    student: SaysoNetwork, teacher: Ensemble, chunks: list[Chunk], tokenizer: TextTokenizer
) -> None:
    batch = collate(chunks[:2], tokenizer)
    optimizer = torch.optim.AdamW(student.parameters(), lr=3e-3)
    found = []
    for _ in range(15):
        losses = distilled_loss(student, batch, ALONE, teacher)
        optimizer.zero_grad()
        losses.total.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        found.append(losses.distil)
    assert found[-1] < 0.7 * found[0]


def test_ids_are_mapped_by_token_and_specials_by_their_use(
    tmp_path: Path, tokenizer: TextTokenizer
) -> None:
    names = {"[CLS]": "<s>", "[SEP]": "</s>", "[PAD]": "<pad>"}
    path = rename_vocabulary(tmp_path, lambda n: 30_521 - n, names)
    ids = IdMap.between(DEFAULT_BUNDLE / TOKENIZER, path)
    other = TextTokenizer.load(path)
    text = TEXT + " ☃"
    np.testing.assert_array_equal(
        ids(torch.from_numpy(tokenizer(text).ids).long()).numpy(), other(text).ids
    )
    wrapped = torch.tensor([[tokenizer.cls_id, tokenizer.sep_id, tokenizer.pad_id]])
    assert ids(wrapped).tolist() == [[other.cls_id, other.sep_id, other.pad_id]]
    back = IdMap.between(path, DEFAULT_BUNDLE / TOKENIZER)
    assert back(ids(wrapped)).tolist() == wrapped.tolist()


def test_a_renamed_vocabulary_changes_nothing(
    tmp_path: Path,
    student: SaysoNetwork,
    teacher: Ensemble,
    chunks: list[Chunk],
    tokenizer: TextTokenizer,
) -> None:
    batch = collate(chunks[:2], tokenizer)
    expected = distilled_loss(student, batch, ALONE, teacher).distil
    path = rename_vocabulary(tmp_path, lambda n: 30_521 - n, {"[UNK]": "[UNK]"})
    words = teacher.words().weight
    assert isinstance(words, torch.Tensor)
    for member in teacher.members:
        table = member.encoder.get_input_embeddings()  # type: ignore[operator]
        table.weight.data = table.weight.data.flip(0)
    ids = IdMap.between(DEFAULT_BUNDLE / TOKENIZER, path)
    found = distilled_loss(student, batch, ALONE, teacher, ids).distil
    assert found == pytest.approx(expected, rel=1e-4)


def test_an_mpnet_teaches_a_bert(
    mpnet: Path, student: SaysoNetwork, chunks: list[Chunk], tokenizer: TextTokenizer
) -> None:
    ids = IdMap.between(DEFAULT_BUNDLE / TOKENIZER, mpnet / TOKENIZER)
    assert ids(torch.tensor([tokenizer.cls_id, tokenizer.pad_id])).tolist() == [0, 1]
    big = Ensemble([network_of(mpnet, BIG, 4)]).eval()
    short, long = sorted(chunks, key=len)[0], sorted(chunks, key=len)[-1]
    weights = replace(ALONE, distil_stance=0.0)
    alone, beside, other = (
        distilled_loss(student, collate(some, tokenizer), weights, big, ids).distil
        for some in ([short], [long, short], [long])
    )
    mean = (len(short) * alone + len(long) * other) / (len(short) + len(long))
    assert beside == pytest.approx(mean, rel=1e-3)


def test_a_token_without_counterpart_is_named(tmp_path: Path, tokenizer: TextTokenizer) -> None:
    path = rename_vocabulary(tmp_path, lambda n: n, {"mayor": ""})
    ids = IdMap.between(DEFAULT_BUNDLE / TOKENIZER, path)
    ids(torch.from_numpy(tokenizer("The office.").ids).long())
    with pytest.raises(InputError, match="found 'mayor'"):
        ids(torch.from_numpy(tokenizer(TEXT).ids).long())


def test_a_tokenizer_that_splits_otherwise_is_refused(tmp_path: Path) -> None:
    path = rename_vocabulary(tmp_path, lambda n: n, {"said": ""})
    with pytest.raises(InputError, match="expected a teacher's tokenizer that splits"):
        IdMap.between(DEFAULT_BUNDLE / TOKENIZER, path)


class KilledError(Exception):
    """Stands for the end of a process."""


def trained(
    folder: Path,
    encoder: Path,
    tokenizer: TextTokenizer,
    examples: Examples,
    teacher: Ensemble,
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
        teacher=teacher,
    )
    trainer.run(examples)
    return trainer.network.state_dict(), logged


def test_a_killed_run_with_a_teacher_ends_with_the_same_weights(
    tmp_path: Path,
    tiny_encoder: Path,
    gold: Sequence[LabelledArticle],
    tokenizer: TextTokenizer,
    teacher: Ensemble,
) -> None:
    rows = list(encode_articles(gold[:4], tokenizer))
    examples = Examples(
        train=[(row, 1) for row in rows[:2]], tune=rows[2:3], unlabelled=[(rows[3], 1)]
    )
    before = {name: value.clone() for name, value in teacher.state_dict().items()}
    one, logged = trained(tmp_path / "whole", tiny_encoder, tokenizer, examples, teacher)
    assert any(row.get("train_distil", 0) > 0 for row in logged)
    with pytest.raises(KilledError):
        trained(tmp_path / "twice", tiny_encoder, tokenizer, examples, teacher, kill=4)
    kept = load_file(tmp_path / "twice" / "checkpoint" / "network.safetensors")
    assert any((kept[name] != value).any() for name, value in one.items())
    teacher.train()
    two, _ = trained(tmp_path / "twice", tiny_encoder, tokenizer, examples, teacher)
    for name, value in one.items():
        torch.testing.assert_close(value, two[name], rtol=0, atol=0)
    for name, value in teacher.state_dict().items():
        torch.testing.assert_close(value, before[name], rtol=0, atol=0)


def test_weights_and_teacher_go_together(
    tmp_path: Path,
    student: SaysoNetwork,
    teacher: Ensemble,
    gold: Sequence[LabelledArticle],
    tokenizer: TextTokenizer,
) -> None:
    flat = [replace(article, convention=Convention.FLAT) for article in gold[:1]]
    rows = [(row, 1) for row in encode_articles(flat, tokenizer)]

    def run(weights: LossWeights, examples: Examples, told: Ensemble | None) -> None:
        Trainer(
            student, tokenizer, TrainConfig(), weights, tmp_path, "one", lambda *_: None, told
        ).run(examples)

    with pytest.raises(InputError, match="expected a teacher for 0 unlabelled articles"):
        run(LossWeights(distil_roles=1.0), Examples(rows, []), None)
    with pytest.raises(InputError, match="expected a teacher for 1 unlabelled articles"):
        run(LossWeights(), Examples([], [], rows), None)
    with pytest.raises(InputError, match="expected a weight above 0"):
        run(LossWeights(), Examples(rows, []), teacher)
    with pytest.raises(InputError, match="expected a temperature above 0, found 0"):
        LossWeights(temperature=0)
