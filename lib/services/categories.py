"""What concerns are about: naming categories, saying who is responsible, and keeping what must never be public out."""

from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lib.errors import Conflict, Invalid, NotFound
from lib.model import Category, CategoryText, Partner
from lib.rules.categories import COLOURS, ICONS, category_key
from lib.rules.rights import Actor, Right, require
from lib.rules.text import SUMMARY_LENGTH, clean_text
from lib.services.log import record
from lib.services.standard_categories import CategoryWords
from lib.storage.transaction import writing

NAME, RESPONSIBLE, ADVICE, ICON, COLOUR = "Name", "Who is responsible", "Advice", "Picture", "Colour"
"""What `Invalid.field` names."""

NAME_LENGTH, RESPONSIBLE_LENGTH = 80, 160

ENGLISH = "en"


def change_category(
    *,
    actor: Actor | None,
    category_id: int,
    texts: Mapping[str, CategoryWords],
    is_public: bool,
    position: int,
    partner_id: int | None = None,
) -> None:
    """Change a category: its words by language, whether it is ever public, its place in lists (from 0), and the partner
    whom its contact card names.

    Of one that is not public the concerns that it holds already are shown nowhere from then on. Without a name a
    language falls back to English. Raises SignInNeeded, NotAllowed, NotFound (category, partner), Invalid (no English
    name, too long; not public without advice), Conflict (it would be the last public one).
    """
    person = require(actor, Right.MANAGE_CITY)
    cleaned = _checked(texts, is_public=is_public)
    with writing() as db:
        category = db.scalar(select(Category).where(Category.id == category_id).with_for_update())
        if category is None:
            raise NotFound("This category does not exist. Reload the page.")
        if partner_id is not None and db.get(Partner, partner_id) is None:
            raise NotFound("This partner does not exist. Reload the page.")
        others = select(func.count()).where(Category.is_public, Category.id != category.id)
        if not is_public and not db.scalar(others):
            raise Conflict("At least one category has to be public.")
        category.is_public, category.partner_id = is_public, partner_id
        for language, words in cleaned.items():
            text = db.get(CategoryText, (category.id, language))
            if text is None and words.name:
                text = CategoryText(category_id=category.id, language=language, name=words.name)
                db.add(text)
            if text is not None and words.name:
                text.name, text.responsible, text.advice = words.name, words.responsible, words.advice
            elif text is not None:
                db.delete(text)
        _move(category, position)
        record(db, person, "category_changed", "category", category.id, is_public=is_public, position=position)


def add_category(
    *,
    actor: Actor | None,
    texts: Mapping[str, CategoryWords],
    icon: str,
    colour: str,
    is_public: bool,
    partner_id: int | None = None,
) -> str:
    """Add a category at the end of the list; its key, which is made of its English name and never changes.

    `icon` and `colour` are of `rules.categories`. Raises SignInNeeded, NotAllowed, NotFound (partner), Invalid (as
    `change_category`; icon, colour), Conflict (one of that name exists).
    """
    person = require(actor, Right.MANAGE_CITY)
    cleaned = _checked(texts, is_public=is_public)
    key = category_key(cleaned[ENGLISH].name)
    if not key:
        raise Invalid("Write the name with letters.", field=NAME)
    if icon not in ICONS:
        raise Invalid("Choose a picture from the list.", field=ICON)
    if colour not in COLOURS:
        raise Invalid("Choose a colour from the list.", field=COLOUR)
    with writing() as db:
        if partner_id is not None and db.get(Partner, partner_id) is None:
            raise NotFound("This partner does not exist. Reload the page.")
        if _is_taken(db, key, cleaned):
            raise Conflict("There is a category of that name already. Change that one, or choose another name.")
        last = db.scalar(select(func.max(Category.position)))
        category = Category(
            key=key,
            icon=icon,
            colour=colour,
            position=0 if last is None else last + 1,
            is_public=is_public,
            partner_id=partner_id,
        )
        db.add(category)
        db.flush()
        for language, words in cleaned.items():
            if words.name:
                db.add(CategoryText(category_id=category.id, language=language, **asdict(words)))
        record(db, person, "category_added", "category", category.id, is_public=is_public, key=key)
        return key


def _is_taken(db: Session, key: str, texts: Mapping[str, CategoryWords]) -> bool:
    """Whether a category has this key, or one of these names in its language."""
    if db.scalar(select(Category.id).where(Category.key == key)) is not None:
        return True
    return any(
        words.name.casefold() == name.casefold()
        for language, words in texts.items()
        for name in db.scalars(select(CategoryText.name).where(CategoryText.language == language))
    )


def _checked(texts: Mapping[str, CategoryWords], *, is_public: bool) -> dict[str, CategoryWords]:
    """The words, cleaned. Raises Invalid."""
    cleaned = {language: _cleaned(words, is_needed=language == ENGLISH) for language, words in texts.items()}
    if ENGLISH not in cleaned:
        raise Invalid("A category needs its English name.", field=NAME)
    if not is_public and not cleaned[ENGLISH].advice:
        raise Invalid("Say what to do instead: a category that is never public shows advice.", field=ADVICE)
    return cleaned


def _move(category: Category, position: int) -> None:
    """Put a category at a place and close the others up behind it."""
    with writing() as db:
        order = list(db.scalars(select(Category.id).order_by(Category.position, Category.id)))
        order.remove(category.id)
        order.insert(max(0, position), category.id)
        for place, row in enumerate(order):
            db.execute(update(Category).where(Category.id == row).values(position=place))


def _cleaned(words: CategoryWords, *, is_needed: bool) -> CategoryWords:
    """Raises Invalid."""
    return CategoryWords(
        clean_text(words.name, field=NAME, longest=NAME_LENGTH, required=is_needed),
        clean_text(words.responsible, field=RESPONSIBLE, longest=RESPONSIBLE_LENGTH),
        clean_text(words.advice, field=ADVICE, longest=SUMMARY_LENGTH),
    )
