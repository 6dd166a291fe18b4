"""Templates of answers: who keeps them, and what is refused."""

import pytest
from sqlalchemy import select

from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import LogEntry
from lib.queries.desk import TemplateRow, answer_templates
from lib.rules.lifecycle import ConcernStatus
from lib.services.answer_templates import keep_template, remove_template
from lib.storage.transaction import reading
from tests.builders import a_coordinator, a_facilitator, a_person


def test_officers_and_coordinators_add_change_and_remove(database: str) -> None:
    officer = a_person()
    first = keep_template(actor=officer, name=" Read ", text="We read it.\n\nThank you", status=None)
    second = keep_template(actor=a_coordinator(), name="Planned", text="It is planned.", status=ConcernStatus.PLANNED)
    keep_template(actor=officer, name="Read", text="We have read it.", template_id=first)
    assert answer_templates() == (
        TemplateRow(first, "Read", None, "We have read it."),
        TemplateRow(second, "Planned", ConcernStatus.PLANNED, "It is planned."),
    )
    remove_template(actor=officer, template_id=first)
    assert [row.name for row in answer_templates()] == ["Planned"]
    with reading() as db:
        assert [(entry.action, entry.facts) for entry in db.scalars(select(LogEntry))] == [
            ("template_kept", {}),
            ("template_kept", {}),
            ("template_kept", {}),
            ("template_removed", {}),
        ]


def test_what_is_refused_changes_nothing(sqlite_database: str) -> None:
    officer = a_person()
    kept = keep_template(actor=officer, name="Read", text="We read it.")
    other = keep_template(actor=officer, name="Planned", text="It is planned.")
    given = {"actor": officer, "name": "New", "text": "Words"}
    for changed, error, words in (
        ({"actor": None}, SignInNeeded, "sign in"),
        ({"actor": a_facilitator()}, NotAllowed, "officer"),
        ({"name": " "}, Invalid, "is empty"),
        ({"name": "x" * 81}, Invalid, "too long"),
        ({"text": ""}, Invalid, "is empty"),
        ({"text": "x" * 2001}, Invalid, "too long"),
        ({"name": "Read"}, Conflict, "this name already"),
        ({"name": "Read", "template_id": other}, Conflict, "this name already"),
        ({"template_id": 999}, NotFound, "does not exist"),
        ({"status": ConcernStatus.NEW}, Invalid, "never leads"),
        ({"status": ConcernStatus.DUPLICATE}, Invalid, "never leads"),
    ):
        with pytest.raises(error, match=words):
            keep_template(**{**given, **changed})  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        remove_template(actor=officer, template_id=999)
    with pytest.raises(NotAllowed):
        remove_template(actor=a_facilitator(), template_id=kept)
    assert [row.text for row in answer_templates()] == ["We read it.", "It is planned."]
