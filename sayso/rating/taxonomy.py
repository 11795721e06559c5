"""Tags of the MISP taxonomies `admiralty-scale` and `estimative-language`.

Values are those of version 5 of each (MISP/misp-taxonomies, `machinetag.json`). The Admiralty
scale of MISP also has a letter `g`, deliberately deceptive: intent is nothing that counts of
agreement can show, so it is never given here.
"""

from __future__ import annotations

from sayso.rating import scale

__all__ = [
    "LIKELIHOODS",
    "confidence_tag",
    "credibility_tag",
    "likelihood_tag",
    "reliability_tag",
]

LIKELIHOODS = (
    (0.05, "almost-no-chance"),
    (0.20, "very-unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly-even-chance"),
    (0.80, "likely"),
    (0.95, "very-likely"),
    (1.00, "almost-certain"),
)
"""The words of ICD 203 for a probability, each with the probability that it ends at."""


def reliability_tag(letter: str) -> str:
    """The tag of a source's letter."""
    return f'admiralty-scale:source-reliability="{letter.lower()}"'


def credibility_tag(digit: str) -> str:
    """The tag of a claim's digit."""
    return f'admiralty-scale:information-credibility="{digit}"'


def likelihood_tag(p_true: float | None, digit: str) -> str | None:
    """The tag of how likely a claim is, or None where its credibility cannot be judged.

    Args:
        p_true: probability of what is claimed, by its sources' reliability, in [0, 1].
        digit: its credibility.
    """
    if p_true is None or digit in scale.NOT_JUDGED:
        return None
    words = [word for end, word in LIKELIHOODS if p_true < end]
    return f'estimative-language:likelihood-probability="{(words or [LIKELIHOODS[-1][1]])[0]}"'


def confidence_tag(*, sided: int, carriers: int, outcome: bool | None, digit: str) -> str | None:
    """The tag of how well founded that is, or None where credibility cannot be judged.

    Low on fewer sources than a 1 asks for, moderate on so many, high on an outcome.

    Args:
        sided: independent sources that take a side.
        carriers: outlets that carry it other than as a near-copy.
        outcome: whether it is known to be true or false; None where it is not known.
        digit: its credibility.
    """
    if digit in scale.NOT_JUDGED:
        return None
    if outcome is not None:
        word = "high"
    else:
        corroborated = sided >= scale.CONFIRMING and carriers >= scale.CARRIERS
        word = "moderate" if corroborated else "low"
    return f'estimative-language:confidence-in-analytic-judgment="{word}"'
