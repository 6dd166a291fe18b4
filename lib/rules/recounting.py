"""Counting a published round again from its download: what the files say, the rule applied to them, and what differs.

`lib/queries/downloads.py` writes the files; the stand-alone `recount.py` among them shares no code with this.
"""

import csv
import io
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from lib.errors import Invalid
from lib.rules.counting import NONE_OF_THESE, Ballot, sealed_count
from lib.rules.lifecycle import Electorate
from lib.rules.results import outcome_sentence
from lib.rules.tally import Outcome, RoundTally, WitnessedKeys, tally_round, without_officers_figures
from lib.rules.text import listed
from lib.rules.voting import RoundMode, RoundRule, SideFigures

UNREADABLE = "This is no download of a published vote, or it is damaged. It is the zip of a result page, or its folder."
HASHED = {"frozen.json", "ballots.csv"}
REPEATED = (
    "round",
    "question",
    "mode",
    "rule",
    "rule_sentence",
    "places",
    "thresholds",
    "officers_figures",
)
"""What `result.json` repeats of what was frozen at opening."""


@dataclass(frozen=True)
class RecountedGoal:
    """One goal as it is counted now, in a sentence; `differs` names what was published otherwise."""

    goal: UUID
    title: str
    sentence: str
    differs: tuple[str, ...]


@dataclass(frozen=True)
class Recount:
    """A round counted again. `problems` as sentences, none where everything matches. `keys_are_given`: the officers'
    side is sealed, so its keys are what the witnesses saw, not what was counted."""

    tally: RoundTally
    goals: tuple[RecountedGoal, ...]
    keys_are_given: bool
    hashes: Mapping[str, str]
    problems: tuple[str, ...]

    @property
    def matches(self) -> bool:
        return not self.problems


def recounted(files: Mapping[str, bytes]) -> Recount:
    """The files of a download, by name, counted again. Raises Invalid for anything that is no such download."""
    try:
        frozen, result = json.loads(files["frozen.json"]), json.loads(files["result.json"])
        rows = list(csv.DictReader(io.StringIO(files["ballots.csv"].decode())))
        lines = [line.split() for line in files["SHA256SUMS"].decode().splitlines()]
        known = {name: written for written, name in lines}
        hashes = {name: sha256(files[name]).hexdigest() for name in known}
        given = result["witnessed"]
        titles = {candidate["goal"]: printable(candidate["texts"]["en"]["title"]) for candidate in frozen["candidates"]}
        tally = _tally(frozen, rows, given, result["tie_seed"])
        problems = [
            *(f"{name} is not the file that SHA256SUMS names." for name in known if hashes[name] != known[name]),
            *(
                f"{name} is not the file that the result was counted from."
                for name, written in result["sha256"].items()
                if hashes[name] != written
            ),
            *_problems_of_rule(frozen, result, rows, tally),
            *(() if set(result["sha256"]) == HASHED else ["The result does not name the files it was counted from."]),
            *_problems_of_copies(frozen, result, rows, json.loads(files["ballots.json"])),
            *_problems_of_passes(result["passes"], tally),
        ]
        problems += _problems_of_counts(result["counted"], tally, is_sealed=given is not None)
        goals = tuple(_goal(outcome, tally, result, titles) for outcome in tally.in_order())
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError, Invalid) as cause:
        raise Invalid(UNREADABLE) from cause
    problems = [printable(problem) for problem in problems]
    problems += [f"“{goal.title}”: {listed(goal.differs)} published otherwise." for goal in goals if goal.differs]
    return Recount(tally, goals, given is not None, hashes, tuple(problems))


def printable(text: str) -> str:
    """A file's text on one line without control characters: nothing in a download commands a terminal.

    >>> printable("Light\\x1b[2J the\\npath")
    'Light[2J the path'
    """
    return "".join(sign for sign in " ".join(str(text).split()) if unicodedata.category(sign)[0] != "C")


def _tally(frozen: Any, rows: list[dict[str, str]], given: Any, dice: str) -> RoundTally:
    sides: dict[str, list[Ballot]] = {side.value: [] for side in Electorate}
    for row in rows:
        words = row["choices"].split()
        is_none = words == [NONE_OF_THESE]
        if len(set(words)) != len(words):
            raise ValueError("a goal is chosen twice")
        sides[row["side"]].append(
            Ballot(none_of_these=True) if is_none else Ballot(frozenset(UUID(word) for word in words))
        )
    mode, rule = RoundMode(frozen["mode"]), RoundRule(frozen["rule"])
    officers: list[Ballot] | WitnessedKeys = sides[Electorate.OFFICERS.value]
    if given is not None:
        count = sealed_count(given["cast"], given["not_blank"])
        officers = WitnessedKeys(count, frozenset(UUID(goal) for goal in given["keys_turned"]))
        if rule is RoundRule.LOWER_SHARE:
            # Only in a round that adopts nothing, where no more than the number of officers' ballots matters.
            officers = [Ballot()] * count.blank + [Ballot(none_of_these=True)] * count.non_blank
    tally = tally_round(
        rule,
        [UUID(candidate["goal"]) for candidate in frozen["candidates"]],
        sides[Electorate.RESIDENTS.value],
        officers,
        places=frozen["places"],
        tie_seed=dice,
        mode=mode,
    )
    return tally if given is None else without_officers_figures(tally)


