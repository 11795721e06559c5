"""Labels of brat: a broken file or line takes no other with it."""

from pathlib import Path

import pytest

from data.records import Convention
from tests.labels import CHOIR, bring, fixture, said


def test_a_broken_file_of_brat_takes_no_other_with_it(tmp_path: Path) -> None:
    folder = fixture("brat", tmp_path)
    (folder / "choir-2_ben@example.org.ann").write_text("T1\tSource 0 3\tThe\nT2\tCue 4 x\t\n")
    (folder / "gone.ann").write_text("")
    (folder / "unmarked.txt").write_text("Nobody said so.")
    articles, rejects = bring("brat", folder)
    assert [one.id for one in articles] == ["choir-2", "harbour-1"]
    assert [(Path(one.file).name, one.line) for one in rejects] == [
        ("choir-2_ben@example.org.ann", 2),
        ("gone.ann", None),
    ]


def test_one_file_of_brat(tmp_path: Path) -> None:
    folder = fixture("brat", tmp_path)
    ((article,), rejects) = bring("brat", folder / "choir-2_anna@example.org.ann")
    assert (said(article), rejects) == ([(*CHOIR, "hedge", None)], [])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("A9\tStance E7 Denial", "expected a span or event for the stance, found 'E7'"),
        ("A9\tStance E1 Denial", "expected one stance, found hedge and denial"),
        ("A9\tStance E1", "expected a stance of"),
        ("R9\tJoins Arg1:T1 Arg2:T99", "expected a relation of spans or events in one place"),
        ("T9\tPerson 0 3\tThe", "T9: expected a label Source, Cue or Content, found 'Person'"),
        ("T9\tCue 0 3\tThe", "cue 'The' (region T9): expected a content, found none"),
        ("T9\tCue 3 4\t", "T9: expected text at [3, 4], found white space"),
    ],
)
def test_lines_of_brat_that_make_no_statement(line: str, reason: str, tmp_path: Path) -> None:
    folder = fixture("brat", tmp_path)
    path = folder / "choir-2_anna@example.org.ann"
    path.write_text(path.read_text() + line + "\n")
    ((article,), (reject,)) = bring("brat", path)
    assert said(article) == [(*CHOIR, "hedge", None)]
    assert article.convention == Convention.PARTIAL
    assert reason in reject.reason
