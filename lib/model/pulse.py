"""The pulse: how safe people feel. Wording is versioned; an answer never holds its invitation (promise 9)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from lib.model.base import Base, Id, words
from lib.rules.instrument import Sample


class PulseSurvey(Base):
    """One wave in one beat, open from `wave_on` to the end of `closes_on`. `adults` is the sampling frame.

    `invited` is 0 for volunteers, who all use the public `code`. `swept_at`: when what answers leave in the database's
    files was removed after closing; nothing is shown before.
    """

    __tablename__ = "pulse_survey"
    __table_args__ = (
        UniqueConstraint("beat_id", "wave_on"),
        CheckConstraint("adults > 0 AND invited >= 0", name="counts"),
    )

    id: Mapped[Id]
    beat_id: Mapped[int] = mapped_column(ForeignKey("beat.id"))
    wave_on: Mapped[date]
    closes_on: Mapped[date]
    wording: Mapped[str] = mapped_column(String(40))
    sample: Mapped[Sample] = mapped_column(words(Sample, "sample"))
    adults: Mapped[int]
    invited: Mapped[int]
    code: Mapped[str] = mapped_column(String(16), default="", server_default="")
    planned_at: Mapped[datetime | None]
    swept_at: Mapped[datetime | None]


class PulseInvitation(Base):
    """What may answer once: a code, or a volunteer's device. Its digest is kept; nothing links it to the answer."""

    __tablename__ = "pulse_invitation"
    __table_args__ = ({"sqlite_with_rowid": False},)

    survey_id: Mapped[int] = mapped_column(ForeignKey("pulse_survey.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    is_used: Mapped[bool] = mapped_column(default=False)


class PulseAnswer(Base):
    """One answer, without time, address or invitation; None where a question was not answered.

    `after_dark` and `by_day`: 1 very safe to 4 very unsafe; `safety`, `respect`, `listens`: 0 to 10; `compared`: -1
    worse, 0 the same, 1 better than 12 months ago; `took_part`: came to a meeting, voted or raised a concern in the
    last 12 months. The random `id` gives no order away.
    """

    __tablename__ = "pulse_answer"
    __table_args__ = (
        CheckConstraint("after_dark BETWEEN 1 AND 4", name="after_dark"),
        CheckConstraint("by_day BETWEEN 1 AND 4", name="by_day"),
        CheckConstraint("safety BETWEEN 0 AND 10", name="safety"),
        CheckConstraint("respect BETWEEN 0 AND 10", name="respect"),
        CheckConstraint("listens BETWEEN 0 AND 10", name="listens"),
        CheckConstraint("compared BETWEEN -1 AND 1", name="compared"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    survey_id: Mapped[int] = mapped_column(ForeignKey("pulse_survey.id", ondelete="CASCADE"), index=True)
    after_dark: Mapped[int | None]
    by_day: Mapped[int | None]
    safety: Mapped[int | None]
    respect: Mapped[int | None]
    listens: Mapped[int | None]
    compared: Mapped[int | None]
    took_part: Mapped[bool | None]
    top_issue: Mapped[str] = mapped_column(String(160), default="")
