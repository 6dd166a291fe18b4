"""While a vote is open: without the installation's secret nothing that is kept links a ballot to a pass (promise 2).

The database's own order of casting can be seen by whoever reads its files then; that is said in the documentation.
"""

import logging
import re

import pytest
from sqlalchemy import inspect, select, text

from lib.errors import Conflict
from lib.model import Ballot, LogEntry, Pass, RoundSecret
from lib.queries.reconciling import reconciliation
from lib.queries.voting import RoundRow
from lib.rules.ballots import ballot_key
from lib.rules.lifecycle import Electorate
from lib.rules.voting import PassKind, SideFigures
from lib.services import rounds
from lib.services.admission import admit_pass
from lib.services.casting import cast_ballot, fresh_nonce
from lib.services.counting import DiceNeeded, open_paper, seal_round
from lib.services.door import show_next_pass
from lib.services.log import chain_log
from lib.services.paper import enter_paper_ballot
from lib.services.passes import mint_passes, void_pass, void_slip
from lib.services.publishing import publish_round
from lib.services.reconciling import reconcile_side
from lib.services.rounds import close_round, extend_round
from lib.storage.engine import engine
from lib.storage.secrets import unseal
from lib.storage.transaction import reading
from tests.hall import Hall, a_hall
from tests.services.kept import bytes_kept, follows, found, rows_kept

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS

FACTS = frozenset(
    [
        "adopted",
        "ballots_hash",
        "batch",
        "by",
        "commitments_hash",
        "contested",
        "door_left",
        "door_shown",
        "frozen_hash",
        "goals",
        "is_advisory",
        "kind",
        "meeting",
        "minutes",
        "officers_cast",
        "officers_issued",
        "officers_paper",
        "paper_slips",
        "residents_cast",
        "residents_issued",
        "residents_paper",
        "round",
        "second",
        "serial",
        "side",
        "size",
        "slips_left",
        "slips_spoiled",
        "tie_seed",
    ]
)
"""Every word the log may use about a vote. Whoever adds one has to think about what it tells."""


def people_vote(hall: Hall, row: RoundRow, *, residents: int, officers: int) -> None:
    """Slips are scanned, ballots cast, every third changed."""
    for voter in [*range(residents), *range(0, residents, 3)]:
        admit_pass(token=hall.tokens[RESIDENTS][voter])
        hall.votes(row, voter, voter % 3)
    for officer in range(officers):
        admit_pass(token=hall.tokens[OFFICERS][officer])
        hall.votes(row, officer, officer % 3, side=OFFICERS)


def test_no_value_of_a_ballot_stands_in_any_other_row(database: str) -> None:
    hall = a_hall()
    row = hall.opened(officers_figures=SideFigures.OPEN)
    people_vote(hall, row, residents=20, officers=6)
    chain_log()
    others = rows_kept(without="ballot")
    with reading() as db:
        for ballot in db.scalars(select(Ballot)):
            for value in (ballot.key.hex(), ballot.tracker, ballot.choices):
                assert value not in others


def test_tokens_credentials_and_the_pepper_are_nowhere_in_clear(database: str) -> None:
    hall = a_hall(residents=40)
    row = hall.opened()
    people_vote(hall, row, residents=30, officers=6)
    with reading() as db:
        pepper = unseal(db.scalars(select(RoundSecret.pepper)).one())
    tokens = [token for side in Electorate for token in hall.tokens[side]]
    creds = [hall.cred(voter, side) for side in Electorate for voter in range(len(hall.tokens[side]))]
    assert found([pepper, *tokens, *creds], bytes_kept(database)) == []
    assert found([pepper, *tokens[:3], *creds[:3]], bytes_kept(database, with_log=True)) == []


