"""The bundle as a pyfunc model of MLflow, from code: a logged model runs a copy of this file.

`save` writes such a model; `mlflow models predict` and `mlflow models serve` run it.
"""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
import pyarrow as pa
from mlflow.models import Model, ModelSignature, set_model
from mlflow.pyfunc.model import PythonModel, PythonModelContext
from mlflow.types import ColSpec, DataType, Schema
from mlflow.types.schema import AnyType, Array, Object, Property

import sayso
from sayso.articles import article_from_values
from sayso.bundle import FILES, MANIFEST, load_bundle, manifest_digest
from sayso.errors import InputError
from sayso.records import Article, Statement
from sayso.registry import BUNDLE, DIGEST
from sayso.server import prepare_mlflow
from sayso.settings import ScorerSettings
from sayso.table import STATEMENT_SCHEMA

__all__ = ["REJECT", "SaysoModel", "save", "signature"]

REJECT = "reject"
"""The output's one column beside those of a statement: why an article was not scored."""

SETTINGS = {"threshold": None, "abstain": 0.0, "threads": None}
"""`model_config`: fields of `sayso.scorer.ScorerSettings` that may be given when loading."""

EXAMPLE = {
    "id": "demo-1",
    "text": "The bridge will reopen in May, the mayor said. Her deputy denied that work is late.",
    "title": "Bridge to reopen",
    "outlet": "The Demo",
    "published": "2024-03-01",
    "url": "https://example.org/demo-1",
}

_REQUIREMENT = re.compile(r"[\w.\-]+")


class SaysoModel(PythonModel):
    """Articles in, statements out, as a model of MLflow."""

    def load_context(self, context: PythonModelContext) -> None:
        """Load the bundle among the model's artifacts.

        Raises:
            BundleError: it is not whole.
            UsageError: the settings in `model_config` make no sense.
        """
        settings = {**SETTINGS, **(context.model_config or {})}
        self._scorer = ScorerSettings(model=context.artifacts[BUNDLE], **settings).load()

    def predict(
        self,
        context: PythonModelContext,
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,
    ) -> list[dict[str, Any]]:
        """Score articles.

        A row that is no article (no text, no id, an id again) does not stop the batch: it is
        answered by a row of its own with its `article_id`, if it has one, and `reject`; all else
        of that row is null.

        Args:
            context: unused.
            model_input: columns `id` and `text`, and `title`, `outlet`, `published`, `url` if any.
            params: unused.

        Returns:
            One row a statement, articles in their order and statements in reading order: names
            and values as `sayso score` writes them to JSONL, and `reject`, which is null.
        """
        read = list(_articles(model_input))
        scored = self._scorer.score_each(item for item in read if isinstance(item, Article))
        rows: list[dict[str, Any]] = []
        for item in read:
            if isinstance(item, Article):
                rows += map(_row, next(scored).statements)
            else:
                rows.append(item)
        return rows


def save(
    bundle: Path | str | None,
    folder: Path,
    *,
    run_id: str | None = None,
    model_id: str | None = None,
    location: str | None = None,
) -> None:
    """Write a bundle as a model of MLflow: this file, our own code, the bundle; no pickle.

    It needs no installed sayso to run, only what `requirements.txt` in it names.

    Args:
        bundle: the bundle's folder; None for the one that ships.
        folder: where the model is written; it must not hold one yet.
        run_id: MLflow's id of the run it is from, if any.
        model_id: MLflow's id of the logged model it becomes, if any.
        location: where MLflow will keep it, if that is known.

    Raises:
        BundleError: the bundle is not whole.
        InputError: sayso is not installed, so that what it requires is not known.
    """
    prepare_mlflow()
    loaded = load_bundle(bundle)
    about = {"model": loaded.model, DIGEST: manifest_digest(loaded.folder)}
    with tempfile.TemporaryDirectory() as work:
        own, code = Path(work) / BUNDLE, Path(work) / "sayso"
        own.mkdir()
        for name in (*FILES, MANIFEST):
            shutil.copyfile(loaded.folder / name, own / name)
        ignored = shutil.ignore_patterns("bundles", "__pycache__")
        shutil.copytree(Path(sayso.__file__).parent, code, ignore=ignored)
        mlflow.pyfunc.save_model(
            folder,
            python_model=str(code / "pyfunc.py"),
            code_paths=[str(code)],
            artifacts={BUNDLE: str(own)},
            signature=signature(),
            input_example=pd.DataFrame([EXAMPLE]),
            pip_requirements=_requirements(),
            model_config=dict(SETTINGS),
            mlflow_model=Model(
                artifact_path=location, run_id=run_id, model_id=model_id, metadata=about
            ),
        )


def signature() -> ModelSignature:
    """What goes in and out; `id` and `published` may be of several types, which we check."""
    anything = AnyType()  # type: ignore[no-untyped-call]
    text = DataType.string
    inputs = Schema(
        [
            ColSpec(anything, "id"),
            ColSpec(text, "text"),
            ColSpec(text, "title", required=False),
            ColSpec(text, "outlet", required=False),
            ColSpec(anything, "published", required=False),
            ColSpec(text, "url", required=False),
        ]
    )
    fields = [*STATEMENT_SCHEMA, pa.field(REJECT, pa.string())]
    outputs = Schema([ColSpec(_type(field.type), field.name, required=False) for field in fields])
    return ModelSignature(inputs=inputs, outputs=outputs)


def _type(kind: pa.DataType) -> DataType | Array:
    if pa.types.is_list(kind):
        ends = [Property(name, DataType.integer) for name in ("start", "end")]
        return Array(Object(ends))
    return DataType.string if pa.types.is_string(kind) else DataType.double


def _articles(frame: pd.DataFrame) -> Iterator[Article | dict[str, Any]]:
    """Each row as an article, or as the row that says why it is none."""
    values = frame.astype(object).where(frame.notna(), None)
    seen: set[str] = set()
    for number, row in enumerate(values.to_dict("records"), 1):
        name = row.get("id")
        if isinstance(name, float) and name.is_integer():
            row["id"] = int(name)  # pandas makes whole numbers floats where one of them is missing
        try:
            article = article_from_values({str(name): value for name, value in row.items()})
            if article.id in seen:
                raise InputError(f"expected an id used once, found {article.id!r} again")
        except InputError as error:
            yield _rejected(row, f"row {number}: {error.reason}")
        else:
            seen.add(article.id)
            yield article


def _rejected(values: Mapping[Any, Any], reason: str) -> dict[str, Any]:
    name = values.get("id")
    nothing = dict.fromkeys(STATEMENT_SCHEMA.names)
    return {**nothing, "article_id": None if name is None else str(name), REJECT: reason}


def _row(statement: Statement) -> dict[str, Any]:
    values = asdict(statement).items()
    return {k: list(v) if isinstance(v, tuple) else v for k, v in values} | {REJECT: None}


def _requirements() -> list[str]:
    """MLflow and what sayso itself requires, in the versions that are installed here."""
    try:
        ours = importlib.metadata.requires("sayso") or []
    except importlib.metadata.PackageNotFoundError as error:
        raise InputError("expected sayso to be installed, found it is not: pip install -e .") from (
            error
        )
    found = (_REQUIREMENT.match(line) for line in ours if "extra ==" not in line)
    names = sorted({"mlflow", *(match[0] for match in found if match)})
    return [f"{name}=={importlib.metadata.version(name)}" for name in names]


set_model(SaysoModel())
