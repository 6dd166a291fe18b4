"""Concerns for maps, tables and lists: one statement each however many there are, and everywhere the same numbers."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pandas as pd
import pytest

from lib.errors import NotFound
from lib.model import Category, Concern, Goal, GoalConcern
from lib.queries.concern_story import (
    AnswerRow,
    followed_concern,
    is_supporter,
    supportable_concern,
)
from lib.queries.concerns import (
    DOWNLOADED,
    ConcernFilter,
    GoalGrown,
    as_csv,
    concern_counts,
    concern_list,
    concerns_frame,
    density,
    first_reported_at,
    goals_grown,
)
from lib.queries.desk import DeskOrder, desk_concerns
from lib.queries.incidents import CategoryCount, incidents_by_beat, incidents_by_category, recorded_months
from lib.rules.concerns import STATUS_CHOICES
from lib.rules.geography import PlaceKind, Point, coarser_cell, public_cell
from lib.rules.lifecycle import ConcernStatus, GoalState
from lib.rules.states import Role
from lib.services.answers import answer_concern
from lib.services.concerns import Place, erase_concern, report_concern, support_concern
from lib.storage.transaction import writing
from tests.builders import (
    NOON,
    a_beat,
    a_category,
    a_city,
    a_concern,
    a_goal,
    a_person,
    incidents_recorded,
    uuid_of,
)
from tests.counting import counted_statements

HERE = public_cell(-122.331234, 47.611234, PlaceKind.STREET)
NEAR = "8a28d542c007fff"
"""Another street cell within the same cell of resolution 8."""
HOME = public_cell(-122.331234, 47.611234, PlaceKind.HOME)
OPEN = ConcernFilter(statuses=STATUS_CHOICES["open"])


def some_concerns(number: int) -> int:
    """So many concerns in beat K2, a day apart from NOON backwards; the beat's id."""
    a_city()
    beat = a_beat()
    for position in range(number):
        a_concern(beat, cell=HERE, reported_at=NOON - timedelta(days=position))
    return beat


def support(concern_id: int, number: int) -> None:
    concern = uuid_of(Concern, concern_id)
    for position in range(number):
        support_concern(concern_uuid=concern, device=f"phone {position}")


def hide_category(key: str) -> int:
    category = a_category(key)
    with writing() as db:
        db.get_one(Category, category).is_public = False
    return category


def test_counts_by_beat_and_category_with_support_and_the_oldest_that_waits(database: str) -> None:
    here, there = a_beat("K2"), a_beat("K3", west=-122.30)
    lighting = a_category("street_lighting")
    long_ago = NOON - timedelta(days=85)
    support(a_concern(here, reported_at=long_ago), 3)
    support(a_concern(here), 1)
    answered = uuid_of(Concern, a_concern(here, category_id=lighting, reported_at=long_ago))
    answer_concern(actor=a_person(beats=(here,)), concern_uuid=answered, status=ConcernStatus.PLANNED, text="In June")
    a_concern(there, status=ConcernStatus.SOLVED)
    a_concern(there, category_id=hide_category("at_home"))
    with counted_statements() as sent:
        counts = concern_counts(OPEN)
    assert len(sent) == 1
    assert counts[["beat", "category", "concerns", "supports"]].to_dict("records") == [
        {"beat": "K2", "category": "noise", "concerns": 2, "supports": 4},
        {"beat": "K2", "category": "street_lighting", "concerns": 1, "supports": 0},
    ]
    assert [None if since is pd.NaT else since for since in counts["waiting_since"]] == [long_ago, None]
    everything = concern_counts(ConcernFilter())
    assert list(zip(everything["beat"], everything["category"], everything["concerns"], strict=True)) == [
        ("K2", "noise", 2),
        ("K2", "street_lighting", 1),
        ("K3", "noise", 1),
    ]


