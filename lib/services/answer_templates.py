"""The words that officers begin an answer with: kept by whoever answers concerns, for all of them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib.errors import Conflict, Invalid, NotFound
from lib.model import AnswerTemplate
from lib.rules.lifecycle import ConcernStatus
from lib.rules.rights import Actor, Right, require
from lib.rules.text import STORY_LENGTH, clean_text
from lib.services.log import record
from lib.storage.transaction import writing

NAME_LENGTH = 80
MOST = 60
"""Templates beyond which nobody finds one any more."""

NAME, TEXT, STATUS = "Name of the template", "Words of the template", "Status"
"""What `Invalid.field` names."""


def keep_template(
    *, actor: Actor | None, name: str, text: str, status: ConcernStatus | None = None, template_id: int | None = None
) -> int:
    """Add a template, or change the one with this id; its id. Raises SignInNeeded, NotAllowed, NotFound, Conflict (name
    taken, too many), Invalid (name, words; "new" and "duplicate" go with no words of their own)."""
    person = require(actor, Right.ANSWER_CONCERN)
    named = clean_text(name, field=NAME, longest=NAME_LENGTH, required=True)
    words = clean_text(text, field=TEXT, longest=STORY_LENGTH, required=True, lines=True)
    if status in (ConcernStatus.NEW, ConcernStatus.DUPLICATE):
        raise Invalid("An answer never leads to “new”, and a merge names the other concern.", field=STATUS)
    with writing() as db:
        taken = db.scalar(select(AnswerTemplate.id).where(AnswerTemplate.name == named))
        if taken is not None and taken != template_id:
            raise Conflict("There is a template with this name already. Choose another name, or change that one.")
        template = _new(db) if template_id is None else _template(db, template_id)
        template.name, template.text, template.status = named, words, status
        db.add(template)
        db.flush()
        record(db, person, "template_kept", "answer_template", template.id)
        return template.id


def remove_template(*, actor: Actor | None, template_id: int) -> None:
    """Take a template away; answers that began with it stay. Raises SignInNeeded, NotAllowed, NotFound."""
    person = require(actor, Right.ANSWER_CONCERN)
    with writing() as db:
        db.delete(_template(db, template_id))
        record(db, person, "template_removed", "answer_template", template_id)


def _new(db: Session) -> AnswerTemplate:
    number, last = db.execute(select(func.count(), func.max(AnswerTemplate.position))).one()
    if number >= MOST:
        raise Conflict(f"There are {MOST} templates already. Remove one that nobody uses.")
    return AnswerTemplate(position=(last or 0) + 1)


def _template(db: Session, template_id: int) -> AnswerTemplate:
    template = db.get(AnswerTemplate, template_id)
    if template is None:
        raise NotFound("This template does not exist any more. Choose another one.")
    return template
