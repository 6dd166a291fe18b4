""" "Me too" of a concern, as every list, map and table counts it."""

from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from lib.model import Concern, Support


def supports_counted() -> ColumnElement[Any]:
    """How many support the concern of the row that `Concern` stands for: its own supports and those of the concerns
    merged into it, each device once (`services/repeats.py`). A merged one counts 0, so that sums count everybody once.
    """
    merged = aliased(Concern)
    own = select(func.count()).where(Support.concern_id == Concern.id, ~Support.is_repeat).scalar_subquery()
    brought = (
        select(func.count())
        .select_from(merged)
        .join(Support, Support.concern_id == merged.id)
        .where(merged.duplicate_of_id == Concern.id, ~Support.is_repeat)
        .correlate(Concern)
        .scalar_subquery()
    )
    return case((Concern.duplicate_of_id.is_not(None), 0), else_=own + brought)