def _problems_of_rule(frozen: Any, result: Any, rows: list[dict[str, str]], tally: RoundTally) -> list[str]:
    problems = []
    trackers = [row["tracker"] for row in rows]
    if any(result[word] != frozen[word] for word in REPEATED):
        problems.append("The result names another rule than the one that was frozen at opening.")
    if trackers != sorted(set(trackers)):
        problems.append("A tracker stands in the list twice, or not in its order.")
    publishes = frozen["officers_figures"] == SideFigures.OPEN.value and tally.adopts
    if publishes != (result["witnessed"] is None):
        problems.append("The officers’ ballots are missing, or published against what was agreed.")
    if result["witnessed"] is not None:
        turned = set(result["witnessed"]["keys_turned"])
        could = {candidate["goal"] for candidate in frozen["candidates"]} if tally.adopts else set()
        if not turned <= could or (turned and not tally.officers.non_blank):
            problems.append("Keys of the officers are named that nobody could turn.")
    if tally.needs_dice != bool(result["tie_seed"]):
        problems.append("Dice are named where none decided, or missing where they had to.")
    return problems


def _problems_of_copies(frozen: Any, result: Any, rows: list[dict[str, str]], copy: Any) -> list[str]:
    """What other files repeat for people who read no CSV and no frozen text."""
    problems = []
    if result["goals"] != {each["goal"]: each["texts"]["en"]["title"] for each in frozen["candidates"]}:
        problems.append("The result names the goals otherwise than they were frozen at opening.")
    ballots = [{**row, "choices": row["choices"].split()} for row in rows]
    if copy != {"round": frozen["round"], "ballots": ballots}:
        problems.append("ballots.json does not hold the ballots of ballots.csv.")
    return problems


def _problems_of_passes(passes: Any, tally: RoundTally) -> list[str]:
    """Promise 6, from the figures that were published. Nobody counts slips in an open room."""
    problems = []
    for side, count in (("residents", tally.residents), ("officers", tally.officers)):
        given = passes[side]
        if given["cast"] != count.cast:
            problems.append(f"Passes and ballots of {side}: another number of ballots was published.")
        is_counted = tally.mode is RoundMode.MEETING or given["left"] is not None
        drawn = given["issued"] - given["left"] - given["left_at_the_door"] if is_counted else None
        if given["drawn"] != drawn or count.cast > (given["issued"] if drawn is None else drawn):
            problems.append(f"Passes and ballots of {side}: there are more ballots than drawn passes.")
        if is_counted and given["paper_slips"] != given["paper_ballots"]:
            problems.append(f"Passes and ballots of {side}: paper slips and paper ballots differ.")
    return problems


def _problems_of_counts(published: Any, tally: RoundTally, *, is_sealed: bool) -> list[str]:
    problems = []
    for side, count in (("residents", tally.residents), ("officers", tally.officers)):
        if count.cast != published["ballots"][side]:
            problems.append(
                f"There are {count.cast:,} ballots of {side}, and {int(published['ballots'][side]):,} published."
            )
        blank = None if is_sealed and side == "officers" else count.blank
        if blank != published["blank ballots"][side]:
            problems.append(f"Another number of blank ballots of {side} was published.")
    if tally.advisory != published["advisory"]:
        problems.append("Whether the vote is advisory was published otherwise.")
    if tally.needs_dice != published["dice decided"]:
        problems.append("Whether dice decided was published otherwise.")
    if [str(goal) for goal in tally.ranking] != published["ranking"]:
        problems.append("Another order of the goals was published.")
    if [str(outcome.goal) for outcome in tally.outcomes] != [line["goal"] for line in published["outcomes"]]:
        problems.append("Other goals were published than were voted on.")
    return problems


def _goal(outcome: Outcome, tally: RoundTally, result: Any, titles: Mapping[str, str]) -> RecountedGoal:
    lines = {line["goal"]: line for line in result["counted"]["outcomes"]}
    counted = {
        "outcome": outcome.ending.value,
        "place": outcome.place,
        "residents_key": outcome.residents_key,
        "officers_key": outcome.officers_key,
        "residents_approvals": outcome.residents_approvals,
        "officers_approvals": outcome.officers_approvals,
    }
    differs = tuple(
        word.replace("_", " ") for word, value in counted.items() if lines[str(outcome.goal)][word] != value
    )
    return RecountedGoal(outcome.goal, titles[str(outcome.goal)], outcome_sentence(outcome, tally), differs)