def test_filters_narrow_every_question_alike(database: str) -> None:
    beat = a_beat()
    lighting = a_category("street_lighting")
    for reported_at, category, status in (
        (NOON, None, ConcernStatus.NEW),
        (NOON - timedelta(days=40), None, ConcernStatus.NEW),
        (NOON, lighting, ConcernStatus.SOLVED),
        (NOON, lighting, ConcernStatus.DUPLICATE),
    ):
        a_concern(beat, reported_at=reported_at, category_id=category, status=status, cell=HERE)
    for wanted, number in (
        (ConcernFilter(), 4),
        (ConcernFilter(since=NOON - timedelta(days=30)), 3),
        (ConcernFilter(since=NOON), 3),
        (ConcernFilter(since=NOON + timedelta(seconds=1)), 0),
        (ConcernFilter(category="street_lighting"), 2),
        (ConcernFilter(category="nothing"), 0),
        (OPEN, 2),
        (ConcernFilter(statuses=STATUS_CHOICES["closed"]), 2),
        (ConcernFilter(statuses=STATUS_CHOICES["solved"]), 1),
        (ConcernFilter("street_lighting", NOON, STATUS_CHOICES["solved"]), 1),
    ):
        counted = int(concern_counts(wanted)["concerns"].sum())
        assert (counted, len(concerns_frame(wanted)), len(concern_list(wanted))) == (number,) * 3, wanted


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_takes_one_statement_however_long_it_is(database: str, number: int) -> None:
    some_concerns(number)
    with counted_statements() as sent:
        rows = concern_list(OPEN, beat_codes=["K2"])
        assert len(sent) == 1
        concerns_frame(OPEN)
        assert len(sent) == 2
        desk_concerns(["K2"])
        assert len(sent) == 4
    assert [row.reported_at for row in rows] == [NOON - timedelta(days=position) for position in range(number)]
    assert concern_list(OPEN, beat_codes=["K3"]) == ()


def test_a_map_holds_cells_and_nothing_finer(database: str) -> None:
    beat = a_beat()
    for cell in (HERE, HERE, NEAR, HOME, ""):
        a_concern(beat, cell=cell)
    located = concerns_frame(ConcernFilter())
    assert list(located) == ["cell", "category", "beat"]
    assert list(located["cell"].astype(str)) == [HERE, HERE, NEAR, HOME]
    wide = density(located, 8)
    assert wide.to_dict("records") == [{"cell": coarser_cell(HERE, 8), "concerns": 4}]
    fine = density(located, 10)
    assert dict(zip(fine["cell"], fine["concerns"], strict=True)) == {HERE: 2, NEAR: 1, HOME: 1}
    assert density(concerns_frame(ConcernFilter(category="none")), 8).empty


def test_a_list_says_what_the_officers_answered_last(database: str) -> None:
    beat = a_beat()
    concern_id = a_concern(beat, cell=HERE)
    concern = uuid_of(Concern, concern_id)
    officer = a_person(beats=(beat,))
    for days, text in ((1, "First"), (2, "Second")):
        answer_concern(
            actor=officer,
            concern_uuid=concern,
            status=ConcernStatus.INVESTIGATING,
            text=text,
            now=NOON + timedelta(days=days),
        )
    support(concern_id, 2)
    row = concern_list(OPEN)[0]
    assert (row.uuid, row.category, row.beat, row.cell, row.status, row.text, row.supports, row.answer) == (
        concern,
        "noise",
        "K2",
        HERE,
        ConcernStatus.INVESTIGATING,
        "Loud music every Friday night",
        2,
        "Second",
    )
    assert not row.is_erased


