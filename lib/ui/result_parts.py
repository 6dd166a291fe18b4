"""A published result for reading: the story in words, both sides, every goal with its keys."""

from collections.abc import Mapping

from lib.queries.results import ResultLine, RoundResult, SideResult
from lib.rules.lifecycle import Electorate
from lib.rules.tally import Ending
from lib.rules.text import percent
from lib.ui.parts import Cell, Column, Kind, Markup, bar, pill, table

ENDINGS: Mapping[Ending, tuple[Kind, str]] = {
    Ending.ADOPTED: ("open", "Adopted"),
    Ending.OPEN_WITHOUT_PLACE: ("info", "Open, no place left"),
    Ending.RESIDENTS_ONLY: ("warn", "Contested: officers did not carry it"),
    Ending.OFFICERS_ONLY: ("warn", "Contested: residents did not carry it"),
    Ending.NEITHER: ("quiet", "Carried by neither side"),
}


def goals_table(result: RoundResult) -> str:
    """Every goal with both keys, in the order of the result."""
    columns = [
        Column("Goal"),
        Column("Residents"),
        Column("Share", True),
        Column("Ballots", True),
        Column("Officers"),
        Column("Outcome"),
    ]
    return table("Goals in the order of the result", columns, [_row(result, line) for line in result.lines])


def sides_table(result: RoundResult) -> str:
    """Turnout of both sides; sides are never added up."""
    columns = [Column("Side"), Column("Passes issued", True), Column("Ballots", True), Column("Blank", True)]
    return table("Who voted", columns, [_side(side, result.sides[side]) for side in Electorate if side in result.sides])


def _row(result: RoundResult, line: ResultLine) -> list[Cell | Markup]:
    outcome = line.outcome
    share = outcome.residents_approval
    officers = "Key turned" if outcome.officers_key else "Key not turned"
    if outcome.officers_approval is not None:
        officers += f" ({percent(outcome.officers_approval)})"
    kind, word = ENDINGS[outcome.ending]
    if outcome.place is not None:
        word = f"{word}, place {outcome.place}"
    if not result.tally.adopts:
        kind, word = "quiet", "Advice, nothing adopted"
    return [
        line.candidate.title,
        Markup(bar(share or 0, mark=result.round.residents_threshold)),
        percent(share) if share is not None else None,
        outcome.residents_approvals,
        officers,
        Markup(pill(kind, word)),
    ]


def _side(side: Electorate, counted: SideResult) -> list[Cell | Markup]:
    return [side.value.capitalize(), counted.issued, counted.cast, counted.blank]
