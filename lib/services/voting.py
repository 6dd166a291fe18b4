"""Casting a ballot. The other intentions of a vote are named here too, so that a door finds them in one place.

Casting writes one row and nothing else: no time, no address, no "has voted", no log entry. On PostgreSQL a row lock
would write the transaction's number into the locked row, and the same number stands in the ballot; so casting reads
rows plainly and takes advisory locks only.
"""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Executable, Row, bindparam, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError

from lib import clock
from lib.errors import Conflict, Invalid, NotFound
from lib.model import Ballot, Candidate, Pass, PassBatch, Round, RoundSecret
from lib.queries.passes import ballot_mark
from lib.rules.ballots import ballot_key, commitment, printed_token, tracker
from lib.rules.counting import Ballot as Choice
from lib.rules.counting import choices_text
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.passes import void_sentence
from lib.rules.text import clean_text
from lib.rules.voting import Channel, PassKind, RoundMode, SideFigures
from lib.services.passes import DICE_CALLED, Admission, MintedBatch, admit_pass, mint_passes, void_pass
from lib.services.planning import drop_draft, plan_round, reorder_candidates, reorder_rounds
from lib.services.round_rows import let_ballots_in
from lib.services.rounds import OpenedRound, close_due_rounds, close_round, extend_round, open_round
from lib.storage.secrets import unseal
from lib.storage.transaction import writing

__all__ = [
    "Admission",
    "MintedBatch",
    "OpenedRound",
    "Receipt",
    "TypedInAlready",
    "admit_pass",
    "cast_ballot",
    "close_due_rounds",
    "close_round",
    "drop_draft",
    "extend_round",
    "fresh_nonce",
    "mint_passes",
    "open_round",
    "plan_round",
    "reorder_candidates",
    "reorder_rounds",
    "void_pass",
]

NONCE_BYTES = 16
LONGEST_WORD = 60
"""Characters of the word that a voter may mix into the tracker."""

RESIDENTS_ONLY = "This vote is for the residents in the room."
NEEDS_A_SLIP = "This vote needs a slip from the door: the pass of an open room only ranks."
NOT_OPEN_YET = "This vote has not been opened yet. Please wait for the facilitator."
MINTED_LATER = "This slip was made after the vote was closed. It is good for the next votes only."
CLOSED_MEANWHILE = "This vote is closed: your ballot came too late and was not counted."
VOTED_MEANWHILE = (
    "You voted since this form was opened, so it was not taken and what is stored stays. "
    "Open the ballot again to change it."
)


class TypedInAlready(Conflict):
    """A paper slip is typed in a second time, after a reload or on another console: its ballot is in. `tracker` is what
    belongs on the slip, None for a sealed side."""

    def __init__(self, tracker: str | None) -> None:
        if tracker is None:
            super().__init__("Typed in already as paper. This side gets no tracker: mark the slip as entered.")
        else:
            super().__init__(f"Typed in already as paper; write this tracker on it: {printed_token(tracker)}")
        self.tracker = tracker


@dataclass(frozen=True)
class Receipt:
    """What a voter gets. `tracker` is None for a sealed side, whose ballots are never published; `replaced` says
    whether an earlier ballot of this pass was replaced by another one. `mark`: see `ballot_mark`."""

    tracker: str | None
    replaced: bool
    mark: str


def cast_ballot(
    *,
    round_id: int,
    cred: bytes,
    choices: Collection[UUID],
    none_of_these: bool,
    nonce: bytes,
    word: str = "",
    replaces: str | None = None,
    channel: Channel = Channel.PHONE,
    now: datetime | None = None,
) -> Receipt:
    """Put in or replace the one ballot of a pass. When this returns, the ballot is on the disk.

    `nonce` comes from `fresh_nonce` when the form is made, so that the same form sent twice gives the same tracker.
    `replaces`: the mark of the ballot that was stored when the form was made, "" if none was; only that one, or the
    form's own, may be replaced. None asks for no such check: paper, which lay open on no screen, is typed in after
    closing and never replaces another ballot. Raises NotFound (round, pass), Conflict (closed, void, other side, voted
    since, form used for another pass), TypedInAlready (paper again), Invalid (goals and "none of these" together,
    unknown goal, word).
    """
    ballot = Choice(frozenset(choices), none_of_these)
    said = clean_text(word, field="Word", longest=LONGEST_WORD)
    try:
        with writing() as db:
            let_ballots_in(db, round_id)
            connection = db.connection()
            row = _round_to_vote_in(connection, round_id, commitment(cred))
            _require_open(row, channel, now or clock.now())
            if not ballot.choices <= set(connection.execute(_LISTED, {"round_id": round_id}).scalars()):
                raise Invalid("One of the goals is not on this ballot. Open the ballot again.", field="choices")
            key = ballot_key(cred, row.uuid, unseal(row.pepper))
            mine = tracker(row.uuid, said, nonce)
            earlier = _earlier(connection, round_id, key)
            if earlier is not None and channel is Channel.PAPER:
                if earlier.channel is Channel.PAPER:
                    raise TypedInAlready(earlier.tracker if _is_shown(row) else None)
                raise Conflict("This slip has voted already; its paper ballot cannot be entered as well.")
            stored = "" if earlier is None else ballot_mark(row.uuid, earlier.tracker)
            if replaces is not None and stored not in (replaces, ballot_mark(row.uuid, mine)):
                raise Conflict(VOTED_MEANWHILE)
            connection.execute(
                _STORE[connection.dialect.name],
                {
                    "round_id": round_id,
                    "key": key,
                    "side": row.side,
                    "choices": choices_text(ballot),
                    "tracker": mine,
                    "channel": channel,
                },
            )
    except IntegrityError:
        # Only the tracker can collide: somebody sends one form with two passes. The cause would name the ballot.
        raise Conflict("This form has been used already. Open the ballot again and send it once more.") from None
    except DBAPIError as cause:
        cause.hide_parameters = True
        raise
    is_replaced = earlier is not None and earlier.tracker != mine
    return Receipt(mine if _is_shown(row) else None, is_replaced, ballot_mark(row.uuid, mine))


