"""From the last ballot to the counted result: paper and sealing. What becomes of the result: `publishing`.

Sealing is one transaction: it counts, keeps the ballots in the order of their trackers, and deletes keys and PEPPER, so
that nothing kept here links a ballot to a pass or to the order of voting. A cleaning step then removes what deleted
rows leave in the database's files; it can be repeated at any time, and publishing waits for it.
"""

import re
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid
from lib.model import Ballot, Candidate, Outcome, Round, RoundSecret, SealedBallot, SideCount
from lib.queries.counts import keeps_officers_ballots, turnouts
from lib.queries.results import ballots_hash
from lib.queries.voting import RoundRow, voting_round
from lib.rules.ballots import short_hash
from lib.rules.counting import Ballot as Choice
from lib.rules.counting import as_sealed, ballot_of_text
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.rights import Actor, Right, require
from lib.rules.tally import RoundTally, tally_round
from lib.rules.voting import Channel
from lib.services.log import record
from lib.services.passes import DICE_CALLED
from lib.services.round_rows import move_round, round_with
from lib.services.rounds import close_if_due
from lib.services.traces import sweep_traces
from lib.services.witnesses import Witness, confirmed_by
from lib.storage.transaction import writing


class DiceNeeded(Conflict):
    """Goals are level for a place. `ballots_hash` is the SHA-256 of the ballots: it is read out before the dice are
    rolled, so that nobody can choose ballots to fit the dice or dice to fit the ballots."""

    def __init__(self, ballots_hash: str) -> None:
        super().__init__(
            f"Goals are level for a place. Read out the fingerprint of the ballots, {short_hash(ballots_hash)}, then "
            "roll dice in the room and type what they show, for example 4-1-6."
        )
        self.ballots_hash = ballots_hash


@dataclass(frozen=True)
class SealedRound:
    """`ballots_hash`: SHA-256 of the ballots as they will be published. `is_clean`: the cleaning step is done too."""

    ballots_hash: str
    is_clean: bool


def open_paper(*, actor: Actor | None, second: Witness | None, round_id: int) -> None:
    """Begin to type in paper ballots of a closed round. Needs two people.

    Raises SignInNeeded, NotAllowed, NotFound, Conflict (not closed, or a tie waits for the dice), Invalid and SlowDown
    (PIN).
    """
    person = require(actor, Right.RUN_ROUND)
    second_id = confirmed_by(actor=person, second=second)
    with writing() as db:
        row = round_with(db, round_id)
        close_if_due(db, row, clock.now())
        if row.dice_hash:
            raise Conflict(DICE_CALLED)
        move_round(row, person, RoundState.PAPER)
        record(db, person, "paper_opened", "round", row.uuid, second=second_id)


def seal_round(*, actor: Actor | None, second: Witness | None, round_id: int, tie_seed: str = "") -> SealedRound:
    """Count a round whose paper is in, and make its ballots anonymous for good. Needs two people.

    Where goals are level the first call raises DiceNeeded and keeps the fingerprint that is read out; from then on no
    ballot comes or goes, and the next call takes the dice. Not inside another transaction: the cleaning step needs its
    own connection. Raises SignInNeeded, NotAllowed, NotFound, Conflict (not in the state "paper", more ballots than
    passes), DiceNeeded (a Conflict), Invalid (dice, PIN), SlowDown (PIN).
    """
    return _count(actor, second, round_id, tie_seed, skips_paper=False)


def count_round(*, actor: Actor | None, second: Witness | None, round_id: int, tie_seed: str = "") -> SealedRound:
    """Count a closed round without paper ballots: through the states paper and sealed in one step.

    A round whose time is over is closed first. As `seal_round`; if it raises, the round stays as it was.
    """
    return _count(actor, second, round_id, tie_seed, skips_paper=True)


def _count(
    actor: Actor | None, second: Witness | None, round_id: int, tie_seed: str, *, skips_paper: bool
) -> SealedRound:
    person = require(actor, Right.RUN_ROUND)
    dice = _dice(tie_seed)
    second_id = confirmed_by(actor=person, second=second)
    tie: DiceNeeded | None = None
    sealed = ""
    with writing() as db:
        row = round_with(db, round_id)
        try:
            with db.begin_nested():
                close_if_due(db, row, clock.now())
                if skips_paper and row.state is RoundState.CLOSED:
                    move_round(row, person, RoundState.PAPER)
                    record(db, person, "paper_opened", "round", row.uuid, second=second_id)
                sealed = _seal(db, row, person, dice, second_id)
        except DiceNeeded as called:
            # The round stays as it was, but for the fingerprint: kept before any ballot can come or go again.
            tie = called
            _call_dice(db, row, person, called.ballots_hash)
    if tie is not None:
        raise tie
    return SealedRound(sealed, is_clean=sweep_traces())


def _call_dice(db: Session, row: Round, person: Actor, ballots_hash: str) -> None:
    """Keep the fingerprint that is read out before the dice roll; from then on no ballot can be fitted to them."""
    if row.dice_hash != ballots_hash:
        row.dice_hash = ballots_hash
        record(db, person, "dice_called", "round", row.uuid, ballots_hash=ballots_hash)


