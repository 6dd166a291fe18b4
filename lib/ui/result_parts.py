"""A published result for reading: the story in words, both sides, every goal with its keys."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from lib.queries.reconciling import SideReconciliation
from lib.queries.results import ResultLine, RoundResult
from lib.rules.ballots import short_hash
from lib.rules.tally import Ending
from lib.rules.text import percent
from lib.rules.voting import RoundMode
from lib.ui.parts import Cell, Column, Kind, Markup, bar, keys_row, pill, table

ENDINGS: Mapping[Ending, tuple[Kind, str]] = {
    Ending.ADOPTED: ("open", "Adopted"),
    Ending.OPEN_WITHOUT_PLACE: ("info", "Open, no place left"),
    Ending.RESIDENTS_ONLY: ("warn", "Contested: officers did not carry it"),
    Ending.OFFICERS_ONLY: ("warn", "Contested: residents did not carry it"),
    Ending.NEITHER: ("quiet", "Carried by neither side"),
}


def goal_story(result: RoundResult, line: ResultLine) -> str:
    """One goal: how it ended, the residents' share as a bar, both keys. Its sentence stands beside it."""
    outcome, tally = line.outcome, result.tally
    mark = result.round.residents_threshold if tally.adopts else None
    shown = "" if outcome.residents_approval is None else bar(outcome.residents_approval, mark=mark)
    if not tally.adopts:
        return pill("quiet", "In the residents’ order; nothing adopted") + shown
    kind, word = ENDINGS[outcome.ending]
    word = word if outcome.place is None else f"{word}, place {outcome.place}"
    residents = (outcome.residents_key, _key_words(outcome.residents_key, outcome.residents_approval))
    officers = (outcome.officers_key, _key_words(outcome.officers_key, outcome.officers_approval))
    return pill(kind, word) + shown + keys_row(residents, officers)


def sides_table(result: RoundResult, passes: Sequence[SideReconciliation]) -> str:
    """Passes and ballots, each side in its own column; sides are never added up."""
    counted = [result.sides[each.side] for each in passes]
    channels = sorted({channel for side in counted for channel, number in side.channels.items() if number})
    by_channel: list[list[Cell | Markup]] = [
        [f"By {channel}", *(side.channels.get(channel, 0) for side in counted)] for channel in channels
    ]
    rows: list[list[Cell | Markup]] = [
        ["Passes issued", *(each.issued for each in passes)],
        ["Left over", *(None if each.left is None else each.left + each.door_left for each in passes)],
        ["Drawn", *(each.drawn for each in passes)],
        ["Shown at the door", *(each.door_shown for each in passes)],
        ["Spoiled", *(each.spoiled for each in passes)],
        ["Ballots cast", *(each.cast for each in passes)],
        ["Blank ballots", *("not shown" if side.blank is None else side.blank for side in counted)],
        *by_channel,
        ["Drawn but not cast", *(each.not_cast for each in passes)],
    ]
    columns = [Column(""), *(Column(each.side.value.capitalize(), True) for each in passes)]
    return table("Passes and ballots", columns, rows, hide_caption=True)


def endings(result: RoundResult) -> list[str]:
    """Which goals were adopted and which stand contested, in sentences; none in a round that cannot adopt."""
    titles = {line.outcome.goal: line.candidate.title for line in result.lines}
    said = (("Adopted", result.tally.adopted), ("Contested", result.tally.contested))
    return [f"{word}: {'; '.join(titles[outcome.goal] for outcome in found)}." for word, found in said if found]


def is_open_room(result: RoundResult) -> bool:
    """Whether the round was open to any device, and so only ranks."""
    return result.round.mode is RoundMode.OPEN_ROOM


def label(result: RoundResult) -> str:
    """What kind of result it is, where it is not a decision; else ""."""
    if is_open_room(result):
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


def _key_words(is_turned: bool, share: Fraction | None) -> str:
    words = "key turned" if is_turned else "key not turned"
    return words if share is None else f"{words}, {percent(share)}"