def fresh_nonce() -> bytes:
    """Random bytes for one ballot form."""
    return secrets.token_bytes(NONCE_BYTES)


def _round_to_vote_in(connection: Connection, round_id: int, commit: bytes) -> Row[*tuple[Any, ...]]:
    """Round, PEPPER and pass. Raises NotFound, Conflict (void)."""
    row = connection.execute(_ROUND_AND_PASS, {"round_id": round_id, "commit": commit}).first()
    if row is None:
        raise NotFound("This pass cannot vote here. Scan the code on your slip again.")
    if row.is_void:
        raise Conflict(void_sentence(connection.execute(_VOID_IN, {"commit": commit}).scalar()))
    if row.pepper is None and row.state is not RoundState.DRAFT:
        # Sealed, or restored from a backup, which holds no PEPPER: no ballot can find its key any more.
        raise Conflict(CLOSED_MEANWHILE)
    return row


def _require_open(row: Row[*tuple[Any, ...]], channel: Channel, moment: datetime) -> None:
    if row.mode is RoundMode.OPEN_ROOM and row.side is not Electorate.RESIDENTS:
        raise Conflict(RESIDENTS_ONLY)
    if row.mode is RoundMode.MEETING and row.kind is PassKind.OPEN_ROOM:
        raise Conflict(NEEDS_A_SLIP)
    if row.state is RoundState.DRAFT:
        raise Conflict(NOT_OPEN_YET)
    if channel is Channel.PAPER:
        if row.state is not RoundState.PAPER:
            raise Conflict("Paper ballots are typed in after the vote is closed and before it is counted.")
        if row.dice_hash:
            raise Conflict(DICE_CALLED)
        if row.minted_at > row.closed_at:
            raise Conflict(MINTED_LATER)
    elif row.state is not RoundState.OPEN or row.closes_at <= moment:
        raise Conflict(CLOSED_MEANWHILE)


def _is_shown(row: Row[*tuple[Any, ...]]) -> bool:
    """Whether ballots of this pass's side are published, so that a tracker finds them."""
    return row.side is Electorate.RESIDENTS or row.officers_figures is SideFigures.OPEN


def _earlier(connection: Connection, round_id: int, key: bytes) -> Row[*tuple[Any, ...]] | None:
    """Tracker and channel stored under this key, after any other ballot under way with the same pass is in."""
    if connection.dialect.name == "postgresql":
        lock = int.from_bytes(blake2b(key, digest_size=8).digest(), "big", signed=True)
        connection.execute(_HOLD_KEY, {"lock": lock})
    return connection.execute(_STORED, {"round_id": round_id, "key": key}).first()


def _store(insert: Callable[[type[Ballot]], Any]) -> Executable:
    """One ballot per pass and round is the primary key; a later one takes the earlier one's place (promise 1)."""
    statement = insert(Ballot)
    changed = {name: statement.excluded[name] for name in ("choices", "tracker", "channel")}
    return cast(Executable, statement.on_conflict_do_update(index_elements=["round_id", "key"], set_=changed))


# Built once: a rush of ballots would spend most of its time on building the same statements again.
_ROUND_AND_PASS = (
    select(
        Round.uuid,
        Round.state,
        Round.closes_at,
        Round.closed_at,
        Round.mode,
        Round.officers_figures,
        Round.dice_hash,
        RoundSecret.pepper,
        PassBatch.side,
        PassBatch.kind,
        PassBatch.minted_at,
        Pass.is_void,
    )
    .select_from(Round)
    .outerjoin(RoundSecret, RoundSecret.round_id == Round.id)
    .join(PassBatch, PassBatch.meeting_id == Round.meeting_id)
    .join(Pass, Pass.batch_id == PassBatch.id)
    .where(Round.id == bindparam("round_id"), Pass.commitment == bindparam("commit"))
)
_VOID_IN = select(Round.number).join(Pass, Pass.void_round_id == Round.id).where(Pass.commitment == bindparam("commit"))
_LISTED = select(Candidate.goal_uuid).where(Candidate.round_id == bindparam("round_id"))
_STORED = select(Ballot.tracker, Ballot.channel).where(
    Ballot.round_id == bindparam("round_id"), Ballot.key == bindparam("key")
)
_HOLD_KEY = text("SELECT pg_advisory_xact_lock(:lock)")
_STORE = {"sqlite": _store(sqlite.insert), "postgresql": _store(postgresql.insert)}
