"""Goals as cards: standing, keys and promises of each, in a number of statements that does not grow with them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

from sqlalchemy import select

from lib.model import Concern, Goal, GoalConcern, Meeting, Round
from lib.queries.comparison import BeatCompared, beats_compared
from lib.queries.goals import Keys, goal_cards, goal_places
from lib.queries.places import beat as beat_of
from lib.rules.commitments import PromiseRecord
from lib.rules.evidence import Change
from lib.rules.goals import Direction, MeasureKind
from lib.rules.lifecycle import CommitmentState, GoalState, Party
from lib.rules.months import months_later
from lib.rules.pulse import pulse_share
from lib.services.readings import set_measure
from lib.storage.transaction import writing
from tests.builders import (
    NOON,
    a_beat,
    a_city,
    a_concern,
    a_facilitator,
    a_goal,
    a_meeting,
    a_published_outcome,
    a_wave,
    incidents_recorded,
    uuid_of,
)
from tests.counting import counted_statements
from tests.meeting_builders import a_commitment

TODAY = date(2027, 1, 10)
NOTHING = PromiseRecord(promised=0, due=0, kept=0, broken=0, overdue=0)
OVERDUE = PromiseRecord(promised=1, due=1, kept=0, broken=0, overdue=1)


def a_measured_goal(beat: int, title: str, *, kind: MeasureKind = MeasureKind.INCIDENTS) -> int:
    """A goal that was adopted in May 2026, judged by thefts from cars or by the pulse."""
    goal = a_goal(beat, title, state=GoalState.ADOPTED)
    set_measure(
        actor=a_facilitator(),
        goal_uuid=uuid_of(Goal, goal),
        kind=kind,
        category="CAR PROWL" if kind is MeasureKind.INCIDENTS else "",
        unit="thefts from cars",
        direction=Direction.DOWN if kind is MeasureKind.INCIDENTS else Direction.UP,
        target=6 if kind is MeasureKind.INCIDENTS else 0.9,
        due_on=date(2027, 5, 31),
        now=NOON,
    )
    return goal


def prowls(beat: int, before: int, after: int) -> None:
    first = date(2025, 5, 1)
    incidents_recorded(beat, "CAR PROWL", {months_later(first, n): before if n < 12 else after for n in range(20)})


def test_a_card_says_how_its_goal_stands(database: str) -> None:
    a_city()
    beat = a_beat()
    prowls(beat, before=10, after=5)
    goal = a_measured_goal(beat, "Fewer car break-ins")
    (card,) = goal_cards(today=TODAY, beat_code="K2")
    assert card.progress is not None
    standing = card.progress.standing
    assert (card.id, card.title, [row.code for row in card.beats], card.state) == (
        goal,
        "Fewer car break-ins",
        ["K2"],
        GoalState.ADOPTED,
    )
    assert (standing.baseline, standing.latest, standing.target, standing.change, standing.reached) == (
        10,
        5,
        6,
        Change.MOVED,
        True,
    )
    assert standing.sentence.startswith("40 thefts from cars in May to December 2026 instead of about 80 expected")
    assert "Source: recorded incidents, beat K2" in standing.sentence
    assert [point.value for point in card.progress.points] == [Fraction(10)] * 12 + [Fraction(5)] * 8
    assert card.progress.points[0].on == date(2025, 5, 1)


def test_a_change_that_may_be_chance_is_not_called_one(database: str) -> None:
    a_city()
    beat = a_beat()
    prowls(beat, before=10, after=9)
    a_measured_goal(beat, "Fewer car break-ins")
    (card,) = goal_cards(today=TODAY)
    assert card.progress is not None
    assert card.progress.standing.change is Change.NO_DETECTABLE_CHANGE
    assert "that may be chance" in card.progress.standing.sentence


def test_nothing_that_happened_after_its_end_changes_an_ended_goal(database: str) -> None:
    a_city()
    beat = a_beat()
    prowls(beat, before=10, after=5)
    goal = a_measured_goal(beat, "Fewer car break-ins")
    with writing() as db:
        row = db.get_one(Goal, goal)
        row.state, row.ended_reason, row.ended_on = GoalState.NOT_ACHIEVED, "Given up", date(2026, 8, 15)
    (card,) = goal_cards(today=TODAY)
    assert card.progress is not None
    assert card.progress.points[-1].on == date(2026, 7, 1)


def test_a_goal_judged_by_the_pulse_stands_by_its_waves(database: str) -> None:
    a_city()
    beat = a_beat()
    a_wave(beat, date(2026, 3, 1), safe=33, unsafe=27)
    goal = a_measured_goal(beat, "Safe walks", kind=MeasureKind.PULSE)
    a_wave(beat, date(2026, 9, 1), safe=45, unsafe=30)
    (card,) = goal_cards(today=TODAY)
    assert card.id == goal
    assert card.progress is not None
    standing = card.progress.standing
    assert (standing.latest, standing.change, standing.headline) == (
        Fraction(3, 5),
        Change.NO_DETECTABLE_CHANGE,
        "No detectable change",
    )
    assert [(point.on, point.value, point.n) for point in card.progress.points] == [
        (date(2026, 3, 1), Fraction(11, 20), 60),
        (date(2026, 9, 1), Fraction(3, 5), 75),
    ]


def test_a_card_shows_both_keys_and_never_the_figures_of_a_sealed_side(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = a_goal(beat, state=GoalState.ADOPTED)
    meeting = a_meeting(beat)
    a_published_outcome(goal, meeting, outcome="residents_only", residents=(60, 100))
    later = datetime(2026, 6, 1, tzinfo=UTC)
    a_published_outcome(goal, meeting, number=2, residents=(97, 159), published_at=later)
    (card,) = goal_cards(today=TODAY)
    assert card.keys is not None
    assert replace(card.keys, round_uuid=uuid_of(Meeting, meeting)) == Keys(
        round_uuid=uuid_of(Meeting, meeting),
        published_at=later,
        outcome="adopted",
        is_advisory=False,
        place=1,
        residents_key=True,
        officers_key=True,
        residents_ballots=159,
        residents_share=Fraction(97, 159),
        officers_ballots=6,
        officers_share=None,
    )


def test_an_open_side_shows_its_share(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = a_goal(beat, state=GoalState.ADOPTED)
    a_published_outcome(goal, a_meeting(beat), officers=(4, 6))
    (card,) = goal_cards(today=TODAY)
    assert card.keys is not None
    assert card.keys.officers_share == Fraction(2, 3)


def test_a_goal_carried_by_one_side_is_contested_once_it_is_proposed_again(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = a_goal(beat, state=GoalState.PROPOSED)
    a_published_outcome(goal, a_meeting(beat), outcome="residents_only")
    (card,) = goal_cards(today=TODAY)
    assert card.is_contested


def test_an_advisory_round_says_nothing_of_the_officers_and_contests_nothing(database: str) -> None:
    """With one or two officers' ballots nothing is shown per goal for that side."""
    a_city()
    beat = a_beat()
    goal = a_goal(beat, state=GoalState.PROPOSED)
    a_published_outcome(goal, a_meeting(beat), outcome="residents_only", officers=(1, 2))
    with writing() as db:
        db.scalars(select(Round)).one().is_advisory = True
    (card,) = goal_cards(today=TODAY)
    assert card.keys is not None
    assert (card.is_contested, card.keys.is_advisory, card.keys.officers_share) == (False, True, None)


