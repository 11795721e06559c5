"""sayso finds every attributed statement in news and labels how firmly its source stands by it."""

from typing import TYPE_CHECKING, Any

from sayso.errors import BundleError, InputError, SaysoError, UsageError
from sayso.records import Article, Span, Statement

if TYPE_CHECKING:
    from sayso.scorer import ScoredArticle, Scorer

__version__ = "0.1.0"
__all__ = [
    "Article",
    "BundleError",
    "InputError",
    "SaysoError",
    "ScoredArticle",
    "Scorer",
    "Span",
    "Statement",
    "UsageError",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """Load the scorer, and onnxruntime with it, only where it is asked for."""
    if name in ("ScoredArticle", "Scorer"):
        from sayso import scorer

        return getattr(scorer, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
