"""Importing a city's own files: what is stored, what is refused, and that nothing is ever half-imported."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry import box
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import DBAPIError

from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import Beat, BeatBoundary, BeatFigure, ImportRun, Incident, IncidentMonth, LogEntry
from lib.services.import_runs import Imported
from lib.services.importing import import_beats, import_figures, import_incidents
from lib.storage.transaction import reading
from tests.builders import a_city, a_coordinator, a_facilitator
from tests.importers import real
from tests.refusing import refusing_a_row

REDRAWN = date(2020, 1, 1)


def squares(**beats: tuple[float, float]) -> gpd.GeoDataFrame:
    """One square of a degree's hundredth per beat, whose west and south are given in hundredths of a degree."""
    shapes = [box(x / 100, y / 100, (x + 1) / 100, (y + 1) / 100) for x, y in beats.values()]
    return gpd.GeoDataFrame({"beat_num": list(beats)}, geometry=shapes, crs="EPSG:4326")


def saved(frame: gpd.GeoDataFrame, file: Path) -> Path:
    frame.to_file(file)
    return file


def beats(path: Path, **options: Any) -> Imported:
    return import_beats(path=path, from_command_line=True, **options)


def incidents(path: Path, **options: Any) -> Imported:
    return import_incidents(path=path, from_command_line=True, **options)


