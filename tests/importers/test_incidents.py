"""Recorded incidents: identity, coordinates, categories, and what is refused by name."""

import csv
from datetime import date
from pathlib import Path

import pytest

from lib.errors import Invalid
from lib.importers.incidents import UNNAMED, IncidentsFile, read_incidents
from lib.importers.report import ImportReport, RefusedRow

TODAY = date(2026, 5, 4)


def incidents(folder: Path, text: str, **options: object) -> IncidentsFile:
    file = folder / "incidents.csv"
    file.write_text(text, encoding="utf-8")
    return read_incidents(file, time_zone="America/Chicago", today=TODAY, **options)  # type: ignore[arg-type]


def test_the_names_cities_use_are_recognised(tmp_path: Path) -> None:
    chicago = (
        "ID,Case Number,Date,Primary Type,Beat,X Coordinate,Y Coordinate,Latitude,Longitude\n"
        "7,HV1,01/31/2012 11:05:00 PM,THEFT,0122,1150193,1906754,41.9,-87.7\n"
    )
    seattle = (
        "Report Number,Offense ID,Offense Start DateTime,Offense Parent Group,Beat,MCPP,Longitude,Latitude\n"
        "2012-1,7,01/31/2012 11:05:00 PM,THEFT,0122,ALKI,-87.7,41.9\n"
    )
    new_york = (
        "CMPLNT_NUM,CMPLNT_FR_DT,CMPLNT_FR_TM,ADDR_PCT_CD,OFNS_DESC,Latitude,Longitude\n"
        "7,01/31/2012,23:05:00,0122,THEFT,41.9,-87.7\n"
    )
    los_angeles = (
        "DR_NO,DATE OCC,TIME OCC,AREA,Rpt Dist No,Crm Cd Desc,LAT,LON\n"
        "7,01/31/2012 12:00:00 AM,2305,01,0122,THEFT,41.9,-87.7\n"
    )
    generic = "id;category;occurred_at;lat;lng;beat_code\n7;THEFT;2012-01-31 23:05;41,9;-87,7;0122\n"
    for text in (chicago, seattle, new_york, los_angeles, generic):
        frame = incidents(tmp_path, text).frame
        assert frame[["source_key", "category", "lon", "lat", "stored_code", "line"]].to_numpy().tolist() == [
            ["7", "THEFT", -87.7, 41.9, "0122", 2]
        ]
        assert str(frame["occurred_at"][0]) == "2012-02-01 05:05:00+00:00"
        assert frame["occurred_on"][0].date() == date(2012, 1, 31)


def test_the_british_police_csv_is_recognised_and_empty_ids_do_not_collapse(tmp_path: Path) -> None:
    text = (
        "Crime ID,Month,Reported by,Longitude,Latitude,Location,Crime type,Context\n"
        ",2024-08,Lancashire,-2.4,53.7,On or near High Street,Anti-social behaviour,\n"
        ",2024-08,Lancashire,-2.4,53.7,On or near High Street,Anti-social behaviour,\n"
        "abc,2024-08,Lancashire,-2.4,53.7,On or near High Street,Public order,\n"
        "abc,2024-08,Lancashire,-2.4,53.7,On or near High Street,Violence,\n"
        "abc,2024-08,Lancashire,-2.4,53.7,On or near High Street,Violence,\n"
    )
    file = incidents(tmp_path, text)
    keys = file.frame["source_key"].tolist()
    assert keys[1] == f"{keys[0]}#2"
    assert keys[2:] == ["abc", "abc#2"]
    assert (file.report.taken, file.report.duplicate, file.report.examples["duplicate"]) == (4, 1, [6])
    assert file.report.notes == ("1 row repeats the id of an earlier row: the first one counts.",)


def test_a_row_id_that_comes_again_is_the_same_event(tmp_path: Path) -> None:
    file = incidents(tmp_path, "id,date,category\n1,2024-01-05,Theft\n1,2024-01-05,Theft from car\n,2024-01-05,Theft\n")
    assert file.frame["source_key"].tolist()[0] == "1"
    assert file.report.counts() == {
        "rows": 3,
        "taken": 2,
        "without_coordinates": 2,
        "outside": 0,
        "duplicate": 1,
        "unreadable": 0,
    }


def test_the_same_row_has_the_same_key_whatever_surrounds_it(tmp_path: Path) -> None:
    first = incidents(tmp_path, "date,category\n2024-01-05,Theft\n2024-01-06,Assault\n2024-01-05,Theft\n").frame
    again = incidents(tmp_path, "\ufeffdate;category\r\n2024-01-06;Assault\r\n2024-01-05;Theft\r\n").frame
    assert set(again["source_key"]) < set(first["source_key"])
    assert len(set(first["source_key"])) == 3


