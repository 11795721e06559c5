"""The reasons for a rating, in sentences with their figures."""

from __future__ import annotations

import math

from sayso.rating import scale
from sayso.rating.record import ClaimRecord, SourceRecord

__all__ = ["claim_reasons", "source_reasons"]


def source_reasons(record: SourceRecord, letter: str) -> tuple[str, ...]:
    """Why a source has its letter: what the letter asks for, then the evidence."""
    lines = [_letter_reason(record, letter)]
    if record.reliability is not None and letter != "F":
        lines.insert(
            0, f"{_share(record.reliability)} of what it states is held to be so{_span(record)}."
        )
    if record.shared:
        lines.append(
            f"On {_count(record.shared, 'claim')} that other independent sources speak of, it "
            f"agrees with most of them on {record.agreed or 0} and contradicts most of them on "
            f"{record.contradicted or 0}."
        )
    if record.known:
        brier = f" (Brier score {record.brier:.2f})" if record.brier is not None else ""
        lines.append(
            f"Of {_count(record.known, 'claim')} with a known outcome it was right on "
            f"{record.right or 0}{brier}."
        )
    if round(100 * (record.copied or 0)):
        lines.append(
            f"{_share(record.copied or 0)} of its claims seem taken over from another source."
        )
    if letter != "F" and record.own < scale.MAINLY and record.prior is not None:
        lines.append(
            f"Its own record makes up about {_share(record.own)} of the estimate, its prior of "
            f"{_share(record.prior)} the rest."
        )
    return tuple(lines)


def _letter_reason(record: SourceRecord, letter: str) -> str:
    estimate = record.reliability or 0.0
    if letter == "A":
        return (
            f"The estimate reaches {_share(scale.SURELY)} and the low end of the interval "
            f"{_share(scale.SURELY_LOW)}, mainly by its own record, with known outcomes in it."
        )
    if letter == "B":
        return _usually_reason(record)
    if letter == "C" and estimate >= scale.USUALLY:
        return (
            f"The estimate would do for B, but the low end of the interval is under "
            f"{_share(scale.USUALLY_LOW)}."
        )
    if letter == "C":
        return f"The estimate lies between {_share(scale.FAIRLY)} and {_share(scale.USUALLY)}."
    if letter == "D" and estimate < scale.UNFIT:
        return (
            f"The estimate would do for E, but the high end of the interval reaches "
            f"{_share(scale.UNFIT_HIGH)}."
        )
    if letter == "D":
        return f"The estimate lies between {_share(scale.UNFIT)} and {_share(scale.FAIRLY)}."
    if letter == "E":
        return (
            f"The estimate is under {_share(scale.UNFIT)} and the whole interval under "
            f"{_share(scale.UNFIT_HIGH)}."
        )
    return _not_judged(record)


def _usually_reason(record: SourceRecord) -> str:
    if (record.reliability or 0) < scale.SURELY:
        return (
            f"The estimate lies between {_share(scale.USUALLY)} and {_share(scale.SURELY)}, and "
            f"the low end of the interval reaches {_share(scale.USUALLY_LOW)}."
        )
    if (record.reliability_low or 0) < scale.SURELY_LOW:
        return (
            f"The estimate would do for A, but the low end of the interval is under "
            f"{_share(scale.SURELY_LOW)}."
        )
    if record.own < scale.MAINLY:
        return "The estimate would do for A, but is not mainly its own record."
    return (
        f"The estimate would do for A, but that takes {scale.PROVED} claims with a known outcome: "
        "others may agree and be wrong."
    )


def _not_judged(record: SourceRecord) -> str:
    if not record.checked or record.reliability is None:
        return (
            "Nothing to go by: no other independent source and no outcome speaks of what it states."
        )
    if record.checked < scale.FEWEST_CLAIMS:
        return (
            f"Too little to go by: evidence worth {_tenths(record.checked)} claims, "
            f"{scale.FEWEST_CLAIMS} are needed."
        )
    if (record.reliability_high or 0) - (record.reliability_low or 0) <= scale.WIDEST:
        own = math.floor(100 * record.own)
        return (
            f"Too little to go by: its own record makes up about {own} % of the estimate, "
            f"{_share(scale.OWN)} are needed."
        )
    return (
        f"Too uncertain to judge: {_share(record.reliability)} of what it states is held to be so"
        f"{_span(record)}, and the interval is wider than {_share(scale.WIDEST)}."
    )


def _span(record: SourceRecord) -> str:
    if record.reliability_low is None or record.reliability_high is None:
        return ""
    return (
        f" (90 % interval {100 * record.reliability_low:.0f} to {_share(record.reliability_high)})"
    )


def claim_reasons(record: ClaimRecord, digit: str) -> tuple[str, ...]:
    """Why a claim has its digit: who takes which side, then what the digit asks for."""
    lines = []
    sided = sum(_sides(record))
    if record.outcome is not None:
        lines.append(f"It is known to be {'true' if record.outcome else 'false'}.")
    if sided:
        lines.append(_side("for", record.supporting, record.supporting_hedged))
        lines.append(_side("against", record.opposing, record.opposing_hedged))
    if record.speculating:
        does = "speculates" if record.speculating == 1 else "speculate"
        lines.append(
            f"{_count(record.speculating, 'source')} only {does} about it, which counts for "
            "neither side."
        )
    if record.outcome is None:
        lines.append(_digit_reason(record, digit, sided))
    return tuple(lines)


def _digit_reason(record: ClaimRecord, digit: str, sided: int) -> str:
    if digit == "6":
        needed = f"{scale.FEWEST_SOURCES} independent sources"
        if not sided:
            return f"Nothing to go by: no source takes a side, {needed} are needed."
        return f"Too little to go by: {sided} takes a side, {needed} are needed."
    if digit in ("1", "5"):
        return f"They agree, in {record.carriers} outlets, copies not counted."
    supporting = record.supporting + record.supporting_hedged
    if supporting and supporting < sided:
        return _mixed_reason(digit)
    if digit == "3":
        return f"A hedge counts for half, and {scale.PROBABLE} sources' worth are needed for more."
    firm, further = (record.supporting, "1") if digit == "2" else (record.opposing, "5")
    if firm < scale.CONFIRMING:
        return f"They agree, but {scale.CONFIRMING} without a hedge are needed for a {further}."
    return (
        f"They agree, but {scale.CARRIERS} outlets, copies not counted, are needed for a "
        f"{further}: how independent they are is open."
    )


def _mixed_reason(digit: str) -> str:
    if digit == "3":
        return (
            f"Neither side counts for {scale.PROBABLE} sources and for {scale.MOSTLY} times the "
            "other."
        )
    side = "for" if digit == "2" else "against"
    return f"Those {side} it count for at least {scale.MOSTLY} times the others."


def _sides(record: ClaimRecord) -> tuple[int, int, int, int]:
    return (
        record.supporting,
        record.supporting_hedged,
        record.opposing,
        record.opposing_hedged,
    )


def _side(word: str, firm: int, hedged: int) -> str:
    total = firm + hedged
    if not total:
        return f"No source is {word} it."
    verb = "is" if total == 1 else "are"
    line = f"{_count(total, 'independent source')} {verb} {word} it"
    if hedged:
        line += ", with a hedge" if not firm else f", {hedged} of them with a hedge"
    return line + "."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


def _tenths(value: float) -> str:
    """Rounded down, so that what is under a threshold does not look as if it reached it."""
    return f"{math.floor(10 * value) / 10:.1f}"