def test_whoever_lacks_the_pepper_computes_no_key_even_with_the_slip_in_hand(database: str) -> None:
    hall = a_hall(residents=10)
    row = hall.opened()
    people_vote(hall, row, residents=10, officers=0)
    with reading() as db:
        keys = set(db.scalars(select(Ballot.key)))
        sealed = db.scalars(select(RoundSecret.pepper)).one()
        commitments = list(db.scalars(select(Pass.commitment)))
    creds = [hall.cred(voter) for voter in range(10)]
    # With the secret the derivation holds, so that the failures below mean something.
    assert {ballot_key(cred, row.uuid, unseal(sealed)) for cred in creds} == keys
    guesses = [b"", sealed[:64], sealed[-64:], row.uuid.bytes, hall.meeting_uuid.bytes, b"beat-ballot", bytes(32)]
    for known in (*creds, *commitments):
        for guess in guesses:
            assert ballot_key(known, row.uuid, guess) not in keys
        assert not any(key in known for key in keys)


def test_two_rounds_of_one_meeting_share_no_key_and_no_pepper(database: str) -> None:
    hall = a_hall(residents=10)
    keys: list[bytes] = []
    peppers: list[bytes] = []
    for goal in range(2):
        row = hall.opened(goal_ids=hall.goal_ids[goal : goal + 1])
        for voter in range(10):
            hall.votes(row, voter, goal)
        close_round(actor=hall.facilitator, round_id=row.id)
        with reading() as db:
            keys += db.scalars(select(Ballot.key).where(Ballot.round_id == row.id))
            sealed = db.scalars(select(RoundSecret.pepper).where(RoundSecret.round_id == row.id)).one()
        peppers.append(unseal(sealed))
    assert len(set(keys)) == 20 and len(set(peppers)) == 2


def test_the_order_of_the_keys_tells_nothing_of_the_slips(database: str) -> None:
    hall = a_hall(residents=200)
    row = hall.opened()
    for voter in range(200):
        hall.votes(row, voter, 0)
    with reading() as db:
        pepper = unseal(db.scalars(select(RoundSecret.pepper)).one())
        by_key = list(db.scalars(select(Ballot.key).order_by(Ballot.key)))
        by_tracker = list(db.scalars(select(Ballot.key).order_by(Ballot.tracker)))
    by_serial = [ballot_key(hall.cred(voter), row.uuid, pepper).hex() for voter in range(200)]
    assert follows([key.hex() for key in by_key], by_serial) == ""
    assert follows([key.hex() for key in by_tracker], by_serial) == ""


def test_voting_moves_no_other_row_locks_none_and_takes_no_number_of_a_sequence(postgres_database: str) -> None:
    hall = a_hall()
    row = hall.opened()
    before = places_and_numbers()
    people_vote(hall, row, residents=20, officers=6)
    assert places_and_numbers() == before
    with reading() as db:
        ballots = set(db.execute(text("SELECT xmin::text FROM ballot")).scalars())
    assert not ballots & {number for rows in before.values() for _, *numbers in rows for number in numbers}


def places_and_numbers() -> dict[str, list[tuple[str, ...]]]:
    """Place, writing and locking transaction of every row but ballots, and where each sequence stands."""
    tables = [table for table in inspect(engine()).get_table_names() if table != "ballot"]
    with reading() as db:
        kept: dict[str, list[tuple[str, ...]]] = {
            table: [tuple(row) for row in db.execute(text(f'SELECT ctid::text, xmin::text, xmax::text FROM "{table}"'))]
            for table in tables
        }
        kept["sequences"] = [
            (str(row[0]), str(row[1]))
            for row in db.execute(text("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1"))
        ]
    return kept


