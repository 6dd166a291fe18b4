"""What is said about a goal: for and against before its vote, what shows that promises were kept, the residents' word.

As on the goal's page: nobody's name, and a count of fewer than three answers is absent.
"""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from lib.queries.goal_voices import ArgumentRow, EvidenceRow
from lib.queries.residents_word import WordOfResidents
from lib.rules.goals import EvidenceKind, Stance
from lib.rules.lifecycle import Electorate, GoalState, Side
from lib.rules.residents_word import SHOWN_FROM, WordCount


class ArgumentAnswer(BaseModel):
    """What a side says for or against a goal before its vote."""

    stance: Stance
    side: Electorate
    text: str
    argued_at: datetime
    is_withdrawn: bool = Field(description="Taken back by its side; the page shows it crossed out.")


class EvidenceAnswer(BaseModel):
    """What shows that a commitment was kept. What was taken back keeps its place and its reason only."""

    uuid: UUID
    kind: EvidenceKind
    text: str
    link: str | None
    photo: str | None = Field(description="Address of the picture, from the root of this site.")
    side: Side = Field(description="Whose side showed it.")
    added_at: datetime
    withdrawn_reason: str | None


class WordAnswer(BaseModel):
    """Answers of one source to “what has become of it?”, three or more. They stand for those who answered alone."""

    n: int = Field(description="Answers of this source in the window.", ge=SHOWN_FROM)
    solved: int
    better: int
    same: int
    worse: int
    source: str = Field(description="Follow links, or the meeting at which hands were raised.")
    from_on: date = Field(
        description="First day of the window: the due date, or when the goal was opened again; the day of the meeting "
        "for hands."
    )
    until_on: date = Field(description="Last day of the window: yesterday for follow links, the day of the meeting.")
    sentence: str


class ResidentsWordAnswer(BaseModel):
    """What residents say became of a goal. Follow links and hands are never added up: it may be the same person."""

    asked_from: date
    is_asked: bool
    is_confirmed: bool = Field(description="Three answers or more, most of them solved or better, of what is shown.")
    by_link: WordAnswer | None = Field(description="Null under three answers.")
    by_hands: WordAnswer | None = Field(description="At the last meeting that asked. Null under three hands.")


def argument_answer(row: ArgumentRow) -> ArgumentAnswer:
    return ArgumentAnswer(
        stance=row.stance, side=row.side, text=row.text, argued_at=row.argued_at, is_withdrawn=row.is_withdrawn
    )


def evidence_answer(row: EvidenceRow) -> EvidenceAnswer:
    is_photo = row.kind is EvidenceKind.PHOTO and not row.withdrawn_reason
    return EvidenceAnswer(
        uuid=row.uuid,
        kind=row.kind,
        text=row.text,
        link=row.link or None,
        photo=f"/evidence/{row.uuid}.jpg" if is_photo else None,
        side=row.side,
        added_at=row.added_at,
        withdrawn_reason=row.withdrawn_reason or None,
    )


def word_answer(state: GoalState, word: WordOfResidents, yesterday: date) -> ResidentsWordAnswer | None:
    """None for a goal that nobody is or will be asked about."""
    if word.asked_from is None or state not in (GoalState.ACTIVE, GoalState.ACHIEVED, GoalState.NOT_ACHIEVED):
        return None
    return ResidentsWordAnswer(
        asked_from=word.asked_from,
        is_asked=word.is_asked,
        is_confirmed=word.seems_to_confirm,
        by_link=_count(word.shown_by_link, "follow links", word.asked_from, yesterday),
        by_hands=_count(
            word.by_hands, f"hands raised: {word.room}", word.room_on or yesterday, word.room_on or yesterday
        ),
    )


def _count(count: WordCount, source: str, from_on: date, until_on: date) -> WordAnswer | None:
    """The counts with n, window and source; None while they are hidden."""
    if not count.is_shown:
        return None
    return WordAnswer(
        n=count.total,
        solved=count.solved,
        better=count.better,
        same=count.same,
        worse=count.worse,
        source=source,
        from_on=from_on,
        until_on=until_on,
        sentence=count.sentence,
    )
