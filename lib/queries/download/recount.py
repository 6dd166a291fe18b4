"""Count a published vote again, with Python 3.10 or later alone: python3 recount.py [ballots.zip or its folder]

A goal is open when min(1/2, 1/places) of the residents' and 1/2 of the officers' ballots that are not blank approve it.
two_keys_turns: a place costs the goal's residents one unit, shared so that their loads end level; the lowest load is
next (sequential Phragmén). lower_share: the highest lower share is next. Level goals: more residents' ballots, then the
lowest SHA-256 of "dice|goal". With one or two officers' ballots, or in an open room, residents' ballots only rank.
"""

import csv
import io
import json
import sys
import zipfile
from collections import Counter
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

SIDES = "residents", "officers"
HASHED = "frozen.json", "ballots.csv"
NOT_BLANK = {"none": 0, "one or two": 1, "three or more": 3}
FROZEN = "round", "question", "mode", "rule", "rule_sentence", "places", "thresholds", "officers_figures"
LINE = "goal", "residents_key", "officers_key", "residents_approvals", "officers_approvals", "place", "outcome"
ENDS = {(1, 1): "open_without_place", (1, 0): "residents_only", (0, 1): "officers_only", (0, 0): "neither"}


def count(frozen: Any, rows: Any, witnessed: Any, dice: str) -> Any:
    """`witnessed` is taken as given: all that is left of officers' ballots that were destroyed."""
    goals, places = [each["goal"] for each in frozen["candidates"]], frozen["places"]
    votes: Any = {side: [row["choices"].split() for row in rows if row["side"] == side] for side in SIDES}
    yes = {side: {goal: [n for n, vote in enumerate(votes[side]) if goal in vote] for goal in goals} for side in votes}
    cast, blank = {side: len(votes[side]) for side in votes}, {side: votes[side].count([]) for side in votes}
    said = {side: cast[side] - blank[side] for side in votes}
    if witnessed:
        cast["officers"], blank["officers"] = witnessed["cast"], None
        said["officers"] = NOT_BLANK[witnessed["not_blank"]]
    advisory = frozen["mode"] == "meeting" and (0 < cast["officers"] < 3 or 0 < said["officers"] < 3)
    may_adopt = frozen["mode"] == "meeting" and not advisory
    share = {side: {goal: Fraction(len(yes[side][goal]), said[side] or 1) for goal in goals} for side in votes}
    ours = {goal for goal in goals if share["residents"][goal] >= min(Fraction(1, 2), Fraction(1, places))}
    theirs = {goal for goal in goals if may_adopt and share["officers"][goal] >= Fraction(1, 2)}
    theirs = set(witnessed["keys_turned"]) if witnessed else theirs
    supporters, turn, loads = yes["residents"], [0] * cast["residents"], [Fraction(0)]

    def cost(goal: str) -> Fraction:
        if frozen["rule"] == "lower_share":
            return -min(share[side][goal] for side in (votes if may_adopt else ["residents"]))
        carried = Counter(turn[n] for n in supporters[goal])
        return (1 + sum(loads[at] * number for at, number in carried.items())) / Fraction(len(supporters[goal]))

    waiting = [goal for goal in goals if (goal in ours & theirs if may_adopt else supporters[goal])]
    order: list[str] = []
    needs_dice = False
    while waiting:
        level = {goal: (cost(goal), -len(supporters[goal])) for goal in waiting}
        first = min(waiting, key=lambda goal: (level[goal], sha256(f"{dice}|{goal}".encode()).hexdigest()))
        needs_dice |= len(order) < places and list(level.values()).count(level[first]) > 1
        for n in supporters[first]:
            turn[n] = len(loads)
        loads.append(level[first][0])
        order.append(first)
        waiting.remove(first)
    place = {goal: number for number, goal in enumerate(order[:places], 1)} if may_adopt else {}
    ends = {goal: "adopted" if goal in place else ENDS[goal in ours, goal in theirs] for goal in goals}
    theirs_shown = {goal: None if witnessed else len(yes["officers"][goal]) for goal in goals}
    lines = [(g, g in ours, g in theirs, len(supporters[g]), theirs_shown[g], place.get(g), ends[g]) for g in goals]
    outcomes = [dict(zip(LINE, line, strict=True)) for line in lines]
    counted = {"ballots": cast, "blank ballots": blank, "outcomes": outcomes}
    return {**counted, "ranking": [] if may_adopt else order, "advisory": advisory, "dice decided": needs_dice}