def test_every_unreadable_row_is_named_and_the_rest_taken(tmp_path: Path) -> None:
    long = "x" * 10_000
    file = incidents(
        tmp_path,
        "id,date,category,lat,lon\n"
        "1,2024-01-05,Theft,41.9,-87.7\n"
        "2,2026-05-05,Theft,41.9,-87.7\n"
        '3,"soon, maybe",Theft,41.9,-87.7\n'
        "4,2024-01-05,,41.9,-87.7\n"
        f"5,2024-01-05,{long},41.9,-87.7\n"
        "6,2024-01-05\n"
        "7,,Theft,41.9,-87.7\n"
        "8,2026-05-04,<script>alert(1)</script>,41.9,-87.7\n",
    )
    assert file.frame[["source_key", "category"]].to_numpy().tolist() == [
        ["1", "Theft"],
        ["8", "<script>alert(1)</script>"],
    ]
    assert file.report.refused == (
        RefusedRow(3, "dated in the future", "2,2026-05-05,Theft,41.9,-87.7"),
        RefusedRow(4, "the date “soon, maybe” cannot be read", '3,"soon, maybe",Theft,41.9,-87.7'),
        RefusedRow(5, "no category", "4,2024-01-05,,41.9,-87.7"),
        RefusedRow(6, "a category of more than 120 characters", f"5,2024-01-05,{long},41.9,-87.7"),
        RefusedRow(7, "2 values where the header has 5", "6,2024-01-05"),
        RefusedRow(8, "no date", "7,,Theft,41.9,-87.7"),
    )
    assert (file.report.rows, file.report.taken, file.report.unreadable) == (8, 2, 6)


def test_rows_without_usable_coordinates_are_taken_and_counted_apart(tmp_path: Path) -> None:
    file = incidents(
        tmp_path,
        "id,date,lat,lon\n1,2024-01-05,41.9,-87.7\n2,2024-01-05,0,0\n3,2024-01-05,,\n4,2024-01-05,REDACTED,REDACTED\n"
        "5,2024-01-05,141.9,-87.7\n6,2024-01-05,41.9,\n",
    )
    assert (file.report.taken, file.report.without_coordinates) == (6, 5)
    assert file.report.examples["without_coordinates"] == [3, 4, 5, 6, 7]


def test_projected_columns_need_to_be_named_by_their_system(tmp_path: Path) -> None:
    text = "id,date,x_coordinate,y_coordinate\n1,2012-01-01,1150193,1906754\n2,2012-01-01,,\n"
    with pytest.raises(Invalid) as refused:
        incidents(tmp_path, text)
    assert refused.value.sentence == (
        "The columns x_coordinate and y_coordinate hold no degrees (first 1,150,193, 1,906,754); they seem to be "
        "feet or metres of a projection. Say which with --crs, for example --crs EPSG:2926."
    )
    frame = incidents(tmp_path, text, crs="EPSG:3435").frame
    assert frame[["lon", "lat"]].iloc[0].round(4).tolist() == [-87.7238, 41.9]
    assert frame["lon"].isna().tolist() == [False, True]
    with pytest.raises(Invalid, match="“feet” names no coordinate system"):
        incidents(tmp_path, text, crs="feet")


@pytest.mark.parametrize("point", ['"POINT (-87.7 41.9)"', '"(41.9, -87.7)"', '"123 High St\nChicago\n(41.9, -87.7)"'])
def test_one_column_with_both_coordinates_is_read(tmp_path: Path, point: str) -> None:
    frame = incidents(tmp_path, f"id,date,location\n1,2024-01-05,{point}\n2,2024-01-05,\n").frame
    assert frame["lon"].dropna().tolist() == [-87.7]
    assert frame["lat"].dropna().tolist() == [41.9]


def test_columns_and_the_category_can_be_given(tmp_path: Path) -> None:
    text = "when,what,where_lat,where_lon\n2024-01-05,Theft,41.9,-87.7\n"
    with pytest.raises(Invalid) as refused:
        incidents(tmp_path, text)
    assert refused.value.sentence == (
        "No column with the date was recognised. Columns found: when, what, where_lat, where_lon. Looked for: date, "
        "offense start datetime, offense date, cmplnt fr dt, date occ, incident datetime, incident date, month and the "
        "like; name yours with --column date=NAME."
    )
    named = {"date": "when", "category": "WHAT", "latitude": "where lat", "longitude": "where lon"}
    assert incidents(tmp_path, text, columns=named).frame[["category", "lon"]].to_numpy().tolist() == [["Theft", -87.7]]
    given = incidents(tmp_path, text, columns={"date": "when"}, category="Burglary")
    assert given.frame["category"].tolist() == ["Burglary"]
    assert incidents(tmp_path, text, columns={"date": "when"}).frame["category"].tolist() == [UNNAMED]
    with pytest.raises(Invalid, match="The file has no column “day”"):
        incidents(tmp_path, text, columns={"date": "day"})
    with pytest.raises(Invalid, match="There is no field “colour”"):
        incidents(tmp_path, text, columns={"colour": "what"})


def test_a_file_of_which_no_row_can_be_read_is_refused_with_the_first_reason(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        incidents(tmp_path, "id,date\n1,someday\n2,\n")
    assert refused.value.sentence == "No row of incidents.csv can be read; line 2: the date “someday” cannot be read."
    with pytest.raises(Invalid) as refused:
        incidents(tmp_path, "id,date\n1\n2\n")
    assert refused.value.sentence == "No row of incidents.csv can be read; line 2: 1 values where the header has 2."


def test_the_refused_rows_are_written_as_a_csv(tmp_path: Path) -> None:
    report = ImportReport(2, 1, unreadable=1, refused=(RefusedRow(3, "no date", '2,,"a ""b"""'),))
    report.write_refused_csv(tmp_path / "refused.csv")
    with (tmp_path / "refused.csv").open(newline="", encoding="utf-8-sig") as source:
        assert list(csv.reader(source)) == [["line", "reason", "row"], ["3", "no date", '2,,"a ""b"""']]


def test_a_report_whose_rows_do_not_add_up_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="3 rows are not 1 taken"):
        ImportReport(3, 1, duplicate=1)
