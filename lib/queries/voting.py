"""Questions about rounds, passes and the ballot of one pass. None of them returns what anybody chose (promise 2)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import aliased

from lib import clock
from lib.errors import NotFound
from lib.model import (
    Candidate,
    CandidateText,
    Category,
    DoorPass,
    Goal,
    Meeting,
    Pass,
    PassBatch,
    Round,
    RoundText,
)
from lib.rules.ballots import candidate_order, short_hash
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.results import rule_sentence
from lib.rules.tally import OFFICERS_THRESHOLD, residents_threshold
from lib.rules.voting import PassKind, ResultsShown, RoundMode, RoundRule, SideFigures
from lib.storage.transaction import reading


@dataclass(frozen=True)
class CandidateRow:
    """A goal on a ballot in one language (English where there is no translation). `icon` and `colour` are those of the
    goal's category, "" without one."""

    id: int
    goal_id: int
    goal_uuid: UUID
    position: int
    title: str
    summary: str
    icon: str
    colour: str


@dataclass(frozen=True)
class RoundRow:
    """One round with its candidates by position. It is number `number` of the `of` rounds of its meeting.

    `dice_hash`: SHA-256 of the ballots while a tie waits for the dice. `set_aside`: why it is never published.
    """

    id: int
    uuid: UUID
    meeting_id: int
    number: int
    of: int
    question: str
    eligibility: str
    places: int
    rule: RoundRule
    mode: RoundMode
    shows: ResultsShown
    officers_figures: SideFigures
    minutes: int
    state: RoundState
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    published_at: datetime | None
    frozen_hash: str
    tie_seed: str
    dice_hash: str
    is_advisory: bool
    set_aside: str
    meeting_uuid: UUID
    candidates: tuple[CandidateRow, ...]

    @property
    def rule_sentence(self) -> str:
        """The rule as it is read out before the vote."""
        return rule_sentence(self.rule, self.places, self.mode)

    @property
    def residents_threshold(self) -> Fraction:
        return residents_threshold(self.places)

    @property
    def officers_threshold(self) -> Fraction:
        return OFFICERS_THRESHOLD

    @property
    def short_hash(self) -> str:
        """The fingerprint of what was frozen at opening, as it is shown on screen; "" for a draft."""
        return short_hash(self.frozen_hash)

    def takes_ballots(self, now: datetime) -> bool:
        """Whether a phone can vote at this moment: open, and its time is not over."""
        return self.state is RoundState.OPEN and self.closes_at is not None and now < self.closes_at

    def gives_tracker(self, side: Electorate) -> bool:
        """Whether a voter of this side gets a tracker: a sealed side's ballots are never published."""
        return side is Electorate.RESIDENTS or self.officers_figures is SideFigures.OPEN

    def in_own_order(self, cred: bytes) -> tuple[CandidateRow, ...]:
        """The candidates in this voter's own order."""
        by_uuid = {candidate.goal_uuid: candidate for candidate in self.candidates}
        return tuple(by_uuid[goal] for goal in candidate_order(cred, by_uuid))


@dataclass(frozen=True)
class BatchRow:
    """Passes minted together. `first_serial` and `last_serial` are printed on the stubs, None for passes without."""

    number: int
    side: Electorate
    kind: PassKind
    size: int
    void: int
    first_serial: int | None
    last_serial: int | None
    commitments_hash: str
    minted_at: datetime


def voting_round(round_uuid: UUID, language: str = "en") -> RoundRow:
    """One round with its candidates. Two statements. Raises NotFound."""
    found = _rounds(Round.uuid == round_uuid, language)
    if not found:
        raise NotFound("This vote does not exist. Start again from the list of meetings.")
    return found[0]


def round_of(round_id: int, language: str = "en") -> RoundRow:
    """One round by its number in this database. Two statements. Raises NotFound."""
    found = _rounds(Round.id == round_id, language)
    if not found:
        raise NotFound("This vote does not exist. Start again from the list of meetings.")
    return found[0]