def test_goals_that_grew_out_of_the_concerns_shown(database: str) -> None:
    here, there = a_beat("K2"), a_beat("K3", west=-122.30)
    lighting = a_category("street_lighting")
    lamps, mixed, withdrawn = (
        a_goal(here, title, state=state)
        for title, state in (
            ("Lamps", GoalState.ADOPTED),
            ("Calmer", GoalState.PROPOSED),
            ("Old", GoalState.WITHDRAWN),
        )
    )
    with writing() as db:
        for goal, number, category in (
            (lamps, 3, lighting),
            (mixed, 1, None),
            (mixed, 1, lighting),
            (withdrawn, 1, None),
        ):
            for _ in range(number):
                db.add(GoalConcern(goal_id=goal, concern_id=a_concern(here, category_id=category)))
        db.add(GoalConcern(goal_id=lamps, concern_id=a_concern(there, category_id=lighting)))
    with counted_statements() as sent:
        grown = goals_grown(OPEN, "K2")
    assert len(sent) == 1
    assert grown == (
        GoalGrown(uuid_of(Goal, lamps), "Lamps", GoalState.ADOPTED, 3, "street_lighting"),
        GoalGrown(uuid_of(Goal, mixed), "Calmer", GoalState.PROPOSED, 2, ""),
    )
    assert goals_grown(OPEN, None)[0].concerns == 4


def test_a_download_has_public_columns_and_nothing_that_a_spreadsheet_would_run(database: str) -> None:
    beat = a_beat()
    a_concern(beat, text="=HYPERLINK(1)", cell=HERE, reported_at=datetime(2026, 5, 4, 3, tzinfo=UTC))
    rows = concern_list(ConcernFilter())
    lines = as_csv(rows, "America/Los_Angeles").splitlines()
    assert lines[0] == ",".join(DOWNLOADED)
    assert lines[1] == f"{rows[0].uuid},noise,K2,{HERE},new,2026-05-03,2026-05,'=HYPERLINK(1),0,"
    lines = as_csv(rows, "UTC", {rows[0].uuid: ("https://x/a.jpg", "https://x/b.jpg")}).splitlines()
    assert lines[1].endswith(",0,https://x/a.jpg https://x/b.jpg")


def test_a_follow_link_tells_the_whole_story(database: str) -> None:
    a_city()
    beat = a_beat()
    found = report_concern(
        category_id=a_category("street_lighting"),
        text="Two lamps are broken",
        frequency="every day",
        place=Place(Point(-122.331234, 47.611234)),
        place_kind=PlaceKind.STREET,
        officers_may_see=True,
        now=NOON,
    )
    officer = a_person(beats=(beat,))
    answer_concern(
        actor=officer, concern_uuid=found.uuid, status=ConcernStatus.PLANNED, text="Lamps are ordered", now=NOON
    )
    with counted_statements() as sent:
        story = followed_concern(f" {found.follow_secret.upper()} ")
    assert len(sent) == 3
    assert (story.uuid, story.category_name, story.beat, story.text, story.frequency, story.status) == (
        found.uuid,
        "Street lighting",
        found.beat,
        "Two lamps are broken",
        "every day",
        ConcernStatus.PLANNED,
    )
    assert (story.has_cell, story.has_place, story.has_contact, story.officers_may_see) == (True, True, False, True)
    assert story.answers == (AnswerRow(ConcernStatus.PLANNED, "Lamps are ordered", NOON, "Maya Lindqvist"),)
    erase_concern(follow_secret=found.follow_secret)
    for secret in (found.follow_secret, "", "a" * 10_000, "' OR 1=1 --"):
        with pytest.raises(NotFound, match="leads nowhere"):
            followed_concern(secret)


def test_me_too_is_shown_to_the_device_that_said_it(database: str) -> None:
    concern_id = a_concern(a_beat())
    support(concern_id, 1)
    shown = supportable_concern(uuid_of(Concern, concern_id))
    assert (shown.id, shown.category_name, shown.beat.code, shown.supports) == (concern_id, "Noise", "K2", 1)
    assert is_supporter(shown.uuid, "phone 0")
    assert not is_supporter(shown.uuid, "phone 1")
    hidden = uuid_of(Concern, a_concern(a_beat("K3", west=-122.30), category_id=hide_category("at_home")))
    for unknown in (uuid4(), hidden):
        with pytest.raises(NotFound):
            supportable_concern(unknown)


