"""A published result for reading: the story in words, both sides, every goal with its keys."""

from collections.abc import Mapping, Sequence

from lib.queries.reconciling import SideReconciliation
from lib.queries.results import ResultLine, RoundResult, SideResult
from lib.rules.ballots import short_hash
from lib.rules.tally import Ending
from lib.rules.text import percent
from lib.rules.voting import RoundMode
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


def sides_table(result: RoundResult, passes: Sequence[SideReconciliation]) -> str:
    """Passes and ballots of both sides; sides are never added up."""
    columns = [
        Column("Side"),
        Column("Passes issued", True),
        Column("Left over", True),
        Column("Drawn", True),
        Column("Spoiled", True),
        Column("Ballots", True),
        Column("Blank", True),
        Column("Drawn but not cast", True),
        Column("How they came in"),
    ]
    return table("Passes and ballots", columns, [_side(each, result.sides[each.side]) for each in passes])


def endings(result: RoundResult) -> list[str]:
    """Which goals were adopted and which stand contested, in sentences; none in a round that cannot adopt."""
    titles = {line.outcome.goal: line.candidate.title for line in result.lines}
    said = (("Adopted", result.tally.adopted), ("Contested", result.tally.contested))
    return [f"{word}: {'; '.join(titles[outcome.goal] for outcome in found)}." for word, found in said if found]


def label(result: RoundResult) -> str:
    """What kind of result it is, where it is not a decision; else ""."""
    if result.round.mode is RoundMode.OPEN_ROOM:
        return "Open room: an order of the goals, nothing adopted"
    return "Advice only: too few officers voted" if result.tally.advisory else ""


def facts(result: RoundResult, ballots_fingerprint: str) -> list[tuple[str, str]]:
    """What the vote was bound to, and by which fingerprints it can be known again."""
    row = result.round
    keys = [
        ("Key of the residents", f"at least {row.residents_threshold} of their ballots"),
        ("Key of the officers", f"at least {row.officers_threshold} of their ballots"),
        (
            "Places",
            f"{row.places}" + (f", {result.tally.empty_places} left empty" if result.tally.empty_places else ""),
        ),
    ]
    dice = [("Dice", f"{row.tie_seed}, rolled after the fingerprint of the ballots was read out")]
    return [
        *(keys if result.tally.adopts else []),
        ("Who could vote", row.eligibility),
        ("Rule, frozen at opening", row.short_hash),
        ("Ballots", short_hash(ballots_fingerprint)),
        *(dice if row.tie_seed else []),
    ]


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
        kind, word, officers = "quiet", "In the residents’ order; nothing adopted", "Not shown"
    return [
        line.candidate.title,
        Markup(bar(share or 0, mark=result.round.residents_threshold)),
        percent(share) if share is not None else None,
        outcome.residents_approvals,
        officers,
        Markup(pill(kind, word)),
    ]


def _side(known: SideReconciliation, counted: SideResult) -> list[Cell | Markup]:
    came = ", ".join(f"{number:,} by {channel}" for channel, number in sorted(counted.channels.items()) if number)
    return [
        known.side.value.capitalize(),
        known.issued,
        None if known.left is None else known.left + known.door_left,
        known.drawn,
        known.spoiled,
        known.cast,
        counted.blank,
        known.not_cast,
        came,
    ]