def _seal(db: Session, row: Round, person: Actor, dice: str, second_id: int) -> str:
    """Count and seal inside the caller's transaction; the hash of the ballots that are kept."""
    move_round(row, person, RoundState.SEALED)
    db.flush()
    seen = voting_round(row.uuid)
    tally = _tally(db, seen, dice)
    row.is_advisory = tally.advisory
    db.flush()
    kept = _kept_sides(voting_round(row.uuid))
    of_round = select(Ballot.tracker, Ballot.side, Ballot.choices).where(
        Ballot.round_id == row.id, Ballot.side.in_(kept)
    )
    fingerprint = ballots_hash((ballot.tracker, ballot.side, ballot.choices) for ballot in db.execute(of_round))
    if tally.needs_dice and (not dice or row.dice_hash != fingerprint):
        raise DiceNeeded(fingerprint)
    row.tie_seed = dice if tally.needs_dice else ""
    totals = _freeze_counts(db, row, tally, kept)
    _write_outcomes(db, row, seen, tally)
    db.execute(
        insert(SealedBallot).from_select(
            ["round_id", "tracker", "side", "choices"],
            select(Ballot.round_id, Ballot.tracker, Ballot.side, Ballot.choices)
            .where(Ballot.round_id == row.id, Ballot.side.in_(kept))
            .order_by(Ballot.tracker),
        )
    )
    db.execute(delete(Ballot).where(Ballot.round_id == row.id))
    db.execute(delete(RoundSecret).where(RoundSecret.round_id == row.id))
    record(
        db,
        person,
        "round_sealed",
        "round",
        row.uuid,
        ballots_hash=fingerprint,
        tie_seed=row.tie_seed,
        is_advisory=row.is_advisory,
        second=second_id,
        **totals,
    )
    return fingerprint


def _kept_sides(row: RoundRow) -> list[Electorate]:
    return [Electorate.RESIDENTS, *([Electorate.OFFICERS] if keeps_officers_ballots(row) else [])]


def _tally(db: Session, row: RoundRow, dice: str) -> RoundTally:
    ballots: dict[Electorate, dict[Choice, int]] = {side: {} for side in Electorate}
    for side, choices, number in db.execute(
        select(Ballot.side, Ballot.choices, func.count())
        .where(Ballot.round_id == row.id)
        .group_by(Ballot.side, Ballot.choices)
    ):
        ballots[side][ballot_of_text(choices)] = number
    return tally_round(
        row.rule,
        [candidate.goal_uuid for candidate in row.candidates],
        ballots[Electorate.RESIDENTS],
        ballots[Electorate.OFFICERS],
        places=row.places,
        tie_seed=dice,
        mode=row.mode,
    )


def _freeze_counts(db: Session, row: Round, tally: RoundTally, kept: list[Electorate]) -> dict[str, int]:
    """Write what stays known of each side; the totals that the log keeps. Raises Conflict for too many ballots.

    Of a side whose ballots are not kept, how many were blank is not kept either.
    """
    channels: dict[Electorate, dict[str, int]] = {side: {} for side in Electorate}
    for side, channel, number in db.execute(
        select(Ballot.side, Ballot.channel, func.count())
        .where(Ballot.round_id == row.id)
        .group_by(Ballot.side, Ballot.channel)
    ):
        channels[side][channel.value] = number
    issued = {side: turnout.issued for side, turnout in turnouts(row.id).items()}
    totals = {}
    for side, count in ((Electorate.RESIDENTS, tally.residents), (Electorate.OFFICERS, tally.officers)):
        if count.cast > issued[side]:
            raise Conflict(f"There are more ballots than passes on the side of the {side.value}. Call the auditor.")
        db.add(
            SideCount(
                round_id=row.id,
                side=side,
                issued=issued[side],
                cast_ballots=count.cast,
                blank_ballots=count.blank if side in kept else as_sealed(count).blank,
                paper_ballots=channels[side].get(Channel.PAPER.value, 0),
                channels=channels[side],
            )
        )
        totals[f"{side.value}_cast"], totals[f"{side.value}_issued"] = count.cast, issued[side]
        totals[f"{side.value}_paper"] = channels[side].get(Channel.PAPER.value, 0)
    db.flush()
    return totals


def _write_outcomes(db: Session, row: Round, seen: RoundRow, tally: RoundTally) -> None:
    question = select(Candidate.goal_uuid, Candidate.id).where(Candidate.round_id == row.id)
    ids = {candidate.goal_uuid: candidate.id for candidate in db.execute(question)}
    shows_officers = seen.gives_tracker(Electorate.OFFICERS)
    db.add_all(
        Outcome(
            round_id=row.id,
            candidate_id=ids[outcome.goal],
            outcome=outcome.ending.value,
            place=outcome.place,
            residents_key=outcome.residents_key,
            officers_key=outcome.officers_key,
            residents_approvals=outcome.residents_approvals,
            officers_approvals=outcome.officers_approvals if shows_officers else None,
        )
        for outcome in tally.outcomes
    )
    db.flush()


def _dice(typed: str) -> str:
    """Dice as they enter the hash: "4-1-6", however they were typed."""
    rolled = re.sub(r"[\s,;.\-–]+", "", typed)
    if not re.fullmatch(r"[1-6]{0,12}", rolled):
        raise Invalid("Type what the dice show, for example 4-1-6.", field="tie_seed")
    return "-".join(rolled)
