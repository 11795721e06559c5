"""The second stage: an encoder that reads each statement again with its spans marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

from data.records import LABELS, LabelledStatement
from sayso.decode import Attribution
from sayso.stance import surroundings
from sayso.tags import ROLES
from sayso.tokens import TextTokenizer, TokenizedText

__all__ = ["MarkedStance", "MarkedText", "collate_marked", "mark"]


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A statement's surroundings as token ids, each with its role (0 none, else `ROLES` + 1)."""

    ids: tuple[int, ...]
    roles: tuple[int, ...]


class MarkedStance(nn.Module):
    """Encoder over a marked text; cue, content and [CLS] states are pooled and classified."""

    def __init__(self, encoder: nn.Module, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        width = int(encoder.config.hidden_size)  # type: ignore[union-attr,arg-type]
        self.roles = nn.Embedding(len(ROLES) + 1, width)
        nn.init.normal_(self.roles.weight, std=0.02)
        self.head = nn.Sequential(
            nn.Dropout(dropout),
            nn.Linear(3 * width, width),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(width, len(LABELS)),
        )

    @classmethod
    def pretrained(cls, encoder: str | Path) -> MarkedStance:
        """Build on a pretrained encoder: a hub id or a local folder."""
        return cls(
            AutoModel.from_pretrained(
                encoder, add_pooling_layer=False, attention_probs_dropout_prob=0.0
            )
        )

    def forward(self, ids: Tensor, mask: Tensor, roles: Tensor) -> Tensor:
        """Integer tensors [B, T] → scores [B, labels]."""
        words = self.encoder.get_input_embeddings()(ids)  # type: ignore[operator]
        return self.from_words(words, mask, roles)

    def from_words(self, words: Tensor, mask: Tensor, roles: Tensor) -> Tensor:
        """As `forward`, from the word embeddings [B, T, width]."""
        marked = words + self.roles(roles)
        states = self.encoder(inputs_embeds=marked, attention_mask=mask).last_hidden_state
        parts = [states[:, 0]]
        for role in ("cue", "content"):
            inside = (roles == ROLES.index(role) + 1).unsqueeze(2).float()
            parts.append((states * inside).sum(1) / inside.sum(1).clamp(min=1))
        out: Tensor = self.head(torch.cat(parts, dim=1))
        return out


def mark(tokens: TokenizedText, statement: LabelledStatement) -> MarkedText:
    """Cut a statement's surroundings out of its article and mark its spans."""
    spans = Attribution(statement.source, statement.cue, statement.content)
    places, roles = surroundings(tokens, spans)
    return MarkedText(tuple(tokens.ids[places].tolist()), tuple(roles.tolist()))


def collate_marked(
    texts: Sequence[MarkedText], tokenizer: TextTokenizer
) -> tuple[Tensor, Tensor, Tensor]:
    """Pad marked texts to ids, mask and roles, each [B, T], with special tokens."""
    longest = max(len(text.ids) for text in texts) + 2
    ids = torch.full((len(texts), longest), tokenizer.pad_id)
    mask, roles = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, text in enumerate(texts):
        end = len(text.ids) + 1
        ids[row, 0], ids[row, end] = tokenizer.cls_id, tokenizer.sep_id
        ids[row, 1:end] = torch.tensor(text.ids, dtype=torch.long)
        roles[row, 1:end] = torch.tensor(text.roles, dtype=torch.long)
        mask[row, : end + 1] = 1
    return ids, mask, roles
