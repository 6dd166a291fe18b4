"""Count a published round again. Needs Python 3.9 or later and nothing else: python3 recount.py [ballots.zip or folder]

A side's share of a goal is its approving ballots / its ballots that are not blank. A goal is open when the residents'
share is at least min(1/2, 1/places) and the officers' share at least 1/2. The places go one after the other:
- two_keys_turns: a place costs one unit, which the residents who approve the goal share so that all of them end with
  the same load; next is the goal where that load is smallest (sequential Phragmén: Brill et al. 2017, 2024).
- lower_share: next is the goal whose lower share is highest.
Level goals: more residents' ballots, then the lowest SHA-256 of "dice|goal". With one or two officers' ballots, or in
an open room, nothing is adopted: the same steps rank every goal that a resident approves, by residents' ballots alone.
"""

from __future__ import annotations

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

SIDES = RESIDENTS, OFFICERS = "residents", "officers"
FROZEN = "round", "mode", "rule", "places", "thresholds", "officers_figures"


def count(frozen: Any, ballots: list[dict[str, str]], witnessed: Any, dice: str) -> dict[str, Any]:
    """The result by the frozen rule. `witnessed` is what is known of an officers' side whose ballots were destroyed."""
    goals, places = [candidate["goal"] for candidate in frozen["candidates"]], frozen["places"]
    chosen = {side: [row["choices"].split() for row in ballots if row["side"] == side] for side in SIDES}
    yes = {s: {goal: [n for n, choices in enumerate(chosen[s]) if goal in choices] for goal in goals} for s in SIDES}
    cast = {side: len(chosen[side]) for side in SIDES}
    blank = {side: chosen[side].count([]) for side in SIDES}
    if witnessed:
        cast[OFFICERS], blank[OFFICERS] = witnessed["cast"], witnessed["blank"]
    said = {side: cast[side] - blank[side] for side in SIDES}
    advisory = frozen["mode"] == "meeting" and (0 < cast[OFFICERS] < 3 or 0 < said[OFFICERS] < 3)
    adopts = frozen["mode"] == "meeting" and not advisory

    def share(side: str, goal: str) -> Fraction:
        return Fraction(len(yes[side][goal]), said[side] or 1)

    residents = {goal for goal in goals if share(RESIDENTS, goal) >= min(Fraction(1, 2), Fraction(1, places))}
    officers = {goal for goal in goals if adopts and share(OFFICERS, goal) >= Fraction(1, 2)}
    if witnessed and adopts and said[OFFICERS]:
        officers = set(witnessed["keys_turned"])

    def cost(goal: str) -> Fraction:
        if frozen["rule"] == "lower_share":
            return -min(share(side, goal) for side in (SIDES if adopts else SIDES[:1]))
        carried = Counter(last_turn[n] for n in yes[RESIDENTS][goal])
        return (1 + sum(load[turn] * number for turn, number in carried.items())) / Fraction(len(yes[RESIDENTS][goal]))

    waiting = [goal for goal in goals if (goal in residents & officers if adopts else yes[RESIDENTS][goal])]
    last_turn, load = [0] * cast[RESIDENTS], [Fraction(0)]
    order: list[str] = []
    dice_decided = False
    while waiting:
        level = {goal: (cost(goal), -len(yes[RESIDENTS][goal])) for goal in waiting}
        goal = min(waiting, key=lambda goal: (level[goal], sha256(f"{dice}|{goal}".encode()).hexdigest()))
        dice_decided |= len(order) < places and list(level.values()).count(level[goal]) > 1
        for n in yes[RESIDENTS][goal]:
            last_turn[n] = len(load)
        load.append(level[goal][0])
        order.append(goal)
        waiting.remove(goal)

    place = {goal: number for number, goal in enumerate(order[:places], 1)} if adopts else {}
    ends = {(True, True): "open_without_place", (True, False): "residents_only", (False, True): "officers_only"}
    outcomes = [
        {
            "goal": goal,
            "outcome": "adopted" if goal in place else ends.get((goal in residents, goal in officers), "neither"),
            "place": place.get(goal),
            "residents_key": goal in residents,
            "officers_key": goal in officers,
            "residents_approvals": len(yes[RESIDENTS][goal]),
            "officers_approvals": None if witnessed else len(yes[OFFICERS][goal]),
        }
        for goal in goals
    ]
    counted = {"ballots": cast, "blank ballots": blank, "outcomes": outcomes, "ranking": [] if adopts else order}
    return {**counted, "advisory": advisory, "dice decided": dice_decided}


def recount(files: dict[str, bytes]) -> str:
    """The sentence that says yes; raises ValueError with the one that says why not."""
    frozen, result = json.loads(files["frozen.json"]), json.loads(files["result.json"])
    ballots = list(csv.DictReader(io.StringIO(files["ballots.csv"].decode())))
    trackers, witnessed, dice = [row["tracker"] for row in ballots], result["witnessed"], result["tie_seed"]
    counted = count(frozen, ballots, witnessed, dice)
    shows_officers = frozen["officers_figures"] == "open" and frozen["mode"] == "meeting" and not counted["advisory"]
    sums = dict(line.split()[::-1] for line in files["SHA256SUMS"].decode().splitlines())
    hashes = {name: sha256(files[name]).hexdigest() for name in sums}
    for holds, otherwise in (
        (hashes == sums, "a file is not the one that SHA256SUMS names"),
        (all(hashes[name] == known for name, known in result["sha256"].items()), "ballots or rule were exchanged"),
        (all(result[word] == frozen[word] for word in FROZEN), "the result names another rule than the frozen one"),
        (trackers == sorted(set(trackers)), "a tracker stands there twice, or not in its order"),
        (shows_officers == (witnessed is None), "the officers' ballots are missing, or published against the rule"),
        *((value == result["counted"][word], f"counted again, “{word}” differs") for word, value in counted.items()),
        (counted["dice decided"] == bool(dice), "dice are named where none decided, or missing where they had to"),
    ):
        if not holds:
            raise ValueError(otherwise)
    sealed = " The officers' ballots are not published: their number and keys are taken as the witnesses saw them."
    cast, rule, kept = counted["ballots"], hashes["frozen.json"][:12], hashes["ballots.csv"][:12]
    return (
        f"Yes: {cast[RESIDENTS]} ballots of residents and {cast[OFFICERS]} of officers give the published result."
        f"{sealed if witnessed else ''} Compare with what the room saw: rule {rule}, ballots {kept}."
    )


def read(place: Path) -> dict[str, bytes]:
    """The files of the download by name, from the zip or from the folder it was unpacked into."""
    if place.is_dir():
        return {file.name: file.read_bytes() for file in place.iterdir() if file.is_file()}
    with zipfile.ZipFile(place) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


if __name__ == "__main__":
    try:
        sys.stdout.write(recount(read(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent))) + "\n")
    except (ValueError, LookupError, TypeError, ArithmeticError, OSError, zipfile.BadZipFile) as trouble:
        sys.exit(f"No: {trouble}.")
