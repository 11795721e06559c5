"""PolNeAR's brat folders: what they hold, and what is wrong in them by file and line."""

from pathlib import Path

import pytest

from data.brat import load_brat
from data.loaders import load_polnear
from data.records import Convention, LabelledStatement
from sayso.errors import InputError
from sayso.records import Span, join_pieces

FOLDER = Path(__file__).parent / "fixtures" / "brat"
TEXT = "The choir sang, Ida Holm wrote.\n"
MARKS = (
    "T1\tSource 16 24\tIda Holm",
    "T2\tCue 25 30\twrote",
    "T3\tContent 0 14\tThe choir sang",
    "T4\tAttribution 25 30\twrote",
    "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1",
)


def write(folder: Path, *marks: str, text: str = TEXT) -> Path:
    """A folder with one article; returns its `.ann` file."""
    (folder / "choir.txt").write_bytes(text.encode("utf-8"))
    path = folder / "choir.ann"
    path.write_text("\n".join(marks) + "\n", encoding="utf-8")
    return path


def shifted(mark: str, by: int) -> str:
    """A `T` line with its offsets moved; other lines as they are."""
    if not mark.startswith("T"):
        return mark
    identity, span, text = mark.split("\t")
    kind, start, end = span.split()
    return f"{identity}\t{kind} {int(start) + by} {int(end) + by}\t{text}"


def written(statement: LabelledStatement, text: str) -> tuple[str | None, str | None, str | None]:
    """Source, cue and content as text."""
    return (
        join_pieces(text, statement.source),
        join_pieces(text, statement.cue),
        join_pieces(text, statement.content),
    )


def test_every_attribution_of_the_first_annotator() -> None:
    harbour, choir = load_brat(FOLDER)
    assert [written(s, harbour.text) for s in harbour.statements] == [
        ("Mayor Lena Brandt", "said", "“The harbour is open,” … “and every ferry sails.”"),
        ("She", "denied", "that any ship was lost"),
        (None, "is expected", "The repair … to cost a million crowns"),
        ("the mayor", "warned", "A second storm … may follow"),
    ]
    assert [written(s, choir.text) for s in choir.statements] == [
        ("Ida Holm", "wrote", "The choir sang")
    ]
    assert {s.annotator for a in (harbour, choir) for s in a.statements} == {"1a2b"}
    assert [s.id for s in harbour.statements] == [f"{harbour.id}#{n}" for n in range(4)]
    assert {s.doc for s in harbour.statements} == {harbour.id}


def test_outlet_date_and_title_where_known() -> None:
    harbour, choir = load_brat(FOLDER)
    assert (harbour.id, harbour.outlet, harbour.published, harbour.title) == (
        "herald_2031-05-02_harbour-reopens",
        "herald",
        "2031-05-02",
        "Harbour reopens after storm",
    )
    assert (choir.id, choir.outlet, choir.published, choir.title) == (
        "village_choir",
        None,
        None,
        None,
    )
    assert {harbour.convention, choir.convention} == {Convention.FLAT}


def test_titles_stand_above_the_split(tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    write(tmp_path / "dev", *MARKS)
    (tmp_path / "metadata.tsv").write_text("filename\ttitle\nchoir\tA choir\n")
    assert load_brat(tmp_path / "dev")[0].title == "A choir"


def test_a_split_is_found_by_name(tmp_path: Path) -> None:
    (tmp_path / "dev").mkdir()
    write(tmp_path / "dev", *MARKS)
    (article,) = load_polnear(tmp_path, "dev")
    assert written(article.statements[0], article.text) == ("Ida Holm", "wrote", "The choir sang")


def test_files_side_by_side_and_newlines_as_they_stand(tmp_path: Path) -> None:
    """Brat counts both characters of a Windows newline, and the byte order mark."""
    text = "\ufeffA\r\n\r\n" + TEXT
    write(tmp_path, *(shifted(mark, 6) for mark in MARKS), text=text)
    (article,) = load_brat(tmp_path)
    assert article.text == text
    assert written(article.statements[0], text) == ("Ida Holm", "wrote", "The choir sang")
    assert article.statements[0].annotator is None


def test_an_attribution_may_lack_its_cue(tmp_path: Path) -> None:
    write(tmp_path, *MARKS[:4], "E1\tAttribution:T4 Source:T1 Content:T3")
    (article,) = load_brat(tmp_path)
    assert article.statements[0].cue == ()
    assert article.statements[0].content == (Span(0, 14),)


def test_the_third_column_may_hold_any_separator(tmp_path: Path) -> None:
    write(tmp_path, "T1\tSource 16 24\tIda\u2028E9 Holm", *MARKS[1:])
    assert load_brat(tmp_path)[0].statements[0].source == (Span(16, 24),)


def test_an_empty_file_says_that_nothing_is_attributed(tmp_path: Path) -> None:
    write(tmp_path)
    (article,) = load_brat(tmp_path)
    assert article.statements == ()


@pytest.mark.parametrize(
    ("line", "row", "reason"),
    [
        (1, "T1\tSource 16 x\tIda Holm", "expected a type and START END"),
        (1, "T1\tSource 16\tIda Holm", "expected a type and START END"),
        (1, "T1 Source 16 24 Ida Holm", "expected a type and START END"),
        (1, "T1\tSource 16 -24\tIda Holm", "expected a type and START END"),
        (1, "T1\tSource 16 20,21 24\tIda Holm", "expected a type and START END"),
        (2, "T2\tCue 25 300\twrote", r"expected 0 <= start < end <= 32, found \[25, 300\]"),
        (2, "T2\tCue 25 25\t", r"found \[25, 25\]"),
        (2, "T2\tCue 25 27;30 28\twrote", r"found \[30, 28\]"),
        (5, "E1\tAttribution:T4 Content:T3 Cue:T9", "expected a line T9 for 'Cue:T9'"),
        (5, "E1\tAttribution:T4 Content:T3 Topic:T1", "expected Source:T.*found 'Topic:T1'"),
        (5, "E1\tAttribution:T4 Content:E2", "expected Source:T.*found 'Content:E2'"),
        (5, "E1\tAttribution:T4 Content", "expected Source:T.*found 'Content'"),
        (3, "Content 0 14", "expected a brat line, found 'Content 0 14'"),
    ],
)
def test_malformed_lines_are_named(tmp_path: Path, line: int, row: str, reason: str) -> None:
    marks = list(MARKS)
    marks[line - 1] = row
    path = write(tmp_path, *marks)
    with pytest.raises(InputError, match=reason) as caught:
        load_brat(tmp_path)
    assert (caught.value.file, caught.value.line) == (str(path), line)


def test_files_that_belong_to_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected text/\*\.txt or \*\.txt, found none"):
        load_brat(tmp_path)
    marks = write(tmp_path, *MARKS)
    marks.rename(tmp_path / "brass_1a2b.ann")
    with pytest.raises(InputError, match=r"brass_1a2b\.ann: expected a \.txt of the same name"):
        load_brat(tmp_path)
    (tmp_path / "brass_1a2b.ann").unlink()
    with pytest.raises(InputError, match=r"choir\.txt: expected .*choir\.ann or .*choir_\*\.ann"):
        load_brat(tmp_path)


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    write(tmp_path, *MARKS)
    (tmp_path / "choir.txt").write_bytes(b"caf\xe9")
    with pytest.raises(InputError, match=r"choir\.txt: expected UTF-8"):
        load_brat(tmp_path)
