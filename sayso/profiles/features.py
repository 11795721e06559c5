"""What is measured of how an outlet reports: means over its statements and articles."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.profiles.cues import CUE_CLASSES

__all__ = ["ARTICLE", "FEATURES", "GROUPS", "STATEMENT", "Feature"]

STATEMENT, ARTICLE = "statement", "article"
"""What a feature is a mean over."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A mean over an outlet's statements or articles, as a sum over a sum.

    Attributes:
        name: of the feature.
        group: of features that are of one kind.
        unit: `STATEMENT` or `ARTICLE`.
        top: SQL of what a unit adds to the sum above.
        bottom: SQL of what it adds to the sum below; 1 or 0.
        whole: whether what it adds above is a whole number.
    """

    name: str
    group: str
    unit: str
    top: str
    bottom: str = "1"
    whole: bool = False


def _shares(group: str, conditions: dict[str, str]) -> list[Feature]:
    """Shares of the statements that meet a condition."""
    return [
        Feature(
            name, group, STATEMENT, f"CAST(coalesce({condition}, false) AS INTEGER)", whole=True
        )
        for name, condition in conditions.items()
    ]


_ENTROPY = " - ".join(
    f"CASE WHEN p_{name} > 0 THEN p_{name} * ln(p_{name}) ELSE 0 END"
    for name in ("assertion", "denial", "hedge", "speculation")
)
_SURE = "greatest(p_assertion, p_denial, p_hedge, p_speculation)"
_LENGTH = "ln(1 + length({}))"
_WRITTEN = "CAST({} IS NOT NULL AS DOUBLE)"
_DIRECT = "CAST(form = 'direct' AND content_text IS NOT NULL AS DOUBLE)"
_KIND = "coalesce(source_kind, 'unnamed')"
_PRONOUNS = "('he', 'she', 'they', 'it', 'him', 'her', 'them', 'who')"

FEATURES: tuple[Feature, ...] = (
    *(
        Feature(f"p_{name}", "stance", STATEMENT, f"CAST(p_{name} AS DOUBLE)")
        for name in ("denial", "hedge", "speculation")
    ),
    Feature("denying_articles", "stance", ARTICLE, "CAST(denials > 0 AS DOUBLE)"),
    Feature("doubting_articles", "stance", ARTICLE, "CAST(doubts > 0 AS DOUBLE)"),
    Feature("entropy", "certainty", STATEMENT, f"0 - {_ENTROPY}"),
    Feature("unsure", "certainty", STATEMENT, f"CAST({_SURE} < 0.6 AS DOUBLE)"),
    Feature("p_statement", "certainty", STATEMENT, "CAST(p_statement AS DOUBLE)"),
    *_shares(
        "sourcing",
        {
            "unnamed": f"{_KIND} = 'unnamed'",
            "unsourced": "source_text IS NULL",
            "nested": "parent_id IS NOT NULL",
            **{
                kind: f"{_KIND} = '{kind}'"
                for kind in ("person", "organisation", "government", "outlet", "document", "group")
            },
            "pronoun": f"lower(source_text) IN {_PRONOUNS}",
            "first_person": "lower(source_text) IN ('i', 'we', 'me', 'us')",
        },
    ),
    Feature(
        "source_length",
        "sourcing",
        STATEMENT,
        f"coalesce({_LENGTH.format('source_text')}, 0)",
        _WRITTEN.format("source_text"),
    ),
    Feature("sources", "sourcing", ARTICLE, "ln(1 + coalesce(sources, 0))"),
    Feature("concentration", "sourcing", ARTICLE, "coalesce(alike, 0)", _WRITTEN.format("alike")),
    *_shares("quotation", {"direct": "form = 'direct'", "mixed": "form = 'mixed'"}),
    Feature(
        "content_length",
        "quotation",
        STATEMENT,
        f"coalesce({_LENGTH.format('content_text')}, 0)",
        _WRITTEN.format("content_text"),
    ),
    Feature(
        "quote_length",
        "quotation",
        STATEMENT,
        f"{_DIRECT} * coalesce({_LENGTH.format('content_text')}, 0)",
        _DIRECT,
    ),
    *_shares(
        "cues",
        {"cue_none": "cue_text IS NULL", **{f"cue_{name}": f"is_{name}" for name in CUE_CLASSES}},
    ),
    Feature(
        "cue_length",
        "cues",
        STATEMENT,
        f"coalesce({_LENGTH.format('cue_text')}, 0)",
        _WRITTEN.format("cue_text"),
    ),
    *_shares(
        "content",
        {
            "numbers": "regexp_matches(content_text, '[0-9]')",
            "exclaiming": "contains(content_text, '!')",
            "asking": "contains(content_text, '?')",
        },
    ),
    Feature("statements", "style", ARTICLE, "ln(statements)"),
    Feature("reach", "style", ARTICLE, "ln(1 + coalesce(reach, 0))"),
    Feature("density", "style", ARTICLE, "ln(statements / (1 + coalesce(reach, 0) / 1000))"),
    Feature("lead", "style", ARTICLE, "ln(1 + coalesce(start, 0))"),
)
"""All features. Names, days and texts of sources, outlets and claims are in none of them."""

GROUPS = tuple(dict.fromkeys(feature.group for feature in FEATURES))
"""The groups of features."""
