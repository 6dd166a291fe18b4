"""Loading the demonstration city: whole or not at all, the same on both databases."""

from datetime import date

import pytest
from sqlalchemy import func, select

from lib.demo.geography import demo_geography
from lib.errors import Conflict
from lib.importers.assigning import assign_beats
from lib.model import (
    Activity,
    Base,
    Beat,
    Concern,
    ConcernAnswer,
    Incident,
    IncidentMonth,
    LogEntry,
    OfficerPosting,
    Person,
)
from lib.queries.imports import located_incidents
from lib.queries.places import adults_per_beat, boundaries, city, drawn_features
from lib.services import demonstration
from lib.services.demonstration import Loaded, load_demonstration
from lib.services.mail import send_waiting
from lib.services.passwords import is_right
from lib.services.places import name_city
from lib.storage.transaction import reading
from tests.posting import posted, text_of

TODAY = date(2026, 11, 24)


def test_the_whole_city_is_loaded(demonstration: Loaded) -> None:
    assert demonstration.loaded
    stored = [demonstration.counts[kind] for kind in ("beats", "incidents", "concerns")]
    assert stored == [51, 18_000, 600]
    assert (city().name, city().is_demonstration, city().time_zone) == ("Seattle", True, "America/Los_Angeles")
    assert len(adults_per_beat()) == 51
    assert len(drawn_features("park")["features"]) == len(demo_geography().features["park"])
    with reading() as db:
        counts = {
            table: db.scalar(select(func.count()).select_from(table)) or 0
            for table in (Beat, Incident, Concern, Activity, ConcernAnswer, OfficerPosting)
        }
        parts = db.scalar(select(func.count()).where(Concern.split_from_id.is_not(None)))
        assert [counts[Beat], counts[Incident], counts[Concern] - (parts or 0)] == stored
        assert min(counts.values()) > 0
        located = db.scalar(select(func.count()).where(Incident.beat_id.is_not(None)))
        assert db.scalar(select(func.sum(IncidentMonth.incidents))) == located
        officer = db.scalars(select(Person).where(Person.email == "officer@demo.example")).one()
    assert is_right("common beat demo", officer.password_hash)


def test_beats_of_incidents_are_those_an_import_would_find(demonstration: Loaded) -> None:
    stored = located_incidents()
    assert (assign_beats(stored, boundaries()).fillna(-1) == stored["beat_id"].fillna(-1)).all()


def test_the_hour_of_an_incident_is_that_of_its_day_in_the_city(demonstration: Loaded) -> None:
    from zoneinfo import ZoneInfo

    with reading() as db:
        rows = db.execute(select(Incident.occurred_on, Incident.occurred_at)).all()
    assert all(at.astimezone(ZoneInfo("America/Los_Angeles")).date() == on for on, at in rows)


def test_officers_answer_for_their_own_beat(demonstration: Loaded) -> None:
    with reading() as db:
        elsewhere = db.scalars(
            select(ConcernAnswer.id)
            .join(Concern, Concern.id == ConcernAnswer.concern_id)
            .outerjoin(
                OfficerPosting,
                (OfficerPosting.person_id == ConcernAnswer.person_id) & (OfficerPosting.beat_id == Concern.beat_id),
            )
            .where(OfficerPosting.id.is_(None), ConcernAnswer.person_id.is_not(None))
        ).all()
    assert elsewhere == []


def test_the_log_names_no_text(demonstration: Loaded) -> None:
    with reading() as db:
        actions = set(db.scalars(select(LogEntry.action)))
    assert {"city_named", "beats_stored", "person_added", "concerns_stored", "demonstration_loaded"} <= actions


def test_invented_readers_are_told_what_became_of_it(demonstration: Loaded) -> None:
    send_waiting(limit=99)
    mails = posted()
    subjects = {str(mail["Subject"]).partition(":")[0] for mail in mails}
    assert (3 <= len(mails) <= 6, subjects) == (True, {"What became of it", "Qué pasó"})
    assert all("http" in text_of(mail) and str(mail["To"]).endswith("@demo.example") for mail in mails)


def test_loading_again_changes_nothing(demonstration: Loaded) -> None:
    assert load_demonstration(today=TODAY, size=0.05) == Loaded(loaded=False)


def test_another_city_is_left_alone(database: str) -> None:
    name_city(name="Springfield", time_zone="America/Chicago", from_command_line=True)
    with pytest.raises(Conflict, match="already holds Springfield"):
        load_demonstration(today=TODAY, size=0.05)


def test_it_is_all_one_transaction(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> int:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(demonstration, "store_partners", broken)
    with pytest.raises(RuntimeError, match="the disk is full"):
        load_demonstration(today=TODAY, size=0.02)
    with reading() as db:
        rows = {table.name: db.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables}
    assert {name: count for name, count in rows.items() if count} == {}
