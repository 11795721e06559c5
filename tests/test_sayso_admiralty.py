"""The Admiralty rating: what moves a letter and a digit, and that neither moves the other."""

import random
from dataclasses import fields, replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from sayso.errors import InputError
from sayso.profiles.schema import CLAIMS, OUTLETS, SOURCES
from sayso.rating import scale
from sayso.rating.admiralty import (
    ClaimRecord,
    SourceRecord,
    rate_claim,
    rate_claims,
    rate_source,
    rate_sources,
)

FEW = settings(max_examples=50, deadline=None)
TABLES = settings(max_examples=15, deadline=None)
COUNT = st.integers(0, 8)
CLAIM = st.builds(
    ClaimRecord,
    supporting=COUNT,
    supporting_hedged=COUNT,
    opposing=COUNT,
    opposing_hedged=COUNT,
    speculating=COUNT,
    carriers=COUNT,
    outcome=st.sampled_from([None, None, True, False]),
)
SHARE = st.floats(0, 1, width=32)


@st.composite
def sources(draw: st.DrawFn) -> SourceRecord:
    low, reliability, high = sorted(draw(st.tuples(SHARE, SHARE, SHARE)))
    shared, known = draw(COUNT), draw(COUNT)
    agreed = draw(st.integers(0, shared))
    return SourceRecord(
        reliability,
        low,
        high,
        prior=draw(SHARE),
        checked=draw(st.floats(0, 40, width=32)),
        shared=shared,
        agreed=agreed,
        contradicted=shared - agreed,
        known=known,
        right=draw(st.integers(0, known)),
        brier=draw(SHARE) if known else None,
        copied=draw(SHARE),
    )


def source(
    reliability: float, low: float, high: float, checked: float = 30, **more: float
) -> SourceRecord:
    return SourceRecord(reliability, low, high, prior=0.7, checked=checked, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("record", "letter"),
    [
        (source(0.95, 0.9, 0.98, checked=60, known=5, right=5), "A"),
        (source(0.95, 0.9, 0.98, checked=60, known=4, right=4), "B"),
        (source(0.99, 0.98, 1.0, checked=900), "B"),
        (source(0.94, 0.9, 0.97, checked=80), "B"),
        (source(0.96, 0.89, 0.99), "B"),
        (source(0.95, 0.9, 0.98, checked=25), "B"),
        (source(0.95, 0.9, 0.98, checked=15), "F"),
        (source(0.75, 0.6, 0.9), "B"),
        (source(0.8, 0.59, 0.9), "C"),
        (source(0.5, 0.3, 0.7), "C"),
        (source(0.49, 0.3, 0.7), "D"),
        (source(0.24, 0.05, 0.5), "D"),
        (source(0.24, 0.05, 0.45), "E"),
        (source(0.95, 0.9, 0.99, checked=4.9), "F"),
        (source(0.6, 0.3, 0.85), "F"),
        (SourceRecord(), "F"),
    ],
)
def test_letters(record: SourceRecord, letter: str) -> None:
    assert rate_source(record).letter == letter


@pytest.mark.parametrize(
    ("record", "digit"),
    [
        (ClaimRecord(supporting=3, carriers=2), "1"),
        (ClaimRecord(supporting=3, carriers=1), "2"),
        (ClaimRecord(supporting=2, supporting_hedged=4, carriers=5), "2"),
        (ClaimRecord(supporting=9, opposing_hedged=1, carriers=5), "2"),
        (ClaimRecord(supporting=3, opposing=1), "2"),
        (ClaimRecord(supporting=2, opposing=1), "3"),
        (ClaimRecord(supporting=1, supporting_hedged=1), "3"),
        (ClaimRecord(supporting=1, opposing=1), "3"),
        (ClaimRecord(supporting=1, opposing=3), "4"),
        (ClaimRecord(opposing=2), "4"),
        (ClaimRecord(opposing=3, carriers=2), "5"),
        (ClaimRecord(supporting=1, speculating=7, carriers=4), "6"),
        (ClaimRecord(speculating=7), "6"),
        (ClaimRecord(outcome=True, opposing=7), "1"),
        (ClaimRecord(outcome=False), "5"),
    ],
)
def test_digits(record: ClaimRecord, digit: str) -> None:
    assert rate_claim(record).digit == digit


