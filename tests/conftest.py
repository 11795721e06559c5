"""Fixtures shared by the tests: the released scorer, our own gold, a tiny encoder to train."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_DATASETS_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.loaders import load_gold
from data.records import LabelledArticle
from sayso.bundle import DEFAULT_BUNDLE, TOKENIZER
from sayso.scorer import Scorer
from sayso.tokens import TextTokenizer
from tests.reading import GOOD, lines


@pytest.fixture(scope="session")
def scorer() -> Scorer:
    """The released bundle, keeping every row."""
    return Scorer.load(threads=2, threshold=0.0)


@pytest.fixture(scope="session")
def gold() -> Sequence[LabelledArticle]:
    """Our own gold articles."""
    return load_gold()


@pytest.fixture(scope="session")
def tokenizer() -> TextTokenizer:
    """The released bundle's tokenizer."""
    return TextTokenizer.load(DEFAULT_BUNDLE / TOKENIZER)


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two layers of 32 with random weights, as a folder that transformers loads."""
    import torch
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("encoder")
    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=512,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    shutil.copy(DEFAULT_BUNDLE / TOKENIZER, folder / TOKENIZER)
    return folder


@pytest.fixture(scope="session")
def mlflow_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty MLflow database: making one takes seconds, copying it none."""
    from mlflow import MlflowClient

    path = tmp_path_factory.mktemp("mlflow") / "empty.db"
    MlflowClient(tracking_uri=f"sqlite:///{path}").search_experiments()
    return path


@pytest.fixture
def mlflow_uri(mlflow_template: Path, tmp_path: Path) -> str:
    """A fresh MLflow store in the test's folder."""
    shutil.copy(mlflow_template, tmp_path / "mlruns.db")
    return f"sqlite:///{tmp_path / 'mlruns.db'}"


@pytest.fixture(params=["jsonl", "jsonl.gz", "jsonl.zst", "parquet", "csv", "csv.gz"])
def good(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A file of `tests.reading.GOOD` in each format."""
    path = tmp_path / f"in.{request.param}"
    table = b'id,text,outlet\na,"One, he said.",\nb,Two.,Wire\n'
    if request.param == "parquet":
        pq.write_table(pa.Table.from_pylist([{**GOOD[0], "outlet": None}, GOOD[1]]), path)
    elif request.param.endswith("gz"):
        path.write_bytes(gzip.compress(table if "csv" in request.param else lines(GOOD)))
    elif request.param.endswith("zst"):
        path.write_bytes(pa.Codec("zstd").compress(lines(GOOD), asbytes=True))
        with pa.OSFile(str(path), "wb") as raw, pa.CompressedOutputStream(raw, "zstd") as out:
            out.write(lines(GOOD))
    else:
        path.write_bytes(table if request.param == "csv" else lines(GOOD))
    return path