def test_promises_are_counted_per_side(database: str) -> None:
    a_city()
    a_goal(a_beat(), state=GoalState.ACTIVE)
    (card,) = goal_cards(today=TODAY)
    overdue = PromiseRecord(promised=1, due=1, kept=0, broken=0, overdue=1)
    nothing = PromiseRecord(promised=0, due=0, kept=0, broken=0, overdue=0)
    assert card.promises == {Party.RESIDENTS: overdue, Party.OFFICERS: overdue, Party.PARTNER: nothing}
    assert (card.promised, card.kept, card.overdue) == (2, 0, 2)


def test_goals_are_chosen_by_beat_and_state(database: str) -> None:
    a_city()
    here, there = a_beat("K2"), a_beat("K3", west=-122.2)
    a_goal(here, "One", state=GoalState.PROPOSED)
    a_goal(here, "Two", state=GoalState.WITHDRAWN)
    a_goal(there, "Three", state=GoalState.PROPOSED)
    assert {card.title for card in goal_cards(today=TODAY)} == {"One", "Two", "Three"}
    assert {card.title for card in goal_cards(today=TODAY, beat_code="K2")} == {"One", "Two"}
    assert {card.title for card in goal_cards(today=TODAY, beat_code="K2", states=[GoalState.PROPOSED])} == {"One"}
    assert goal_cards(today=TODAY, beat_code="nowhere") == ()


