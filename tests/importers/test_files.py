"""Opening what cities publish, and saying what is wrong with what is no table."""

import gzip
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from lib.errors import Invalid
from lib.importers.files import Rows, read_rows

TABLE = "id,date,note\n1,2024-01-05,first\n2,2024-01-06,second\n"
READ = [["1", "2024-01-05", "first"], ["2", "2024-01-06", "second"]]


def written(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def values(rows: Rows) -> list[list[str]]:
    return rows.frame.to_numpy(dtype=object).tolist()


def zipped(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("comma.csv", TABLE.encode()),
        ("tab.tab", TABLE.replace(",", "\t").encode()),
        ("semicolon.csv", TABLE.replace(",", ";").encode()),
        ("pipe.txt", TABLE.replace(",", "|").encode()),
        ("with a byte order mark.csv", b"\xef\xbb\xbf" + TABLE.encode()),
        ("utf-16.csv", TABLE.encode("utf-16")),
        ("windows.csv", TABLE.replace("\n", "\r\n").encode()),
        ("old mac.csv", TABLE.replace("\n", "\r").encode()),
        ("mixed endings.csv", TABLE.replace("\n", "\r\n", 2).encode()),
        ("no last line end.csv", TABLE.rstrip("\n").encode()),
        ("blank lines.csv", ("\n" + TABLE.replace("\n2", "\n\n2") + "\n\n").encode()),
        ("trailing comma in the header.csv", TABLE.replace("note\n", "note,\n").encode()),
        ("packed.csv.gz", gzip.compress(TABLE.encode(), mtime=0)),
        ("packed but not called so.csv", gzip.compress(TABLE.encode(), mtime=0)),
        ("folder.zip", zipped({"some folder/": b"", "some folder/t.csv": TABLE.encode(), "__MACOSX/._t.csv": b"x"})),
        ("gz in zip.zip", zipped({"t.csv.gz": gzip.compress(TABLE.encode(), mtime=0)})),
        (
            "list.json",
            b'[{"id": 1, "date": "2024-01-05", "note": "first"},{"id":2,"date":"2024-01-06","note":"second"}]',
        ),
        (
            "wrapped.json",
            b'{"data":[{"id":"1","date":"2024-01-05","note":"first"},{"id":2,"date":"2024-01-06","note":"second"}]}',
        ),
    ],
)
def test_the_same_table_is_read_however_it_was_published(tmp_path: Path, name: str, content: bytes) -> None:
    rows = read_rows(written(tmp_path, name, content))
    assert (list(rows.frame.columns), values(rows), rows.refused) == (["id", "date", "note"], READ, ())


def test_a_workbook_is_read_as_text_with_its_own_row_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["beat", "date", "share"], ["0122", None, 2.0], [], ["122", "2024-01-05", 0.5]):
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    rows = read_rows(tmp_path / "book.xlsx")
    assert (values(rows), rows.lines.tolist()) == ([["0122", "", "2"], ["122", "2024-01-05", "0.5"]], [2, 4])


def test_nested_objects_become_columns_and_points_become_coordinates(tmp_path: Path) -> None:
    nested = written(tmp_path, "a.json", '[{"location": {"street": {"name": "High Street"}}, "context": null}, 7]')
    rows = read_rows(nested)
    assert rows.frame.to_dict("records") == [{"location.street.name": "High Street", "context": ""}]
    assert [(row.line, row.reason, row.raw) for row in rows.refused] == [(2, "not an object with fields", "7")]
    points = written(
        tmp_path,
        "b.geojson",
        '{"type":"FeatureCollection","features":[{"type":"Feature","id":9,"properties":{"kind":"Theft","LAT":183},'
        '"geometry":{"type":"Point","coordinates":[-122.3,47.6]}}]}',
    )
    assert read_rows(points).frame.to_dict("records") == [
        {"kind": "Theft", "id": "9", "longitude": "-122.3", "latitude": "47.6"}
    ]


def test_quotes_line_breaks_and_ten_thousand_characters_stay_in_their_field(tmp_path: Path) -> None:
    long = "x" * 10_000
    file = written(
        tmp_path,
        "q.csv",
        f'id,note\n1,"said ""stop"", and\nran"\n2,{long}\n3,"a,b"\n4,5,6\n5,<script>alert(1)</script>\n',
    )
    rows = read_rows(file)
    assert values(rows) == [
        ["1", 'said "stop", and\nran'],
        ["2", long],
        ["3", "a,b"],
        ["5", "<script>alert(1)</script>"],
    ]
    assert rows.lines.tolist() == [2, 4, 5, 7]
    assert [(row.line, row.reason, row.raw) for row in rows.refused] == [
        (6, "3 values where the header has 2", "4,5,6")
    ]


