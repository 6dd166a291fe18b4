"""What stands beside a concern in a public list: whom it was passed on to, what was merged into it, how it ended."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lib.model import Concern, Partner
from lib.queries.concern_outcome import outcomes_shown
from lib.rules.residents_word import WordCount
from lib.storage.transaction import reading


@dataclass(frozen=True)
class ConcernMark:
    """`partner` and `phone`: whom it was passed on to, "" for nobody. `merged`: concerns merged into it; `parts`: split
    from it. `is_merged`, `is_part`: the other way round. `outcome`: what people say of a solved one, None below three.
    """

    partner: str
    phone: str
    merged: int
    parts: int
    is_merged: bool
    is_part: bool
    outcome: WordCount | None


def concern_marks(concern_uuids: Collection[UUID], *, today: date) -> dict[UUID, ConcernMark]:
    """The marks of these concerns; absent where there is nothing to say. Three statements."""
    outcomes = outcomes_shown(concern_uuids, today=today)
    duplicate, part = aliased(Concern), aliased(Concern)
    merged = select(func.count()).where(duplicate.duplicate_of_id == Concern.id).correlate(Concern).scalar_subquery()
    parts = select(func.count()).where(part.split_from_id == Concern.id).correlate(Concern).scalar_subquery()
    with reading() as db:
        rows = db.execute(
            select(
                Concern.uuid,
                Partner.name,
                Partner.phone,
                merged,
                parts,
                Concern.duplicate_of_id.is_not(None),
                Concern.split_from_id.is_not(None),
            )
            .outerjoin(Partner, Partner.id == Concern.referred_to_id)
            .where(Concern.uuid.in_(concern_uuids))
        ).all()
    found = {}
    for uuid, partner, phone, merged_ones, its_parts, is_merged, is_part in rows:
        mark = ConcernMark(
            partner or "", phone or "", merged_ones, its_parts, bool(is_merged), bool(is_part), outcomes.get(uuid)
        )
        if mark != NOTHING:
            found[uuid] = mark
    return found


NOTHING = ConcernMark("", "", 0, 0, False, False, None)
