"""Stance by rules over cues, modals and negation: `data/labels/GUIDELINES.md` as a lexicon.

Rules of this kind are what factuality was first labelled with (Saurí and Pustejovsky 2012) and
what the figures of attribution corpora are compared with. Their word lists are from the guidelines
and from the training labels; no other label was looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from data.items import COLUMNS
from data.records import LABELS

__all__ = ["cue_rules", "rule_probabilities", "rule_stance"]


def _any(*patterns: str) -> Callable[[str], bool]:
    """Whether any pattern occurs, at the beginnings of words."""
    found = re.compile(r"(?<![\w'])(?:" + "|".join(patterns) + ")")
    return lambda text: found.search(text) is not None


_NOT = r"(?:not|never|\w+n't|no longer|nobody|hardly)"

# Cues, in the order of the guidelines. A trailing \b keeps a stem from growing into another word.
_ACT_CUE = _any(
    r"ask(?!ed (?:how|what|why|rhetor))",
    r"call(?:s|ed|ing)? (?:\w+ )?(?:for|on|upon)\b",
    r"urg(?:e|es|ed|ing)\b",
    r"demand",
    r"request",
    r"declin(?:e|es|ed|ing)\b",
    r"refus(?:e|es|ed|al|ing)\b",
    r"hop(?:e|es|ed|ing|eful)\b",
    r"want(?:s|ed|ing)?\b",
    r"wish",
    r"would (?:like|love|prefer)",
    r"(?:seek|sought|interest|nominat|propos|offer|sign(?:s|ed|ing)\b|vot(?:e|es|ed|ing) (?!for))",
    r"in (?:response|reference|regard)",
    r"(?:jok|talk|ask|question|pressed|sp(?:eak|oke))\w* (?:\w+ )?about",
    r"(?:discuss|mention|referenc|referr?ing|address|focus|debat|nominat|listing|chant)",
    r"(?:known|look(?:s|ed|ing)?) (?:as|to|for)\b",
    r"(?:order|beg|begg|encourag|invit|instruct|appeal|tr(?:y|ies|ied|ying) to)(?:s|ed|ing)?\b",
    r"(?:unwilling|reluctan|attention|split on|need|desir|aim|quot)",
    r"(?:pass|quiet|silent|silence|sidestep|dodg|avoid|ignor)(?:s|es|ed|ing)?\b",
)
_UNSAID_CUE = _any(
    rf"(?:{_NOT}|no|without|nor|yet to|fail\w* to|little|nothing) (?:\w+ )*"
    r"(?:mention|respon|repl|return|comment|sa[yi]|discuss|address|elaborat|explain|name|cit|specif"
    r"|offer|provid|know|endors|answer|speak|talk|ask|want|disclos|reveal|rul|comment|tell|giv|pledg"
    r"|support|focus|commit|call|detail|acknowledg|cover|touch|indicat|refer|report|use|made|make)",
)
_DENIAL_CUE = _any(
    r"den(?:y|ies|ied|ying|ial)",
    r"reject",
    r"dismiss",
    r"refut",
    r"rebut",
    r"rebuff",
    r"contradict",
    r"disput",
    r"debunk",
    r"disprov",
    r"disavow",
    r"discount",
    r"downplay",
    r"repudiat",
    r"disagree",
    r"scoff",
    r"brush\w* (?:off|aside)",
    r"push\w* back",
    r"sh(?:o|oo)t\w* down",
    r"knock\w* down",
    r"pour\w* cold",
    r"(?:is|was|were|are)(?:n't| not) (?:true|the case|buying)",
    rf"{_NOT} (?:believe|think|agree|buy|see\b)",
)
_SPECULATION_CUE = _any(
    r"(?:may|might|could)(?! not be reached| n't)\b",
    r"question(?:s|ed|ing)?\b(?! about)",
    r"questions about",
    r"doubt",
    r"fear",
    r"worr",
    r"wonder",
    r"suspect",
    r"suspicion",
    r"speculat",
    r"unclear",
    r"not (?:\w+ )?(?:clear|sure|certain)",
    r"un(?:sure|certain|known)",
    r"concern",
    r"possib",
    r"perhaps",
    r"rumou?r",
    r"imagin",
    r"skeptic",
    r"sceptic",
    r"hypothe",
    r"whether",
    r"what if",
    r"too (?:early|soon)",
    r"threat(?!en)",
    r"conspir",
    r"theor",
    r"anxi",
    r"risk",
)
_HEDGE_CUE = _any(
    r"suggest",
    r"seem",
    r"appear",
    r"th(?:ink|inks|inking|ought)\b",
    r"belie[fv]",
    r"expect",
    r"predict",
    r"estimat",
    r"indicat(?!or)",
    r"impl(?:y|ies|ied|ying)",
    r"report(?:edly)",
    r"(?:un)?likely",
    r"probabl",
    r"assum",
    r"forecast",
    r"tend",
    r"apparent",
    r"guess",
    r"anticipat",
    r"project(?:s|ed|ing)?\b",
    r"hint",
    r"signal",
    r"looks? (?:like|as)",
    r"infer",
    r"supposed",
    r"presum",
    r"in the eyes",
    r"perce(?:iv|pt)",
    r"allegedly",
)
_OPINION_CUE = _any(r"th(?:ink|inks|inking|ought)\b", r"belie[fv]", r"fe(?:el|els|lt|eling)\b")

# Contents.
_POSSIBLE = _any(
    r"(?:may|might)\b(?! \d)",
    r"could\b(?! not\b| have\b| no\b)",
    r"perhaps",
    r"maybe",
    r"possibl[ey] that",
    r"possibly",
    r"possibility",
    r"potentially",
    r"conceivabl",
    r"(?:not|n't) (?:clear|certain) ",
    r"uncertain",
    r"who knows",
    r"what if",
)
_RESERVED = _any(
    r"(?:i|we|they) (?:really |just |also |still |do )?"
    r"(?:think|believe|guess|suspect|suppose|expect|hear|heard)\b",
    r"(?:s?he|they|officials) (?:believe[sd]?|expect(?:s|ed)|thinks?|thought|suspect(?:s|ed))\b",
    r"(?:un)?likely",
    r"probably",
    r"seem(?:s|ed)?\b",
    r"appear(?:s|ed)? (?:to|that|as)\b",
    r"apparently",
    r"reportedly",
    r"presumably",
    r"almost certain",
    r"(?:looks|sounds) like",
    r"tends? to",
    r"(?:'m|was|is|am) not aware",
    r"as far as i",
)
_VALUE = _any(
    r"should",
    r"must\b",
    r"(?:need|ought|has|have|got)(?:s|ed)? to\b",
    r"(?:great|good|better|best|bad|worse|worst|wrong|right|important|terrible|disgrac|horribl|fair"
    r"|unfair|beautiful|wonderful|crazy|stupid|smart|tough|sad|shame|ridiculous|fantastic"
    r"|disgust|amazing|big|awful)(?!\w)",
)
_REJECTED = _any(
    r"(?:do|does|did) ?(?:not|n't) (?:\w+ )?(?:think|believe|buy|agree|happen)",
    r"there (?:is|was|were|are|has been|'s) (?:\w+ )?no\b(?! (?:question|doubt|way))",
    r"(?:is|was|were|are|'s) (?:absolutely |simply |just |certainly )?(?:not|never) "
    r"(?:a|an|the|true|about|in any|based|involved|aware|responsible|racis\w+|being|intended)\b",
    r"(?:did|was|were|had|have) never\b",
    r"(?:i|he|she|they|we) never\b",
    r"did not\b",
    r"(?:wasn't|weren't|isn't) (?:true|about|a|an|the)\b",
    r"(?:absolutely|of course|certainly) not\b",
    r"(?:no|any) (?:intention|wrongdoing|such|connection|plans? )",
    r"nothing (?:to do|wrong|illegal|improper|more than)",
    r"(?:false|untrue|not true|baseless|nonsense|fabricat|unfounded|myth\b|inaccura)",
    r"the (?:idea|notion|suggestion|claim|allegation|accusation|charge)s? that",
    r"(?:is|was|are|were|'s) (?:just |simply |totally )?wrong\b",
)
_SENTENCE = re.compile(r"(?<=[.!?…])[\"')]*\s+")
_SUBORDINATE = re.compile(
    r",? (?:who|which|whose|where|because|although|though|while|unless|if|so that|as if)\b[^,;]*"
)
_SCOPE = 10
"""Words of a main clause in which a modal or a reservation bears on the whole."""
_DENIED = 6
"""Words within which a rejection bears on the whole."""


def rule_stance(cue: str, content: str) -> str:
    """One of `LABELS` for a statement, from the words of its cue and its content."""
    cue, content = _plain(cue), _plain(content)
    return _of_cue(cue, content) or _of_content(content)


def cue_rules(rows: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    """Labels [items], indices into `LABELS`, of texts [items, 4] as in `data.items.COLUMNS`."""
    cue, content = COLUMNS.index("cue"), COLUMNS.index("content")
    return np.array([LABELS.index(rule_stance(row[cue], row[content])) for row in rows])


def rule_probabilities(rows: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """All probability [items, 5] on the label of the rules, which know no doubt."""
    return np.asarray(np.eye(len(LABELS))[cue_rules(rows)])


def _plain(text: str) -> str:
    """Lower case, straight marks, single spaces."""
    plain = text.lower().replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return " ".join(plain.replace("''", '"').split())


def _of_cue(cue: str, content: str) -> str | None:
    """What the cue decides alone, or with the content's first words."""
    if _UNSAID_CUE(cue) or _ACT_CUE(cue):
        return "none"
    if _DENIAL_CUE(cue):
        return "denial"
    if _SPECULATION_CUE(cue):
        return "speculation"
    if _HEDGE_CUE(cue):
        if _OPINION_CUE(cue) and _VALUE(content):
            return "assertion"
        return "speculation" if _POSSIBLE(content) else "hedge"
    return None


def _of_content(content: str) -> str:
    """What most of the content's words stand in, sentence by sentence; of equals the first of
    denial, speculation, hedge and assertion.
    """
    if not content:
        return "assertion"
    votes = dict.fromkeys(("denial", "speculation", "hedge", "assertion"), 0)
    for sentence in _SENTENCE.split(content):
        words = _SUBORDINATE.sub("", sentence).split()
        scope = " ".join(words[:_SCOPE])
        if _REJECTED(" ".join(words[:_DENIED])):
            label = "denial"
        elif _POSSIBLE(scope):
            label = "speculation"
        elif _RESERVED(scope) and not _VALUE(sentence):
            label = "hedge"
        else:
            label = "assertion"
        votes[label] += len(words)
    return max(votes, key=lambda label: votes[label])
