"""What residents raise, and what became of it. The public row never holds more than an h3 cell (promise 10)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lib.model.base import Base, Id, PublicId, words
from lib.rules.geography import PlaceKind
from lib.rules.lifecycle import ConcernStatus


class Category(Base):
    """What a concern is about. `icon` names a glyph in the pin atlas; `colour` is one of the palette's eight."""

    __tablename__ = "category"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(40), unique=True)
    icon: Mapped[str] = mapped_column(String(40))
    colour: Mapped[str] = mapped_column(String(7))
    position: Mapped[int] = mapped_column(SmallInteger)
    is_public: Mapped[bool] = mapped_column(default=True)


class CategoryText(Base):
    """A category's name in one language (ISO 639-1)."""

    __tablename__ = "category_text"

    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Concern(Base):
    """The public row. Its beat is that of the *cell's centre*; without a place the cell is empty and the beat chosen.

    `follow_digest` is the SHA-256 of the follow link's secret. Erasing empties `text`, moves `reported_at` to the first
    of its month, drops salt and follow digest, and deletes the `ConcernPlace`.
    """

    __tablename__ = "concern"
    __table_args__ = (
        Index("ix_concern_beat_reported", "beat_id", "reported_at"),
        Index("ix_concern_reported_category", "reported_at", "category_id"),
        CheckConstraint("length(text) <= 2000", name="text_length"),
        CheckConstraint("erased_at IS NULL OR (text = '' AND salt IS NULL AND follow_digest IS NULL)", name="erased"),
    )

    id: Mapped[Id]
    uuid: Mapped[PublicId]
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    beat_id: Mapped[int] = mapped_column(ForeignKey("beat.id"))
    cell: Mapped[str] = mapped_column(String(16), default="")
    place_kind: Mapped[PlaceKind] = mapped_column(words(PlaceKind, "place_kind"))
    text: Mapped[str] = mapped_column(Text)
    frequency: Mapped[str] = mapped_column(String(20), default="")
    status: Mapped[ConcernStatus] = mapped_column(words(ConcernStatus, "status"), default=ConcernStatus.NEW, index=True)
    reported_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("concern.id"))
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
    """ "Me too", once per device; `device` is a keyed hash of the device's own random cookie.

    `follow_digest`: SHA-256 of the secret in the supporter's own follow link. `supported_on`: the city's day; of
    support from before days were kept, the day on which the concern was raised. Without it a link is asked nothing.
    """

    __tablename__ = "support"
    __table_args__ = (Index("uq_support_follow_digest", "follow_digest", unique=True), {"sqlite_with_rowid": False})

    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id", ondelete="CASCADE"), primary_key=True)
    device: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    follow_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    supported_on: Mapped[date | None]


class ConcernAnswer(Base):
    """A step in a concern's story: what the officers said, and the status it moved to."""

    __tablename__ = "concern_answer"
    __table_args__ = (CheckConstraint("length(text) <= 2000", name="text_length"),)

    id: Mapped[Id]
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    status: Mapped[ConcernStatus] = mapped_column(words(ConcernStatus, "status"))
    text: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]
