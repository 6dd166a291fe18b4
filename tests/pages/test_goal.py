"""Progress of one goal: verdict, evidence, both sides; and what each signed-in person can do with it."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import update

from lib import clock
from lib.errors import NotAllowed
from lib.model import Goal
from lib.queries.goal_story import goal_story
from lib.queries.partners import promises
from lib.rules.geography import PlaceKind, public_cell
from lib.rules.goals import Feasibility, MeasureKind
from lib.rules.lifecycle import CommitmentState, GoalState, Party, Role, Side
from lib.rules.months import months_later
from lib.rules.outlines import street_cells
from lib.services.commitments import accept_commitment, countersign_commitment, offer_commitment
from lib.services.readings import set_measure
from lib.storage.transaction import writing
from tests.builders import (
    a_beat,
    a_city,
    a_coordinator,
    a_facilitator,
    a_goal,
    a_meeting,
    a_partner,
    a_person,
    a_published_outcome,
    incidents_recorded,
    uuid_of,
)
from tests.evidence_builders import a_park, incidents_at
from tests.goal_builders import begun
from tests.pages.visiting import page_text, visit

NOW = clock.now()
TODAY = NOW.date()
MONTH = TODAY.replace(day=1)


def press(app, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()


def choose(app, task: str) -> None:
    app.button_group(key="task").set_value(task).run()


def tasks_of(app) -> list[str]:
    return [option.rpartition(": ")[2] for group in app.button_group for option in group.options]


def test_an_address_without_a_goal_leads_to_the_list(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    page = visit("goal", monkeypatch)
    assert not page.exception
    assert "No goal is named in this address" in page_text(page)


def test_the_verdict_stands_with_its_figures(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat("K2")
    start = months_later(MONTH, -8)
    counts = {months_later(start, n): 10 if n < 0 else 5 for n in range(-12, 8)}
    incidents_recorded(beat, "CAR PROWL", counts)
    goal = a_goal(beat, "Fewer <i>break-ins</i>", state=GoalState.ADOPTED)
    set_measure(
        actor=a_facilitator(),
        goal_uuid=uuid_of(Goal, goal),
        kind=MeasureKind.INCIDENTS,
        category="CAR PROWL",
        unit="thefts from cars",
        target=6,
        now=datetime.combine(start, time(12), UTC),
        due_on=TODAY + timedelta(days=90),
    )
    begun(goal)
    a_published_outcome(goal, a_meeting(beat), residents=(97, 159))
    app = visit("goal", monkeypatch, id=str(uuid_of(Goal, goal)))
    shown = page_text(app)
    assert app.exception == []
    assert [title.value for title in app.title] == ["Fewer \\<i\\>break\\-ins\\</i\\>"]
    assert "<b>5</b> a month now, <strong>10</strong> before" in shown
    assert "40 thefts from cars in" in shown
    assert "chance alone would rarely do that" in shown
    assert "Target reached" in shown
    assert "159 residents’ ballots" in shown
    assert "Readings of this goal" in shown
    assert tasks_of(app) == []


def test_a_compared_verdict_says_what_it_rests_on(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat, beside, far = a_beat("K2"), a_beat("K3", west=-122.32), a_beat("K9", west=-122.1)
    start = months_later(MONTH, -8)
    for each, before, after in ((beat, 20, 10), (beside, 15, 15), (far, 40, 40)):
        incidents_recorded(
            each, "CAR PROWL", {months_later(start, n): before if n < 0 else after for n in range(-12, 8)}
        )
    goal = a_goal(beat, "Fewer break-ins", state=GoalState.ADOPTED)
    set_measure(
        actor=a_facilitator(),
        goal_uuid=uuid_of(Goal, goal),
        kind=MeasureKind.INCIDENTS,
        category="CAR PROWL",
        unit="thefts from cars",
        target=12,
        now=datetime.combine(start, time(12), UTC),
        due_on=TODAY + timedelta(days=90),
        comparison_beats=["K9"],
    )
    begun(goal)
    a_published_outcome(goal, a_meeting(beat), residents=(97, 159))
    app = visit("goal", monkeypatch, id=str(uuid_of(Goal, goal)))
    shown = page_text(app)
    assert app.exception == []
    assert "<b>80</b> instead of <strong>about 160</strong> expected" in shown
    assert "Expected: 160 in the same months before, changed as in beat K9 (320 before, 320 since)." in shown
    assert "than expected (19 times in 20)" in shown
    assert "Neighbouring beat K3: 120 instead of about 120 expected; no detectable change" in shown
    assert "Displacement quotient 0.0, within chance" in shown
    assert "Beat K9, scaled" in shown
    words = [text.value for text in app.text]
    assert "Compared with beat K9 (violet), chosen before the goal began." in words
    assert "Trouble might move to beat K3 (sand), next to it." in words
    assert "<th" in shown
    assert "Expected, allowing for chance" in shown


def test_the_beats_most_alike_are_chosen_until_somebody_chooses_others(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat, far, farther = a_beat("K2"), a_beat("K9", west=-122.1), a_beat("N1", south=47.8)
    start = months_later(MONTH, -12)
    for each, number in ((beat, 10), (far, 12), (farther, 8)):
        incidents_recorded(each, "CAR PROWL", {months_later(start, n): number for n in range(12)})
    goal_id = a_goal(beat, state=GoalState.PROPOSED)
    app = visit("goal", monkeypatch, a_facilitator(), id=str(uuid_of(Goal, goal_id)))
    choose(app, "What it is judged by")
    compared = app.multiselect(key=f"measure_comparison_{goal_id}_incidents_CAR PROWL")
    assert compared.value == ["K9", "N1"]
    assert "Most like this beat over the last two years" in page_text(app)
    compared.set_value(["N1"]).run()
    app.number_input(key=f"measure_target_{goal_id}").set_value(6.0).run()
    press(app, "Set the measure")
    assert app.error == []
    assert "compared with beat N1" in goal_story(uuid_of(Goal, goal_id), today=TODAY).events[-1].sentence


def test_a_circle_round_a_place_narrows_what_is_counted(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat("K2")
    start = months_later(MONTH, -12)
    months = {months_later(start, n): 10 for n in range(12)}
    incidents_at(beat, -122.33, 47.61, months)
    incidents_at(beat, -122.322, 47.602, months)
    a_park("Occidental Square", -122.33, 47.61)
    goal_id = a_goal(beat, state=GoalState.PROPOSED)
    app = visit("goal", monkeypatch, a_facilitator(), id=str(uuid_of(Goal, goal_id)))
    choose(app, "What it is judged by")
    place = app.selectbox(key=f"measure_place_{goal_id}")
    assert place.options == ["The whole beat", "An area I draw or write down", "Occidental Square"]
    place.set_value("Occidental Square").run()
    assert "120 incidents of this kind inside in the last twelve months" in page_text(app)
    app.number_input(key=f"measure_target_{goal_id}").set_value(6.0).run()
    press(app, "Set the measure")
    assert app.error == []
    measure = goal_story(uuid_of(Goal, goal_id), today=TODAY).card.measure
    assert measure is not None
    assert (measure.baseline, measure.source) == (
        10,
        "recorded incidents, inside the drawn area of 0.28 km² around Occidental Square, beat K2",
    )


def test_an_adopted_goal_says_what_is_missing_and_whose_turn_it_is(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat = a_beat("K2")
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.ADOPTED))
    rosa = a_facilitator()
    promise = {"goal_uuid": goal, "owner": "Rosa", "deliverable": "Walks", "due_on": TODAY + timedelta(days=9)}
    offer_commitment(actor=rosa, party=Party.RESIDENTS, **promise)
    shown = page_text(visit("goal", monkeypatch, id=str(goal)))
    assert "How it stands" not in shown
    assert "A facilitator of the residents’ side takes on one that was offered." in shown
    assert "An officer of beat K2 offers one and takes it on." in shown
    assert "Agreed, not begun yet" in shown


def test_an_area_of_cells_is_written_down_and_shown_as_a_table(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat = a_beat("K2")
    start = months_later(MONTH, -12)
    incidents_at(beat, -122.33, 47.61, {months_later(start, n): 10 for n in range(12)})
    incidents_at(beat, -122.322, 47.602, {months_later(start, n): 10 for n in range(12)})
    goal_id = a_goal(beat, state=GoalState.PROPOSED)
    cell = public_cell(-122.33, 47.61, PlaceKind.STREET)
    app = visit("goal", monkeypatch, a_facilitator(), id=str(uuid_of(Goal, goal_id)))
    choose(app, "What it is judged by")
    app.selectbox(key=f"measure_place_{goal_id}").set_value("An area I draw or write down").run()
    press(app, "Set the measure")
    assert "The drawn area is empty" in app.error[0].value
    app.text_area(key=f"measure_area_{goal_id}").set_value("Pioneer Square").run()
    assert "no cell of the map" in " ".join(error.value for error in app.error)
    app.text_area(key=f"measure_area_{goal_id}").set_value(cell).run()
    shown = page_text(app)
    assert cell in shown
    assert "1 cell with the centre inside" in shown
    assert "120 incidents of this kind inside in the last twelve months" in shown
    app.number_input(key=f"measure_target_{goal_id}").set_value(6.0).run()
    press(app, "Set the measure")
    measure = goal_story(uuid_of(Goal, goal_id), today=TODAY).card.measure
    assert measure is not None
    assert (measure.baseline, street_cells(measure.outline)) == (10, [cell])


def test_who_does_what_is_told_as_text(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat("K2")
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.ADOPTED))
    officer = a_person(beats=(beat,))
    offer_commitment(
        actor=officer,
        goal_uuid=goal,
        party=Party.OFFICERS,
        owner="<b>Maya</b>",
        deliverable="<script>alert(1)</script>",
        due_on=TODAY + timedelta(days=9),
    )
    shown = page_text(visit("goal", monkeypatch, id=str(goal)))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>" not in shown
    assert "Offered, not yet accepted" in shown
    assert "Nobody has offered anything yet." in shown


SHAPING = ("Tell its story", "Withdraw this goal")
BOTH_WHILE_PROPOSED = (
    "Say something for or against",
    "Offer a commitment",
    "What it is judged by",
    "Change title and summary",
    *SHAPING,
)
BOTH_WHILE_ACTIVE = (
    "Accept or countersign a commitment",
    "Show what was done",
    "Offer a commitment",
    "Record a reading",
    "Tell its story",
)
ENDING = ("End this goal", "Withdraw this goal")


@pytest.mark.parametrize(
    ("state", "officers", "facilitators"),
    [
        (GoalState.PROPOSED, {"Answer for the officers", *BOTH_WHILE_PROPOSED}, {*BOTH_WHILE_PROPOSED}),
        (GoalState.ACTIVE, {*BOTH_WHILE_ACTIVE}, {*BOTH_WHILE_ACTIVE, *ENDING}),
        (GoalState.WITHDRAWN, set(), set()),
    ],
)
def test_each_side_is_offered_what_it_can_do(
    sqlite_database: str,
    monkeypatch: pytest.MonkeyPatch,
    state: GoalState,
    officers: set[str],
    facilitators: set[str],
) -> None:
    a_city()
    beat = a_beat("K2")
    goal = str(uuid_of(Goal, a_goal(beat, state=state)))
    elsewhere = a_person(beats=(a_beat("K9", west=-122.2),))
    auditor = a_person("Olu", side=Side.NEITHER, roles=(Role.AUDITOR,))
    assert [tasks_of(visit("goal", monkeypatch, who, id=goal)) for who in (None, elsewhere, auditor)] == [[], [], []]
    assert set(tasks_of(visit("goal", monkeypatch, a_person(beats=(beat,)), id=goal))) == officers
    assert set(tasks_of(visit("goal", monkeypatch, a_facilitator(), id=goal))) == facilitators


def test_an_officer_answers_and_everybody_reads_it(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat("K2")
    goal_id = a_goal(beat, state=GoalState.PROPOSED)
    goal = uuid_of(Goal, goal_id)
    app = visit("goal", monkeypatch, a_person(beats=(beat,)), id=str(goal))
    choose(app, "Answer for the officers")
    press(app, "Answer")
    assert "Reason is empty" in app.error[0].value
    app.text_area(key=f"feasibility_reason_{goal_id}").input("Two patrols a week.")
    press(app, "Answer")
    assert "stands on this page" in app.success[0].value
    assert goal_story(goal, today=TODAY).card.feasibility is Feasibility.YES
    assert "Two patrols a week." in page_text(visit("goal", monkeypatch, id=str(goal)))


def test_a_measure_needs_a_target_and_the_baseline_is_never_asked(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat = a_beat("K2")
    goal_id = a_goal(beat, state=GoalState.PROPOSED)
    incidents_recorded(beat, "CAR PROWL", {months_later(MONTH, n): 10 for n in range(-12, 0)})
    app = visit("goal", monkeypatch, a_facilitator(), id=str(uuid_of(Goal, goal_id)))
    choose(app, "What it is judged by")
    assert [field.label for field in app.number_input] == ["Target"]
    press(app, "Set the measure")
    assert "has to be a number" in app.error[0].value
    app.number_input(key=f"measure_target_{goal_id}").set_value(6.0).run()
    press(app, "Set the measure")
    assert "The measure is set" in app.success[0].value
    measure = goal_story(uuid_of(Goal, goal_id), today=TODAY).card.measure
    assert measure is not None
    assert (measure.baseline, measure.target, measure.category) == (10, 6, "CAR PROWL")


def test_only_the_other_side_is_asked_whether_it_was_kept(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    beat = a_beat("K2")
    goal_id = a_goal(beat, state=GoalState.ADOPTED)
    goal = uuid_of(Goal, goal_id)
    officer = a_person(beats=(beat,))
    promise = offer_commitment(
        actor=officer,
        goal_uuid=goal,
        party=Party.OFFICERS,
        owner="Maya",
        deliverable="Foot patrol",
        due_on=TODAY + timedelta(days=9),
    )
    accept_commitment(actor=officer, commitment_id=promise)
    assert "Accept or countersign a commitment" not in tasks_of(visit("goal", monkeypatch, officer, id=str(goal)))
    app = visit("goal", monkeypatch, a_facilitator(), id=str(goal))
    choose(app, "Accept or countersign a commitment")
    app.radio(key=f"settle_move_{goal_id}").set_value(CommitmentState.BROKEN).run()
    press(app, "Say so")
    assert "needs a reason" in app.error[0].value
    app.radio(key=f"settle_move_{goal_id}").set_value(CommitmentState.KEPT).run()
    press(app, "Say so")
    assert "Noted" in app.success[0].value
    (row,) = goal_story(goal, today=TODAY).commitments
    assert row.state is CommitmentState.KEPT


def test_a_goal_that_lacks_something_does_not_begin_and_says_why(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat = a_beat("K2")
    app = visit("goal", monkeypatch, a_facilitator(), id=str(uuid_of(Goal, a_goal(beat, state=GoalState.ADOPTED))))
    choose(app, "Begin this goal")
    press(app, "Begin this goal")
    assert "a measure, an accepted commitment of the residents" in app.error[0].value


def test_a_reading_is_recorded(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_city()
    goal_id = a_goal(a_beat("K2"), state=GoalState.ACTIVE)
    goal = uuid_of(Goal, goal_id)
    app = visit("goal", monkeypatch, a_coordinator(), id=str(goal))
    choose(app, "Record a reading")
    app.number_input(key=f"reading_value_{goal_id}").set_value(7.0)
    app.text_input(key=f"reading_source_{goal_id}").input("night office")
    press(app, "Record the reading")
    assert "recorded" in app.success[0].value
    progress = goal_story(goal, today=TODAY).card.progress
    assert progress is not None
    assert [(point.on, point.value, point.source) for point in progress.points] == [(TODAY, 7, "night office")]


@pytest.mark.parametrize("part", ["scanning", "analysis", "response", "assessment"])
def test_no_part_of_a_goals_story_is_markup(sqlite_database: str, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    a_city()
    goal = a_goal(a_beat("K2"), state=GoalState.PROPOSED)
    with writing() as db:
        db.execute(update(Goal).values({part: "<img src=x onerror=alert(1)>"}))
    page = page_text(visit("goal", monkeypatch, id=str(uuid_of(Goal, goal))))
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_a_coordinator_offers_for_a_partner_and_both_sides_countersign(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_city()
    beat = a_beat("K2")
    goal_id = a_goal(beat, state=GoalState.ACTIVE)
    goal = uuid_of(Goal, goal_id)
    partner = a_partner("Harbour House")
    app = visit("goal", monkeypatch, a_coordinator(), id=str(goal))
    choose(app, "Offer a commitment")
    assert app.radio(key=f"offer_party_{goal_id}").options == ["A partner"]
    app.text_input(key=f"offer_deliverable_{goal_id}").input("Two talks a month")
    app.text_input(key=f"offer_owner_{goal_id}").input("Harbour House")
    press(app, "Offer")
    assert app.exception == []
    assert "Harbour House · due" in page_text(app)
    facilitator, officer = a_facilitator(), a_person(beats=(beat,))
    offered = next(each for each in goal_story(goal, today=TODAY).commitments if each.party is Party.PARTNER)
    accept_commitment(actor=facilitator, commitment_id=offered.id)
    assert [row.is_kept for row in promises([partner])] == [False]
    for who in (officer, facilitator):
        countersign_commitment(actor=who, commitment_id=offered.id, verdict=CommitmentState.KEPT, note="It came.")
    assert [(row.deliverable, row.is_kept) for row in promises([partner])] == [("Two talks a month", True)]
    assert "1 promise kept, 0 open" in page_text(visit("services", monkeypatch))


def test_a_coordinator_speaks_for_neither_side(sqlite_database: str) -> None:
    a_city()
    goal = uuid_of(Goal, a_goal(a_beat("K2"), state=GoalState.ADOPTED))
    coordinator = a_person("Ines Park", side=Side.OFFICERS, roles=(Role.COORDINATOR,))
    with pytest.raises(NotAllowed, match="Only somebody of the officers’ side"):
        offer_commitment(
            actor=coordinator, goal_uuid=goal, party=Party.OFFICERS, owner="Us", deliverable="It", due_on=TODAY
        )
