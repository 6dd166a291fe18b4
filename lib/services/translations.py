"""What an entry of the directory says in another language: the same for services and activities."""

from typing import Literal

from sqlalchemy.orm import Session

from lib.errors import Invalid
from lib.model import Activity, ActivityText, Service, ServiceText
from lib.rules.partners import DESCRIPTION, LINE, SERVICE_NAME
from lib.rules.rights import Actor
from lib.rules.text import clean_text
from lib.services.log import record


def cleaned_translation(*, name: str, description: str, **more: tuple[str, str]) -> dict[str, str]:
    """The texts by column, empty where name and description are: then the language is to be taken away. `more`: further
    lines by column, each with its label in the form. Raises Invalid."""
    if not (name.strip() or description.strip()):
        return {}
    return {
        "name": clean_text(name, field="Name", longest=SERVICE_NAME, required=True),
        "description": clean_text(description, field="Description", longest=DESCRIPTION, required=True),
        **{column: clean_text(text, field=label, longest=LINE) for column, (label, text) in more.items()},
    }


def keep_translation(
    db: Session,
    actor: Actor | None,
    kind: Literal["service", "activity"],
    entry: Service | Activity,
    language: str,
    texts: dict[str, str],
) -> None:
    """Keep what an entry says in this language, or take it away if there are no texts, inside the caller's transaction.
    Raises Invalid (the entry is written in this language)."""
    of = {f"{kind}_id": entry.id, "language": language}
    table = ServiceText if kind == "service" else ActivityText
    if not texts:
        if (stored := db.get(table, of)) is not None:
            db.delete(stored)
    elif language == entry.language:
        raise Invalid("It is written in this language already: change it itself.", field="Language")
    else:
        db.merge(table(**of, **texts))
    record(db, actor, f"{kind}_translated" if texts else f"{kind}_changed", kind, entry.id, language=language)