def test_reasons_of_a_source() -> None:
    record = source(
        0.82, 0.71, 0.9, 12.34, shared=12, agreed=10, contradicted=1, known=1, right=1, brier=0.04
    )
    assert rate_source(record).reasons == (
        "82 % of what it states is held to be so (90 % interval 71 to 90 %).",
        "The estimate lies between 75 % and 95 %, and the low end of the interval reaches 60 %.",
        "On 12 claims that other independent sources speak of, it agrees with most of them on 10 "
        "and contradicts most of them on 1.",
        "Of 1 claim with a known outcome it was right on 1 (Brier score 0.04).",
        "Its own record makes up about 29 % of the estimate, its prior of 70 % the rest.",
    )


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (source(0.9, 0.8, 1.0, 4.99), "Too little to go by: evidence worth 4.9 claims, 5 are"),
        (
            source(0.9, 0.85, 0.95, 7),
            "Too little to go by: its own record makes up about 7 % of the",
        ),
        (source(0.6, 0.2, 0.8), "Too uncertain to judge: 60 % of what it states is held to be so"),
        (source(0.7, 0.4, 0.9, 0), "Nothing to go by: no other independent source"),
    ],
)
def test_why_a_source_cannot_be_judged(record: SourceRecord, reason: str) -> None:
    assert rate_source(record).reasons[0].startswith(reason)


@pytest.mark.parametrize(("prior", "right", "wrong"), [(20, 20, 0), (10, 30, 10), (60, 15, 5)])
def test_the_own_record_is_evidence_over_evidence_and_prior(
    prior: int, right: int, wrong: int
) -> None:
    posterior = beta(0.8 * prior + right, 0.2 * prior + wrong)
    low, high = posterior.interval(0.9)
    own = source(posterior.mean(), low, high, checked=right + wrong).own
    assert own == pytest.approx((right + wrong) / (prior + right + wrong), abs=0.03)


def test_a_class_of_reliable_sources_makes_none_of_them_reliable() -> None:
    low, high = beta(98, 2).interval(0.9)
    assert rate_source(source(0.98, low, high, checked=6)).letter == "F"


def test_reasons_of_a_claim() -> None:
    record = ClaimRecord(supporting=3, supporting_hedged=1, opposing=1, speculating=1, carriers=2)
    assert rate_claim(record).reasons == (
        "4 independent sources are for it, 1 of them with a hedge.",
        "1 independent source is against it.",
        "1 source only speculates about it, which counts for neither side.",
        "Those for it count for at least 3 times the others.",
    )


def test_a_known_outcome_is_the_first_reason() -> None:
    assert rate_claim(ClaimRecord(outcome=False)).reasons == ("It is known to be false.",)


@FEW
@given(sources())
def test_every_letter_is_of_the_scale_with_reasons_in_sentences(record: SourceRecord) -> None:
    rating = rate_source(record)
    assert rating.letter in scale.LETTERS
    assert rating.reasons
    assert all(one.endswith(".") and "None" not in one for one in rating.reasons)


@FEW
@given(CLAIM)
def test_every_digit_is_of_the_scale_with_reasons_in_sentences(record: ClaimRecord) -> None:
    rating = rate_claim(record)
    assert rating.digit in scale.DIGITS
    assert rating.reasons
    assert all(one.endswith(".") and "None" not in one for one in rating.reasons)


@FEW
@given(sources(), st.floats(0, 1))
def test_a_higher_estimate_on_the_same_evidence_is_no_worse(
    record: SourceRecord, by: float
) -> None:
    assert record.reliability is not None
    assert record.reliability_low is not None
    assert record.reliability_high is not None
    higher = replace(
        record,
        reliability=record.reliability + by,
        reliability_low=record.reliability_low + by,
        reliability_high=record.reliability_low
        + by
        + (record.reliability_high - record.reliability_low),
    )
    before, after = rate_source(record).letter, rate_source(higher).letter
    if "F" not in (before, after):
        assert after <= before


@FEW
@given(sources(), st.floats(0, scale.FEWEST_CLAIMS, exclude_max=True))
def test_under_the_floor_every_source_is_f(record: SourceRecord, checked: float) -> None:
    assert rate_source(replace(record, checked=checked)).letter == "F"


@FEW
@given(CLAIM, st.sampled_from(["supporting", "supporting_hedged"]))
def test_more_support_is_no_worse_and_more_contradiction_no_better(
    record: ClaimRecord, side: str
) -> None:
    before = rate_claim(record).digit
    more = rate_claim(replace(record, **{side: getattr(record, side) + 1})).digit
    against = side.replace("supporting", "opposing")
    less = rate_claim(replace(record, **{against: getattr(record, against) + 1})).digit
    if before != "6":
        assert more <= before <= less


@FEW
@given(CLAIM)
def test_dropping_a_hedge_is_no_worse(record: ClaimRecord) -> None:
    firm = replace(
        record,
        supporting=record.supporting + record.supporting_hedged,
        supporting_hedged=0,
    )
    assert rate_claim(firm).digit <= rate_claim(record).digit


