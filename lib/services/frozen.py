"""What opening would freeze, for everybody to read before it happens."""

from dataclasses import dataclass

from lib.errors import Conflict, NotFound
from lib.model import Meeting, Round
from lib.rules.ballots import canonical_json, frozen_hash
from lib.rules.lifecycle import RoundState
from lib.rules.rights import Actor, Right, require
from lib.services.rounds import frozen_content, minted_batches
from lib.storage.transaction import reading


@dataclass(frozen=True)
class DraftText:
    """The canonical JSON that would be frozen, and its SHA-256 in hex."""

    text: str
    frozen_hash: str


def draft_text(*, actor: Actor | None, round_id: int) -> DraftText:
    """What opening this draft would freeze at this moment; passes minted later change it.

    Writes nothing. Raises SignInNeeded, NotAllowed, NotFound, Conflict (opened meanwhile).
    """
    require(actor, Right.PLAN_MEETING)
    with reading() as db:
        row = db.get(Round, round_id)
        if row is None:
            raise NotFound("This vote does not exist. Reload the page to see what changed.")
        if row.state is not RoundState.DRAFT:
            raise Conflict("This vote has been opened: what was frozen can be downloaded beside its result.")
        meeting = db.get_one(Meeting, row.meeting_id)
        content = frozen_content(db, row, meeting, minted_batches(db, meeting.id))
        return DraftText(canonical_json(content), frozen_hash(content))
