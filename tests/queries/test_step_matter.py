"""What a step of the agenda is about, as the room reads it."""

from datetime import date, timedelta

from lib.model import AgendaItem, Commitment, Concern, Goal, Meeting
from lib.queries.meetings import agenda, meeting
from lib.queries.step_matter import MatterLine, StepMatter, step_matter
from lib.rules.lifecycle import CommitmentState, GoalState, MeetingState
from lib.storage.transaction import writing
from tests.builders import (
    NOON,
    a_beat,
    a_city,
    a_concern,
    a_goal,
    a_meeting,
    a_partner,
    a_published_outcome,
    uuid_of,
)
from tests.meeting_builders import a_commitment, a_draft_round, an_owed_answer, erased, supported

TODAY = date(2026, 5, 4)


def about(meeting_id: int, source: str = "", *, topic: str = "", round_id: int | None = None) -> StepMatter | None:
    """What the room reads while a step that refers to this is on."""
    with writing() as db:
        step = AgendaItem(
            meeting_id=meeting_id,
            position=1,
            title="Step",
            minutes=5,
            source=source,
            topic=topic,
            round_id=round_id,
        )
        db.add(step)
        db.flush()
        row = meeting(uuid_of(Meeting, meeting_id))
        found = step_matter(agenda(row)[0], row, now=NOON)
        db.delete(step)
    return found


def test_a_goal_says_how_it_stands(database: str) -> None:
    a_city()
    beat = a_beat()
    running, proposed = a_goal(beat, state=GoalState.ACTIVE), a_goal(beat, "New", state=GoalState.PROPOSED)
    held = a_meeting(beat)
    shown = about(held, f"goal:{uuid_of(Goal, running)}")
    assert shown is not None
    assert (shown.title, shown.lines[0].note) == ("Too early to say", "Due by 31 December 2026")
    assert about(held, f"goal:{uuid_of(Goal, proposed)}") == StepMatter(
        "", (MatterLine("Fewer noisy nights between ten and two."),)
    )
    assert about(held, f"goal:{uuid_of(Meeting, held)}") is None


def test_a_contested_goal_says_who_owes_and_then_what_was_answered(database: str) -> None:
    a_city()
    beat = a_beat()
    held = a_meeting(beat)
    owed, answered = (a_goal(beat, title, state=GoalState.PROPOSED) for title in ("Owed", "Answered"))
    for number, goal in enumerate((owed, answered), 1):
        a_published_outcome(goal, held, outcome="residents_only", number=number)
        an_owed_answer(goal, due_on=date(2026, 5, 9), answered_at=NOON if goal == answered else None)
    assert about(held, f"goal:{uuid_of(Goal, owed)}") == StepMatter(
        "Contested: one side carried it", (MatterLine("The officers owe a written answer by 9 May 2026."),)
    )
    assert about(held, f"goal:{uuid_of(Goal, answered)}") == StepMatter(
        "Contested: one side carried it",
        (MatterLine("No roster allows it", "The officers said why they did not carry it"),),
    )


def test_overdue_commitments_are_named_with_who_owes_them(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = a_goal(beat, state=GoalState.ADOPTED)
    first = a_commitment(goal, "Mend the lamps", due_on=date(2026, 4, 2))
    with writing() as db:
        partner = a_partner()
        row = db.get_one(Commitment, a_commitment(goal, "Paint", due_on=date(2026, 4, 1)))
        row.party, row.partner_id, second = "partner", partner, row.id
    assert about(a_meeting(beat), f"commitment:{first},{second}") == StepMatter(
        "",
        (
            MatterLine("Paint", "City Light · due 1 April 2026"),
            MatterLine("Mend the lamps", "The officers · due 2 April 2026"),
        ),
    )
    assert about(a_meeting(beat), "commitment:999") is None


def test_a_concern_is_read_in_its_own_words_until_it_is_erased(database: str) -> None:
    a_city()
    beat = a_beat()
    held = a_meeting(beat)
    concern = a_concern(beat, text="Needles\non the steps")
    supported(concern, 2)
    source = f"concern:{uuid_of(Concern, concern)}"
    assert about(held, source) == StepMatter("", (MatterLine("“Needles on the steps”", "Noise · 2 supporters"),))
    erased(concern)
    assert about(held, source) is None


def test_since_last_time_is_four_numbers_and_what_was_done_and_not(database: str) -> None:
    a_city()
    beat = a_beat()
    before = a_meeting(beat, starts_at=NOON - timedelta(days=60), state=MeetingState.MINUTED)
    held = a_meeting(beat, starts_at=NOON - timedelta(minutes=20))
    a_concern(beat, reported_at=NOON - timedelta(days=1))
    goal = a_goal(beat, state=GoalState.ADOPTED)
    day = TODAY - timedelta(days=2)
    a_commitment(goal, "Mend a lamp", due_on=day, state=CommitmentState.KEPT, settled_on=day)
    a_commitment(goal, "Paint", due_on=day)
    assert about(held, f"meeting:{uuid_of(Meeting, before)}") == StepMatter(
        "",
        (
            MatterLine("Mend a lamp", "The officers kept this, countersigned by the residents"),
            MatterLine("Paint", "The officers owe this since 2 May 2026"),
        ),
        (("You said", 1), ("We agreed", 0), ("We did", 1), ("We didn’t", 1)),
    )


def test_a_vote_names_its_question_and_the_close_the_next_date(database: str) -> None:
    a_city()
    beat = a_beat()
    held = a_meeting(beat)
    assert about(held, round_id=a_draft_round(held)) == StepMatter(
        "", (MatterLine("Which goals shall we take on next?", "0 goals on the ballot, 1 place"),)
    )
    assert about(held, topic="close") is None
    a_meeting(beat, starts_at=NOON + timedelta(days=30), state=MeetingState.PLANNED)
    assert about(held, topic="close") == StepMatter(
        "We meet again", (MatterLine("Wednesday 3 June, 12:00 pm", "Community Room"),)
    )
    assert about(held) is None