def test_the_log_and_the_messages_of_a_whole_meeting_hold_no_code_key_tracker_or_choice(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hall = a_hall(residents=30, titles=("One", "Two"))
    void_pass(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, serial=30)
    mint_passes(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS, number=5, kind=PassKind.DOOR)
    shown = show_next_pass(actor=hall.facilitator, meeting_id=hall.meeting_id, side=RESIDENTS)
    row = hall.opened(places=1)
    entries_before = entries()
    for voter in range(20):
        hall.votes(row, voter, 0, 1)
    for officer in range(4):
        hall.votes(row, officer, 0, 1, side=OFFICERS)
    nonce = fresh_nonce()
    for cred in (hall.cred(0), hall.cred(1)):
        try:
            cast_ballot(
                round_id=row.id, cred=cred, choices=hall.goals, none_of_these=False, nonce=nonce, word="oak tree"
            )
        except Conflict as refusal:
            assert not found_in([*trackers(), nonce.hex()], str(refusal) + repr(refusal.__cause__))
    assert entries() == entries_before
    void_slip(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, token=hall.tokens[RESIDENTS][3])
    extend_round(actor=hall.facilitator, round_id=row.id, minutes=1)
    close_round(actor=hall.facilitator, round_id=row.id)
    open_paper(actor=hall.facilitator, second=hall.second, round_id=row.id)
    entries_before = entries()
    enter_paper_ballot(
        actor=hall.facilitator,
        second=hall.second,
        round_id=row.id,
        token=hall.tokens[RESIDENTS][25],
        choices=hall.goals,
        none_of_these=False,
    )
    assert entries() == entries_before
    with reading() as db:
        ballots = list(db.scalars(select(Ballot)))
        pepper = db.scalars(select(RoundSecret.pepper)).one()
    with pytest.raises(DiceNeeded):
        seal_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    seal_round(actor=hall.facilitator, second=hall.second, round_id=row.id, tie_seed="4-1-6")
    for known in reconciliation(row.id):
        waiting = 4 if known.side is RESIDENTS else 0
        left = known.issued - known.cast - waiting
        reconcile_side(
            actor=hall.facilitator,
            round_id=row.id,
            side=known.side,
            slips_left=left,
            slips_spoiled=0,
            paper_slips=known.paper_ballots,
        )
    publish_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    with reading() as db:
        logged = list(db.scalars(select(LogEntry)))
    of_votes = [entry for entry in logged if entry.subject in ("round", "meeting")]
    assert {fact for entry in of_votes for fact in entry.facts} <= FACTS
    assert {entry.action for entry in of_votes if "serial" in entry.facts} == {"pass_voided"}
    said = "\n".join([*(f"{e.action} {e.subject_id} {e.facts}" for e in logged), caplog.text])
    secret = [shown, *hall.tokens[RESIDENTS], *hall.tokens[OFFICERS], "oak tree", hall.second.pin]
    secret += [value for ballot in ballots for value in (ballot.key.hex(), ballot.tracker, str(ballot.key))]
    secret += [ballot.choices for ballot in ballots] + [hall.cred(voter).hex() for voter in range(30)]
    secret += [pepper.decode(), unseal(pepper).hex()]
    assert found_in(secret, said) == []


def found_in(secrets: list[str], said: str) -> list[str]:
    """Whole words only: a PIN of four digits may well stand inside a digest."""
    return [each for each in secrets if re.search(rf"(?<![0-9A-Za-z]){re.escape(each)}(?![0-9A-Za-z])", said)]


def trackers() -> list[str]:
    with reading() as db:
        return list(db.scalars(select(Ballot.tracker)))


def entries() -> int:
    with reading() as db:
        return len(db.scalars(select(LogEntry.id)).all())


def test_the_pepper_is_what_the_systems_source_of_chance_gave_and_nothing_else(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = a_hall()
    given: list[bytes] = []

    class Chance:
        @staticmethod
        def token_bytes(number: int) -> bytes:
            given.append(bytes(range(100 + len(given), 100 + len(given) + number)))
            return given[-1]

    monkeypatch.setattr(rounds, "secrets", Chance)
    hall.opened()
    with reading() as db:
        pepper = unseal(db.scalars(select(RoundSecret.pepper)).one())
    assert [pepper] == given
    assert len(pepper) >= 32
