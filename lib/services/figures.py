"""Figures of a beat that a coordinator types in: dated and sourced, to compare the room with."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from lib import clock
from lib.errors import Invalid, NotFound
from lib.model import Beat, BeatFigure
from lib.rules.checkin import ADULTS, FIGURE_KINDS
from lib.rules.rights import Actor, Right, require
from lib.rules.text import LINE_LENGTH, clean_text
from lib.services.log import record
from lib.storage.transaction import writing

MOST_PEOPLE = 100_000_000


def enter_figures(
    *, actor: Actor | None, beat_code: str, as_of: date, source: str, values: Mapping[str, int | None]
) -> int:
    """Enter figures of a beat by kind (`FIGURE_KINDS`), as of one day; how many. None: not known, left as it was.

    A figure of the same beat, kind and day is replaced. Raises SignInNeeded, NotAllowed, NotFound (beat), Invalid (no
    figure, kind, number, day to come, source).
    """
    person = require(actor, Right.MANAGE_CITY)
    known = {kind: value for kind, value in values.items() if value is not None}
    if not known:
        raise Invalid("Write at least one figure.", field="values")
    if not known.keys() <= FIGURE_KINDS.keys():
        raise Invalid("There is no such figure. Choose one from the list.", field="values")
    if any(not 0 <= value <= MOST_PEOPLE for value in known.values()):
        raise Invalid("A figure is a whole number of people, from 0 on.", field="values")
    if as_of > clock.now().date():
        raise Invalid("Figures are of a day that has been. Write the day they were counted.", field="as_of")
    origin = clean_text(source, field="Source", longest=LINE_LENGTH, required=True)
    bands = [value for kind, value in known.items() if kind != ADULTS]
    if ADULTS in known and len(bands) == len(FIGURE_KINDS) - 1 and sum(bands) < known[ADULTS]:
        raise Invalid(
            f"The age bands add up to {sum(bands):,}, fewer than the {known[ADULTS]:,} adults. They begin at 16, so "
            "they hold all adults: check the figures.",
            field="values",
        )
    with writing() as db:
        beat_id = db.scalar(select(Beat.id).where(Beat.code == beat_code))
        if beat_id is None:
            raise NotFound(f"There is no beat {beat_code[:32]!r}. Choose one from the list.")
        made = (postgresql if db.get_bind().dialect.name == "postgresql" else sqlite).insert(BeatFigure)
        db.execute(
            made.on_conflict_do_update(
                index_elements=["beat_id", "kind", "as_of"],
                set_={"value": made.excluded.value, "source": made.excluded.source},
            ),
            [
                {"beat_id": beat_id, "kind": kind, "value": value, "as_of": as_of, "source": origin}
                for kind, value in sorted(known.items())
            ],
        )
        record(db, person, "figures_entered", "beat", beat_code, as_of=as_of.isoformat(), **known)
    return len(known)
