"""Reporting, supporting and erasing: what is stored where, what is refused, and what counts once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from lib.errors import Conflict, Explained, Invalid, NotFound
from lib.model import Category, City, Concern, ConcernPlace, LogEntry, Support
from lib.queries.concern_story import follow_digest
from lib.queries.concerns import ConcernFilter, as_csv, concern_list, concerns_frame
from lib.queries.open_data import public_concerns
from lib.queries.places import BeatRow, beat
from lib.rules.geography import PlaceKind, Point, cell_centre, metres_between, public_cell
from lib.rules.lifecycle import ConcernStatus
from lib.services.concerns import (
    Place,
    Reported,
    Supported,
    erase_concern,
    fresh_nonce,
    report_concern,
    support_concern,
)
from lib.storage.transaction import reading, writing
from tests.builders import NOON, a_beat, a_category, a_city, a_concern, uuid_of
from tests.counting import counted_statements

EXACT = Point(-122.331234, 47.611234)
DIGITS = ("331234", "611234", "-122.3312", "47.6112")
"""Pieces of the exact point that a cell's centre does not have."""


def reported(**changed: Any) -> Reported:
    """A concern about a point inside beat K2, with what a test cares about changed."""
    given: dict[str, Any] = {
        "category_id": a_category(),
        "text": "Loud music every Friday night",
        "frequency": "every week",
        "place": Place(point=EXACT),
        "place_kind": PlaceKind.HOME,
        "now": NOON,
    }
    return report_concern(**{**given, **changed})


def all_at_once(doings: Sequence[Callable[[], object]]) -> list[object]:
    """Start all from one barrier; what each returned, or the explained error it raised."""
    barrier = Barrier(len(doings), timeout=60)

    def run(doing: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return doing()
        except Explained as refusal:
            return refusal

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(run, doings))


def every_row_but_places() -> str:
    """Everything the database holds outside `concern_place`, as text."""
    with reading() as db:
        names = [
            name for name in Concern.metadata.tables if name not in ("concern_place", "beat_boundary", "map_feature")
        ]
        return "\n".join(str([tuple(row) for row in db.execute(text(f'SELECT * FROM "{name}"'))]) for name in names)


def test_a_concern_is_stored_with_its_cell_and_everything_finer_apart(database: str) -> None:
    a_city()
    home = a_beat()
    found = reported(contact="Maya, 555-0100", officers_may_see=True)
    with reading() as db:
        row = db.scalars(select(Concern)).one()
        place = db.get_one(ConcernPlace, row.id)
    assert (found.uuid, found.beat, found.was_known) == (row.uuid, BeatRow(home, "K2", "Quarter K2", ""), False)
    assert (row.cell, row.place_kind, row.text, row.frequency, row.status, row.reported_at) == (
        public_cell(*EXACT, PlaceKind.HOME),
        PlaceKind.HOME,
        "Loud music every Friday night",
        "every week",
        ConcernStatus.NEW,
        NOON,
    )
    assert row.follow_digest == follow_digest(found.follow_secret)
    assert (place.longitude, place.latitude, place.address, place.contact, place.officers_may_see) == (
        *EXACT,
        "",
        "Maya, 555-0100",
        True,
    )


@pytest.mark.parametrize("kind", list(PlaceKind))
def test_no_public_row_page_or_download_holds_the_exact_point(database: str, kind: PlaceKind) -> None:
    """Promise 10."""
    a_city()
    a_beat()
    reported(place=Place(EXACT, "1412 Harbor Lane"), place_kind=kind, contact="Maya, 555-0100", officers_may_see=True)
    rows = concern_list(ConcernFilter())
    public = "\n".join(
        (
            every_row_but_places(),
            str(rows),
            concerns_frame(ConcernFilter()).to_csv(),
            as_csv(rows, "UTC"),
            str(public_concerns()),
            str(cell_centre(rows[0].cell)),
        )
    )
    secrets = (*DIGITS, "Harbor Lane", "555-0100", "Maya")
    assert [secret for secret in secrets if secret in public] == []
    assert metres_between(cell_centre(rows[0].cell), EXACT) > 1


