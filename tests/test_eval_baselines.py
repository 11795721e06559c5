"""The stance baselines on labels that a cue gives away."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from data.items import sentences_around
from data.records import LABELS
from eval.baselines import baselines
from eval.embeddings import EncoderError, embed, locate_encoder
from sayso.errors import InputError
from sayso.records import Span

CUES = {
    "assertion": "said",
    "denial": "denied",
    "hedge": "suggested",
    "speculation": "predicted",
    "none": "wondered",
}


def write_split(folder: Path, split: str, stances: list[str]) -> None:
    """One article a label, in each of which the clerk CUE that a gate was shut."""
    articles, labels = [], []
    for number, stance in enumerate(stances):
        cue = CUES[stance]
        text = f"Rain fell. The clerk {cue} that gate {number} was shut. Then it stopped."
        at = text.index(cue)
        start, end = text.index("that"), text.index(" Then") - 1
        marks = {"source": [[11, 20]], "cue": [[at, at + len(cue)]], "content": [[start, end]]}
        name = f"{split}-{number}"
        articles.append({"id": name, "text": text, "attributions": [marks]})
        labels.append({"id": f"{name}#0", "doc": name, **marks, "stance": stance})
    for kind, rows in (("polnear", articles), ("stance", labels)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{kind}.{split}.jsonl").write_text(lines, encoding="utf-8")


def test_a_telling_cue_is_learnt_and_the_majority_is_not_enough(tmp_path: Path) -> None:
    write_split(tmp_path, "train", [*LABELS] * 6 + ["assertion"] * 4)
    write_split(tmp_path, "dev", [*LABELS])
    found = baselines(tmp_path, encoder=None)
    assert found.scores["tfidf_logistic_regression"].macro_f1_five == 1.0
    majority = found.scores["majority"]
    assert majority.accuracy.value == pytest.approx(1 / 5)
    assert majority.macro_f1_four == pytest.approx((2 * 1 / 5) / 4, abs=0.01)
    assert majority.labels["assertion"].recall.value == 1.0
    row = found.to_dict()["majority"]
    assert row["denial_f1"]["value"] == 0.0
    assert row["items"] == 5


def test_a_label_that_was_not_trained_on_is_never_chosen(tmp_path: Path) -> None:
    write_split(tmp_path, "train", ["assertion", "speculation", "none"] * 5)
    write_split(tmp_path, "dev", [*LABELS])
    found = baselines(tmp_path, encoder=None).scores["tfidf_logistic_regression"]
    assert found.confusion[:, 1].sum() == found.confusion[:, 2].sum() == 0
    assert found.labels["speculation"].recall.value == 1.0


def test_no_labels_are_told(tmp_path: Path) -> None:
    write_split(tmp_path, "train", ["assertion"])
    write_split(tmp_path, "dev", [])
    with pytest.raises(InputError, match=r"stance\.dev\.jsonl: expected statements with a stance"):
        baselines(tmp_path, encoder=None)


def test_frozen_states_are_measured_where_there_is_an_encoder(
    tmp_path: Path, tiny_encoder: Path
) -> None:
    write_split(tmp_path, "train", [*LABELS] * 4)
    write_split(tmp_path, "dev", [*LABELS])
    found = baselines(tmp_path, encoder=str(tiny_encoder))
    assert found.scores["frozen_encoder_logistic_regression"].items == 5
    assert not found.skipped
    for nowhere in ("package:no_such_encoder/model", str(tmp_path / "nothing")):
        without = baselines(tmp_path, encoder=nowhere)
        assert "frozen_encoder_logistic_regression" not in without.scores
        told = without.to_dict()["skipped"]["frozen_encoder_logistic_regression"]
        assert told.startswith("expected ")


def test_states_depend_on_nothing_but_their_text(tiny_encoder: Path) -> None:
    texts = ["The gate was shut.", "Rain.", "The gate was shut.", "A longer text about a gate."]
    states = embed(str(tiny_encoder), texts)
    assert states.shape == (4, 32)
    assert np.allclose((states**2).sum(axis=1), 1.0)
    assert (states[0] == states[2]).all()
    assert np.allclose(embed(str(tiny_encoder), texts[1:2])[0], states[1], atol=1e-5)


def test_an_encoder_is_located_in_a_package(tiny_encoder: Path) -> None:
    assert locate_encoder(str(tiny_encoder)) == str(tiny_encoder)
    assert Path(locate_encoder("package:eval/model")).name == "model"
    with pytest.raises(EncoderError, match="expected the package no_such_encoder"):
        locate_encoder("package:no_such_encoder/model")


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("One. Two said so. Three.", (5, 8), "Two said so."),
        ("One. Two said so. Three.", (5, 17), "Two said so."),
        ("He left.” She stayed. End", (10, 13), "She stayed."),
        ("Head\n\nBody here", (6, 10), "Body here"),
        ("One. Two. Three", (0, 8), "One. Two."),
        ("no end", (3, 6), "no end"),
    ],
)
def test_sentences_around(text: str, spans: tuple[int, int], expected: str) -> None:
    assert sentences_around(text, [Span(*spans)]) == expected