def waiting_passes(meeting_id: int) -> Mapping[Electorate, int]:
    """How many passes of each side still wait at the door of a meeting. One statement."""
    with reading() as db:
        rows = db.execute(
            select(PassBatch.side, func.count())
            .join(DoorPass, DoorPass.batch_id == PassBatch.id)
            .where(PassBatch.meeting_id == meeting_id, PassBatch.kind == PassKind.DOOR)
            .group_by(PassBatch.side)
        )
        found: dict[Electorate, int] = {row[0]: row[1] for row in rows}
    return {side: found.get(side, 0) for side in Electorate}


def rounds(meeting_id: int, language: str = "en") -> tuple[RoundRow, ...]:
    """Every round of a meeting by number. Two statements."""
    return _rounds(Round.meeting_id == meeting_id, language)


def open_rounds(meeting_id: int, *, now: datetime | None = None, language: str = "en") -> tuple[RoundRow, ...]:
    """The rounds that take ballots at this moment (one at most). Two statements, one if there is none."""
    moment = now or clock.now()
    is_open = and_(Round.meeting_id == meeting_id, Round.state == RoundState.OPEN, Round.closes_at > moment)
    return _rounds(is_open, language)


def last_opened_round(meeting_id: int, language: str = "en") -> RoundRow | None:
    """The round that was opened last, whatever became of it; None before the first. Two statements."""
    newest = (
        select(Round.id)
        .where(Round.meeting_id == meeting_id, Round.state != RoundState.DRAFT)
        .order_by(Round.opened_at.desc(), Round.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = _rounds(Round.id == newest, language)
    return found[0] if found else None


def round_on_phones(meeting_id: int, language: str = "en") -> RoundRow | None:
    """As `last_opened_round`, for a hall that asks hundreds of times a second: of an open round everything but its time
    is frozen, so a process reads the rest once. One statement, three the first time."""
    with reading() as db:
        row = db.connection().execute(_LAST_OPENED, {"meeting_id": meeting_id}).first()
        if row is None:
            return None
        if row.state is not RoundState.OPEN:
            return round_of(row.id, language)
        known = (row.uuid, row.frozen_hash, language)
        found = _frozen_rounds.get(known)
        if found is None:
            found = round_of(row.id, language)
            if found.state is RoundState.OPEN:
                if len(_frozen_rounds) >= MOST_FROZEN:
                    _frozen_rounds.clear()
                _frozen_rounds[known] = found
    return replace(found, state=row.state, minutes=row.minutes, closes_at=row.closes_at, of=row.of)


def pass_batches(meeting_id: int) -> tuple[BatchRow, ...]:
    """The batches of passes minted for a meeting, by number. One statement."""
    with reading() as db:
        rows = db.execute(
            select(
                PassBatch.number,
                PassBatch.side,
                PassBatch.kind,
                PassBatch.size,
                func.sum(case((Pass.is_void, 1), else_=0)),
                func.min(Pass.serial),
                func.max(Pass.serial),
                PassBatch.commitments_hash,
                PassBatch.minted_at,
            )
            .join(Pass, Pass.batch_id == PassBatch.id)
            .where(PassBatch.meeting_id == meeting_id)
            .group_by(PassBatch.id)
            .order_by(PassBatch.number)
        )
        return tuple(BatchRow(*row) for row in rows)


def frozen_text(round_uuid: UUID) -> str:
    """The canonical JSON that was frozen at opening, for everybody to download; its SHA-256 is the round's hash.

    One statement. Raises NotFound before opening.
    """
    with reading() as db:
        text = db.scalar(select(Round.frozen).where(Round.uuid == round_uuid))
    if not text:
        raise NotFound("This vote has not been opened yet, so nothing of it is frozen.")
    return text


def _rounds(which: ColumnElement[bool], language: str) -> tuple[RoundRow, ...]:
    spoken = {"language": language}
    with reading() as db:
        rows = db.execute(_ROUNDS.where(which), spoken).all()
        candidates: dict[int, list[CandidateRow]] = {row.id: [] for row in rows}
        if rows:
            for row in db.execute(_CANDIDATES, spoken | {"round_ids": list(candidates)}):
                candidates[row.round_id].append(CandidateRow(*row[1:]))
    return tuple(RoundRow(**row._asdict(), candidates=tuple(candidates[row.id])) for row in rows)


def _round_question() -> Select[*tuple[Any, ...]]:
    """The fields of `RoundRow` without its candidates, in the language bound as `language`."""
    sisters, said = aliased(Round), aliased(RoundText)
    of = select(func.count()).where(sisters.meeting_id == Round.meeting_id).scalar_subquery().label("of")
    return (
        select(
            Round.id,
            Round.uuid,
            Round.meeting_id,
            Round.number,
            of,
            func.coalesce(said.question, Round.question).label("question"),
            func.coalesce(said.eligibility, Round.eligibility).label("eligibility"),
            Round.places,
            Round.rule,
            Round.mode,
            Round.shows,
            Round.officers_figures,
            Round.minutes,
            Round.state,
            Round.opened_at,
            Round.closes_at,
            Round.closed_at,
            Round.published_at,
            Round.frozen_hash,
            Round.tie_seed,
            Round.dice_hash,
            Round.is_advisory,
            Round.set_aside,
            Meeting.uuid.label("meeting_uuid"),
        )
        .join(Meeting, Meeting.id == Round.meeting_id)
        .outerjoin(said, and_(said.round_id == Round.id, said.language == bindparam("language")))
        .order_by(Round.number)
    )


def _candidate_question() -> Select[*tuple[Any, ...]]:
    """Rows (round_id, then the fields of `CandidateRow`) by position, in the bound language or else in English."""
    wanted, english = aliased(CandidateText), aliased(CandidateText)
    return (
        select(
            Candidate.round_id,
            Candidate.id,
            Candidate.goal_id,
            Candidate.goal_uuid,
            Candidate.position,
            func.coalesce(wanted.title, english.title, ""),
            func.coalesce(wanted.summary, english.summary, ""),
            func.coalesce(Category.icon, ""),
            func.coalesce(Category.colour, ""),
        )
        .join(Goal, Goal.id == Candidate.goal_id)
        .outerjoin(Category, Category.id == Goal.category_id)
        .outerjoin(wanted, and_(wanted.candidate_id == Candidate.id, wanted.language == bindparam("language")))
        .outerjoin(english, and_(english.candidate_id == Candidate.id, english.language == "en"))
        .where(Candidate.round_id.in_(bindparam("round_ids", expanding=True)))
        .order_by(Candidate.round_id, Candidate.position)
    )


def _last_opened_question() -> Select[*tuple[Any, ...]]:
    """What may change of the round that was opened last in the meeting bound as `meeting_id`."""
    sisters = aliased(Round)
    of = select(func.count()).where(sisters.meeting_id == Round.meeting_id).scalar_subquery().label("of")
    return (
        select(Round.id, Round.uuid, Round.state, Round.minutes, Round.closes_at, Round.frozen_hash, of)
        .where(Round.meeting_id == bindparam("meeting_id"), Round.state != RoundState.DRAFT)
        .order_by(Round.opened_at.desc(), Round.number.desc())
        .limit(1)
    )


# Built once: each phone of a rush asks these, and building them took ten times as long as asking.
_ROUNDS, _CANDIDATES, _LAST_OPENED = _round_question(), _candidate_question(), _last_opened_question()

MOST_FROZEN = 64
"""Open rounds times languages that a process remembers."""

_frozen_rounds: dict[tuple[UUID, str, str], RoundRow] = {}
