"""Casting ballots: one row each and nothing else, no time, no address, no "has voted", no log entry.

On PostgreSQL a row lock would write the transaction's number into the locked row, and the same number stands in the
ballot; so casting reads rows plainly and takes advisory locks only.

Every commit waits for the disk. Ballots that arrive together are cast together, with one wait for all of them; each is
taken or refused by itself.
"""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Executable, Row, bindparam, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError

from lib import clock
from lib.errors import Conflict, Explained, Invalid, NotFound
from lib.model import Ballot, Candidate, Pass, PassBatch, Round, RoundSecret
from lib.queries.passes import ballot_mark
from lib.rules.ballots import ballot_key, commitment, printed_token, tracker
from lib.rules.counting import Ballot as Choice
from lib.rules.counting import choices_text
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.passes import void_sentence
from lib.rules.text import clean_text
from lib.rules.voting import Channel, PassKind, RoundMode, SideFigures
from lib.services.passes import DICE_CALLED
from lib.services.round_rows import let_ballots_in
from lib.storage.secrets import unseal
from lib.storage.transaction import writing

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


class UsedAlready(Conflict):
    """One form was sent with two passes: the tracker that it gives is taken."""

    def __init__(self) -> None:
        super().__init__("This form has been used already. Open the ballot again and send it once more.")


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


@dataclass(frozen=True)
class BallotToCast:
    """A ballot on its way in; what it holds is never printed.

    `nonce` comes from `fresh_nonce` when the form is made, so that the same form sent twice gives the same tracker;
    `word` is what the voter mixes into it. `replaces`: the mark of the ballot that was stored when the form was made,
    "" if none was; only that one, or the form's own, may be replaced. None asks for no such check: paper, which lay
    open on no screen, is typed in after closing and never replaces another ballot.
    """

    choices: Collection[UUID] = field(repr=False)
    none_of_these: bool = field(repr=False)
    nonce: bytes = field(repr=False)
    word: str = field(default="", repr=False)
    replaces: str | None = field(default=None, repr=False)
    channel: Channel = Channel.PHONE


