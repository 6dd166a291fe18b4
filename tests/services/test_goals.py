"""A goal's life: proposed from concerns, told, answered, adopted by rule, begun when it is ready, ended honestly."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import Commitment, Concern, Goal, GoalBeat, GoalConcern, GoalEvent, LogEntry
from lib.queries.goal_story import goal_story
from lib.rules.goals import Feasibility
from lib.rules.lifecycle import CommitmentState, GoalState, Party, Role, Side
from lib.rules.rights import Actor
from lib.services.commitments import accept_commitment, offer_commitment
from lib.services.goal_course import activate_goal, end_goal, follow_outcome, withdraw_goal
from lib.services.goals import answer_feasibility, propose_goal, reword_goal, tell_story
from lib.services.readings import record_reading, set_measure
from lib.storage.transaction import reading, writing
from tests.builders import (
    NOON,
    a_beat,
    a_category,
    a_city,
    a_concern,
    a_facilitator,
    a_goal,
    a_meeting,
    a_person,
    a_published_outcome,
    uuid_of,
)
from tests.goal_builders import due, residents_say

TODAY = date(2026, 5, 4)


def proposed_by(actor: Actor, beat: int, code: str = "K2") -> object:
    concern = a_concern(beat)
    return propose_goal(
        actor=actor,
        title="Quieter Friday nights",
        summary="Fewer noisy nights between ten and two.",
        beat_codes=[code],
        concern_uuids=[uuid_of(Concern, concern)],
        now=NOON,
    )


def state_of(goal_id: int) -> GoalState:
    with reading() as db:
        return db.get_one(Goal, goal_id).state


def test_a_goal_grows_out_of_concerns_and_keeps_their_category(database: str) -> None:
    a_city()
    beat = a_beat()
    noise = a_category("noise")
    concerns = [a_concern(beat, category_id=noise), a_concern(beat, category_id=noise)]
    officer = a_person(beats=(beat,))
    goal = propose_goal(
        actor=officer,
        title="  Quieter\nFriday nights ",
        summary="Fewer noisy nights.",
        beat_codes=["K2"],
        concern_uuids=[uuid_of(Concern, concern) for concern in concerns],
        scanning="Loud music from two bars.",
        now=NOON,
    )
    with reading() as db:
        row = db.scalar(select(Goal).where(Goal.uuid == goal))
        assert row is not None
        assert (row.title, row.state, row.category_id, row.scanning, row.proposed_by_id, row.proposed_at) == (
            "Quieter Friday nights",
            GoalState.PROPOSED,
            noise,
            "Loud music from two bars.",
            officer.person_id,
            NOON,
        )
        assert set(db.scalars(select(GoalConcern.concern_id))) == set(concerns)
        assert list(db.scalars(select(GoalBeat.beat_id))) == [beat]


def test_concerns_of_different_categories_leave_the_goal_without_one(database: str) -> None:
    a_city()
    beat = a_beat()
    concerns = [a_concern(beat, category_id=a_category(key)) for key in ("noise", "road_safety")]
    propose_goal(
        actor=a_facilitator(),
        title="A calmer street",
        summary="Less noise and slower cars.",
        beat_codes=["K2"],
        concern_uuids=[uuid_of(Concern, concern) for concern in concerns],
    )
    with reading() as db:
        assert db.scalar(select(Goal.category_id)) is None


def test_a_proposal_is_refused_with_a_sentence(database: str) -> None:
    a_city()
    here, there = a_beat("K2"), a_beat("K3", west=-122.30)
    concern = uuid_of(Concern, a_concern(here))
    elsewhere = uuid_of(Concern, a_concern(there))
    given = {"title": "T", "summary": "S", "beat_codes": ["K2"], "concern_uuids": [concern]}
    officer = a_person(beats=(here,))
    for actor, change, error, words in (
        (None, {}, SignInNeeded, "sign in"),
        (a_person(roles=(Role.COORDINATOR,), side=Side.NEITHER), {}, NotAllowed, "officer"),
        (a_person(beats=(there,)), {}, NotAllowed, "Only an officer of beat K2"),
        (officer, {"beat_codes": []}, Invalid, "beat"),
        (officer, {"beat_codes": ["K2", "Z9"]}, NotFound, "Z9"),
        (officer, {"concern_uuids": []}, Invalid, "at least one concern"),
        (officer, {"concern_uuids": [concern, uuid4()]}, NotFound, "concerns"),
        (officer, {"concern_uuids": [elsewhere]}, Invalid, "another beat"),
        (officer, {"title": "x" * 121}, Invalid, "too long"),
        (officer, {"title": " "}, Invalid, "Title is empty"),
        (officer, {"category": "dragons"}, NotFound, "category"),
    ):
        with pytest.raises(error, match=words):
            propose_goal(actor=actor, **{**given, **change})
    with reading() as db:
        assert db.scalar(select(Goal.id)) is None


def test_the_story_is_kept_as_it_was_told_and_not_logged(database: str) -> None:
    a_city()
    beat = a_beat()
    facilitator = a_facilitator()
    goal = proposed_by(facilitator, beat)
    tell_story(
        actor=facilitator,
        goal_uuid=goal,
        scanning="<b>Music</b>\n\n\n\nuntil four",
        analysis="Two bars",
        response="Talk to them",
        assessment="Count calls",
    )
    story = goal_story(goal, today=TODAY)
    assert (story.scanning, story.analysis, story.response, story.assessment) == (
        "<b>Music</b>\n\nuntil four",
        "Two bars",
        "Talk to them",
        "Count calls",
    )
    with reading() as db:
        assert "Music" not in str([entry.facts for entry in db.scalars(select(LogEntry))])


def test_title_and_summary_change_only_while_the_goal_is_proposed(database: str) -> None:
    a_city()
    beat = a_beat()
    facilitator = a_facilitator()
    goal = proposed_by(facilitator, beat)
    reword_goal(actor=facilitator, goal_uuid=goal, title="Quiet nights", summary="Quiet.")
    assert goal_story(goal, today=TODAY).card.title == "Quiet nights"
    candidate = uuid_of(Goal, a_goal(beat, state=GoalState.CANDIDATE))
    with pytest.raises(Conflict, match="voted on"):
        reword_goal(actor=facilitator, goal_uuid=candidate, title="Louder nights", summary="Loud.")


def test_only_an_officer_of_the_beat_says_what_is_feasible(database: str) -> None:
    a_city()
    here, there = a_beat("K2"), a_beat("K3", west=-122.30)
    goal = uuid_of(Goal, a_goal(here, state=GoalState.PROPOSED))
    officer = a_person(beats=(here,))
    with pytest.raises(NotAllowed, match="officer"):
        answer_feasibility(actor=a_facilitator(), goal_uuid=goal, answer=Feasibility.YES, reason="Yes")
    with pytest.raises(NotAllowed, match="not posted there"):
        answer_feasibility(actor=a_person(beats=(there,)), goal_uuid=goal, answer=Feasibility.YES, reason="Yes")
    with pytest.raises(Invalid, match="Reason is empty"):
        answer_feasibility(actor=officer, goal_uuid=goal, answer=Feasibility.NO, reason="  ")
    answer_feasibility(actor=officer, goal_uuid=goal, answer=Feasibility.PARTLY, reason="Two patrols a week", now=NOON)
    story = goal_story(goal, today=TODAY)
    assert (story.card.feasibility, story.feasibility_reason, story.feasibility_by, story.feasibility_at) == (
        Feasibility.PARTLY,
        "Two patrols a week",
        "Maya Lindqvist",
        NOON,
    )


def test_the_officers_answer_comes_before_the_vote(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.ADOPTED))
    with pytest.raises(Conflict, match="before the vote"):
        answer_feasibility(actor=a_person(beats=(beat,)), goal_uuid=goal, answer=Feasibility.YES, reason="Yes")


@pytest.mark.parametrize(
    ("outcome", "state", "event"),
    [
        ("adopted", GoalState.ADOPTED, "adopted"),
        ("open_without_place", GoalState.PROPOSED, "open_without_place"),
        ("residents_only", GoalState.PROPOSED, "contested"),
        ("officers_only", GoalState.PROPOSED, "contested"),
        ("neither", GoalState.PROPOSED, "neither"),
    ],
)
def test_a_candidate_follows_its_published_round(database: str, outcome: str, state: GoalState, event: str) -> None:
    goal = a_goal(a_beat(), state=GoalState.CANDIDATE)
    with writing() as db:
        follow_outcome(db, goal_id=goal, outcome=outcome, on=TODAY, sentence="The round was published.")
    with reading() as db:
        row = db.get_one(Goal, goal)
        noted = db.scalar(select(GoalEvent.kind))
    assert (row.state, row.adopted_on, noted) == (state, TODAY if outcome == "adopted" else None, event)


def test_only_a_candidate_follows_a_round_and_a_withdrawn_goal_stays_withdrawn(database: str) -> None:
    beat = a_beat()
    active, withdrawn = a_goal(beat, state=GoalState.ACTIVE), a_goal(beat, state=GoalState.WITHDRAWN)
    with pytest.raises(Conflict), writing() as db:
        follow_outcome(db, goal_id=active, outcome="adopted", on=TODAY, sentence="s")
    with writing() as db:
        follow_outcome(db, goal_id=withdrawn, outcome="adopted", on=TODAY, sentence="s")
    assert state_of(withdrawn) is GoalState.WITHDRAWN
    with pytest.raises(NotFound), writing() as db:
        follow_outcome(db, goal_id=999_999, outcome="adopted", on=TODAY, sentence="s")


def test_an_adopted_goal_begins_only_when_it_is_ready_and_says_what_is_missing(database: str) -> None:
    a_city()
    beat = a_beat()
    goal_id = a_goal(beat, state=GoalState.ADOPTED)
    goal = uuid_of(Goal, goal_id)
    officer, resident = a_person(beats=(beat,)), a_facilitator()
    with pytest.raises(Conflict, match="a measure, an accepted commitment of the residents and an accepted commitment"):
        activate_goal(actor=officer, goal_uuid=goal)
    set_typed(officer, goal)
    for actor, party in ((officer, Party.OFFICERS), (resident, Party.RESIDENTS)):
        offered = offer_commitment(
            actor=actor,
            goal_uuid=goal,
            party=party,
            owner="Somebody",
            deliverable="A walk on Fridays",
            due_on=date(2026, 9, 1),
            now=NOON,
        )
        with pytest.raises(Conflict, match=f"an accepted commitment of the {party.value}"):
            activate_goal(actor=officer, goal_uuid=goal)
        accept_commitment(actor=actor, commitment_id=offered)
    activate_goal(actor=officer, goal_uuid=goal)
    assert state_of(goal_id) is GoalState.ACTIVE


def set_typed(actor: Actor, goal: object) -> None:
    from lib.rules.goals import MeasureKind

    set_measure(
        actor=actor,
        goal_uuid=goal,
        kind=MeasureKind.TYPED,
        unit="noisy nights a month",
        baseline=10,
        target=4,
        due_on=date(2026, 12, 31),
        source="log of the night office",
        now=NOON,
    )


def test_a_proposed_goal_cannot_begin(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.PROPOSED))
    with pytest.raises(Conflict, match="cannot become"):
        activate_goal(actor=a_person(beats=(beat,)), goal_uuid=goal)


def test_withdrawing_needs_a_reason_that_stays_readable(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.ADOPTED))
    officer = a_person(beats=(beat,))
    with pytest.raises(Invalid, match="reason"):
        withdraw_goal(actor=officer, goal_uuid=goal, reason="  ")
    withdraw_goal(actor=officer, goal_uuid=goal, reason="The bar has closed", now=NOON)
    story = goal_story(goal, today=TODAY)
    assert (story.card.state, story.withdrawn_reason, story.card.ended_on) == (
        GoalState.WITHDRAWN,
        "The bar has closed",
        TODAY,
    )
    with pytest.raises(Conflict):
        withdraw_goal(actor=officer, goal_uuid=goal, reason="Again")


def test_achieved_needs_the_target_the_residents_side_and_their_word(database: str) -> None:
    a_city()
    beat = a_beat()
    goal_id = a_goal(beat, state=GoalState.ACTIVE)
    goal = uuid_of(Goal, goal_id)
    resident = a_facilitator()
    with pytest.raises(Conflict, match="has not reached its target"):
        end_goal(actor=resident, goal_uuid=goal, state=GoalState.ACHIEVED, now=NOON)
    record_reading(actor=resident, goal_uuid=goal, read_on=date(2026, 5, 1), value=3, source="office", now=NOON)
    with pytest.raises(Conflict, match="Residents have not confirmed it yet"):
        end_goal(actor=resident, goal_uuid=goal, state=GoalState.ACHIEVED, now=NOON)
    residents_say(goal_id, solved=2, better=1, on=date(2026, 5, 1))
    with pytest.raises(NotAllowed):
        end_goal(actor=a_person(beats=(beat,)), goal_uuid=goal, state=GoalState.ACHIEVED, now=NOON)
    with pytest.raises(NotAllowed, match="residents"):
        end_goal(actor=a_facilitator(side=Side.OFFICERS), goal_uuid=goal, state=GoalState.ACHIEVED, now=NOON)
    end_goal(actor=resident, goal_uuid=goal, state=GoalState.ACHIEVED, now=datetime(2026, 5, 5, 23, tzinfo=UTC))
    story = goal_story(goal, today=date(2026, 6, 1))
    assert (story.card.state, story.card.ended_on) == (GoalState.ACHIEVED, date(2026, 5, 5))


def test_a_missed_goal_says_why(database: str) -> None:
    a_city()
    goal_id = a_goal(a_beat(), state=GoalState.ACTIVE)
    goal = uuid_of(Goal, goal_id)
    due(goal_id, TODAY)
    with pytest.raises(Invalid, match="needs a reason"):
        end_goal(actor=a_facilitator(), goal_uuid=goal, state=GoalState.NOT_ACHIEVED, now=NOON)
    end_goal(actor=a_facilitator(), goal_uuid=goal, state=GoalState.NOT_ACHIEVED, reason="Nights stayed loud", now=NOON)
    assert goal_story(goal, today=TODAY).ended_reason == "Nights stayed loud"


def test_a_goal_is_missed_from_its_due_date_on_and_by_the_residents_side(database: str) -> None:
    a_city()
    goal_id = a_goal(a_beat(), state=GoalState.ACTIVE)
    missed = {"goal_uuid": uuid_of(Goal, goal_id), "state": GoalState.NOT_ACHIEVED, "reason": "Loud", "now": NOON}
    due(goal_id, TODAY + timedelta(days=1))
    with pytest.raises(Conflict, match="too early to say"):
        end_goal(actor=a_facilitator(), **missed)  # type: ignore[arg-type]
    due(goal_id, TODAY)
    with pytest.raises(NotAllowed, match="residents"):
        end_goal(actor=a_facilitator("Lee Marsh", side=Side.OFFICERS), **missed)  # type: ignore[arg-type]


def test_an_active_goal_is_not_withdrawn_by_officers_nor_while_residents_are_asked(database: str) -> None:
    a_city()
    beat = a_beat()
    goal_id = a_goal(beat, state=GoalState.ACTIVE)
    given_up = {"goal_uuid": uuid_of(Goal, goal_id), "reason": "The bar has closed", "now": NOON}
    for wrong in (a_person(beats=(beat,)), a_facilitator("Lee Marsh", side=Side.OFFICERS)):
        with pytest.raises(NotAllowed, match="facilitator of the residents"):
            withdraw_goal(actor=wrong, **given_up)  # type: ignore[arg-type]
    due(goal_id, TODAY)
    with pytest.raises(Conflict, match="Residents are being asked"):
        withdraw_goal(actor=a_facilitator(), **given_up)  # type: ignore[arg-type]
    due(goal_id, TODAY + timedelta(days=1))
    withdraw_goal(actor=a_facilitator(), **given_up)  # type: ignore[arg-type]


def test_a_goal_does_not_begin_on_a_broken_commitment(database: str) -> None:
    a_city()
    beat = a_beat()
    goal_id = a_goal(beat, state=GoalState.ACTIVE)
    with writing() as db:
        db.get_one(Goal, goal_id).state = GoalState.ADOPTED
        only = select(Commitment).where(Commitment.goal_id == goal_id, Commitment.party == Party.OFFICERS)
        db.scalars(only).one().state = CommitmentState.BROKEN
    with pytest.raises(Conflict, match="an accepted commitment of the officers"):
        activate_goal(actor=a_facilitator(), goal_uuid=uuid_of(Goal, goal_id), now=NOON)


def test_an_unknown_goal_is_explained(database: str) -> None:
    a_city()
    with pytest.raises(NotFound, match="does not exist"):
        tell_story(actor=a_facilitator(), goal_uuid=uuid4(), scanning="", analysis="", response="", assessment="")


def test_a_goal_that_is_being_voted_on_stands_still(database: str) -> None:
    from lib.model import Round
    from lib.rules.lifecycle import RoundState

    a_city()
    beat = a_beat()
    goal_id = a_goal(beat, state=GoalState.CANDIDATE)
    a_published_outcome(goal_id, a_meeting(beat))
    with writing() as db:
        db.scalars(select(Round)).one().state = RoundState.OPEN
    officer = a_person(beats=(beat,))
    with pytest.raises(Conflict, match="vote"):
        withdraw_goal(actor=officer, goal_uuid=uuid_of(Goal, goal_id), reason="No")
    with pytest.raises(Conflict, match="before the vote"):
        answer_feasibility(
            actor=officer, goal_uuid=uuid_of(Goal, goal_id), answer=Feasibility.NO, reason="Changed our minds"
        )


def test_every_intention_leaves_one_log_entry(database: str) -> None:
    a_city()
    beat = a_beat()
    officer = a_person(beats=(beat,))
    goal = proposed_by(officer, beat)
    answer_feasibility(actor=officer, goal_uuid=goal, answer=Feasibility.YES, reason="We can")
    withdraw_goal(actor=officer, goal_uuid=goal, reason="Not needed")
    with reading() as db:
        entries = [(entry.action, entry.actor_id, entry.subject_id) for entry in db.scalars(select(LogEntry))]
        assert db.scalar(select(Commitment.id)) is None
    assert entries == [
        (action, officer.person_id, str(goal)) for action in ("goal_proposed", "feasibility_answered", "goal_withdrawn")
    ]
