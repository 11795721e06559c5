"""The tag inventory that the network writes and the decoder reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["LAYERS", "ROLES", "TAGS", "allowed_transitions"]

ROLES = ("source", "cue", "content")
"""The parts of an attribution."""

TAGS = ("O", *(f"{prefix}-{role}" for role in ROLES for prefix in "BI"))
"""IOB2 tags (Ramshaw and Marcus 1995; Tjong Kim Sang and Veenstra 1999) over `ROLES`."""

LAYERS = ("outer", "inner")
"""Top-level statements are tagged in the first layer, those inside their content in the second."""


def allowed_transitions() -> npt.NDArray[np.bool_]:
    """Which tag may follow which, [from, to]: `I-x` only after `B-x` or `I-x`."""
    import numpy as np

    allowed = np.ones((len(TAGS), len(TAGS)), dtype=np.bool_)
    for column, tag in enumerate(TAGS):
        if tag.startswith("I-"):
            allowed[:, column] = [before[2:] == tag[2:] and before != "O" for before in TAGS]
    return allowed
