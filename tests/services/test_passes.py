"""Passes: minted in batches, admitted by their code, void only before the vote."""

import re

import pytest
from sqlalchemy import select

from lib.errors import Conflict, Invalid, NotAllowed, NotFound
from lib.model import LogEntry, Pass
from lib.queries.batches import round_batches
from lib.queries.live import live_snapshot
from lib.queries.voting import pass_batches, round_of
from lib.rules.ballots import CROCKFORD, batch_hash, commitment, credential
from lib.rules.lifecycle import Electorate
from lib.rules.voting import PassKind
from lib.services.admission import admit_pass
from lib.services.counting import open_paper
from lib.services.meetings import plan_meeting
from lib.services.passes import MintedBatch, mint_passes, void_pass
from lib.services.rounds import close_round
from lib.services.witnesses import Witness
from lib.storage.transaction import reading
from tests.builders import a_coordinator, a_meeting, a_person
from tests.hall import Hall, a_hall

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS


def test_a_batch_shows_its_tokens_once_and_keeps_only_commitments(database: str) -> None:
    hall = a_hall(residents=0, officers=0)
    batch = mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS, number=12)
    assert [slip.serial for slip in batch.slips] == list(range(1, 13))
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{16}", slip.token) for slip in batch.slips)
    assert len({slip.token for slip in batch.slips}) == 12
    with reading() as db:
        kept = set(db.scalars(select(Pass.commitment)))
        entries = db.scalars(select(LogEntry)).all()
    log = str([entry.facts for entry in entries])
    expected = {commitment(credential(hall.meeting_uuid, slip.token)) for slip in batch.slips}
    assert kept == expected
    assert batch.commitments_hash == batch_hash(expected)
    assert (entries[-1].action, entries[-1].facts["commitments_hash"]) == ("passes_minted", batch.commitments_hash)
    assert not any(slip.token in log for slip in batch.slips)


def test_passes_for_the_door_have_no_serial_and_come_back_without_their_tokens(database: str) -> None:
    hall = a_hall(residents=3, officers=0)
    batch = mint_passes(
        actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS, number=5, kind=PassKind.DOOR
    )
    assert (batch.slips, batch.size) == ((), 5)
    assert [(row.number, row.size, row.first_serial, row.last_serial) for row in pass_batches(hall.meeting_id)] == [
        (1, 3, 1, 3),
        (2, 5, None, None),
    ]
    late = mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=OFFICERS, number=2)
    assert [slip.serial for slip in late.slips] == [4, 5]


def test_a_code_is_admitted_however_it_is_typed(database: str) -> None:
    hall = a_hall()
    token = hall.tokens[OFFICERS][0]
    admission = admit_pass(token=f"  {token[:4]}-{token[4:8]} {token[8:12]}.{token[12:]} ".lower())
    assert (admission.meeting_id, admission.meeting_uuid, admission.side, admission.cred) == (
        hall.meeting_id,
        hall.meeting_uuid,
        OFFICERS,
        hall.cred(0, OFFICERS),
    )


def test_a_code_belongs_to_its_meeting_among_several(database: str) -> None:
    hall = a_hall()
    other = a_meeting(hall.beat_id, "Another meeting")
    batch = mint_passes(actor=hall.facilitator, meeting_id=other, side=RESIDENTS, number=1)
    assert admit_pass(token=batch.slips[0].token).meeting_id == other
    assert admit_pass(token=hall.tokens[RESIDENTS][0]).meeting_id == hall.meeting_id


@pytest.mark.parametrize("token", ["", "short", "0" * 16, "U" * 16, "’; DROP TABLE pass; --", "0" * 10_000])
def test_an_unknown_code_is_not_found(database: str, token: str) -> None:
    a_hall()
    with pytest.raises(NotFound):
        admit_pass(token=token)


def test_a_slip_is_void_by_its_serial_before_the_vote_and_never_while_it_runs(database: str) -> None:
    hall = a_hall()
    void_pass(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, serial=1)
    with pytest.raises(Conflict, match="declared void"):
        admit_pass(token=hall.tokens[RESIDENTS][0])
    with pytest.raises(Conflict, match="void already"):
        void_pass(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, serial=1)
    with pytest.raises(NotFound):
        void_pass(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, serial=99)
    assert [row.void for row in pass_batches(hall.meeting_id)] == [1, 0]
    row = hall.opened()
    with pytest.raises(Conflict, match="A vote is running"):
        void_pass(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, serial=2)
    with pytest.raises(Conflict):
        hall.votes(row, 0, 0)