@dataclass(frozen=True)
class _Checked:
    """A ballot that its pass may cast, before a look at what is stored. `key` and `tracker` as they are stored."""

    cred: bytes = field(repr=False)
    ballot: BallotToCast
    choice: Choice
    row: Row[*tuple[Any, ...]]
    key: bytes
    tracker: str


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

    The other arguments are those of `BallotToCast`. Raises NotFound (round, pass), Conflict (closed, void, other side,
    voted since), UsedAlready (form of another pass), TypedInAlready (paper again), Invalid (goals and "none of these"
    together, unknown goal, word).
    """
    ballot = BallotToCast(choices, none_of_these, nonce, word, replaces, channel)
    outcome = cast_ballots(round_id=round_id, ballots={cred: ballot}, now=now)[cred]
    if isinstance(outcome, Explained):
        raise outcome
    return outcome


def cast_ballots(
    *, round_id: int, ballots: Mapping[bytes, BallotToCast], now: datetime | None = None
) -> dict[bytes, Receipt | Explained]:
    """Put in the ballots of several passes, by credential, with one commit. When this returns, each that has a receipt
    is on the disk.

    What became of each: its receipt, or the error that `cast_ballot` raises. Raises Unavailable for all of them.
    """
    try:
        with writing() as db:
            let_ballots_in(db, round_id)
            return _taken(db.connection(), round_id, ballots, now or clock.now())
    except IntegrityError:
        # Only the tracker can collide: somebody sends one form with two passes. The cause would name the ballot.
        if len(ballots) == 1:
            return dict.fromkeys(ballots, UsedAlready())
    except DBAPIError as cause:
        cause.hide_parameters = True
        raise
    # It took the others back with it; so each goes by itself.
    outcomes: dict[bytes, Receipt | Explained] = {}
    for cred, ballot in ballots.items():
        outcomes |= cast_ballots(round_id=round_id, ballots={cred: ballot}, now=now)
    return outcomes


def fresh_nonce() -> bytes:
    """Random bytes for one ballot form."""
    return secrets.token_bytes(NONCE_BYTES)


def _taken(
    connection: Connection, round_id: int, ballots: Mapping[bytes, BallotToCast], moment: datetime
) -> dict[bytes, Receipt | Explained]:
    """Store the ballots that hold. Four statements, however many there are."""
    commits = {cred: commitment(cred) for cred in ballots}
    asked = {"round_id": round_id, "commits": list(commits.values())}
    rows = {row.commitment: row for row in connection.execute(_ROUND_AND_PASSES, asked)}
    listed = frozenset(connection.execute(_LISTED, {"round_id": round_id}).scalars())
    outcomes: dict[bytes, Receipt | Explained] = {}
    checked: list[_Checked] = []
    for cred, ballot in ballots.items():
        try:
            checked.append(_checked(connection, cred, ballot, rows.get(commits[cred]), listed, moment))
        except Explained as refusal:
            outcomes[cred] = refusal
    stored = _stored(connection, round_id, [one.key for one in checked])
    kept = []
    for one in checked:
        try:
            outcomes[one.cred] = _receipt(one, stored.get(one.key))
            kept.append(_values(round_id, one))
        except Explained as refusal:
            outcomes[one.cred] = refusal
    if kept:
        connection.execute(_STORE[connection.dialect.name], kept)
    return outcomes


def _checked(
    connection: Connection,
    cred: bytes,
    ballot: BallotToCast,
    row: Row[*tuple[Any, ...]] | None,
    listed: Collection[UUID],
    moment: datetime,
) -> _Checked:
    """`row`: round, PEPPER and pass. Raises NotFound, Conflict, Invalid."""
    choice = Choice(frozenset(ballot.choices), ballot.none_of_these)
    said = clean_text(ballot.word, field="Word", longest=LONGEST_WORD)
    if row is None:
        raise NotFound("This pass cannot vote here. Scan the code on your slip again.")
    if row.is_void:
        raise Conflict(void_sentence(connection.execute(_VOID_IN, {"commit": row.commitment}).scalar()))
    if row.pepper is None and row.state is not RoundState.DRAFT:
        # Sealed, or restored from a backup, which holds no PEPPER: no ballot can find its key any more.
        raise Conflict(CLOSED_MEANWHILE)
    _require_open(row, ballot.channel, moment)
    if not choice.choices <= set(listed):
        raise Invalid("One of the goals is not on this ballot. Open the ballot again.", field="choices")
    key = ballot_key(cred, row.uuid, unseal(row.pepper))
    return _Checked(cred, ballot, choice, row, key, tracker(row.uuid, said, ballot.nonce))


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


def _stored(connection: Connection, round_id: int, keys: Collection[bytes]) -> dict[bytes, Row[*tuple[Any, ...]]]:
    """Tracker and channel under each key, after any other ballot under way with the same pass is in."""
    if not keys:
        return {}
    if connection.dialect.name == "postgresql":
        # Always in one order, so that two transactions never wait for each other.
        for lock in sorted(int.from_bytes(blake2b(key, digest_size=8).digest(), "big", signed=True) for key in keys):
            connection.execute(_HOLD_KEY, {"lock": lock})
    return {row.key: row for row in connection.execute(_STORED, {"round_id": round_id, "keys": keys})}


def _receipt(one: _Checked, earlier: Row[*tuple[Any, ...]] | None) -> Receipt:
    """Whether this ballot may take the place of what is stored. Raises TypedInAlready, Conflict."""
    is_shown = one.row.side is Electorate.RESIDENTS or one.row.officers_figures is SideFigures.OPEN
    if earlier is not None and one.ballot.channel is Channel.PAPER:
        if earlier.channel is Channel.PAPER:
            raise TypedInAlready(earlier.tracker if is_shown else None)
        raise Conflict("This slip has voted already; its paper ballot cannot be entered as well.")
    mark = ballot_mark(one.row.uuid, one.tracker)
    stored = "" if earlier is None else ballot_mark(one.row.uuid, earlier.tracker)
    if one.ballot.replaces is not None and stored not in (one.ballot.replaces, mark):
        raise Conflict(VOTED_MEANWHILE)
    is_replaced = earlier is not None and earlier.tracker != one.tracker
    return Receipt(one.tracker if is_shown else None, is_replaced, mark)


def _values(round_id: int, one: _Checked) -> dict[str, object]:
    return {
        "round_id": round_id,
        "key": one.key,
        "side": one.row.side,
        "choices": choices_text(one.choice),
        "tracker": one.tracker,
        "channel": one.ballot.channel,
    }


def _store(insert: Callable[[type[Ballot]], Any]) -> Executable:
    """One ballot per pass and round is the primary key; a later one takes the earlier one's place (promise 1)."""
    statement = insert(Ballot)
    changed = {name: statement.excluded[name] for name in ("choices", "tracker", "channel")}
    return cast(Executable, statement.on_conflict_do_update(index_elements=["round_id", "key"], set_=changed))


# Built once: a rush of ballots would spend most of its time on building the same statements again.
_ROUND_AND_PASSES = (
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
        Pass.commitment,
        Pass.is_void,
    )
    .select_from(Round)
    .outerjoin(RoundSecret, RoundSecret.round_id == Round.id)
    .join(PassBatch, PassBatch.meeting_id == Round.meeting_id)
    .join(Pass, Pass.batch_id == PassBatch.id)
    .where(Round.id == bindparam("round_id"), Pass.commitment.in_(bindparam("commits", expanding=True)))
)
_VOID_IN = select(Round.number).join(Pass, Pass.void_round_id == Round.id).where(Pass.commitment == bindparam("commit"))
_LISTED = select(Candidate.goal_uuid).where(Candidate.round_id == bindparam("round_id"))
_STORED = select(Ballot.key, Ballot.tracker, Ballot.channel).where(
    Ballot.round_id == bindparam("round_id"), Ballot.key.in_(bindparam("keys", expanding=True))
)
_HOLD_KEY = text("SELECT pg_advisory_xact_lock(:lock)")
_STORE = {"sqlite": _store(sqlite.insert), "postgresql": _store(postgresql.insert)}