def test_settings_decide_how_coarse_a_cell_is(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from lib.settings import settings

    a_city()
    a_beat()
    monkeypatch.setenv("HOME_CELL_RESOLUTION", "8")
    settings.cache_clear()
    reported()
    assert concern_list(ConcernFilter())[0].cell == public_cell(*EXACT, PlaceKind.HOME, home_resolution=8)


def test_the_beat_is_that_of_the_cells_centre_not_of_the_exact_point(database: str) -> None:
    a_city()
    a_beat("K2", west=-122.34)
    east = a_beat("K3", west=-122.32)
    border = -122.32
    crossing = next(
        point
        for step in range(400)
        for point in [Point(border - 0.00005, 47.601 + step * 0.00005)]
        if cell_centre(public_cell(*point, PlaceKind.HOME)).longitude > border
    )
    assert reported(place=Place(crossing)).beat.id == east


def test_a_point_on_land_whose_cells_centre_lies_in_the_water_belongs_to_the_nearest_beat(database: str) -> None:
    a_city()
    a_beat("K2", west=-122.34)
    shore = next(
        point
        for step in range(400)
        for point in [Point(-122.34 + 0.00005, 47.601 + step * 0.00005)]
        if cell_centre(public_cell(*point, PlaceKind.HOME)).longitude < -122.34
    )
    assert reported(place=Place(shore)).beat.code == "K2"


@pytest.mark.parametrize("point", [Point(-122.40, 47.61), Point(-87.63, 41.88), Point(12.0, -70.0)])
def test_a_point_in_the_sea_says_what_to_do(database: str, point: Point) -> None:
    a_city()
    a_beat()
    with pytest.raises(Invalid, match=r"outside every beat of Lakeside.*Choose a point on land") as refusal:
        reported(place=Place(point))
    assert refusal.value.field == "Place"
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Concern)) == 0


def test_without_a_point_the_chosen_beat_counts_and_no_cell_is_made_up(database: str) -> None:
    a_city()
    a_beat()
    reported(place=Place(beat_code="K2"))
    reported(place=Place(address="Corner of Pine Street and 3rd Avenue", beat_code="K2"))
    with reading() as db:
        assert list(db.scalars(select(Concern.cell))) == ["", ""]
        assert list(db.scalars(select(ConcernPlace.address))) == ["Corner of Pine Street and 3rd Avenue"]
    assert concerns_frame(ConcernFilter()).empty


def test_what_cannot_be_taken_is_refused_with_a_sentence_and_nothing_is_stored(database: str) -> None:
    a_city()
    a_beat()
    for changed, error, words in (
        ({"text": "x" * 10_000}, Invalid, "2,000 characters are possible, this has 10,000"),
        ({"text": " \u202e \x00 "}, Invalid, "What happens is empty"),
        ({"category_id": 999_999}, Invalid, "what it is about"),
        ({"category_id": None}, Invalid, "what it is about"),
        ({"frequency": "hourly"}, Invalid, "how often"),
        ({"place": Place()}, Invalid, "Choose the beat"),
        ({"place": Place(beat_code="Z9")}, NotFound, "Z9"),
        ({"place": Place(Point(0.0, 0.0))}, Invalid, "no point on the map"),
        ({"place": Place(Point(float("nan"), 47.6))}, Invalid, "no point on the map"),
        ({"place": Place(Point(5000.0, 47.6))}, Invalid, "no point on the map"),
        ({"place": Place(address="x" * 301, beat_code="K2")}, Invalid, "Address is too long"),
        ({"contact": "x" * 201}, Invalid, "Contact is too long"),
    ):
        with pytest.raises(error, match=words):
            reported(**changed)
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Concern)) == 0
        assert db.scalar(select(func.count()).select_from(LogEntry)) == 0


