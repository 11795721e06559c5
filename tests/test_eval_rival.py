"""transformers' pipeline with a bundle's networks: the same network, the same windows."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import torch
from transformers import BertConfig

from eval.bench import articles_of
from eval.embeddings import EncoderError
from eval.rival import RivalPipeline, load_rival, measure_rival
from eval.timed import BenchError
from sayso.bundle import load_bundle
from sayso.windows import plan_windows

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The architecture of the released bundle's networks, without weights."""
    folder = tmp_path_factory.mktemp("architecture")
    BertConfig(hidden_size=384, num_attention_heads=12, intermediate_size=1536).save_pretrained(
        folder
    )
    return folder


@pytest.fixture(scope="module")
def pipeline(encoder: Path) -> RivalPipeline:
    """The released networks in the pipeline."""
    return load_rival(load_bundle(), str(encoder))


def test_it_is_the_same_network(encoder: Path) -> None:
    texts = [row["text"] for row in articles_of(2, words=100)]
    threads = torch.get_num_threads()
    found = measure_rival(texts, encoder=str(encoder), threads=1)
    assert found.agreement > 0.95
    assert (found.articles, found.members) == (2, load_bundle().config.members)
    assert [setting.batch for setting in found.settings] == [1, 8]
    assert found.to_dict()["articles_per_second"] == max(
        setting.articles_per_second for setting in found.settings
    )
    assert torch.get_num_threads() == threads


def test_windows_are_those_of_the_bundle(pipeline: RivalPipeline) -> None:
    text = articles_of(1, words=700)[0]["text"]
    cut = list(pipeline.preprocess(text))
    count = len(pipeline._own(text))
    config = load_bundle().config
    planned = plan_windows(count, size=config.window_size, overlap=config.window_overlap)
    assert len(planned) > 1
    assert [one["input_ids"].shape[1] for one in cut] == [len(w) + 2 for w in planned]
    assert [one["is_last"] for one in cut] == [False] * (len(cut) - 1) + [True]


def test_spans_are_slices_of_the_text_and_batches_change_nothing(pipeline: RivalPipeline) -> None:
    texts = [row["text"] for row in articles_of(3, words=90)]
    alone, together = (pipeline(texts, batch_size=size) for size in (1, 8))
    assert [[(s["start"], s["end"], s["entity_group"]) for s in one] for one in alone] == [
        [(s["start"], s["end"], s["entity_group"]) for s in one] for one in together
    ]
    spans = [(text, s) for text, found in zip(texts, alone, strict=True) for s in found]
    assert len(spans) > 9
    for text, span in spans:
        piece = text[int(span["start"]) : int(span["end"])].lower()
        bare = "".join(
            c for c in unicodedata.normalize("NFD", piece) if not unicodedata.combining(c)
        )
        assert "".join(bare.split()) == "".join(span["word"].replace("##", "").split())


def test_another_network_is_refused(encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load = load_rival

    def broken(*given: object) -> RivalPipeline:
        out = load(*given)  # type: ignore[arg-type]
        for name, value in out.model.named_parameters():
            if "emissions" in name:
                torch.nn.init.normal_(value)
        return out

    monkeypatch.setattr("eval.rival.load_rival", broken)
    text = articles_of(1, words=100)[0]["text"]
    with pytest.raises(BenchError, match="expected the bundle's tags on 90% of tokens"):
        measure_rival([text], encoder=str(encoder), threads=1)


def test_weights_of_another_size_are_refused(tmp_path: Path) -> None:
    BertConfig(hidden_size=384, intermediate_size=48).save_pretrained(tmp_path)
    with pytest.raises(BenchError, match="expected weights that fit"):
        load_rival(load_bundle(), str(tmp_path))


def test_an_encoder_that_is_not_installed_is_told() -> None:
    with pytest.raises(EncoderError, match="expected the package no_such_module"):
        load_rival(load_bundle(), "package:no_such_module/model")
