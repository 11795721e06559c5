"""The two-stage experiment: a second encoder labels stance, to hold the joint one against."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn import functional

from data.loaders import load_polnear, load_stances, locate, with_stances
from data.records import LABELS, LabelledArticle
from eval.rundir import RunDirectory, collect_environment
from eval.stance import stance_scores
from eval.tracking import EXPERIMENT, check_server, publish
from model.marked import MarkedStance, MarkedText, collate_marked, mark
from sayso.bundle import TOKENIZER
from sayso.tokens import TextTokenizer
from training.corpus import load_corpus
from training.fit import NETWORK
from training.recipe import Recipe, TrainConfig, load_recipe

__all__ = ["fit_two_stage"]

Item = tuple[MarkedText, int]


def fit_two_stage(
    recipe_path: Path | str,
    *,
    data: Path | str,
    out: Path | str = "runs",
    uri: str | None = None,
) -> Mapping[str, float]:
    """Train the second stage on the labelled statements and measure it on the dev labels.

    Args:
        recipe_path: a recipe; of it, `[encoder]`, `[data]` and `[train]` count.
        data: folder of the labelled data.
        out: folder that run folders are made in.
        uri: MLflow tracking server or store.

    Returns:
        Macro-F1 over four and five labels on dev gold spans, and the seconds it took.

    Raises:
        InputError: recipe or data are not as expected.
    """
    recipe = load_recipe(recipe_path)
    check_server(uri)
    corpus = load_corpus(data, recipe.data)
    digests = corpus.digests()
    run = RunDirectory(Path(out) / f"{recipe.name}-{recipe.digest(digests)[:10]}")
    run.write_params(recipe.flat())
    run.write_digests(digests)
    place = Path(recipe.encoder.locate())
    tokenizer = TextTokenizer.load(place / TOKENIZER)
    torch.manual_seed(recipe.train.seed)
    network = MarkedStance.pretrained(place)
    began = time.monotonic()
    if recipe.train.freeze_words:
        network.encoder.get_input_embeddings().weight.requires_grad_(False)  # type: ignore[operator]
    _train(network, tokenizer, _items([*corpus.polnear, *corpus.full], tokenizer), recipe, run)
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, run.path / NETWORK)
    figures = {**_measure(network, tokenizer, data), "seconds": time.monotonic() - began}
    run.write_results(figures)
    run.write_environment({**collect_environment(), "seed": recipe.train.seed})
    publish(run, experiment=EXPERIMENT, name=recipe.name, uri=uri)
    return figures


def _items(articles: Sequence[LabelledArticle], tokenizer: TextTokenizer) -> list[Item]:
    items = []
    for article in articles:
        labelled = [s for s in article.statements if s.stance is not None]
        tokens = tokenizer(article.text) if labelled else None
        for statement in labelled:
            if tokens is not None and statement.stance is not None:
                items.append((mark(tokens, statement), LABELS.index(statement.stance)))
    return items


def _train(
    network: MarkedStance,
    tokenizer: TextTokenizer,
    items: Sequence[Item],
    recipe: Recipe,
    run: RunDirectory,
) -> None:
    config = recipe.train
    learning = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=config.learning_rate)
    batches = [batch for epoch in range(config.epochs) for batch in _batches(items, config, epoch)]
    warm = max(1, math.ceil(len(batches) * config.warmup))
    network.train()
    for step, batch in enumerate(batches):
        torch.manual_seed(config.seed * 1_000_003 + step)
        rate = min((step + 1) / warm, (len(batches) - step) / max(1, len(batches) - warm))
        for group in optimizer.param_groups:
            group["lr"] = config.learning_rate * rate
        scores = network(*collate_marked([text for text, _ in batch], tokenizer))
        loss = functional.cross_entropy(scores, torch.tensor([label for _, label in batch]))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), config.clip)
        optimizer.step()
        if step % 20 == 0:
            run.append_metrics(step, {"train_loss": loss.item()})
    network.eval()


def _batches(items: Sequence[Item], config: TrainConfig, epoch: int) -> list[list[Item]]:
    rng = random.Random(config.seed * 7919 + epoch)
    order = sorted(items, key=lambda item: len(item[0].ids) // 16 + rng.random())
    size = config.chunks_per_batch
    batches = [order[n : n + size] for n in range(0, len(order), size)]
    rng.shuffle(batches)
    return batches


def _measure(network: MarkedStance, tokenizer: TextTokenizer, data: Path | str) -> dict[str, float]:
    labels = load_stances(locate(data, "stance.dev.jsonl"))
    articles = with_stances(load_polnear(data, "dev"), labels)
    items = _items(articles, tokenizer)
    probabilities = []
    with torch.no_grad():
        for start in range(0, len(items), 32):
            texts = [text for text, _ in items[start : start + 32]]
            probabilities.append(network(*collate_marked(texts, tokenizer)).softmax(1).numpy())
    gold = np.array([label for _, label in items])
    scores = stance_scores(gold, np.concatenate(probabilities))
    return {"macro_f1_four": scores.macro_f1_four, "macro_f1_five": scores.macro_f1_five}