def test_text_stays_text_without_signs_that_reorder_it(database: str) -> None:
    """Promise 14."""
    a_city()
    a_beat()
    reported(text="<script>alert(1)</script>\r\n\r\n\r\n\r\nabc\u202edef\u200b\x00 ' OR 1=1 --")
    assert concern_list(ConcernFilter())[0].text == "<script>alert(1)</script>\n\nabcdef ' OR 1=1 --"


def test_the_same_form_sent_again_counts_once_and_leads_to_the_first(database: str) -> None:
    a_city()
    a_beat()
    nonce = fresh_nonce()
    first = reported(nonce=nonce)
    assert reported(nonce=nonce, text="A corrected text") == replace(first, was_known=True)
    assert reported(nonce=fresh_nonce()).uuid != first.uuid
    assert [row.text for row in concern_list(ConcernFilter())] == ["Loud music every Friday night"] * 2


def test_the_same_form_from_twenty_threads_is_one_concern(database: str) -> None:
    a_city()
    a_beat()
    category, nonce = a_category(), fresh_nonce()
    answers = all_at_once([lambda: reported(nonce=nonce, category_id=category)] * 20)
    assert all(isinstance(answer, Reported) for answer in answers), answers
    assert len({(answer.uuid, answer.follow_secret) for answer in answers if isinstance(answer, Reported)}) == 1
    assert sum(not answer.was_known for answer in answers if isinstance(answer, Reported)) == 1
    with reading() as db:
        assert db.scalar(select(func.count()).select_from(Concern)) == 1


def test_a_report_reads_the_boundaries_once_and_again_after_a_redraw(database: str) -> None:
    a_city()
    a_beat()
    category = a_category()
    reported(category_id=category)
    with counted_statements() as sent:
        reported(category_id=category)
    assert sum("beat_boundary" in statement for statement in sent) == 1
    assert not any("polygon" in statement for statement in sent)
    assert len(sent) == 10
    a_beat("A1", west=-122.34, size=0.03)
    assert reported(category_id=category).beat.code == "A1"


def test_me_too_counts_once_per_device_and_concern(database: str) -> None:
    beat_id = a_beat()
    first, second = (uuid_of(Concern, a_concern(beat_id)) for _ in range(2))
    assert support_concern(concern_uuid=first, device="phone") == Supported(first, 1, was_known=False)
    assert support_concern(concern_uuid=first, device="phone") == Supported(first, 1, was_known=True)
    assert support_concern(concern_uuid=first, device="tablet") == Supported(first, 2, was_known=False)
    assert support_concern(concern_uuid=second, device="phone") == Supported(second, 1, was_known=False)
    with reading() as db:
        devices = list(db.scalars(select(Support.device)))
        assert db.scalar(select(func.count()).select_from(LogEntry)) == 0
    # Keyed and different for each concern: nothing tells that one device supports both.
    assert len(set(devices)) == 3
    assert all(len(device) == 16 and b"phone" not in device for device in devices)


def test_one_device_from_twenty_threads_is_counted_once_and_twenty_devices_all(database: str) -> None:
    concern = uuid_of(Concern, a_concern(a_beat()))
    same = all_at_once([lambda: support_concern(concern_uuid=concern, device="phone")] * 20)
    assert all(isinstance(answer, Supported) for answer in same), same
    assert sum(not answer.was_known for answer in same if isinstance(answer, Supported)) == 1
    others = all_at_once(
        [lambda n=number: support_concern(concern_uuid=concern, device=f"phone {n}") for number in range(20)]  # type: ignore[misc]
    )
    assert not any(answer.was_known for answer in others if isinstance(answer, Supported))
    assert support_concern(concern_uuid=concern, device="phone") == Supported(concern, 21, was_known=True)


