"""Questions about who is in the room: totals of the voluntary answers, against the figures of the meeting's beats."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

from lib.model import Beat, BeatFigure, CheckinAnswer, MeetingBeat
from lib.queries.places import BeatRow
from lib.rules.checkin import (
    ADULTS,
    AGE,
    AGE_BANDS,
    BEAT,
    PART,
    Question,
    QuestionInRoom,
    question_in_room,
    questions_of,
    room_in_words,
)
from lib.rules.text import listed
from lib.storage.transaction import reading


@dataclass(frozen=True)
class FigureRow:
    """One dated, sourced figure of a beat; `kind` as in `rules.checkin.FIGURE_KINDS`."""

    beat: str
    kind: str
    value: int
    as_of: date
    source: str


def questions_asked(meeting_id: int) -> tuple[Question, ...]:
    """The voluntary questions at the door of a meeting. One statement."""
    return questions_of(_beats(meeting_id))


def answers_counted(meeting_id: int) -> Mapping[str, int]:
    """How many answered each question of a meeting, by the question's key. One statement."""
    counted = (
        select(CheckinAnswer.question, func.sum(CheckinAnswer.number))
        .where(CheckinAnswer.meeting_id == meeting_id)
        .group_by(CheckinAnswer.question)
        .order_by(CheckinAnswer.question)
    )
    with reading() as db:
        return {row[0]: int(row[1]) for row in db.execute(counted)}


def who_is_missing(meeting_id: int) -> tuple[QuestionInRoom, ...]:
    """Each voluntary question: who is in the room, beside who lives in the beats, small numbers hidden.

    Totals move by ten answers at least (`rules.checkin.ANSWERS_AT_A_TIME`), also in the end: of fewer that came last
    nothing is told, since two looks would tell them apart.
    Beats without a figure for every age band are compared in none. Three statements.
    """
    beats = _beats(meeting_id)
    with reading() as db:
        rows = db.execute(
            select(CheckinAnswer.question, CheckinAnswer.answer, CheckinAnswer.shown).where(
                CheckinAnswer.meeting_id == meeting_id
            )
        ).all()
    figures = beat_figures(beats)
    given: dict[str, dict[str, int]] = {}
    for row in rows:
        given.setdefault(row.question, {})[row.answer] = row.shown
    compared = {AGE: _ages(beats, figures), PART: _homes(beats, figures)}
    nothing: tuple[dict[str, int], str] = ({}, "")
    return tuple(
        question_in_room(question, given.get(question.key, {}), *compared.get(question.key, nothing))
        for question in questions_of(beats)
    )


def room_sentence(meeting_id: int) -> str:
    """Who was in the room, as it stands in the minutes; "" where nobody answered. Three statements."""
    return room_in_words(who_is_missing(meeting_id))


def beat_figures(codes: Iterable[str]) -> tuple[FigureRow, ...]:
    """The latest figure of each kind of these beats, by beat and kind. One statement."""
    latest = (
        select(BeatFigure.beat_id, BeatFigure.kind, func.max(BeatFigure.as_of).label("as_of"))
        .group_by(BeatFigure.beat_id, BeatFigure.kind)
        .subquery()
    )
    with reading() as db:
        rows = db.execute(
            select(Beat.code, BeatFigure.kind, BeatFigure.value, BeatFigure.as_of, BeatFigure.source)
            .join(Beat, Beat.id == BeatFigure.beat_id)
            .join(
                latest,
                and_(
                    latest.c.beat_id == BeatFigure.beat_id,
                    latest.c.kind == BeatFigure.kind,
                    latest.c.as_of == BeatFigure.as_of,
                ),
            )
            .where(Beat.code.in_(list(codes)))
            .order_by(Beat.code, BeatFigure.kind)
        )
        return tuple(FigureRow(*row) for row in rows)


def _beats(meeting_id: int) -> dict[str, str]:
    """The meeting's beats, label by code."""
    with reading() as db:
        rows = db.execute(
            select(Beat.id, Beat.code, Beat.name, Beat.precinct)
            .join(MeetingBeat, MeetingBeat.beat_id == Beat.id)
            .where(MeetingBeat.meeting_id == meeting_id)
            .order_by(Beat.code)
        )
        return {row.code: BeatRow(*row).label for row in rows}


def _ages(beats: Iterable[str], figures: Iterable[FigureRow]) -> tuple[dict[str, int], str]:
    """People of each age band in all beats of the meeting, and where the figures come from."""
    of_band = {f"{ADULTS}_{band}": band for band in AGE_BANDS}
    used = [each for each in figures if each.kind in of_band]
    if {(each.beat, each.kind) for each in used} != {(beat, kind) for beat in beats for kind in of_band}:
        return {}, ""
    people = dict.fromkeys(AGE_BANDS, 0)
    for each in used:
        people[of_band[each.kind]] += each.value
    return people, _source(used)


def _homes(beats: Mapping[str, str], figures: Iterable[FigureRow]) -> tuple[dict[str, int], str]:
    """Adults of each beat, where the meeting has several and all have a figure."""
    used = [each for each in figures if each.kind == ADULTS]
    if len(beats) < 2 or {each.beat for each in used} != set(beats):
        return {}, ""
    return {f"{BEAT}{each.beat}": each.value for each in used}, _source(used)


def _source(used: Iterable[FigureRow]) -> str:
    return listed(sorted({f"{each.source}, {each.as_of:%Y-%m-%d}" for each in used}))