def test_cards_take_twelve_statements_for_one_goal_and_for_three(database: str) -> None:
    a_city()
    beat = a_beat()
    prowls(beat, before=10, after=5)
    for title in ("One", "Two", "Three"):
        goal = a_measured_goal(beat, title)
        a_published_outcome(goal, a_meeting(beat))
        with counted_statements() as sent:
            cards = goal_cards(today=TODAY, beat_code="K2")
        assert len(sent) == 12
    assert len(cards) == 3
    with counted_statements() as sent:
        goal_cards(today=TODAY, beat_code="nowhere")
    assert len(sent) == 1


def test_a_goal_lies_in_the_middle_of_its_concerns_cells(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = a_goal(beat, state=GoalState.ADOPTED)
    concerns = [a_concern(beat, cell="8a28d542c987fff"), a_concern(beat)]
    with writing() as db:
        db.add_all(GoalConcern(goal_id=goal, concern_id=concern) for concern in concerns)
    with counted_statements() as sent:
        places = goal_places([goal])
    assert (round(places[goal].longitude, 2), round(places[goal].latitude, 2)) == (-122.33, 47.61)
    assert len(sent) == 1
    assert uuid_of(Concern, concerns[0])


def test_beats_stand_side_by_side_by_code_in_five_statements(database: str) -> None:
    a_city()
    second, first = a_beat("K3", west=-122.2), a_beat("K2")
    a_goal(first, state=GoalState.ACTIVE)
    a_goal(first, state=GoalState.ACHIEVED)
    a_concern(first)
    a_wave(second, date(2026, 3, 1), safe=15, unsafe=5)
    with counted_statements() as sent:
        compared = beats_compared(today=TODAY)
    assert compared == (
        BeatCompared(beat_of("K2"), 1, 1, 0, 0, OVERDUE, OVERDUE, 2, 1, None),
        BeatCompared(beat_of("K3"), 0, 0, 0, 0, NOTHING, NOTHING, 0, 0, pulse_share(15, 20, adults=2500)),
    )
    assert len(sent) == 5


def test_beats_side_by_side_leave_out_nothing_that_went_wrong(database: str) -> None:
    a_city()
    beat = a_beat("K2")
    missed = a_goal(beat, "One", state=GoalState.NOT_ACHIEVED)
    a_goal(beat, "A proposal that was taken back", state=GoalState.WITHDRAWN)
    given_up = a_goal(beat, "Two", state=GoalState.WITHDRAWN)
    with writing() as db:
        db.get_one(Goal, given_up).adopted_on = date(2026, 5, 1)
    for party, state in (
        (Party.RESIDENTS, CommitmentState.BROKEN),
        (Party.RESIDENTS, CommitmentState.KEPT),
        (Party.OFFICERS, CommitmentState.KEPT),
        (Party.OFFICERS, CommitmentState.ACCEPTED),
    ):
        a_commitment(missed, due_on=date(2026, 12, 1), party=party, state=state)
    a_wave(beat, date(2026, 3, 1), safe=4, unsafe=3)
    assert beats_compared(today=TODAY) == (
        BeatCompared(
            beat_of("K2"),
            0,
            0,
            1,
            1,
            PromiseRecord(promised=2, due=2, kept=1, broken=1, overdue=0),
            PromiseRecord(promised=2, due=2, kept=1, broken=0, overdue=1),
            1,
            0,
            pulse_share(4, 7, adults=2500),
        ),
    )
