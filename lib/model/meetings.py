"""Meetings of residents and officers: when, where, about which beats, in which order, and what was decided."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from lib.model.base import Base, Id, PublicId, words
from lib.rules.lifecycle import MeetingState
from lib.rules.minutes import MinuteKind
from lib.rules.voting import Display


class Meeting(Base):
    """`address`: what the room's QR codes carry where the installation's own address does not fit this hall.
    `display`: what the facilitator lets the live display show. `minuted_at`: when both approved the minutes."""

    __tablename__ = "meeting"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="starts_before_ends"),)

    id: Mapped[Id]
    uuid: Mapped[PublicId]
    title: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(200))
    access: Mapped[str] = mapped_column(String(300), default="")
    wifi: Mapped[str] = mapped_column(String(80), default="")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    state: Mapped[MeetingState] = mapped_column(words(MeetingState, "state"), default=MeetingState.PLANNED, index=True)
    address: Mapped[str] = mapped_column(String(200), default="", server_default="")
    display: Mapped[Display] = mapped_column(words(Display, "display"), default=Display.VOTE, server_default="vote")
    minuted_at: Mapped[datetime | None]


class MeetingBeat(Base):
    __tablename__ = "meeting_beat"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    beat_id: Mapped[int] = mapped_column(ForeignKey("beat.id"), primary_key=True, index=True)


class AgendaItem(Base):
    """A step of the meeting with its time box in minutes; `round_id` where the step is a vote. `started_at` is written
    when the facilitator begins it. `topic` and `source` say what a drafted step is about ("goal:UUID"), both empty
    where somebody typed it; a drafted step that somebody changed keeps its `source` and loses its `topic`."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        CheckConstraint("minutes > 0", name="takes_time"),
    )

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(160))
    minutes: Mapped[int]
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    started_at: Mapped[datetime | None]
    topic: Mapped[str] = mapped_column(String(32), default="", server_default="")
    source: Mapped[str] = mapped_column(String(80), default="", server_default="")


class Minute(Base):
    """One thing that was said, decided or promised.

    `source`: what a drafted line was drawn from, once per meeting, so that drafting again adds nothing twice. A line
    that was struck stays struck. `position`: the line's place where somebody moved one, 0 where time alone orders them.
    Once the minutes are approved, triggers refuse every change, and the meeting is never anything else again.
    """

    __tablename__ = "minute"
    __table_args__ = (
        Index(
            "uq_minute_source",
            "meeting_id",
            "source",
            unique=True,
            sqlite_where=literal_column("source <> ''"),
            postgresql_where=literal_column("source <> ''"),
        ),
    )

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    kind: Mapped[MinuteKind] = mapped_column(words(MinuteKind, "kind"))
    text: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(80), default="", server_default="")
    is_struck: Mapped[bool] = mapped_column(default=False, server_default=false())
    position: Mapped[int] = mapped_column(default=0, server_default="0")


class MinutesApproval(Base):
    """Who approved the minutes as they stood: `text_hash` is the SHA-256 of the whole text."""

    __tablename__ = "minutes_approval"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    approved_at: Mapped[datetime]
    text_hash: Mapped[str] = mapped_column(String(64))


class CheckinAnswer(Base):
    """How many people gave this answer to a voluntary question at the door. Totals only: no row per person, and nothing
    that ties one question's answer to another's. `shown` is the total that people may see: it moves when a question has
    ten answers more than were shown, so that nobody reads a single answer from two looks."""

    __tablename__ = "checkin_answer"
    __table_args__ = (CheckConstraint("number >= 0 AND shown >= 0", name="not_negative"),)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(String(32), primary_key=True)
    answer: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int]
    shown: Mapped[int] = mapped_column(default=0, server_default="0")


class PhoneCheck(Base):
    """Whether a phone in the hall reached the room's address: the code of the check, and when it came back."""

    __tablename__ = "phone_check"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    reached_at: Mapped[datetime | None]
