"""sayso finds every attributed statement in news and labels how firmly its source stands by it."""

from sayso.errors import BundleError, InputError, SaysoError, UsageError
from sayso.records import Article, Span, Statement
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
