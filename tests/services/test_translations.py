"""What a service or an activity says in another language: kept, replaced, taken away; checked like the entry itself."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from lib.errors import Invalid, NotFound
from lib.model import Activity, ActivityText, Service, ServiceText
from lib.services.activities import translate_activity
from lib.services.partners import translate_service
from lib.storage.transaction import reading, writing
from tests.builders import a_beat, a_coordinator, a_partner
from tests.directory_builders import a_service, an_activity

Translate = Callable[..., None]


def service() -> Translate:
    at = a_service(a_partner())
    return lambda **texts: translate_service(actor=a_coordinator(), service_id=at, **texts)


def activity() -> Translate:
    at = an_activity(a_beat())
    return lambda **texts: translate_activity(actor=a_coordinator(), activity_id=at, **texts)


def kept() -> list[tuple[str, str, str, str]]:
    with reading() as db:
        services = [(row.language, row.name, row.description, row.hours) for row in db.scalars(select(ServiceText))]
        joined = [(row.language, row.name, row.description, row.rhythm) for row in db.scalars(select(ActivityText))]
    return services + joined


def test_a_service_and_an_activity_are_each_kept_with_their_own_third_line(database: str) -> None:
    service()(language="es", name=" Hablar ", description="Gratis.", hours="lunes")
    activity()(language="es", name="Gimnasio", description="Para todos.", rhythm="cada viernes")
    assert kept() == [("es", "Hablar", "Gratis.", "lunes"), ("es", "Gimnasio", "Para todos.", "cada viernes")]


@pytest.mark.parametrize("entry", [service, activity])
def test_a_translation_is_replaced_and_with_empty_texts_taken_away(
    sqlite_database: str, entry: Callable[[], Translate]
) -> None:
    translate = entry()
    translate(language="es", name="Uno", description="Primero.")
    translate(language="es", name="Dos", description="Segundo.")
    assert kept() == [("es", "Dos", "Segundo.", "")]
    translate(language="es", name=" ", description="")
    translate(language="es", name="", description="")
    assert kept() == []


@pytest.mark.parametrize("entry", [service, activity])
@pytest.mark.parametrize(
    ("language", "name", "description"),
    [
        ("en", "Same", "Same."),
        ("español", "Uno", "Uno."),
        ("", "Uno", "Uno."),
        ("es", "Uno", ""),
        ("es", "x" * 121, "Uno."),
    ],
)
def test_what_is_no_translation_is_refused(
    sqlite_database: str, entry: Callable[[], Translate], language: str, name: str, description: str
) -> None:
    translate = entry()
    with writing() as db:
        db.execute(update(Service).values(language="en"))
        db.execute(update(Activity).values(language="en"))
    with pytest.raises(Invalid):
        translate(language=language, name=name, description=description)
    assert kept() == []


def test_an_entry_that_is_gone_is_not_found(sqlite_database: str) -> None:
    for translate, known in ((translate_service, "service_id"), (translate_activity, "activity_id")):
        with pytest.raises(NotFound):
            translate(actor=a_coordinator(), language="es", name="Uno", description="Uno.", **{known: 99})
