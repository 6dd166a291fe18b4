"""Meetings of residents and officers: when, where, in which order, and what was decided."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from lib.api.answers import BeatCode, errors
from lib.queries.meetings import MeetingRow, coming_meetings, meeting_calendar, meeting_detail, past_meetings
from lib.rules.lifecycle import MeetingState, RoundState
from lib.settings import settings

router = APIRouter(tags=["meetings"], responses=errors(422, 503))


class When(StrEnum):
    """Which meetings: open or still to come, or over."""

    COMING = "coming"
    PAST = "past"


class MeetingAnswer(BaseModel):
    uuid: UUID
    title: str
    place: str
    access: str = Field(description="How to get there and in, step-free or not.")
    starts_at: datetime
    ends_at: datetime
    state: MeetingState
    beats: list[str]


class StepAnswer(BaseModel):
    title: str
    minutes: int
    starts_at: datetime = Field(description="As planned.")


class RoundInMeeting(BaseModel):
    uuid: UUID
    number: int
    question: str
    state: RoundState


class MeetingDetail(MeetingAnswer):
    """A meeting with its agenda and rounds; its minutes once they have been approved."""

    agenda: list[StepAnswer]
    rounds: list[RoundInMeeting] = Field(description="Rounds that have been opened.")
    minutes: list[str]
    decisions: list[str]
    minutes_pdf: str | None = Field(description="Where the approved minutes are read as a PDF; null before approval.")


@router.get("/meetings", summary="Meetings")
def meetings(
    *,
    beat: BeatCode = None,
    when: Annotated[When, Query(description="Coming meetings, or those that are over.")] = When.COMING,
) -> list[MeetingAnswer]:
    """Coming meetings with the next first, or the last fifty with the latest first."""
    rows = coming_meetings(beat) if when is When.COMING else past_meetings(beat)
    return [_meeting(row) for row in rows]


@router.get("/meetings/{uuid}", summary="One meeting", responses=errors(404))
def meeting(uuid: UUID) -> MeetingDetail:
    """One meeting with agenda, rounds and approved minutes."""
    detail = meeting_detail(uuid)
    approved = detail.meeting.state is MeetingState.MINUTED
    return MeetingDetail(
        **_meeting(detail.meeting).model_dump(),
        agenda=[StepAnswer(title=step.title, minutes=step.minutes, starts_at=step.starts_at) for step in detail.agenda],
        rounds=[
            RoundInMeeting(uuid=row.uuid, number=row.number, question=row.question, state=row.state)
            for row in detail.rounds
            if row.state is not RoundState.DRAFT
        ],
        minutes=[minute.text for minute in detail.minutes] if approved else [],
        decisions=[minute.text for minute in detail.decisions] if approved else [],
        minutes_pdf=f"{settings().address}/meetings/{uuid}/minutes.pdf" if approved else None,
    )


@router.get(
    "/meetings/{uuid}/calendar.ics",
    summary="One meeting for a calendar",
    responses=errors(404) | {200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}},
    response_class=Response,
)
def calendar(uuid: UUID) -> Response:
    """The meeting as an iCalendar file (RFC 5545)."""
    return Response(meeting_calendar(uuid), media_type="text/calendar")


def _meeting(row: MeetingRow) -> MeetingAnswer:
    return MeetingAnswer(
        uuid=row.uuid,
        title=row.title,
        place=row.place,
        access=row.access,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=row.state,
        beats=list(row.beat_codes),
    )
