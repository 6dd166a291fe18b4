"""Adults per beat from a table."""

from datetime import date
from pathlib import Path

import pytest

from lib.errors import Invalid
from lib.importers.figures import read_figures


def test_figures_are_read_with_their_day_and_source(tmp_path: Path) -> None:
    file = tmp_path / "adults.csv"
    file.write_text(
        'Beat,Adults,Year,Source\n0122,"12,345",2020,Census 2020\n0123,800,2020-04-01,\n0124,many,2020,x\n'
        ",5,2020,x\n0122,1,2020,x\n"
        "0125,-1,2020,x\n0126,2.5,2020,x\n0127,9,,x\n"
    )
    found = read_figures(file)
    assert [
        (row.code, row.value, row.as_of.date(), row.source, row.line) for row in found.frame.itertuples(index=False)
    ] == [
        ("0122", 12_345, date(2020, 1, 1), "Census 2020", 2),
        ("0123", 800, date(2020, 4, 1), "adults.csv", 3),
    ]
    assert [(row.line, row.reason) for row in found.report.refused] == [
        (4, "the value is no whole number from 0 on"),
        (5, "no code"),
        (7, "the value is no whole number from 0 on"),
        (8, "the value is no whole number from 0 on"),
        (9, "no day the figure is of; --as-of gives one for the whole file"),
    ]
    assert found.report.counts() == {
        "rows": 8,
        "taken": 2,
        "without_coordinates": 0,
        "outside": 0,
        "duplicate": 1,
        "unreadable": 5,
    }


def test_day_and_source_can_be_given_for_the_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "adults.tsv"
    file.write_text("code\tvalue\nB1\t100\n")
    frame = read_figures(file, as_of=date(2021, 7, 1), source="City estimate").frame
    assert (frame["as_of"][0].date(), frame["source"][0]) == (date(2021, 7, 1), "City estimate")
    with pytest.raises(Invalid, match=r"No row of adults.tsv can be read; line 2: no day the figure is of"):
        read_figures(file)


def test_a_missing_figure_column_is_explained(tmp_path: Path) -> None:
    file = tmp_path / "adults.csv"
    file.write_text("code,colour\nB1,red\n")
    with pytest.raises(Invalid, match=r"No column with the figure was recognised\. Columns found: code, colour\."):
        read_figures(file)