def written(folder: Path, text: str, name: str = "incidents.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def boundaries() -> list[tuple[str, date | None, date | None]]:
    with reading() as db:
        rows = db.execute(
            select(Beat.code, BeatBoundary.valid_from, BeatBoundary.valid_to)
            .join(Beat, Beat.id == BeatBoundary.beat_id)
            .order_by(Beat.code, BeatBoundary.id)
        )
        return [(row[0], row[1], row[2]) for row in rows]


def stored_incidents() -> list[tuple[Any, ...]]:
    with reading() as db:
        rows = db.execute(
            select(
                Incident.source,
                Incident.source_key,
                Incident.category,
                Incident.occurred_on,
                Incident.occurred_at,
                Incident.longitude,
                Incident.latitude,
                Beat.code,
                Incident.stored_code,
            )
            .outerjoin(Beat, Beat.id == Incident.beat_id)
            .order_by(Incident.source_key)
        )
        return [tuple(row) for row in rows]


def months() -> list[tuple[str, str, date, int]]:
    with reading() as db:
        rows = db.execute(
            select(Beat.code, IncidentMonth.category, IncidentMonth.month, IncidentMonth.incidents)
            .join(Beat, Beat.id == IncidentMonth.beat_id)
            .order_by(Beat.code, IncidentMonth.category, IncidentMonth.month)
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]


def count(table: type[Any]) -> int:
    with reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def two_beats(database: str, tmp_path: Path) -> Path:
    """A city with beats 01 and 02 side by side; the file they came from."""
    a_city()
    file = saved(squares(**{"01": (0, 0), "02": (1, 0)}), tmp_path / "beats.gpkg")
    beats(file)
    return file


THREE = (
    "id,date,category,beat,lat,lon\n"
    "a,2019-12-31 22:15,Theft,1,0.005,0.005\n"
    "b,2020-01-05,Theft,02,0.005,0.015\n"
    "c,2020-01-06,Noise,09,0.5,0.5\n"
    "d,2020-01-07,Noise,,,\n"
)


def test_beats_and_incidents_are_stored_with_both_codes_and_counted_by_month(two_beats: Path, tmp_path: Path) -> None:
    done = incidents(written(tmp_path, THREE), source="City of Lakeside")
    assert done.report.counts() == {
        "rows": 4,
        "taken": 4,
        "without_coordinates": 1,
        "outside": 1,
        "duplicate": 0,
        "unreadable": 0,
    }
    assert done.report.examples == {"without_coordinates": [5], "outside": [4], "duplicate": []}
    assert done.report.notes == (
        "The city's own code names the computed beat in 2 of 2 rows; both are kept.",
        "Codes of the city that no stored beat has (rows): 09 (1).",
    )
    source = "City of Lakeside"
    at = datetime(2019, 12, 31, 22, 15, tzinfo=UTC)
    assert stored_incidents() == [
        (source, "a", "Theft", date(2019, 12, 31), at, 0.005, 0.005, "01", "1"),
        (source, "b", "Theft", date(2020, 1, 5), None, 0.015, 0.005, "02", "02"),
        (source, "c", "Noise", date(2020, 1, 6), None, 0.5, 0.5, None, "09"),
        (source, "d", "Noise", date(2020, 1, 7), None, None, None, None, ""),
    ]
    assert months() == [("01", "Theft", date(2019, 12, 1), 1), ("02", "Theft", date(2020, 1, 1), 1)]


def test_importing_the_same_file_again_adds_nothing_and_more_rows_add_to_the_counts(
    two_beats: Path, tmp_path: Path
) -> None:
    file = written(tmp_path, THREE)
    incidents(file)
    again = incidents(file)
    assert (again.report.taken, again.report.duplicate, again.report.examples["duplicate"]) == (0, 4, [2, 3, 4, 5])
    assert (count(Incident), count(ImportRun)) == (4, 2)
    more = incidents(written(tmp_path, THREE + "e,2020-01-09,Theft,02,0.005,0.015\n", "more.csv"))
    assert (more.report.taken, more.report.duplicate) == (1, 4)
    assert months() == [("01", "Theft", date(2019, 12, 1), 1), ("02", "Theft", date(2020, 1, 1), 2)]
    other = incidents(file, source="another source")
    assert (other.report.taken, count(Incident)) == (4, 9)


def test_identical_rows_without_an_id_are_different_events_and_still_come_in_once(
    two_beats: Path, tmp_path: Path
) -> None:
    file = written(tmp_path, "date,category,lat,lon\n" + "2020-01-05,Theft,0.005,0.005\n" * 3)
    assert incidents(file).report.taken == 3
    assert incidents(file).report.taken == 0
    assert months() == [("01", "Theft", date(2020, 1, 1), 3)]


def test_a_dry_run_reports_and_stores_nothing(two_beats: Path, tmp_path: Path) -> None:
    before = (count(LogEntry), count(ImportRun))
    done = incidents(written(tmp_path, THREE), dry_run=True)
    assert (done.report.taken, count(Incident), months()) == (4, 0, [])
    third = saved(squares(**{"03": (5, 5)}), tmp_path / "third.gpkg")
    assert beats(third, dry_run=True).further["beats_added"] == 1
    figures = written(tmp_path, "code,adults\n01,10\n", "adults.csv")
    assert import_figures(path=figures, as_of=REDRAWN, dry_run=True, from_command_line=True).report.taken == 1
    assert (count(Beat), count(BeatFigure)) == (2, 0)
    assert (count(LogEntry), count(ImportRun)) == before


def test_an_import_that_is_interrupted_leaves_everything_as_it_was(two_beats: Path, tmp_path: Path) -> None:
    def interrupt(doing: str, _share: float) -> None:
        if doing == "Storing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        incidents(written(tmp_path, THREE), progress=interrupt)
    assert (count(Incident), months(), count(ImportRun)) == (0, [], 1)
    with reading() as db:
        names = {index["name"] for index in inspect(db.connection()).get_indexes("incident")}
    assert {"uq_incident_source", "ix_incident_beat_category"} <= names
    assert incidents(written(tmp_path, THREE)).report.taken == 4


def test_points_in_no_beat_at_all_stop_the_import_with_the_likeliest_reason(two_beats: Path, tmp_path: Path) -> None:
    far = written(tmp_path, "id,date,lat,lon\n1,2020-01-05,53.8,-2.7\n", "far.csv")
    with pytest.raises(Invalid) as refused:
        incidents(far)
    assert refused.value.sentence == (
        "No row of far.csv falls in any beat, so nothing was imported: its rows lie around longitude -2.700, latitude "
        "53.800, the beats between 0.000 and 0.020, 0.000 and 0.010; it may be another city's file, or in another "
        "projection (--crs)."
    )
    swapped = written(tmp_path, "id,date,lat,lon\n1,2020-01-05,0.015,0.005\n", "swapped.csv")
    with pytest.raises(Invalid, match="longitude and latitude are exchanged"):
        incidents(swapped)
    assert count(Incident) == 0


def test_days_that_no_boundary_holds_are_said_to_be_the_reason(database: str, tmp_path: Path) -> None:
    a_city()
    beats(saved(squares(**{"01": (0, 0)}), tmp_path / "beats.gpkg"), valid_from=REDRAWN)
    old = written(tmp_path, "id,date,lat,lon\n1,2019-01-05,0.005,0.005\n", "old.csv")
    with pytest.raises(
        Invalid, match="its rows are of 2019-01-05 to 2019-01-05, and no stored boundary holds on those"
    ):
        incidents(old)


def test_the_same_beats_again_change_nothing(two_beats: Path) -> None:
    done = beats(two_beats)
    assert (done.report.taken, done.report.duplicate, done.further) == (
        0,
        2,
        {"beats": 2, "beats_added": 0, "boundaries_added": 0, "boundaries_ended": 0},
    )
    assert boundaries() == [("01", None, None), ("02", None, None)]
    assert count(ImportRun) == 1


def test_a_redraw_needs_its_first_day_and_keeps_the_old_set(two_beats: Path, tmp_path: Path) -> None:
    incidents(written(tmp_path, THREE))
    redraw = squares(**{"01": (0, 0), "03": (1, 0)})
    file = saved(redraw, tmp_path / "redraw.gpkg")
    with pytest.raises(Invalid) as refused:
        beats(file)
    assert refused.value.sentence == (
        "The file draws ground of the stored boundaries differently (beats of the file: 1, such as 03). If the city "
        "redrew its beats, say since when with --valid-from YYYY-MM-DD: the stored set is kept and ends the day before."
    )
    assert boundaries() == [("01", None, None), ("02", None, None)]
    done = beats(file, valid_from=REDRAWN)
    assert done.further == {
        "beats": 2,
        "beats_added": 1,
        "boundaries_added": 1,
        "boundaries_ended": 1,
        "incidents_moved": 1,
    }
    assert boundaries() == [("01", None, None), ("02", None, REDRAWN), ("03", REDRAWN, None)]
    assert [row[7] for row in stored_incidents()] == ["01", "03", None, None]
    assert months() == [("01", "Theft", date(2019, 12, 1), 1), ("03", "Theft", date(2020, 1, 1), 1)]
    assert beats(file, valid_from=REDRAWN).report.taken == 0
    assert beats(file).report.taken == 0
    assert beats(two_beats).report.taken == 0
    with pytest.raises(Invalid, match="Stored boundaries begin on 2020-01-01; a redraw must begin later than that"):
        beats(two_beats, valid_from=REDRAWN)


@pytest.mark.parametrize(
    ("table", "doing"), [("incident", "UPDATE"), ("incident_month", "INSERT"), ("log_entry", "INSERT")]
)
def test_a_redraw_and_the_new_beats_of_its_incidents_are_one_change(
    two_beats: Path, tmp_path: Path, table: str, doing: str
) -> None:
    incidents(written(tmp_path, THREE))
    file = saved(squares(**{"01": (0, 0), "03": (1, 0)}), tmp_path / "redraw.gpkg")
    before = (boundaries(), stored_incidents(), months())
    with refusing_a_row(table, doing=doing), pytest.raises(DBAPIError, match="full"):
        beats(file, valid_from=REDRAWN)
    assert (boundaries(), stored_incidents(), months()) == before
    assert beats(file, valid_from=REDRAWN).further["incidents_moved"] == 1


def test_an_earlier_set_is_added_before_the_stored_one(two_beats: Path, tmp_path: Path) -> None:
    earlier = saved(squares(**{"01": (1, 0), "02": (0, 0)}), tmp_path / "earlier.gpkg")
    beats(earlier, valid_to=REDRAWN)
    assert boundaries() == [
        ("01", REDRAWN, None),
        ("01", None, REDRAWN),
        ("02", REDRAWN, None),
        ("02", None, REDRAWN),
    ]
    incidents(written(tmp_path, THREE))
    assert [row[7] for row in stored_incidents()] == ["02", "02", None, None]
    assert beats(earlier, valid_to=REDRAWN).report.taken == 0
    with pytest.raises(Invalid, match="Stored boundaries hold already before 2020-01-01"):
        beats(two_beats, valid_to=REDRAWN)
    with pytest.raises(Invalid, match="--valid-from must lie before --valid-to"):
        beats(two_beats, valid_from=REDRAWN, valid_to=REDRAWN)


def test_beats_beside_the_stored_ones_are_added_without_dates(two_beats: Path, tmp_path: Path) -> None:
    done = beats(saved(squares(**{"03": (2, 0)}), tmp_path / "third.gpkg"))
    assert done.further["beats_added"] == 1
    assert boundaries() == [("01", None, None), ("02", None, None), ("03", None, None)]


def test_a_code_without_its_zero_is_the_stored_beat(two_beats: Path, tmp_path: Path) -> None:
    done = beats(saved(squares(**{"1": (0, 0), "2": (1, 0)}), tmp_path / "bare.gpkg"))
    assert (done.report.taken, done.report.notes) == (
        0,
        ("Codes written otherwise than stored were matched: 1 is 01, 2 is 02.",),
    )


def test_drawn_outlines_are_light_and_assign_nothing(two_beats: Path) -> None:
    with reading() as db:
        row = db.execute(select(BeatBoundary.polygon, BeatBoundary.drawn).order_by(BeatBoundary.id)).first()
    assert row is not None
    assert shapely.from_wkb(row.polygon).equals(box(0, 0, 0.01, 0.01))
    assert shapely.from_geojson(row.drawn).equals(box(0, 0, 0.01, 0.01))
    assert json.loads(row.drawn)["type"] == "MultiPolygon"


def test_figures_are_stored_replaced_and_refused_by_name(two_beats: Path, tmp_path: Path) -> None:
    file = written(tmp_path, "code,adults,as_of\n1,1200,2020-04-01\n02,800,2020-04-01\n77,5,2020-04-01\n", "a.csv")
    done = import_figures(path=file, source="Census 2020", from_command_line=True)
    assert [(row.line, row.reason, row.raw) for row in done.report.refused] == [(4, "no beat “77” is stored", "77,5")]
    assert (done.report.taken, done.report.duplicate, done.report.unreadable) == (2, 0, 1)
    again = import_figures(path=file, source="Census 2020", from_command_line=True)
    assert (again.report.taken, again.report.duplicate) == (0, 2)
    changed = written(tmp_path, "code,adults,as_of\n01,1300,2020-04-01\n", "b.csv")
    assert import_figures(path=changed, source="Census 2020", from_command_line=True).report.notes == (
        "1 figures of the same day were replaced.",
    )
    with reading() as db:
        rows = db.execute(
            select(Beat.code, BeatFigure.kind, BeatFigure.value, BeatFigure.as_of, BeatFigure.source)
            .join(Beat, Beat.id == BeatFigure.beat_id)
            .order_by(Beat.code)
        ).all()
    day = date(2020, 4, 1)
    assert [tuple(row) for row in rows] == [
        ("01", "adults", 1300, day, "Census 2020"),
        ("02", "adults", 800, day, "Census 2020"),
    ]
    unknown = written(tmp_path, "code,adults,as_of\n77,5,2020-04-01\n", "c.csv")
    with pytest.raises(Invalid, match=r"No row of c\.csv names a stored beat; line 2: no beat “77” is stored"):
        import_figures(path=unknown, from_command_line=True)


def test_each_import_is_kept_with_its_report_and_logged_without_peoples_text(two_beats: Path, tmp_path: Path) -> None:
    incidents(written(tmp_path, THREE), source="City of Lakeside")
    with reading() as db:
        runs = db.scalars(select(ImportRun).order_by(ImportRun.id)).all()
        entries = db.scalars(select(LogEntry).where(LogEntry.subject == "import_run").order_by(LogEntry.id)).all()
    assert [(run.kind, run.file_name, run.source, run.report["taken"]) for run in runs] == [
        ("beats", "beats.gpkg", "beats.gpkg", 2),
        ("incidents", "incidents.csv", "City of Lakeside", 4),
    ]
    assert [(entry.action, entry.subject_id) for entry in entries] == [
        ("beats_imported", str(runs[0].id)),
        ("incidents_imported", str(runs[1].id)),
    ]
    assert entries[1].facts == {
        "sha256": runs[1].sha256,
        "rows": 4,
        "taken": 4,
        "without_coordinates": 1,
        "outside": 1,
        "duplicate": 0,
        "unreadable": 0,
    }


def test_only_a_coordinator_may_import(two_beats: Path) -> None:
    with pytest.raises(SignInNeeded):
        import_beats(path=two_beats)
    with pytest.raises(NotAllowed):
        import_incidents(path=two_beats, actor=a_facilitator())
    assert import_beats(path=two_beats, actor=a_coordinator()).report.duplicate == 2


def test_own_data_does_not_mix_with_the_demonstration_city_by_accident(database: str, tmp_path: Path) -> None:
    file = saved(squares(**{"01": (0, 0)}), tmp_path / "beats.gpkg")
    with pytest.raises(NotFound, match="This installation has no city yet"):
        beats(file)
    a_city(is_demonstration=True)
    with pytest.raises(Conflict, match="This database holds the demonstration city"):
        beats(file)
    assert count(Beat) == 0
    assert beats(file, dry_run=True).report.taken == 1
    assert beats(file, into_demonstration=True).report.taken == 1


def test_incidents_before_beats_say_what_to_import_first(database: str, tmp_path: Path) -> None:
    a_city()
    with pytest.raises(Invalid, match="No beats are stored yet; import them first"):
        incidents(written(tmp_path, THREE))


def test_progress_goes_from_nothing_to_done(two_beats: Path, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    incidents(written(tmp_path, THREE), progress=lambda doing, share: told.append((doing, share)))
    assert told[0] == ("Reading the file", 0.0)
    assert told[-1] == ("Done", 1.0)
    assert [share for _, share in told] == sorted(share for _, share in told)


@real.needs_real_files
def test_chicagos_real_files_reach_the_database(database: str) -> None:
    a_city()
    assert beats(real.CHICAGO_BEATS).further["beats_added"] == 275
    done = incidents(real.CHICAGO_CRIMES)
    assert done.report.counts() == {
        "rows": 10_000,
        "taken": 10_000,
        "without_coordinates": 87,
        "outside": 22,
        "duplicate": 0,
        "unreadable": 0,
    }
    assert done.report.notes[0] == "The city's own code names the computed beat in 7,611 of 9,891 rows; both are kept."
    assert incidents(real.CHICAGO_CRIMES).report.duplicate == 10_000
    with reading() as db:
        assert db.scalar(select(func.sum(IncidentMonth.incidents))) == 9_891
        counted = pd.DataFrame(db.execute(select(IncidentMonth.beat_id, IncidentMonth.category, IncidentMonth.month)))
    assert not counted.duplicated().any()
    with pytest.raises(Invalid, match=r"No row of lancashire_asb\.tab\.gz falls in any beat"):
        incidents(real.LANCASHIRE_ASB)
