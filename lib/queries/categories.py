"""Questions about categories: what a coordinator sets, and whom to call about what never becomes public."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from lib.errors import NotFound
from lib.model import Category, CategoryText, Partner
from lib.storage.transaction import reading

UNKNOWN = "This category does not exist. Choose one from the list."

ABUSE = "domestic_abuse"
"""The standard category whose card is shown to whoever tells of violence at home under another one."""


@dataclass(frozen=True)
class ContactCard:
    """What stands in place of the form for a category that never becomes public; the partner's fields are "" where
    none is set."""

    key: str
    name: str
    advice: str
    partner: str
    phone: str
    website: str


@dataclass(frozen=True)
class WordsRow:
    """A category's words in one language."""

    name: str
    responsible: str
    advice: str


@dataclass(frozen=True)
class CategorySettings:
    """A category as a coordinator sets it; `texts` by language."""

    id: int
    key: str
    icon: str
    colour: str
    is_public: bool
    partner_id: int | None
    texts: Mapping[str, WordsRow]

    @property
    def name(self) -> str:
        """In English, else the key."""
        return self.texts["en"].name if "en" in self.texts else self.key


def contact_card(key: str, language: str = "en") -> ContactCard:
    """Whom to call about what a category is about, in `language` or else in English. One statement.

    Raises NotFound (unknown, or a category that takes concerns).
    """
    with reading() as db:
        rows = db.execute(
            select(
                CategoryText.language,
                CategoryText.name,
                CategoryText.advice,
                Partner.name.label("partner"),
                Partner.phone,
                Partner.website,
            )
            .join(Category, Category.id == CategoryText.category_id)
            .outerjoin(Partner, Partner.id == Category.partner_id)
            .where(Category.key == key, Category.is_public.is_(False))
        ).all()
    said = {row.language: row for row in rows}
    spoken = said.get(language) or said.get("en")
    if spoken is None:
        raise NotFound(UNKNOWN)
    advice = spoken.advice or (said["en"].advice if "en" in said else "")
    return ContactCard(key, spoken.name, advice, spoken.partner or "", spoken.phone or "", spoken.website or "")


def category_settings() -> tuple[CategorySettings, ...]:
    """Every category in its order with all its words. Two statements."""
    with reading() as db:
        texts: dict[int, dict[str, WordsRow]] = {}
        for row in db.execute(
            select(
                CategoryText.category_id,
                CategoryText.language,
                CategoryText.name,
                CategoryText.responsible,
                CategoryText.advice,
            ).order_by(CategoryText.language)
        ):
            texts.setdefault(row.category_id, {})[row.language] = WordsRow(row.name, row.responsible, row.advice)
        rows = db.execute(
            select(
                Category.id, Category.key, Category.icon, Category.colour, Category.is_public, Category.partner_id
            ).order_by(Category.position, Category.id)
        ).all()
    return tuple(CategorySettings(*row, texts=texts.get(row.id, {})) for row in rows)
