"""Sorts of cues: the words by which a text says that someone says something."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CUE_CLASSES", "cue_pattern"]

CUE_CLASSES: Mapping[str, str] = {
    "neutral": "said say says saying told tell tells telling added adds adding stated states "
    "stating according wrote writes reported reports announced announces",
    "present": "says tells adds states writes explains notes claims argues thinks believes reports",
    "doubting": "claim claims claimed claiming allege alleges alleged allegedly insist insists "
    "insisted maintain maintains maintained contend contends contended purport purports purported "
    "purportedly supposedly assert asserts asserted admit admits admitted concede concedes "
    "conceded confess confessed acknowledge acknowledges acknowledged",
    "heated": "slam slams slammed blast blasts blasted blasting rip rips ripped bash bashes bashed "
    "mock mocks mocked brag brags bragged boast boasts boasted tout touts touted rant rants ranted "
    "accuse accuses accused accusing attack attacks attacked condemn condemns condemned denounce "
    "denounces denounced decry decries decried lament laments lamented blame blames blamed vow "
    "vows vowed proclaim proclaims proclaimed declare declares declared tweeted lied lie lies",
    "evidence": "show shows showed shown find finds found reveal reveals revealed confirm confirms "
    "confirmed prove proves proved indicate indicates indicated suggest suggests suggested know "
    "knows knew note notes noted point points pointed learned discovered concluded concludes "
    "estimate estimates estimated",
    "belief": "believe believes believed believing think thinks thought thinking feel feels felt "
    "hope hopes hoped want wants wanted fear fears feared expect expects expected worry worries "
    "worried",
    "arguing": "argue argues argued arguing criticize criticizes criticized criticise criticised "
    "suggesting urge urges urged warn warns warned warning call calls called calling demand "
    "demands demanded defend defended",
}
"""Words by sort of cue: plain ones, the plain present tense, those that put in doubt or wring out
what is said, angry ones, those that vouch, those of the mind, those of argument."""


def cue_pattern(name: str) -> str:
    """The regular expression that finds a sort's words in a cue in small letters."""
    return rf"\b(?:{'|'.join(CUE_CLASSES[name].split())})\b"
