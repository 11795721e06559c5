"""Labels in CSV: words are found in their text, or named."""

from pathlib import Path

import pytest

from sayso.errors import InputError
from tests.labels import bring, said


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("said,,said,gone,", "expected the content in the text, found no 'gone'"),
        (",,,,", "expected text, found none"),
        ('"A, said; A, said",,said,A,', "found the cue 'said' at 3 places as near"),
        ("it was so said he,he,said,,", "expected a content, found none"),
        ("it was so,,,,denial", "expected a content for the stance denial, found none"),
        ("it was so,,was,so,sure", "expected a stance of assertion"),
        ('it was so,,was,so,"', "expected a row of CSV"),
        ("it was so,,was", "expected 5 fields as in the first line, found 3"),
    ],
)
def test_rows_of_a_sheet_that_cannot_be_read(rows: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(f"Text,Source,Cue,Content,Stance\n{rows}\nHe said so,He,said,so,hedge\n")
    articles, (reject,) = bring("csv", path)
    assert reason in reject.reason
    assert [said(one) for one in articles] == [[("He", "said", "so", "hedge", None)]]
    assert reject.line == 2


def test_words_of_a_sheet_are_found_where_they_stand_nearest(tmp_path: Path) -> None:
    text = "He said no. Then he said the wheel turns; the other said it stands, he thinks."
    path = tmp_path / "sheet.csv"
    path.write_text(f'text,source,cue,content,stance\n"{text}",he,said,the wheel turns,\n')
    ((article,), rejects) = bring("csv", path)
    (one,) = article.statements
    assert rejects == []
    assert (one.source[0].start, one.cue[0].start) == (
        text.index("he said"),
        text.index("said the"),
    )


def test_a_sheet_lacks_a_column(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("text,cue,content,stance\n")
    with pytest.raises(InputError, match="expected the columns text,source,cue,content,stance"):
        bring("csv", path)