def test_only_what_is_public_and_open_can_be_supported(database: str) -> None:
    a_city()
    beat_id = a_beat()
    solved = uuid_of(Concern, a_concern(beat_id, status=ConcernStatus.SOLVED))
    erased = reported()
    erase_concern(follow_secret=erased.follow_secret)
    private = a_category("at_home")
    with writing() as db:
        db.get_one(Category, private).is_public = False
    hidden = uuid_of(Concern, a_concern(beat_id, category_id=private))
    for concern, error, words in (
        (solved, Conflict, "closed .solved."),
        (erased.uuid, NotFound, "took it back"),
        (hidden, NotFound, "does not exist"),
        (uuid4(), NotFound, "does not exist"),
    ):
        with pytest.raises(error, match=words):
            support_concern(concern_uuid=concern, device="phone")


def test_support_for_a_duplicate_counts_for_the_concern_that_goes_on(database: str) -> None:
    beat_id = a_beat()
    original, duplicate = a_concern(beat_id), a_concern(beat_id, status=ConcernStatus.DUPLICATE)
    with writing() as db:
        db.get_one(Concern, duplicate).duplicate_of_id = original
    original_uuid = uuid_of(Concern, original)
    found = support_concern(concern_uuid=uuid_of(Concern, duplicate), device="phone")
    assert found == Supported(original_uuid, 1, was_known=False)


def test_erasing_keeps_category_month_and_cell_and_nothing_else_of_the_reporter(database: str) -> None:
    a_city()
    a_beat()
    found = reported(
        place=Place(EXACT, "1412 Harbor Lane"), contact="Maya, 555-0100", now=datetime(2026, 5, 31, 23, 30, tzinfo=UTC)
    )
    support_concern(concern_uuid=found.uuid, device="phone")
    erase_concern(follow_secret=found.follow_secret.upper() + " ")
    with reading() as db:
        row = db.scalars(select(Concern)).one()
        assert db.scalar(select(func.count()).select_from(ConcernPlace)) == 0
        assert db.scalar(select(func.count()).select_from(Support)) == 1
    assert (row.text, row.frequency, row.salt, row.follow_digest, row.reported_at) == (
        "",
        "",
        None,
        None,
        datetime(2026, 5, 1, 12, tzinfo=UTC),
    )
    assert (row.cell, row.category_id, row.beat_id) == (
        public_cell(*EXACT, PlaceKind.HOME),
        a_category(),
        beat("K2").id,
    )
    public = concern_list(ConcernFilter())
    assert [(each.is_erased, each.text, each.supports) for each in public] == [(True, "", 1)]
    assert "2026-05-31" not in as_csv(public, "UTC")
    with pytest.raises(NotFound, match="leads nowhere"):
        erase_concern(follow_secret=found.follow_secret)


def test_the_month_of_an_erased_concern_is_the_citys(database: str) -> None:
    """In Auckland June has begun while it is still May in UTC."""
    a_city()
    with writing() as db:
        db.get_one(City, 1).time_zone = "Pacific/Auckland"
    a_beat()
    found = reported(now=datetime(2026, 5, 31, 13, tzinfo=UTC))
    erase_concern(follow_secret=found.follow_secret)
    assert concern_list(ConcernFilter())[0].reported_at == datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_the_log_holds_digests_and_never_words(database: str) -> None:
    """Promise 13."""
    a_city()
    a_beat()
    found = reported(contact="Maya, 555-0100")
    erase_concern(follow_secret=found.follow_secret)
    with reading() as db:
        entries = [
            (entry.action, entry.subject_id, entry.actor_id, entry.facts) for entry in db.scalars(select(LogEntry))
        ]
    digest = entries[0][3].pop("text_digest")
    assert entries == [
        ("concern_reported", str(found.uuid), None, {"beat": "K2", "text_state": "shown", "photos": 0}),
        ("concern_erased", str(found.uuid), None, {}),
    ]
    assert len(digest) == 64
    assert "music" not in str(entries)
    assert found.follow_secret not in str(entries)
