"""What residents raise, and what became of it. The public row never holds more than an h3 cell (promise 10)."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from lib.model.base import Base, Id, PublicId, words
from lib.rules.geography import PlaceKind
from lib.rules.goals import ResidentsWord
from lib.rules.moderation import PhotoState, Reason, TextState
from lib.rules.states import ConcernStatus

NOT_ERASED_NOR_A_PART = text("erased_at IS NULL AND split_from_id IS NULL")
"""Concerns whose first answer is counted: others say no day, or were answered with another one."""


class Category(Base):
    """What a concern is about. `icon` names a glyph in the pin atlas; `colour` is one of the palette's eight.

    One that is not `is_public` takes no concerns: whoever chooses it is shown whom to call (`CategoryText.advice`, and
    the partner's number).
    """

    __tablename__ = "category"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(40), unique=True)
    icon: Mapped[str] = mapped_column(String(40))
    colour: Mapped[str] = mapped_column(String(7))
    position: Mapped[int] = mapped_column(SmallInteger)
    is_public: Mapped[bool] = mapped_column(default=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))


class CategoryText(Base):
    """A category's name in one language (ISO 639-1), who is `responsible` for it, and for one that never becomes public
    the `advice` that stands in place of the form."""

    __tablename__ = "category_text"

    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    responsible: Mapped[str] = mapped_column(String(160), default="", server_default="")
    advice: Mapped[str] = mapped_column(String(600), default="", server_default="")


class Concern(Base):
    """The public row. Its beat is that of the *cell's centre*; without a place the cell is empty and the beat chosen.

    `text` is what everybody may read, in whatever `text_state`: held or withheld it is empty, and the reporter's own
    words lie in `ConcernReview`. `split_from_id`: the concern that this one was a part of.

    `follow_digest` is the SHA-256 of the follow link's secret. Erasing empties `text`, moves `reported_at` to the first
    of its month, drops salt and follow digest, and deletes the `ConcernPlace`.
    """

    __tablename__ = "concern"
    __table_args__ = (
        Index("ix_concern_beat_reported", "beat_id", "reported_at"),
        Index("ix_concern_reported_category", "reported_at", "category_id"),
        # What the desk sorts by, and what the first-answer clock reads, without a look at the row and its words.
        Index("ix_concern_desk", "status", "beat_id", "answered_at", "reported_at"),
        Index(
            "ix_concern_first_answer",
            *("reported_at", "beat_id", "category_id", "answered_at", "closed_at"),
            sqlite_where=NOT_ERASED_NOR_A_PART,
            postgresql_where=NOT_ERASED_NOR_A_PART,
        ),
        CheckConstraint("length(text) <= 2000", name="text_length"),
        CheckConstraint("erased_at IS NULL OR (text = '' AND salt IS NULL AND follow_digest IS NULL)", name="erased"),
        CheckConstraint("text_state NOT IN ('held', 'withheld') OR text = ''", name="unread_is_empty"),
    )

    id: Mapped[Id]
    uuid: Mapped[PublicId]
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    beat_id: Mapped[int] = mapped_column(ForeignKey("beat.id"))
    cell: Mapped[str] = mapped_column(String(16), default="", index=True)
    place_kind: Mapped[PlaceKind] = mapped_column(words(PlaceKind, "place_kind"))
    text: Mapped[str] = mapped_column(Text)
    frequency: Mapped[str] = mapped_column(String(20), default="")
    status: Mapped[ConcernStatus] = mapped_column(words(ConcernStatus, "status"), default=ConcernStatus.NEW, index=True)
    reported_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("concern.id"), index=True)
    text_state: Mapped[TextState] = mapped_column(
        words(TextState, "text_state"), default=TextState.SHOWN, server_default=TextState.SHOWN.value
    )
    referred_to_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("concern.id"), index=True)
    erased_at: Mapped[datetime | None]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    follow_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)


class ConcernPlace(Base):
    """Exact point, typed address and contact, apart from the public row.

    Shown to officers only, with consent, and each view is logged.
    """

    __tablename__ = "concern_place"
    __table_args__ = (
        CheckConstraint("(longitude IS NULL) = (latitude IS NULL)", name="whole_point"),
        CheckConstraint("length(address) <= 300", name="address_length"),
    )

    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id", ondelete="CASCADE"), primary_key=True)
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]
    address: Mapped[str] = mapped_column(String(300), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    officers_may_see: Mapped[bool] = mapped_column(default=False)


class Support(Base):
    """ "Me too", once per device; `device` is a keyed hash of the device's own random cookie, sealed for the concern.

    `is_repeat`: the same device supports a concern that this one is merged with, and is counted there.

    `follow_digest`: SHA-256 of the secret in the supporter's own follow link. `supported_on`: the city's day; of
    support from before days were kept, the day on which the concern was raised. Without it a link is asked nothing.
    """

    __tablename__ = "support"
    __table_args__ = (Index("uq_support_follow_digest", "follow_digest", unique=True), {"sqlite_with_rowid": False})

    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id", ondelete="CASCADE"), primary_key=True)
    device: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    follow_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    supported_on: Mapped[date | None]
    is_repeat: Mapped[bool] = mapped_column(default=False, server_default=false())


class ConcernReview(Base):
    """The reporter's own words where they are not public as they came, and what a moderator decided.

    `findings`: what was found in them, as words of `rules.moderation.Finding`. Held until `decided_at`. Erasing deletes
    the row, or its words and days where something was kept back: that stays in the public list.
    """

    __tablename__ = "concern_review"
    __table_args__ = (
        CheckConstraint("length(original) <= 2000", name="original_length"),
        CheckConstraint("(decided_at IS NULL) = (decision = 'held')", name="decided"),
        CheckConstraint("decision NOT IN ('redacted', 'withheld') OR reason IS NOT NULL", name="kept_back_has_reason"),
    )

    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id", ondelete="CASCADE"), primary_key=True)
    original: Mapped[str] = mapped_column(Text)
    findings: Mapped[list[str]]
    held_at: Mapped[datetime]
    decision: Mapped[TextState] = mapped_column(words(TextState, "decision"), default=TextState.HELD)
    reason: Mapped[Reason | None] = mapped_column(words(Reason, "reason"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]


class ConcernPhoto(Base):
    """A photo of a concern: a new JPEG of its pixels, held until a moderator has looked. A withheld one is gone."""

    __tablename__ = "concern_photo"
    __table_args__ = (
        CheckConstraint("(state = 'withheld') = (photo IS NULL)", name="withheld_is_gone"),
        CheckConstraint("state <> 'withheld' OR reason IS NOT NULL", name="withheld_has_reason"),
    )

    id: Mapped[Id]
    uuid: Mapped[PublicId]
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id", ondelete="CASCADE"), index=True)
    photo: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[PhotoState] = mapped_column(words(PhotoState, "state"), default=PhotoState.HELD, index=True)
    reason: Mapped[Reason | None] = mapped_column(words(Reason, "reason"))
    added_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]


class ConcernOutcome(Base):
    """What somebody who raised or supported a concern says became of it, through their follow link, after the officers
    said that it is solved.

    `answerer` is a hash over the concern and the link's secret, as in `GoalAnswer`.
    """

    __tablename__ = "concern_outcome"
    __table_args__ = (CheckConstraint("length(answerer) = 32", name="answerer_length"), {"sqlite_with_rowid": False})

    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id", ondelete="CASCADE"), primary_key=True)
    answerer: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    answer: Mapped[ResidentsWord] = mapped_column(words(ResidentsWord, "answer"))
    answered_on: Mapped[date]


class AnswerTemplate(Base):
    """Words that officers begin an answer with; `status` is what it usually goes with."""

    __tablename__ = "answer_template"
    __table_args__ = (CheckConstraint("text <> ''", name="says_something"), UniqueConstraint("name"))

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    status: Mapped[ConcernStatus | None] = mapped_column(words(ConcernStatus, "status"))
    text: Mapped[str] = mapped_column(String(2000))
    position: Mapped[int] = mapped_column(SmallInteger, default=0)


class ConcernAnswer(Base):
    """A step in a concern's story: what the officers said, and the status it moved to. Without `person_id` it followed
    by rule.

    `other_id`: the concern that it was merged with or split from or into; `partner_id`: whom it was referred to.
    """

    __tablename__ = "concern_answer"
    __table_args__ = (CheckConstraint("length(text) <= 2000", name="text_length"),)

    id: Mapped[Id]
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    status: Mapped[ConcernStatus] = mapped_column(words(ConcernStatus, "status"))
    text: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]
    other_id: Mapped[int | None] = mapped_column(ForeignKey("concern.id"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
