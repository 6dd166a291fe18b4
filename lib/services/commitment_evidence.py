"""What shows that something was done for a commitment: a text, a link, a photo; and taking it back with a reason."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lib import clock
from lib.errors import Conflict, Invalid, NotAllowed, NotFound
from lib.model import Commitment, CommitmentEvidence, Goal, Person
from lib.rules.goals import EvidenceKind
from lib.rules.hosts import is_public_host, shown_host
from lib.rules.lifecycle import CommitmentState, Role
from lib.rules.rights import Actor, Right, require
from lib.rules.text import LINE_LENGTH, clean_text
from lib.services.goal_rows import note_event, require_posting
from lib.services.log import record
from lib.services.photos import clean_photo
from lib.storage.transaction import writing

LINK_LENGTH = 500

MOST_OF_A_COMMITMENT = 20
"""Pieces shown at a time. Photos are kept in the database, so there is an end to them."""


def add_evidence(
    *,
    actor: Actor | None,
    commitment_id: int,
    kind: EvidenceKind,
    text: str,
    link: str = "",
    photo: bytes = b"",
    now: datetime | None = None,
) -> UUID:
    """Show what was done for a commitment; the evidence's uuid.

    `text` says what there is to see, also to whoever cannot see the photo. Either side may show something on a
    commitment that was taken on: officers on goals of their beats. Raises SignInNeeded, NotAllowed (right, beat),
    NotFound, Conflict (still only offered, or enough is shown), Invalid (text, link that is no web address, photo).
    """
    person = require(actor, Right.SHOW_EVIDENCE)
    when = now or clock.now()
    said = clean_text(text, field="What it shows", longest=LINE_LENGTH, required=True)
    address = clean_link(link) if kind is EvidenceKind.LINK else ""
    picture = clean_photo(photo) if kind is EvidenceKind.PHOTO else None
    with writing() as db:
        commitment = db.scalar(select(Commitment).where(Commitment.id == commitment_id).with_for_update())
        if commitment is None:
            raise NotFound("This commitment does not exist. Go back to the goal.")
        goal = db.get_one(Goal, commitment.goal_id)
        require_posting(db, person, goal)
        if commitment.state is CommitmentState.OFFERED:
            raise Conflict("This is only offered so far. It can be shown what was done once it is taken on.")
        shown = select(func.count()).where(
            CommitmentEvidence.commitment_id == commitment.id, CommitmentEvidence.withdrawn_reason == ""
        )
        if (db.scalar(shown) or 0) >= MOST_OF_A_COMMITMENT:
            raise Conflict(f"{MOST_OF_A_COMMITMENT} pieces of evidence stand here already. Take one back first.")
        evidence = CommitmentEvidence(
            commitment_id=commitment.id,
            kind=kind,
            text=said,
            link=address,
            photo=picture,
            person_id=person.person_id,
            added_at=when,
        )
        db.add(evidence)
        db.flush()
        note_event(db, goal, "evidence", "Evidence was added to a commitment.", at=when)
        facts = {"commitment": commitment.id, "kind": kind.value}
        record(db, person, "evidence_added", "evidence", evidence.uuid, **facts)
        return evidence.uuid


def withdraw_evidence(*, actor: Actor | None, evidence_uuid: UUID, reason: str, now: datetime | None = None) -> None:
    """Take evidence back with a reason that everybody can read: the side that showed it, or a facilitator.

    The row stays with the reason; the photo goes, text and link are shown no more. Raises SignInNeeded, NotAllowed
    (right, beat, the other side's), NotFound, Conflict (taken back before), Invalid (no reason).
    """
    person = require(actor, Right.SHOW_EVIDENCE)
    why = clean_text(reason, field="Reason", longest=LINE_LENGTH, required=True)
    with writing() as db:
        evidence = db.scalar(
            select(CommitmentEvidence).where(CommitmentEvidence.uuid == evidence_uuid).with_for_update()
        )
        if evidence is None:
            raise NotFound("This evidence does not exist. Go back to the goal.")
        goal = _goal(db, evidence)
        require_posting(db, person, goal)
        shown_by = db.get_one(Person, evidence.person_id)
        if Role.FACILITATOR not in person.roles and shown_by.side is not person.side:
            raise NotAllowed("Only the side that showed this, or a facilitator, can take it back.")
        if evidence.withdrawn_reason:
            raise Conflict("This was taken back already. Reload the page.")
        evidence.withdrawn_reason = why
        evidence.photo = None
        note_event(db, goal, "evidence", "Evidence of a commitment was taken back.", at=now)
        record(db, person, "evidence_withdrawn", "evidence", evidence.uuid)


def clean_link(link: str) -> str:
    """A web address as it is stored. Raises Invalid unless it is http or https, of a host that everybody can reach,
    with a possible port and without a password."""
    address = clean_text(link, field="Link", longest=LINK_LENGTH, required=True)
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and "@" not in parts.netloc and parts.port != 0
        shown = shown_host(address)
    except ValueError:
        is_web, shown = False, ""
    if not is_web or any(character.isspace() or character in "<>\"'`\\" for character in address):
        raise Invalid("A link begins with https:// or http:// and leads to a web page. Copy it again.", field="link")
    if not is_public_host(shown):
        raise Invalid(
            "This link leads to a place that only one network can reach. Give one for everybody.", field="link"
        )
    return address


def _goal(db: Session, evidence: CommitmentEvidence) -> Goal:
    return db.scalars(
        select(Goal).join(Commitment, Commitment.goal_id == Goal.id).where(Commitment.id == evidence.commitment_id)
    ).one()