def test_other_encodings_are_read_and_said_so(tmp_path: Path) -> None:
    rows = read_rows(written(tmp_path, "w.csv", "id,street\n1,Calle Peñón – norte\n".encode("cp1252")))
    assert (values(rows), rows.notes) == (
        [["1", "Calle Peñón – norte"]],
        ("Read as Windows-1252: the file is not UTF-8.",),
    )


def test_repeated_and_empty_column_names_are_told_apart(tmp_path: Path) -> None:
    rows = read_rows(written(tmp_path, "r.csv", "id,date,,date\n1,2,3,4\n"))
    assert list(rows.frame.columns) == ["id", "date", "column 3", "date (4)"]


BAD = {
    "nothing.csv": (b"", "nothing.csv is empty."),
    "blank.csv": (b"\n\n  \n", "blank.csv is empty."),
    "header.csv": (b"id,date\n", "header.csv has a header and no rows."),
    "page.csv": (
        b"<!DOCTYPE html><html><body>Please sign in</body></html>",
        "page.csv is a web page, not a table: the download probably answered with a sign-in or error page.",
    ),
    "feed.csv": (
        b'<?xml version="1.0"?><a/>',
        "feed.csv is XML, which holds no table we can read; look for CSV or JSON.",
    ),
    "junk.csv": (
        bytes(range(256)) * 20,
        "junk.csv is not a table: it holds no text. CSV, TSV, XLSX and JSON can be read.",
    ),
    "old.xls": (
        b"\xd0\xcf\x11\xe0" + bytes(100),
        "old.xls is an old Excel file; save it as .xlsx or CSV and import that.",
    ),
    "broken.zip": (b"PK\x03\x04nonsense", "broken.zip is a damaged zip file; download it again."),
    "broken.gz": (b"\x1f\x8b\x08nonsense", "broken.gz is a damaged gz file; download it again."),
    "cut.gz": (gzip.compress(TABLE.encode() * 50, mtime=0)[:-20], "cut.gz is a damaged gz file; download it again."),
    "cut.json": (b'[{"id": 1},', "cut.json is not whole JSON (line 1); download it again."),
    "empty list.json": (b"[]", "empty list.json holds an empty list."),
    "numbers.json": (b"[1, 2]", "numbers.json holds no list of objects; the answer of an API or GeoJSON can be read."),
    "photos.zip": (
        zipped({"a.png": b"1"}),
        "photos.zip holds no file of a known kind (.csv, .tsv, .tab, .txt, .json, .geojson, .xlsx, .gz). "
        "Inside: a.png.",
    ),
    "months.zip": (
        zipped({"2024-01/street.csv": b"1", "2024-02/street.csv": b"2"}),
        "months.zip holds 2 files: 2024-01/street.csv, 2024-02/street.csv. Unpack it and import each.",
    ),
    "open quote.csv": (b'id,note\n1,"never closed\n', None),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_table_is_explained_in_one_sentence(tmp_path: Path, name: str) -> None:
    content, sentence = BAD[name]
    file = written(tmp_path, name, content)
    try:
        rows = read_rows(file)
    except Invalid as refused:
        assert sentence in {None, refused.sentence}
    else:
        assert sentence is None
        assert len(rows.frame) + len(rows.refused) == 1


def test_an_absent_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="There is no file"):
        read_rows(tmp_path / "absent.csv")
    with pytest.raises(Invalid, match="is a folder; name the file itself"):
        read_rows(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.gz", gzip.compress(b"a,b\n" + b"1,2\n" * 50_000)),
        ("bomb.zip", zipped({"t.csv": b"a,b\n" + b"1,2\n" * 50_000})),
        ("large.csv", b"a,b\n" + b"1,2\n" * 50_000),
    ],
)
def test_files_that_unpack_to_more_than_the_limit_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(Invalid, match=r"unpacks to more than 100,000 bytes, more than we take\. Split it by year\."):
        read_rows(written(tmp_path, name, content), largest=100_000)