@FEW
@given(CLAIM, COUNT)
def test_speculation_does_not_count(record: ClaimRecord, speculating: int) -> None:
    assert rate_claim(replace(record, speculating=speculating)).digit == rate_claim(record).digit


@FEW
@given(CLAIM)
def test_the_contrary_is_the_claim_with_its_sides_changed(record: ClaimRecord) -> None:
    changed = ClaimRecord(
        record.opposing,
        record.opposing_hedged,
        record.supporting,
        record.supporting_hedged,
        record.speculating,
        record.carriers,
        None if record.outcome is None else not record.outcome,
    )
    assert rate_claim(changed).digit == rate_claim(record).contrary
    assert rate_claim(changed).contrary == rate_claim(record).digit


@FEW
@given(CLAIM)
def test_under_the_floor_every_claim_is_6(record: ClaimRecord) -> None:
    few = replace(record, supporting=0, supporting_hedged=0, opposing_hedged=0, outcome=None)
    for opposing in range(scale.FEWEST_SOURCES):
        assert rate_claim(replace(few, opposing=opposing)).digit == "6"


def source_table(records: list[SourceRecord]) -> pa.Table:
    names = [field.name for field in fields(SourceRecord)]
    schema = pa.schema([SOURCES.field(name) for name in names])
    return pa.table({n: [getattr(one, n) for one in records] for n in names}, schema=schema)


def claim_table(records: list[ClaimRecord]) -> pa.Table:
    names = [field.name for field in fields(ClaimRecord)]
    schema = pa.schema([CLAIMS.field(name) for name in names])
    return pa.table({n: [getattr(one, n) for one in records] for n in names}, schema=schema)


@TABLES
@given(st.lists(sources(), max_size=6))
def test_a_table_of_sources_is_rated_row_by_row(records: list[SourceRecord]) -> None:
    rated = rate_sources(source_table(records))
    assert rated["letter"].to_pylist() == [rate_source(one).letter for one in records]
    assert rated["reasons"].to_pylist() == [list(rate_source(one).reasons) for one in records]
    assert rated.schema.field("reasons").type == SOURCES.field("reasons").type


@TABLES
@given(st.lists(CLAIM, max_size=6))
def test_a_table_of_claims_is_rated_row_by_row(records: list[ClaimRecord]) -> None:
    rated = rate_claims(claim_table(records))
    assert rated["digit"].to_pylist() == [rate_claim(one).digit for one in records]
    assert rated["contrary"].to_pylist() == [rate_claim(one).contrary for one in records]
    assert rated["reasons"].to_pylist() == [list(rate_claim(one).reasons) for one in records]
    assert rated.schema.field("reasons").type == CLAIMS.field("reasons").type


@TABLES
@given(st.lists(CLAIM, min_size=2, max_size=6), st.randoms())
def test_letters_and_reliability_move_no_digit(
    claims: list[ClaimRecord], chance: random.Random
) -> None:
    def beside() -> pa.Table:
        return (
            claim_table(claims)
            .append_column("letter", pa.array([chance.choice("ABCDEF") for _ in claims]))
            .append_column("reliability", pa.array([chance.random() for _ in claims]))
            .append_column("p_true", pa.array([chance.random() for _ in claims]))
        )

    rated = ["digit", "contrary", "reasons"]
    assert rate_claims(beside()).select(rated) == rate_claims(beside()).select(rated)


@TABLES
@given(st.lists(sources(), min_size=2, max_size=6), st.randoms())
def test_digits_move_no_letter(records: list[SourceRecord], chance: random.Random) -> None:
    def beside() -> pa.Table:
        digits = pa.array([chance.choice("123456") for _ in records])
        return source_table(records).append_column("digit", digits)

    rated = ["letter", "reasons"]
    assert rate_sources(beside()).select(rated) == rate_sources(beside()).select(rated)


def test_the_two_records_share_no_column_and_both_are_in_the_tables() -> None:
    of_source = {field.name for field in fields(SourceRecord)}
    of_claim = {field.name for field in fields(ClaimRecord)}
    assert not of_source & of_claim
    assert of_source <= set(SOURCES.names) & set(OUTLETS.names)
    assert of_claim <= set(CLAIMS.names)
    assert not {"p_true", "digit", "letter", "reliability"} & of_claim


def test_a_table_without_its_columns_is_refused() -> None:
    with pytest.raises(InputError, match="expected a column 'reliability' to rate by, found colu"):
        rate_sources(pa.table({"id": ["s1"]}))
    with pytest.raises(InputError, match="'supporting'"):
        rate_claims(pa.table({"id": ["c1"]}))
