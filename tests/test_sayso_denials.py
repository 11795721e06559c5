"""Denials tied to what they deny within an article."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sayso.claims.denials import WEIGHTS, Said, Weights, link_denials
from sayso.claims.pairs import FEATURES, NOTHING, set_scene
from sayso.errors import InputError


def said(
    source: str | None,
    cue: str,
    content: str | None,
    stance: str | None = "assertion",
    *,
    parent: int | None = None,
    kind: str = "person",
) -> Said:
    return Said(source, kind, source, cue, content, stance, parent)


def placed(*statements: Said) -> list[Said]:
    """The statements with contents one after another, nested ones inside their parents."""
    out: list[Said] = []
    at = 0
    for one in statements:
        size = len(one.content_text or "")
        start = at if one.parent is None else out[one.parent].start
        out.append(replace(one, start=start, end=start + size))
        at = max(at, start + size + 30)
    return out


QUARREL = placed(
    said("Ada Holm", "accused", "the Rovnik Guard of shelling the ferry"),
    said("the harbour office", "said", "two boats were damaged", kind="organisation"),
    said("Rovnik Guard", "denied", "shelling the ferry", "denial", kind="group"),
    said("Ivo Brandl", "told", "“Not a single shell was fired at the ferry”", "denial"),
    said("Ada Holm", "said", "the harbour would reopen on Monday"),
)


def test_a_denial_is_tied_to_what_it_repeats_and_a_second_one_to_the_same() -> None:
    assert link_denials(QUARREL) == [None, None, 0, 0, None]


def test_a_source_does_not_deny_itself() -> None:
    rivals = placed(
        said("Lena Fox", "said", "the plant released no gas at night"),
        said("Omar Dietz", "said", "the plant released gas at night"),
        said("Lena Fox", "denied", "that the plant released gas at night", "denial"),
    )
    assert link_denials(rivals)[2] == 1


def test_a_denial_of_the_accusation_is_tied_to_what_accuses() -> None:
    told = placed(
        said("the ministry", "said", "the road was closed", kind="government"),
        said("Jan Perrin", "accused", "the Orlex firm of dumping oil in the lake"),
        said("Orlex", "denied", "the accusation", "denial", kind="organisation"),
    )
    assert link_denials(told)[2] == 1


def test_what_is_denied_may_follow() -> None:
    told = placed(
        said("Mira Sol", "denied", "that she had taken money from Velcor", "denial"),
        said("prosecutors", "say", "Sol took money from Velcor in return for permits"),
    )
    assert link_denials(told)[0] == 1


def test_the_claim_inside_a_denial_is_its_claim() -> None:
    told = placed(
        said("Tom Ask", "said", "the tunnel would open in May"),
        said("Nora Vik", "rejected", "claims that the tunnel was unsafe", "denial"),
        said(None, "claims", "that the tunnel was unsafe", parent=1),
    )
    assert link_denials(told)[1] == 2


def test_nobody_else_said_anything() -> None:
    alone = placed(
        said("Nora Vik", "said", "it was raining in the valley"),
        said("Nora Vik", "denied", "any part in the robbery of 1987", "denial"),
    )
    assert link_denials(alone) == [None, None]
    assert link_denials(alone[1:]) == [None]
    assert link_denials([]) == []


def test_only_statements_with_a_stance_are_denied() -> None:
    silent = [replace(one, stance=None) if n == 0 else one for n, one in enumerate(QUARREL)]
    assert 0 not in link_denials(silent)


def test_the_claimant_is_the_source_inside() -> None:
    told = placed(
        said("the Courier", "reported", "officials say the bridge is cracked", kind="outlet"),
        said("officials", "say", "the bridge is cracked", parent=0),
        said("Ute Lang", "denied", "that the bridge is cracked", "denial"),
    )
    assert set_scene(told).claimant(0, 2) == 1
    assert link_denials(told)[2] == 1
    believed = placed(
        said("Ute Lang", "said", "she believes the bridge is cracked"),
        said("Ute Lang", "believes", "the bridge is cracked", "hedge", parent=0),
        said("the mayor", "denied", "that the bridge is cracked", "denial"),
    )
    assert set_scene(believed).claimant(1, 2) == 0


def test_parents_in_a_circle_do_no_harm() -> None:
    circle = [replace(one, parent=(n + 1) % len(QUARREL)) for n, one in enumerate(QUARREL)]
    assert len(link_denials(circle)) == len(QUARREL)


def test_bare_statements_do_no_harm() -> None:
    bare = [Said(None, None, None, None, None, "denial") for _ in range(3)]
    assert len(link_denials(bare)) == 3


def test_what_is_far_away_is_not_looked_at() -> None:
    fillers = [said(f"Speaker {n}", "said", f"matter {n} is settled") for n in range(80)]
    far = placed(QUARREL[0], *fillers, QUARREL[2])
    assert link_denials(far)[-1] != 0


def test_weights_are_written_and_read_by_name() -> None:
    shipped = Weights.from_json(WEIGHTS.read_text(encoding="utf-8"))
    assert shipped.pairs.shape == (len(FEATURES),)
    assert shipped.nothing.shape == (len(NOTHING),)
    assert Weights.from_json(shipped.to_json()).to_json() == shipped.to_json()
    named = json.loads(shipped.to_json())
    del named["pairs"]["cover"]
    for text in (json.dumps(named), "{", "[]"):
        with pytest.raises(InputError, match="expected weights by name"):
            Weights.from_json(text)


def test_other_weights_may_be_given() -> None:
    shipped = Weights.from_json(WEIGHTS.read_text(encoding="utf-8"))
    reluctant = Weights(shipped.pairs, shipped.nothing + 100)
    assert link_denials(QUARREL, weights=reluctant) == [None] * 5