def test_the_desk_shows_unanswered_concerns_first_and_by_age_or_by_support(database: str) -> None:
    here, there = a_beat("K2"), a_beat("K3", west=-122.30)
    officer = a_person(beats=(here,), roles=(Role.OFFICER,))
    texts = {}
    for text, days, supports, is_answered in (
        ("oldest, answered", 90, 0, True),
        ("new", 1, 5, False),
        ("old", 60, 2, False),
        ("solved", 70, 0, False),
    ):
        concern_id = a_concern(here, text=text, reported_at=NOON - timedelta(days=days))
        texts[text] = concern_id
        support(concern_id, supports)
        if is_answered:
            answer_concern(
                actor=officer, concern_uuid=uuid_of(Concern, concern_id), status=ConcernStatus.PLANNED, text="Soon"
            )
    answer_concern(
        actor=officer, concern_uuid=uuid_of(Concern, texts["solved"]), status=ConcernStatus.SOLVED, text="Done"
    )
    a_concern(here, text="hidden from the public", category_id=hide_category("at_home"), reported_at=NOON)
    a_concern(there, text="elsewhere")
    by_age, total = desk_concerns(["K2"])
    assert total == 4
    assert [row.text for row in by_age] == ["old", "new", "hidden from the public", "oldest, answered"]
    assert (by_age[3].status, by_age[3].last_answer, by_age[0].supports) == (ConcernStatus.PLANNED, "Soon", 2)
    by_support, _total = desk_concerns(["K2"], order=DeskOrder.SUPPORT, limit=2)
    assert [row.text for row in by_support] == ["new", "old"]
    assert desk_concerns([]) == ((), 0)


def test_the_desk_says_where_an_exact_place_may_be_seen(database: str) -> None:
    a_city()
    a_beat()
    for may_see in (True, False):
        report_concern(
            category_id=a_category(),
            text=f"may see: {may_see}",
            frequency="",
            place=Place(Point(-122.331234, 47.611234)),
            place_kind=PlaceKind.HOME,
            officers_may_see=may_see,
            now=NOON,
        )
    rows, _total = desk_concerns(["K2"])
    assert {row.text: row.may_see_place for row in rows} == {"may see: True": True, "may see: False": False}
    assert "331234" not in str(rows)


def test_the_first_report_opens_the_longest_period(database: str) -> None:
    assert first_reported_at() is None
    beat = a_beat()
    a_concern(beat, reported_at=NOON - timedelta(days=9), category_id=hide_category("at_home"))
    a_concern(beat, reported_at=NOON - timedelta(days=5))
    assert first_reported_at() == NOON - timedelta(days=5)


def test_recorded_incidents_come_from_the_monthly_counts(database: str) -> None:
    a_city()
    here, there = a_beat("K2"), a_beat("K3", west=-122.30)
    march, april = date(2026, 3, 1), date(2026, 4, 1)
    incidents_recorded(here, "THEFT", {march: 4, april: 6})
    incidents_recorded(here, "BURGLARY", {april: 1})
    incidents_recorded(there, "THEFT", {april: 2})
    today = date(2026, 5, 20)
    with counted_statements() as sent:
        months = recorded_months(today=today, months=12)
    assert (months, len(sent)) == ((march, april), 5)
    assert recorded_months(today=today, months=1) == (april,)
    with counted_statements() as sent:
        assert incidents_by_beat(months) == {"K2": 11, "K3": 2}
        assert incidents_by_beat((april,), "THEFT") == {"K2": 6, "K3": 2}
        assert incidents_by_category(["K2"], months) == (CategoryCount("THEFT", 10), CategoryCount("BURGLARY", 1))
        assert incidents_by_category(None, (april,)) == (CategoryCount("THEFT", 8), CategoryCount("BURGLARY", 1))
        assert len(sent) == 4
        assert (incidents_by_beat(()), incidents_by_category(["K2"], ())) == ({}, ())
        assert len(sent) == 4
    assert not any(" incident " in statement or "incident.id" in statement for statement in sent)


def test_before_the_first_import_there_are_no_months(database: str) -> None:
    assert recorded_months(today=date(2026, 5, 20), months=None) == ()
