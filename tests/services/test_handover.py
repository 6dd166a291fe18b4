"""When an officer leaves the beat, what they answered for waits in public until a successor takes it on."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import select, update

from lib import clock
from lib.errors import Conflict, NotAllowed
from lib.model import Commitment, Goal, GoalBeat, GoalEvent, LogEntry, OfficerPosting
from lib.queries.goal_story import CommitmentRow, goal_story
from lib.rules.lifecycle import CommitmentState, GoalState, Party, Role, Side
from lib.rules.rights import Actor
from lib.services.commitments import accept_commitment, countersign_commitment, offer_commitment, release_commitment
from lib.services.handover import hand_over_ended_postings
from lib.services.people import change_roles, deactivate_person, end_posting
from lib.services.upkeep import keep_up_once
from lib.storage.transaction import reading, writing
from tests.builders import NOON, a_beat, a_city, a_coordinator, a_facilitator, a_goal, a_person, uuid_of

TODAY = NOON.date()
ACCEPTED, UNACCEPTED = CommitmentState.ACCEPTED, CommitmentState.UNACCEPTED


class Beat:
    """A beat with a running goal and two officers; the first has promised something."""

    def __init__(self, state: GoalState = GoalState.ADOPTED) -> None:
        a_city()
        self.beat = a_beat()
        self.goal_id = a_goal(self.beat, state=state)
        self.goal = uuid_of(Goal, self.goal_id)
        self.officer = a_person("Maya Lindqvist", beats=(self.beat,))
        self.successor = a_person("Sam Okafor", beats=(self.beat,))
        self.resident = a_facilitator()
        self.coordinator = a_coordinator()

    def promised(self, by: Actor | None = None, party: Party = Party.OFFICERS) -> int:
        commitment = offered(self.goal, by or self.officer, party)
        accept_commitment(actor=by or self.officer, commitment_id=commitment, now=NOON)
        return commitment

    def posting_ends(self, on: date) -> None:
        with writing() as db:
            db.execute(
                update(OfficerPosting).where(OfficerPosting.person_id == self.officer.person_id).values(valid_to=on)
            )


def offered(goal: UUID, by: Actor, party: Party = Party.OFFICERS) -> int:
    return offer_commitment(
        actor=by,
        goal_uuid=goal,
        party=party,
        owner="The late shift",
        deliverable="A walk every Friday night",
        due_on=date(2027, 6, 30),
        now=NOON,
    )


def the_row(goal: UUID, commitment: int) -> CommitmentRow:
    return next(each for each in goal_story(goal, today=TODAY).commitments if each.id == commitment)


def standing(goal: UUID, commitment: int) -> tuple[CommitmentState, str]:
    row = the_row(goal, commitment)
    return row.state, row.answers


def events(goal_id: int) -> list[str]:
    with reading() as db:
        rows = select(GoalEvent.kind).where(GoalEvent.goal_id == goal_id).order_by(GoalEvent.id)
        return [kind for kind in db.scalars(rows) if kind in ("handed_over", "taken_over")]


def test_who_offers_answers_and_whoever_takes_it_on_after_them(database: str) -> None:
    at = Beat()
    commitment = offered(at.goal, at.officer)
    assert standing(at.goal, commitment) == (CommitmentState.OFFERED, "Maya Lindqvist")
    accept_commitment(actor=at.successor, commitment_id=commitment, now=NOON)
    assert standing(at.goal, commitment) == (ACCEPTED, "Sam Okafor")


def test_nobody_answers_by_name_for_residents(database: str) -> None:
    at = Beat()
    assert standing(at.goal, at.promised(at.resident, Party.RESIDENTS)) == (ACCEPTED, "")
    deactivate_person(person_id=at.resident.person_id, actor=at.coordinator)
    assert hand_over_ended_postings(now=NOON) == 0


@pytest.mark.parametrize("way", ["account closed", "other side", "no facilitator any more"])
def test_a_facilitator_of_the_officers_without_a_posting_hands_over_too(database: str, way: str) -> None:
    at = Beat(GoalState.ACTIVE)
    spokesman = a_facilitator("Lee Marsh", side=Side.OFFICERS)
    commitment, of_others = at.promised(spokesman), at.promised()
    assert standing(at.goal, commitment) == (ACCEPTED, "Lee Marsh")
    assert hand_over_ended_postings(now=NOON) == 0
    person = {"person_id": spokesman.person_id, "actor": at.coordinator}
    if way == "account closed":
        deactivate_person(**person)
    elif way == "other side":
        change_roles(**person, roles=[Role.FACILITATOR], side=Side.RESIDENTS)
    else:
        change_roles(**person, roles=[Role.OFFICER])
    assert standing(at.goal, commitment) == (UNACCEPTED, "Lee Marsh")
    assert standing(at.goal, of_others) == (ACCEPTED, "Maya Lindqvist")
    assert events(at.goal_id) == ["handed_over"]
    accept_commitment(actor=at.successor, commitment_id=commitment, now=NOON)
    assert standing(at.goal, commitment) == (ACCEPTED, "Sam Okafor")


def test_whoever_was_posted_leaves_with_the_posting_though_they_stay_a_facilitator(database: str) -> None:
    at = Beat()
    commitment = at.promised()
    roles = [Role.OFFICER, Role.FACILITATOR]
    change_roles(person_id=at.officer.person_id, roles=roles, actor=at.coordinator)
    assert standing(at.goal, commitment)[0] is ACCEPTED
    at.posting_ends(TODAY)
    assert hand_over_ended_postings(now=NOON) == 1
    assert standing(at.goal, commitment)[0] is UNACCEPTED


@pytest.mark.parametrize("way", ["posting ended", "deactivated", "no officer any more", "valid_to passed"])
def test_each_way_of_leaving_hands_over_once(database: str, way: str) -> None:
    at = Beat(GoalState.ACTIVE)
    commitment, of_others = at.promised(), at.promised(at.successor)
    person = at.officer.person_id
    if way == "posting ended":
        with reading() as db:
            posting = db.scalars(select(OfficerPosting.id).where(OfficerPosting.person_id == person)).one()
        end_posting(posting_id=posting, actor=at.coordinator)
    elif way == "deactivated":
        deactivate_person(person_id=person, actor=at.coordinator)
    elif way == "no officer any more":
        change_roles(person_id=person, roles=[Role.FACILITATOR], actor=at.coordinator)
    else:
        at.posting_ends(clock.now().date())
        keep_up_once()
    assert standing(at.goal, commitment) == (UNACCEPTED, "Maya Lindqvist")
    assert standing(at.goal, of_others) == (ACCEPTED, "Sam Okafor")
    assert events(at.goal_id) == ["handed_over"]
    keep_up_once()
    assert events(at.goal_id) == ["handed_over"]
    with reading() as db:
        assert db.get_one(Goal, at.goal_id).state is GoalState.ACTIVE
        handed = db.scalars(select(LogEntry.subject_id).where(LogEntry.action == "commitment_handed_over")).all()
    assert handed == [str(commitment)]


def test_a_posting_holds_until_the_day_before_its_end_in_the_citys_own_time(database: str) -> None:
    at = Beat()
    commitment = at.promised()
    at.posting_ends(date(2026, 5, 5))
    assert hand_over_ended_postings(now=datetime(2026, 5, 4, 23, 59, tzinfo=UTC)) == 0
    assert hand_over_ended_postings(now=datetime(2026, 5, 5, 0, 1, tzinfo=UTC)) == 1
    assert standing(at.goal, commitment)[0] is UNACCEPTED


def test_ending_a_posting_in_the_future_hands_over_on_that_day(database: str) -> None:
    at = Beat()
    commitment = at.promised()
    with reading() as db:
        posting = db.scalars(select(OfficerPosting.id).where(OfficerPosting.person_id == at.officer.person_id)).one()
    end_posting(posting_id=posting, last_day=date(2031, 1, 31), actor=at.coordinator)
    assert standing(at.goal, commitment)[0] is ACCEPTED
    assert hand_over_ended_postings(now=datetime(2031, 1, 31, 12, tzinfo=UTC)) == 0
    assert hand_over_ended_postings(now=datetime(2031, 2, 1, 12, tzinfo=UTC)) == 1


def test_an_officer_of_two_beats_of_a_goal_stays_while_one_posting_holds(database: str) -> None:
    at = Beat()
    commitment = at.promised()
    second = a_beat("K3", west=-122.3)
    with writing() as db:
        db.add(GoalBeat(goal_id=at.goal_id, beat_id=second))
        db.add(OfficerPosting(person_id=at.officer.person_id, beat_id=second, valid_from=date(2026, 1, 1)))
        db.execute(
            update(OfficerPosting)
            .where(OfficerPosting.person_id == at.officer.person_id, OfficerPosting.beat_id == at.beat)
            .values(valid_to=date(2026, 5, 1))
        )
    assert hand_over_ended_postings(now=NOON) == 0
    assert standing(at.goal, commitment)[0] is ACCEPTED


def test_what_is_settled_or_of_an_ended_goal_is_left_alone(database: str) -> None:
    from lib.services.goal_course import withdraw_goal

    at = Beat()
    kept = at.promised()
    countersign_commitment(actor=at.resident, commitment_id=kept, verdict=CommitmentState.KEPT, now=NOON)
    only_offered = offered(at.goal, at.officer)
    at.posting_ends(TODAY)
    assert hand_over_ended_postings(now=NOON) == 0
    assert (standing(at.goal, kept)[0], standing(at.goal, only_offered)[0]) == (
        CommitmentState.KEPT,
        CommitmentState.OFFERED,
    )
    ended = Beat.__new__(Beat)
    ended.__dict__ = dict(at.__dict__, officer=a_person("Jo Park", beats=(at.beat,)))
    waiting = ended.promised()
    withdraw_goal(actor=at.successor, goal_uuid=at.goal, reason="The lot has closed", now=NOON)
    ended.posting_ends(TODAY)
    assert hand_over_ended_postings(now=NOON) == 0
    assert standing(at.goal, waiting)[0] is ACCEPTED


def test_a_successor_takes_it_on_in_public_and_answers_for_it(database: str) -> None:
    at = Beat(GoalState.ACTIVE)
    commitment = at.promised()
    at.posting_ends(TODAY)
    hand_over_ended_postings(now=NOON)
    elsewhere = a_person("Ann Reyes", beats=(a_beat("K9", west=-122.2),))
    spokesman = a_facilitator("Lee Marsh", side=Side.OFFICERS)
    for wrong in (elsewhere, spokesman):
        with pytest.raises(NotAllowed, match="not posted there"):
            accept_commitment(actor=wrong, commitment_id=commitment, now=NOON)
    with pytest.raises(NotAllowed, match="Only the side that makes"):
        accept_commitment(actor=at.resident, commitment_id=commitment, now=NOON)
    accept_commitment(actor=at.successor, commitment_id=commitment, now=NOON)
    assert standing(at.goal, commitment) == (ACCEPTED, "Sam Okafor")
    assert events(at.goal_id) == ["handed_over", "taken_over"]
    assert hand_over_ended_postings(now=NOON) == 0


def test_the_clock_runs_on_through_a_handover_and_residents_may_let_it_go(database: str) -> None:
    at = Beat()
    commitment = at.promised()
    at.posting_ends(TODAY)
    hand_over_ended_postings(now=NOON)
    assert the_row(at.goal, commitment).days_overdue(date(2027, 7, 3)) == 3
    with pytest.raises(Conflict, match="cannot become"):
        countersign_commitment(actor=at.resident, commitment_id=commitment, verdict=CommitmentState.KEPT, now=NOON)
    release_commitment(actor=at.resident, commitment_id=commitment, reason="Nobody is there to do it", now=NOON)
    assert standing(at.goal, commitment)[0] is CommitmentState.RELEASED


@pytest.mark.parametrize("party", [Party.RESIDENTS, Party.OFFICERS])
def test_the_only_commitment_of_a_side_is_not_released_while_the_goal_is_active(database: str, party: Party) -> None:
    at = Beat(GoalState.ACTIVE)
    own, other = (at.officer, at.resident) if party is Party.OFFICERS else (at.resident, at.officer)
    with reading() as db:
        only = db.scalars(
            select(Commitment.id).where(Commitment.goal_id == at.goal_id, Commitment.party == party)
        ).one()
    with pytest.raises(Conflict) as refused:
        release_commitment(actor=other, commitment_id=only, reason="Too much", now=NOON)
    assert refused.value.sentence == (
        f"This is the only commitment of the {party.value}, and an active goal keeps one of each side. "
        f"Let the {party.value} offer another and take it on first, or end the goal."
    )
    offered(at.goal, own, party)
    with pytest.raises(Conflict, match="only commitment"):
        release_commitment(actor=other, commitment_id=only, reason="An offer is no promise yet", now=NOON)
    at.promised(own, party)
    release_commitment(actor=other, commitment_id=only, reason="Another one stands", now=NOON)
    assert standing(at.goal, only)[0] is CommitmentState.RELEASED
