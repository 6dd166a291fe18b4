"""A directory is taken whole or not at all, the same file twice changes nothing, and what is gone is unlisted."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from lib.errors import Conflict, Invalid, NotAllowed
from lib.model import ImportRun, LogEntry, Partner, Service
from lib.queries.partners import ServiceRow, Wording, partners, services
from lib.services.import_runs import Imported
from lib.services.importing_partners import import_partners, import_uploaded_partners
from lib.storage.transaction import reading
from tests.builders import a_beat, a_city, a_coordinator, a_partner, a_person

HEADER = "id,partner,partner_id,name,needs,phone,beat,checked_on\n"
TALK = "1,Harbour House,h,Talk,alcohol,206-555-0101,,2026-04-01\n"
BED = "2,Harbour House,h,A bed,homeless,206-555-0102,K2,2026-04-01\n"
GYM = "3,Open Gym,g,Gym,teenagers,206-555-0103,,2026-04-01\n"


def take(path: Path, text: str, *, source: str | None = "City", dry_run: bool = False) -> Imported:
    file = path / "directory.csv"
    file.write_text(HEADER + text, encoding="utf-8")
    return import_partners(path=file, source=source, dry_run=dry_run, from_command_line=True)


def listed() -> dict[str, ServiceRow]:
    return {row.name: row for row in services()}


def test_partners_and_services_are_stored_and_logged_without_texts(database: str, tmp_path: Path) -> None:
    a_city()
    a_beat("K2")
    done = take(tmp_path, TALK + BED + GYM)
    assert done.further == {
        "partners_added": 2,
        "partners_changed": 0,
        "services_added": 3,
        "services_changed": 0,
        "services_unlisted": 0,
    }
    found = listed()
    assert [(row.name, row.partner, row.phone, row.beat, row.checked_on) for row in found.values()] == [
        ("A bed", "Harbour House", "206-555-0102", "K2", date(2026, 4, 1)),
        ("Gym", "Open Gym", "206-555-0103", "", date(2026, 4, 1)),
        ("Talk", "Harbour House", "206-555-0101", "", date(2026, 4, 1)),
    ]
    with reading() as db:
        entry = db.scalars(select(LogEntry).where(LogEntry.action == "partners_imported")).one()
        assert db.scalars(select(ImportRun.kind)).all() == ["partners"]
    assert [value for value in entry.facts.values() if isinstance(value, str) and "Harbour" in value] == []


def test_the_same_file_twice_changes_nothing(database: str, tmp_path: Path) -> None:
    a_city()
    a_beat("K2")
    take(tmp_path, TALK + BED)
    again = take(tmp_path, TALK + BED)
    assert (again.report.taken, again.report.duplicate, sum(again.further.values())) == (0, 2, 0)
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(ImportRun)) == 1


def test_what_changed_is_changed_and_what_is_gone_is_unlisted(database: str, tmp_path: Path) -> None:
    a_city()
    a_beat("K2")
    take(tmp_path, TALK + BED + GYM)
    done = take(tmp_path, TALK.replace("alcohol", "alcohol drugs").replace("Harbour House", "Harbour Homes") + GYM)
    assert done.further == {
        "partners_added": 0,
        "partners_changed": 1,
        "services_added": 0,
        "services_changed": 1,
        "services_unlisted": 1,
    }
    assert sorted(listed()) == ["Gym", "Talk"]
    assert (listed()["Talk"].needs, listed()["Talk"].partner) == ("alcohol drugs", "Harbour Homes")


def test_a_service_off_the_list_stays_so_until_a_coordinator_lists_it_again(
    sqlite_database: str, tmp_path: Path
) -> None:
    a_city()
    a_beat("K2")
    take(tmp_path, TALK + BED)
    take(tmp_path, TALK)
    back = take(tmp_path, TALK + BED)
    assert sorted(listed()) == ["Talk"]
    assert "1 service of the file stay off the list" in " ".join(back.report.notes)


def test_a_row_that_is_refused_leaves_the_stored_service_as_it_is(sqlite_database: str, tmp_path: Path) -> None:
    a_city()
    take(tmp_path, TALK + GYM)
    done = take(tmp_path, TALK + GYM.replace("206-555-0103", "call us"))
    assert [row.reason for row in done.report.refused] == ["the phone number “call us” cannot be dialled"]
    assert (listed()["Gym"].phone, done.further["services_unlisted"]) == ("206-555-0103", 0)


def test_another_source_is_left_alone(sqlite_database: str, tmp_path: Path) -> None:
    a_city()
    take(tmp_path, TALK, source="City")
    take(tmp_path, GYM.replace("3,", "1,", 1), source="County")
    assert sorted(listed()) == ["Gym", "Talk"]


def test_a_partner_that_was_typed_in_is_not_doubled(sqlite_database: str, tmp_path: Path) -> None:
    a_city()
    number = a_partner("Harbour house", phone="206-555-0199")
    take(tmp_path, TALK)
    assert [(row.id, row.name) for row in partners()] == [(number, "Harbour House")]
    with reading() as db:
        assert db.scalars(select(Partner.external_id)).all() == ["City/h"]


def test_a_later_check_by_the_coordinator_stays(sqlite_database: str, tmp_path: Path) -> None:
    a_city()
    take(tmp_path, TALK)
    take(tmp_path, TALK.replace("2026-04-01", "2026-03-01"))
    assert listed()["Talk"].checked_on == date(2026, 4, 1)
    take(tmp_path, TALK.replace("2026-04-01", "2026-04-09"))
    assert listed()["Talk"].checked_on == date(2026, 4, 9)


def test_a_beat_that_is_not_stored_is_refused(sqlite_database: str, tmp_path: Path) -> None:
    a_city()
    done = take(tmp_path, TALK + BED)
    assert [(row.line, row.reason) for row in done.report.refused] == [(3, "no beat “K2” is stored")]
    with pytest.raises(Invalid, match=r"line 2: no beat “K2” is stored"):
        take(tmp_path, BED)


def test_a_dry_run_counts_and_stores_nothing(database: str, tmp_path: Path) -> None:
    a_city()
    take(tmp_path, TALK)
    done = take(tmp_path, GYM, dry_run=True)
    assert (done.further["services_added"], done.further["services_unlisted"]) == (1, 1)
    assert sorted(listed()) == ["Talk"]


def test_who_may_import_and_where(sqlite_database: str, tmp_path: Path) -> None:
    a_city(is_demonstration=True)
    file = tmp_path / "directory.csv"
    file.write_text(HEADER + TALK, encoding="utf-8")
    with pytest.raises(NotAllowed):
        import_partners(path=file, actor=a_person())
    with pytest.raises(Conflict, match="demonstration city"):
        import_partners(path=file, actor=a_coordinator())
    import_partners(path=file, actor=a_coordinator("Noa Berg"), into_demonstration=True)
    with pytest.raises(Invalid, match="1 to 50 characters"):
        import_partners(path=file, source="x" * 51, from_command_line=True, into_demonstration=True)
    with reading() as db:
        assert db.scalar(select(Service.external_id)) == "directory/1"


def test_the_points_of_a_directory_say_in_which_beats_a_service_can_be_visited(database: str, tmp_path: Path) -> None:
    a_city()
    a_beat("K2", west=-122.34, south=47.60)
    a_beat("K3", west=-122.20, south=47.60)
    hsds: list[dict[str, Any]] = [
        {
            "id": "s1",
            "name": "Pantry",
            "status": "active",
            "organization": {"id": "o1", "name": "Food House"},
            "service_at_locations": [
                {"location": {"latitude": 47.61, "longitude": -122.33}},
                {"location": {"latitude": "47.61", "longitude": "-122.19"}},
                {"location": {"latitude": 0.5, "longitude": 3}},
                {"location": {"latitude": "x", "longitude": None}},
            ],
        },
        {"id": "s2", "name": "Line", "organization": {"id": "o1", "name": "Food House"}},
    ]
    file = tmp_path / "hsds.json"

    def taken() -> Imported:
        file.write_text(json.dumps(hsds), encoding="utf-8")
        return import_partners(path=file, source="211", from_command_line=True)

    done = taken()
    assert {name: row.places for name, row in listed().items()} == {"Pantry": ("K2", "K3"), "Line": ()}
    assert "1 service can be visited in 2 beats, by the points of the file." in done.report.notes
    assert "1 place lies outside every beat." in done.report.notes
    assert taken().further["services_changed"] == 0
    hsds[0]["service_at_locations"] = [{"location": {"latitude": 47.61, "longitude": -122.33}}]
    assert taken().further["services_changed"] == 1
    assert listed()["Pantry"].places == ("K2",)


def test_columns_of_other_languages_are_kept_and_a_file_without_them_leaves_them(database: str, tmp_path: Path) -> None:
    a_city()
    file = tmp_path / "directory.csv"
    plain = "id,partner,name,description,text_language\n1,Harbour House,Talk,Free talk,EN\n"
    file.write_text(
        "id,partner,name,description,text_language,name_es,description_es,name_vi\n"
        "1,Harbour House,Talk,Free talk,EN,Conversación,Gratis <b>,\n"
        "2,Harbour House,Bed,A bed,english,,,\n",
        encoding="utf-8",
    )
    import_partners(path=file, source="City", from_command_line=True)
    row = listed()["Talk"]
    assert (row.language, row.translations) == ("en", (Wording("es", "Conversación", "Gratis", ""),))
    assert (listed()["Bed"].language, listed()["Bed"].translations) == ("en", ())
    assert import_partners(path=file, source="City", from_command_line=True).further["services_changed"] == 0
    file.write_text(plain, encoding="utf-8")
    import_partners(path=file, source="City", from_command_line=True)
    assert listed()["Talk"].translations == row.translations


def test_an_uploaded_file_is_taken_in_by_a_coordinator_only(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    content = (HEADER + TALK + "9,,,No partner,,,,\n").encode("utf-8-sig")
    with pytest.raises(NotAllowed):
        import_uploaded_partners(actor=a_person(), file_name="x.csv", content=content)
    who = a_coordinator()
    for wrong in (b"", b"x" * 20_000_001, b"\x00\x01", b"a,b\n1,2\n"):
        with pytest.raises(Invalid):
            import_uploaded_partners(actor=who, file_name="x.csv", content=wrong)
    assert services() == ()
    checked = import_uploaded_partners(actor=who, file_name="../x.csv", content=content, dry_run=True)
    assert (checked.further["services_added"], services()) == (1, ())
    done = import_uploaded_partners(actor=who, file_name="../../etc/help.csv", content=content)
    assert (done.further["services_added"], [row.line for row in done.report.refused]) == (1, [3])
    with reading() as db:
        assert db.scalars(select(ImportRun.file_name)).all() == ["help.csv"]
