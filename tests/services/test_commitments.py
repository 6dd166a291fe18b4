"""Who does what: offered by its own side, settled by the other side only (promise 11)."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import Commitment, Goal, LogEntry
from lib.rules.lifecycle import CommitmentState, GoalState, Party, Role, Side
from lib.rules.rights import Actor
from lib.services.commitments import (
    accept_commitment,
    countersign_commitment,
    offer_commitment,
    release_commitment,
)
from lib.storage.transaction import reading
from tests.builders import NOON, a_beat, a_city, a_facilitator, a_goal, a_partner, a_person, uuid_of

KEPT, BROKEN = CommitmentState.KEPT, CommitmentState.BROKEN


class Beat:
    """A beat with an adopted goal, an officer and a facilitator of the residents."""

    def __init__(self, state: GoalState = GoalState.ADOPTED) -> None:
        a_city()
        self.beat = a_beat()
        self.goal = uuid_of(Goal, a_goal(self.beat, state=state))
        self.officer = a_person(beats=(self.beat,))
        self.resident = a_facilitator()

    def offered(self, party: Party, actor: Actor, *, partner_id: int | None = None, due_on: date | None = None) -> int:
        return offer_commitment(
            actor=actor,
            goal_uuid=self.goal,
            party=party,
            owner="Rosa Delgado, owners’ association",
            deliverable="Signs on all twelve pay stations",
            done_means="A photo of each",
            due_on=due_on or date(2026, 6, 30),
            partner_id=partner_id,
            now=NOON,
        )

    def accepted(self, party: Party, actor: Actor, *, partner_id: int | None = None) -> int:
        commitment = self.offered(party, actor, partner_id=partner_id)
        accept_commitment(actor=actor, commitment_id=commitment, now=NOON)
        return commitment


def state_of(commitment_id: int) -> CommitmentState:
    with reading() as db:
        return db.get_one(Commitment, commitment_id).state


def test_a_side_offers_for_itself_only(database: str) -> None:
    at = Beat()
    assert state_of(at.offered(Party.RESIDENTS, at.resident)) is CommitmentState.OFFERED
    with pytest.raises(NotAllowed, match="officers’ side"):
        at.offered(Party.OFFICERS, at.resident)
    with pytest.raises(NotAllowed, match="residents’ side"):
        at.offered(Party.RESIDENTS, at.officer)
    with pytest.raises(SignInNeeded):
        offer_commitment(
            actor=None, goal_uuid=at.goal, party=Party.OFFICERS, owner="x", deliverable="y", due_on=date(2027, 1, 1)
        )


def test_officers_of_other_beats_do_not_commit_this_one(database: str) -> None:
    at = Beat()
    elsewhere = a_person(beats=(a_beat("K9", west=-122.2),))
    with pytest.raises(NotAllowed, match="Only an officer of beat K2"):
        at.offered(Party.OFFICERS, elsewhere)


def test_an_offer_is_checked_before_it_is_kept(database: str) -> None:
    at = Beat()
    with pytest.raises(Invalid, match="due date is past"):
        at.offered(Party.OFFICERS, at.officer, due_on=date(2026, 5, 3))
    with pytest.raises(Invalid, match="Choose the partner"):
        at.offered(Party.PARTNER, at.officer)
    with pytest.raises(Invalid, match="Who does it is empty"):
        offer_commitment(
            actor=at.officer,
            goal_uuid=at.goal,
            party=Party.OFFICERS,
            owner=" ",
            deliverable="x",
            due_on=date(2026, 9, 1),
            now=NOON,
        )
    with reading() as db:
        assert db.scalar(select(Commitment.id)) is None


def test_an_ended_goal_takes_no_offers(database: str) -> None:
    at = Beat(GoalState.WITHDRAWN)
    with pytest.raises(Conflict, match="withdrawn"):
        at.offered(Party.OFFICERS, at.officer)


def test_only_its_own_side_accepts_a_commitment(database: str) -> None:
    at = Beat()
    offered = at.offered(Party.OFFICERS, at.officer)
    with pytest.raises(NotAllowed, match="Only the side that makes a commitment"):
        accept_commitment(actor=at.resident, commitment_id=offered)
    accept_commitment(actor=at.officer, commitment_id=offered)
    assert state_of(offered) is CommitmentState.ACCEPTED
    with pytest.raises(Conflict, match="already"):
        accept_commitment(actor=at.officer, commitment_id=offered)


@pytest.mark.parametrize(
    ("party", "verdict"), [(p, v) for p in (Party.OFFICERS, Party.RESIDENTS) for v in (KEPT, BROKEN)]
)
def test_only_the_other_side_says_whether_it_was_kept(database: str, party: Party, verdict: CommitmentState) -> None:
    at = Beat()
    own, other = (at.officer, at.resident) if party is Party.OFFICERS else (at.resident, at.officer)
    commitment = at.accepted(party, own)
    with pytest.raises(NotAllowed, match="Only the other side"):
        countersign_commitment(actor=own, commitment_id=commitment, verdict=verdict, note="We did")
    settled = countersign_commitment(
        actor=other, commitment_id=commitment, verdict=verdict, note="Seen on Friday", now=NOON
    )
    assert settled is verdict
    with reading() as db:
        row = db.get_one(Commitment, commitment)
        assert (row.state, row.settled_on) == (verdict, date(2026, 5, 4))


def test_somebody_of_neither_side_countersigns_nothing(database: str) -> None:
    at = Beat()
    commitment = at.accepted(Party.OFFICERS, at.officer)
    nobody = a_person("Ines Park", side=Side.NEITHER, roles=(Role.FACILITATOR,))
    with pytest.raises(NotAllowed, match="Only the other side"):
        countersign_commitment(actor=nobody, commitment_id=commitment, verdict=KEPT)


def test_a_broken_commitment_needs_a_note(database: str) -> None:
    at = Beat()
    commitment = at.accepted(Party.OFFICERS, at.officer)
    with pytest.raises(Invalid, match="Say why"):
        countersign_commitment(actor=at.resident, commitment_id=commitment, verdict=BROKEN, note=" ")
    assert state_of(commitment) is CommitmentState.ACCEPTED


def test_a_partners_commitment_is_kept_when_both_sides_say_so(database: str) -> None:
    at = Beat()
    commitment = at.accepted(Party.PARTNER, at.officer, partner_id=a_partner())
    first = countersign_commitment(actor=at.officer, commitment_id=commitment, verdict=KEPT)
    assert first is CommitmentState.ACCEPTED
    with pytest.raises(Conflict, match="already countersigned"):
        countersign_commitment(actor=at.officer, commitment_id=commitment, verdict=KEPT)
    assert countersign_commitment(actor=at.resident, commitment_id=commitment, verdict=KEPT) is KEPT


def test_a_partners_commitment_is_broken_with_the_first_that_says_so(database: str) -> None:
    at = Beat()
    commitment = at.accepted(Party.PARTNER, at.resident, partner_id=a_partner())
    assert (
        countersign_commitment(actor=at.resident, commitment_id=commitment, verdict=BROKEN, note="No lamps") is BROKEN
    )


def test_an_offer_is_not_settled_before_it_is_accepted(database: str) -> None:
    at = Beat()
    offered = at.offered(Party.OFFICERS, at.officer)
    with pytest.raises(Conflict):
        countersign_commitment(actor=at.resident, commitment_id=offered, verdict=KEPT)


def test_an_offer_is_taken_back_by_its_own_side_and_a_promise_released_by_the_other(database: str) -> None:
    at = Beat()
    offered, promised = at.offered(Party.OFFICERS, at.officer), at.accepted(Party.OFFICERS, at.officer)
    with pytest.raises(Invalid, match="reason"):
        release_commitment(actor=at.officer, commitment_id=offered, reason="")
    release_commitment(actor=at.officer, commitment_id=offered, reason="Nobody is free on Fridays")
    with pytest.raises(NotAllowed, match="Only the other side"):
        release_commitment(actor=at.officer, commitment_id=promised, reason="Too much work")
    release_commitment(actor=at.resident, commitment_id=promised, reason="The lot has closed", now=NOON)
    with reading() as db:
        row = db.get_one(Commitment, promised)
        assert (row.state, row.released_reason, row.settled_on) == (
            CommitmentState.RELEASED,
            "The lot has closed",
            date(2026, 5, 4),
        )


def test_commitments_of_an_ended_goal_can_still_be_settled(database: str) -> None:
    from lib.services.goal_course import withdraw_goal

    at = Beat()
    commitment = at.accepted(Party.OFFICERS, at.officer)
    waiting = at.offered(Party.OFFICERS, at.officer)
    withdraw_goal(actor=at.officer, goal_uuid=at.goal, reason="The lot has closed")
    assert countersign_commitment(actor=at.resident, commitment_id=commitment, verdict=KEPT) is KEPT
    with pytest.raises(Conflict, match="withdrawn"):
        accept_commitment(actor=at.officer, commitment_id=waiting)


def test_an_unknown_commitment_is_explained(database: str) -> None:
    a_city()
    with pytest.raises(NotFound):
        accept_commitment(actor=a_facilitator(), commitment_id=77, now=datetime.now().astimezone())


def test_what_people_wrote_is_not_logged(database: str) -> None:
    at = Beat()
    commitment = at.accepted(Party.OFFICERS, at.officer)
    countersign_commitment(actor=at.resident, commitment_id=commitment, verdict=KEPT, note="Seen on Friday")
    with reading() as db:
        entries = [(entry.action, entry.actor_id, entry.subject_id) for entry in db.scalars(select(LogEntry))]
        facts = str([entry.facts for entry in db.scalars(select(LogEntry))])
    assert entries == [
        ("commitment_offered", at.officer.person_id, str(commitment)),
        ("commitment_accepted", at.officer.person_id, str(commitment)),
        ("commitment_countersigned", at.resident.person_id, str(commitment)),
    ]
    assert "Friday" not in facts
    assert "Rosa" not in facts
