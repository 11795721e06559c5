"""The two scales of the NATO Admiralty code, and the figures at which a source or a claim moves.

The scales are those of AJP-2.1 and STANAG 2511, worded as in FM 2-22.3, appendix B. They define
each step in words alone; Capet and Revault d'Allonnes (2014, *Information Evaluation*, ch. 4) and
Irwin and Mandel (2019, *Intelligence and National Security* 34:503) show how that leaves every
analyst to his own reading, and Baker et al. (1968) that in practice one axis is read off the other:
87 % of field reports lay on the diagonal A1, B2, C3. So here every step has figures, all of them
below, and each axis is read off figures of its own.

F and 6 say that nothing can be judged. They stand beside the other steps, not under or between
them, and are never turned into numbers.
"""

from __future__ import annotations

__all__ = [
    "CARRIERS",
    "CONFIRMING",
    "CONTRARY",
    "DIGITS",
    "FAIRLY",
    "FEWEST_CLAIMS",
    "FEWEST_SOURCES",
    "HEDGED",
    "INTERVAL",
    "LETTERS",
    "MAINLY",
    "MOSTLY",
    "NOT_JUDGED",
    "OWN",
    "PROBABLE",
    "PROVED",
    "SURELY",
    "SURELY_LOW",
    "UNFIT",
    "UNFIT_HIGH",
    "USUALLY",
    "USUALLY_LOW",
    "WIDEST",
]

LETTERS = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
"""Reliability of a source, and what each letter is called."""

DIGITS = {
    "1": "confirmed by other sources",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "truth cannot be judged",
}
"""Credibility of information, and what each digit is called."""

NOT_JUDGED = ("F", "6")
"""The letter and the digit of what cannot be judged."""

CONTRARY = {"1": "5", "2": "4", "3": "3", "4": "2", "5": "1", "6": "6"}
"""The digit of a claim's contrary: as probable as the claim is improbable."""

FEWEST_CLAIMS = 5
"""A source with evidence worth fewer claims than this is F."""

WIDEST = 0.5
"""A source whose 90 % interval is wider than this is F."""

OWN = 0.25
"""A source whose own record makes up less of its estimate than this is F: what is left says how
sources of its class are, and is no basis for judging this one."""

MAINLY = 0.5
"""A asks for this share; under it the reasons tell what prior the estimate leans on."""

SURELY, SURELY_LOW = 0.95, 0.9
"""A: the estimate reaches the first, and the low end of the interval the second."""

PROVED = 5
"""A: so many of its claims have a known outcome. That others agree with a source cannot show it to
be completely reliable, since they may all be wrong."""

USUALLY, USUALLY_LOW = 0.75, 0.6
"""B: the same."""

FAIRLY = 0.5
"""C: the estimate reaches this; under it a source is wrong more often than right, which is D."""

UNFIT, UNFIT_HIGH = 0.25, 0.5
"""E: the estimate lies under the first, and the high end of the interval under the second."""

INTERVAL = 3.29
"""Width of a 90 % interval in standard deviations."""

FEWEST_SOURCES = 2
"""A claim on which fewer independent sources take a side than this, and of which no outcome is
known, is 6."""

CONFIRMING, CARRIERS = 3, 2
"""1: so many independent sources assert it, in so many outlets, and nobody contradicts it."""

HEDGED = 0.5
"""What a source counts for that takes a side with a hedge; without one it counts for 1."""

PROBABLE, MOSTLY = 2, 3
"""2 and 4: so many sources' worth on one side, and so many times what is on the other."""