def recount(files: Any) -> str:
    """The sentence that says yes; raises ValueError with the one that says why not."""
    frozen, result, copied = (json.loads(files[name]) for name in ("frozen.json", "result.json", "ballots.json"))
    rows: Any = list(csv.DictReader(io.StringIO(files["ballots.csv"].decode())))
    goals = {each["goal"]: each["texts"]["en"]["title"] for each in frozen["candidates"]}
    votes, trackers = [row["choices"].split() for row in rows], [row["tracker"] for row in rows]
    witnessed, passes = result["witnessed"], result["passes"]
    counted = count(frozen, rows, witnessed, result["tie_seed"])
    cast, adopts = counted["ballots"], frozen["mode"] == "meeting" and not counted["advisory"]
    shows_officers = adopts and frozen["officers_figures"] == "open"
    sums = dict(line.split()[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    known = {name: sha256(files[name]).hexdigest() for name in sums}
    same_rows = [{**row, "choices": vote} for row, vote in zip(rows, votes, strict=True)] == copied["ballots"]
    valid = all(vote == ["none"] or (set(vote) <= set(goals) and len(set(vote)) == len(vote)) for vote in votes)
    keys, fewest = (witnessed["keys_turned"], NOT_BLANK[witnessed["not_blank"]]) if witnessed else ([], 0)
    could_turn = set(goals) if adopts and fewest else set()
    drawn = {side: passes[side]["issued" if frozen["mode"] == "open_room" else "drawn"] for side in SIDES}
    for holds, otherwise in (
        (known == sums, "a file is not the one that SHA256SUMS names"),
        (result["sha256"] == {name: known[name] for name in HASHED}, "ballots or rule were exchanged"),
        ([result[word] for word in FROZEN] == [frozen[word] for word in FROZEN], "the result names another rule"),
        (result["goals"] == goals and same_rows, "goals or ballots are not the frozen ones"),
        (trackers == sorted(set(trackers)), "a tracker stands there twice, or not in its order"),
        (valid and {row["side"] for row in rows} <= set(SIDES), "a ballot is of no side, or chooses what it cannot"),
        (shows_officers == (not witnessed), "officers' ballots miss, or should not be here"),
        (set(keys) <= could_turn and fewest <= cast["officers"], "keys were turned that nobody could turn"),
        (all(passes[side]["cast"] == cast[side] for side in SIDES), "another number of ballots was published"),
        (all(cast[side] <= drawn[side] for side in SIDES), "there are more ballots than drawn passes"),
        (counted == result["counted"], "counted again, the result differs"),
        (counted["dice decided"] == bool(result["tie_seed"]), "dice are named where none decided, or missing"),
    ):
        if not holds:
            raise ValueError(otherwise)
    sealed = " The officers' ballots are not published: their number and keys are taken as the witnesses saw them."
    seen = f"Compare with what the room saw: rule {known['frozen.json'][:12]}, ballots {known['ballots.csv'][:12]}."
    said = f"{cast['residents']} ballots of residents and {cast['officers']} of officers give the published result."
    return f"Yes: {said}{sealed if witnessed else ''} {seen}"


if __name__ == "__main__":
    try:
        place = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
        folder: Any = place if place.is_dir() else zipfile.Path(place)
        sys.stdout.write(recount({file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}) + "\n")
    except (ValueError, LookupError, TypeError, ArithmeticError, OSError, zipfile.BadZipFile) as trouble:
        sys.exit(f"No: {trouble}.")