@pytest.mark.parametrize("ends", ["open", "closed", "paper"])
def test_a_latecomers_batch_needs_a_second_person_until_the_vote_is_counted(database: str, ends: str) -> None:
    hall = a_hall(residents=3, officers=3)
    row = hall.opened()
    if ends != "open":
        close_round(actor=hall.facilitator, round_id=row.id)
    if ends == "paper":
        open_paper(actor=hall.facilitator, second=hall.second, round_id=row.id)

    def late(second: Witness | None) -> MintedBatch:
        return mint_passes(actor=hall.facilitator, second=second, meeting_id=hall.meeting_id, side=OFFICERS, number=3)

    for second, refusal in (
        (None, Invalid),
        (Witness(hall.second.person_id, "0000"), Invalid),
        (Witness(hall.facilitator.person_id, "4711"), Conflict),
    ):
        with pytest.raises(refusal):
            late(second)
    assert len(pass_batches(hall.meeting_id)) == 2
    assert late(hall.second).number == 3
    assert late_facts(hall) == {"second": hall.second.person_id}
    counts = [(batch.number, batch.is_late) for batch in round_batches(round_of(row.id))]
    assert counts == ([(1, False), (2, False), (3, True)] if ends == "open" else [(1, False), (2, False)])
    [announced] = [batch for batch in round_batches(round_of(row.id), also_after_closing=True) if batch.is_late]
    assert announced.announcement == "Latecomers’ batch 3: 3 officers’ passes"
    assert [batch.number for batch in live_snapshot(hall.meeting_uuid).latecomers] == [3]


def late_facts(hall: Hall) -> dict[str, object]:
    with reading() as db:
        entries = db.scalars(select(LogEntry).where(LogEntry.action == "passes_minted").order_by(LogEntry.id)).all()
    assert all("second" not in entry.facts for entry in entries[:-1])
    return {"second": entries[-1].facts["second"]}


def test_voiding_by_serial_needs_a_second_person(database: str) -> None:
    hall = a_hall()
    for second, refusal in (
        (None, Invalid),
        (Witness(hall.second.person_id, "0000"), Invalid),
        (Witness(hall.facilitator.person_id, "4711"), Conflict),
    ):
        with pytest.raises(refusal):
            void_pass(actor=hall.facilitator, second=second, meeting_id=hall.meeting_id, serial=1)
    assert [row.void for row in pass_batches(hall.meeting_id)] == [0, 0]
    void_pass(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, serial=1)
    with reading() as db:
        entry = db.scalars(select(LogEntry).where(LogEntry.action == "pass_voided")).one()
    assert (entry.actor_id, entry.facts["second"]) == (hall.facilitator.person_id, hall.second.person_id)


def test_the_slip_of_a_meeting_that_has_not_begun_says_so(database: str) -> None:
    from datetime import timedelta

    from lib.clock import now

    hall = a_hall()
    coming = plan_meeting(
        actor=hall.facilitator,
        title="Next month",
        place="Library",
        starts_at=now() + timedelta(days=30),
        ends_at=now() + timedelta(days=30, hours=2),
        beat_codes=["K2"],
    )
    batch = mint_passes(actor=hall.facilitator, meeting_id=coming, side=RESIDENTS, number=1)
    with pytest.raises(Conflict, match="has not begun"):
        admit_pass(token=batch.slips[0].token)


@pytest.mark.parametrize("number", [0, -1, 5001])
def test_a_batch_has_a_sensible_size(database: str, number: int) -> None:
    hall = a_hall(residents=0, officers=0)
    with pytest.raises(Invalid):
        mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS, number=number)


def test_officers_mint_no_passes_and_coordinators_do(database: str) -> None:
    hall = a_hall(residents=0, officers=0)
    with pytest.raises(NotAllowed):
        mint_passes(actor=a_person(), meeting_id=hall.meeting_id, side=RESIDENTS, number=1)
    assert mint_passes(actor=a_coordinator(), meeting_id=hall.meeting_id, side=RESIDENTS, number=1).number == 1


def test_every_place_of_a_code_is_random(sqlite_database: str) -> None:
    """80 bits: in 600 codes every one of 32 signs stands at every one of 16 places (missed once in 300,000 runs)."""
    hall = a_hall(residents=0, officers=0)
    batch = mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS, number=600)
    for place in range(16):
        assert {slip.token[place] for slip in batch.slips} == set(CROCKFORD), place
