"""The rules of the cue lexicon, by the examples of the guidelines."""

from __future__ import annotations

import numpy as np
import pytest

from data.records import LABELS
from eval.cuerules import cue_rules, rule_probabilities, rule_stance


@pytest.mark.parametrize(
    ("cue", "content", "stance"),
    [
        ("said", "the gate was shut", "assertion"),
        ("called", "it a disgrace", "assertion"),
        ("insisted", "that the bridge will stand", "assertion"),
        ("claimed", "the well is dry", "assertion"),
        ("vowed", "to pay the ferrymen", "assertion"),
        ("denied", "that he had met the envoy", "denial"),
        ("rejected", "the accusation", "denial"),
        ("pushed back on", "the claim that the dam leaks", "denial"),
        ("said", "there was no deal with the harbour", "denial"),
        ("said", "“I never met him,”", "denial"),
        ("said", "the story was not true", "denial"),
        ("believes", "the harvest will fail", "hedge"),
        ("suggested", "that the mayor knew", "hedge"),
        ("said", "the ferry is likely to sink", "hedge"),
        ("said", "I think he’s a terrible mayor", "assertion"),
        ("thinks", "the tax is wrong", "assertion"),
        ("said", "the dam might burst", "speculation"),
        ("said", "perhaps the keys were lost", "speculation"),
        ("questioned whether", "the bridge was safe", "speculation"),
        ("fears", "that the river will rise", "speculation"),
        ("urged", "the council to act", "none"),
        ("asked", "who paid", "none"),
        ("hopes", "to reopen the mill", "none"),
        ("declined to comment on", "the report", "none"),
        ("did not mention", "the strike", "none"),
        ("", "", "assertion"),
    ],
)
def test_the_guidelines_examples(cue: str, content: str, stance: str) -> None:
    assert rule_stance(cue, content) == stance


def test_a_modal_out_of_scope_does_not_weaken_the_whole() -> None:
    far = "the council voted for the plan by nine to two on a long and wet Tuesday, and might meet"
    assert rule_stance("said", far) == "assertion"
    assert rule_stance("said", "the mayor, who may resign, signed it") == "assertion"


def test_most_of_the_words_decide() -> None:
    content = (
        "The dam may burst. The council has closed every road to the valley since Monday night."
    )
    assert rule_stance("said", content) == "assertion"
    assert rule_stance("said", "It may burst. It stands.") == "speculation"


def test_rows_become_labels_and_sure_probabilities() -> None:
    rows = np.array(
        [["the clerk", "denied", "it", ""], ["", "said", "it rained", ""]], dtype=object
    )
    assert [LABELS[n] for n in cue_rules(rows)] == ["denial", "assertion"]
    assert rule_probabilities(rows).tolist() == np.eye(len(LABELS))[[1, 0]].tolist()
