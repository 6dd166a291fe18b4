"""Published results: what was decided, in words and figures, and the ballots for everybody who counts again."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from lib.errors import NotFound
from lib.model import Beat, Candidate, Meeting, MeetingBeat, Outcome, Round, SealedBallot, SideCount
from lib.queries.counts import figures, keeps_officers_ballots, tally_of
from lib.queries.meetings import MeetingRow, meeting
from lib.queries.voting import CandidateRow, RoundRow, voting_round
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.results import outcome_sentence, result_sentence
from lib.rules.tally import Outcome as Counted
from lib.rules.tally import RoundTally
from lib.storage.transaction import reading

NOT_PUBLISHED = "The result of this vote is not published yet. It appears here when both sides have been counted."


@dataclass(frozen=True)
class SideResult:
    """What was frozen of one side at sealing. `channels`: ballots by channel (phone, paper, kiosk). `blank` is None for
    a sealed side: only its number and its keys are published."""

    issued: int
    cast: int
    blank: int | None
    channels: Mapping[str, int]


@dataclass(frozen=True)
class ResultLine:
    """One candidate of the result, with how it ended in a sentence."""

    candidate: CandidateRow
    outcome: Counted
    sentence: str


@dataclass(frozen=True)
class RoundResult:
    """A counted round. `lines` in the order of the result; `tally` is counted again from the published ballots, and
    `is_recounted` says whether that gives what was written down at sealing."""

    round: RoundRow
    meeting: MeetingRow
    tally: RoundTally
    lines: tuple[ResultLine, ...]
    sides: Mapping[Electorate, SideResult]
    sentence: str
    is_recounted: bool

    @property
    def publishes_officers_ballots(self) -> bool:
        return keeps_officers_ballots(self.round)


@dataclass(frozen=True)
class PublishedRow:
    """A published round in a list. `adopted` is how many goals it adopted."""

    uuid: UUID
    number: int
    question: str
    meeting_uuid: UUID
    meeting_title: str
    published_at: datetime
    adopted: int


def round_result(round_uuid: UUID, *, language: str = "en", also_unpublished: bool = False) -> RoundResult:
    """The result of a published round; `also_unpublished` for the facilitator who is about to publish a sealed one.

    Eight statements. Raises NotFound (no such round, not published yet).
    """
    row = voting_round(round_uuid, language)
    if row.state is not RoundState.PUBLISHED and not (also_unpublished and row.state is RoundState.SEALED):
        raise NotFound(NOT_PUBLISHED)
    known = figures(row.id, with_choices=True)
    tally = tally_of(row, known)
    with reading() as db:
        meeting_uuid = db.scalar(select(Meeting.uuid).where(Meeting.id == row.meeting_id))
        counts = db.execute(select(SideCount.side, SideCount.channels).where(SideCount.round_id == row.id))
        channels: dict[Electorate, Mapping[str, int]] = {row.side: row.channels for row in counts}
        written = db.execute(
            select(
                Candidate.goal_uuid,
                Outcome.outcome,
                Outcome.place,
                Outcome.residents_key,
                Outcome.officers_key,
                Outcome.residents_approvals,
                Outcome.officers_approvals,
            )
            .join(Candidate, Candidate.id == Outcome.candidate_id)
            .where(Outcome.round_id == row.id)
        ).all()
    if meeting_uuid is None:
        raise NotFound(NOT_PUBLISHED)
    candidates = {candidate.goal_uuid: candidate for candidate in row.candidates}
    return RoundResult(
        round=row,
        meeting=meeting(meeting_uuid),
        tally=tally,
        lines=tuple(
            ResultLine(candidates[outcome.goal], outcome, outcome_sentence(outcome, tally))
            for outcome in tally.in_order()
        ),
        sides={
            side: SideResult(
                turnout.issued,
                turnout.cast,
                known.blank[side] if side is Electorate.RESIDENTS or keeps_officers_ballots(row) else None,
                channels.get(side, {}),
            )
            for side, turnout in known.turnout.items()
        },
        sentence=result_sentence(tally),
        is_recounted={tuple(line) for line in written} == {_written(outcome) for outcome in tally.outcomes},
    )


def published_rounds(beat: str | None = None, *, at_most: int | None = 50) -> tuple[PublishedRow, ...]:
    """Published rounds, the latest first; of one beat (by code) or of all. One statement."""
    adopted = select(func.count()).where(Outcome.round_id == Round.id, Outcome.outcome == "adopted").scalar_subquery()
    question = (
        select(Round.uuid, Round.number, Round.question, Meeting.uuid, Meeting.title, Round.published_at, adopted)
        .join(Meeting, Meeting.id == Round.meeting_id)
        .where(Round.state == RoundState.PUBLISHED)
        .order_by(Round.published_at.desc(), Round.id.desc())
        .limit(at_most)
    )
    if beat is not None:
        of_beat = select(MeetingBeat.meeting_id).join(Beat, Beat.id == MeetingBeat.beat_id).where(Beat.code == beat)
        question = question.where(Round.meeting_id.in_(of_beat))
    with reading() as db:
        return tuple(PublishedRow(*row) for row in db.execute(question))


def ballots_file(round_uuid: UUID) -> bytes:
    """The published ballots as CSV, sorted by tracker (see `ballots_csv`). Two statements. Raises NotFound."""
    with reading() as db:
        row = db.execute(select(Round.id, Round.state).where(Round.uuid == round_uuid)).first()
        if row is None or row.state is not RoundState.PUBLISHED:
            raise NotFound(NOT_PUBLISHED)
        ballots = db.execute(
            select(SealedBallot.tracker, SealedBallot.side, SealedBallot.choices).where(SealedBallot.round_id == row.id)
        )
        return ballots_csv((ballot.tracker, ballot.side, ballot.choices) for ballot in ballots)


def ballots_csv(ballots: Iterable[tuple[str, Electorate, str]]) -> bytes:
    """Ballots (tracker, side, choices as stored) as CSV: sorted by tracker, goals apart by a space, "none" for none of
    these, nothing for a blank ballot. The same bytes for the same ballots."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("tracker", "side", "choices"))
    for tracker, side, choices in sorted(ballots):
        # As stored they are sorted, and "none" stands alone (`lib.rules.counting.choices_text`).
        writer.writerow((tracker, side.value, " ".join(json.loads(choices))))
    return text.getvalue().encode()


def ballots_hash(ballots: Iterable[tuple[str, Electorate, str]]) -> str:
    """SHA-256 in hex of `ballots_csv`: read out in the room before dice decide a tie."""
    return sha256(ballots_csv(ballots)).hexdigest()


def _written(outcome: Counted) -> tuple[Any, ...]:
    return (
        outcome.goal,
        outcome.ending.value,
        outcome.place,
        outcome.residents_key,
        outcome.officers_key,
        outcome.residents_approvals,
        outcome.officers_approvals,
    )
