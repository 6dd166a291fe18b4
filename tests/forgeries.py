"""Ways to change a download of a published round, each with the kind of round (`tests/published.py`) it is tried on."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from itertools import product
from typing import Any

Forgery = Callable[[dict[str, bytes]], None]


def changed(name: str, *, also_the_hash: bool = False) -> Callable[[Callable[[Any], Any]], Forgery]:
    """A forgery of one JSON or CSV file; with `also_the_hash` its forger knew to mend the fingerprint too."""

    def made(change: Callable[[Any], Any]) -> Forgery:
        def forge(files: dict[str, bytes]) -> None:
            if name.endswith(".json"):
                content = json.loads(files[name])
                change(content)
                files[name] = json.dumps(content).encode()
            else:
                files[name] = "\n".join(change(files[name].decode().split("\n"))).encode()
            if also_the_hash:
                if name == "ballots.csv":
                    files["ballots.json"] = as_json(files)
                result = json.loads(files["result.json"])
                result["sha256"][name] = sha256(files[name]).hexdigest()
                files["result.json"] = json.dumps(result).encode()

        return forge

    return made


def as_json(files: Mapping[str, bytes]) -> bytes:
    """`ballots.json` as the forger of `ballots.csv` writes it."""
    rows = [line.split(",") for line in files["ballots.csv"].decode().split("\n")[1:] if line]
    ballots = [{"tracker": row[0], "side": row[1], "choices": row[2].split()} for row in rows]
    return json.dumps({"round": json.loads(files["frozen.json"])["round"], "ballots": ballots}).encode()


def first_choice_blank(lines: list[str]) -> list[str]:
    """The first ballot that says something says nothing."""
    at = next(n for n, line in enumerate(lines[1:], 1) if not line.endswith((",", ",none")))
    return [*lines[:at], ",".join([*lines[at].split(",")[:2], ""]), *lines[at + 1 :]]


def another(lines: list[str]) -> list[str]:
    return [*lines[:-1], f"ZZZZZZZZZZZZ,residents,{lines[-2].rpartition(',')[2]}", ""]


def goal_twice(lines: list[str]) -> list[str]:
    """A ballot on one goal names it once more, which changes no count of its own."""
    at = next(n for n, line in enumerate(lines[1:], 1) if len(line.rpartition(",")[2]) == 36)
    return [*lines[:at], f"{lines[at]} {lines[at].rpartition(',')[2]}", *lines[at + 1 :]]


def of_nobody(lines: list[str]) -> list[str]:
    return [*lines[:-1], f"ZZZZZZZZZZZZ,nobody,{lines[-2].rpartition(',')[2]}", ""]


def none_and_unknown(lines: list[str]) -> list[str]:
    at = next(n for n, line in enumerate(lines) if line.endswith(",none"))
    return [*lines[:at], f"{lines[at]} 00000000-0000-0000-0000-000000000000", *lines[at + 1 :]]


def titles_swapped(result: dict[str, Any]) -> None:
    first, second, *_more = result["goals"]
    result["goals"][first], result["goals"][second] = result["goals"][second], result["goals"][first]


def swapped_places(result: dict[str, Any]) -> None:
    first, second = sorted((each for each in result["counted"]["outcomes"] if each["place"]), key=lambda e: e["place"])
    first["place"], second["place"] = second["place"], first["place"]


def set_to(*path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        for step in path[:-1]:
            content = content[step]
        content[path[-1]] = value

    return change


def dice_for_another_goal(result: dict[str, Any]) -> None:
    """Dice under which another of the level goals comes first."""
    level = [each["goal"] for each in result["counted"]["outcomes"] if each["residents_approvals"] == 3]
    winner = next(each["goal"] for each in result["counted"]["outcomes"] if each["place"])
    result["tie_seed"] = next(
        dice
        for dice in map("-".join, product("123456", repeat=3))
        if min(level, key=lambda goal: sha256(f"{dice}|{goal}".encode()).hexdigest()) != winner
    )


FORGERIES: Mapping[str, tuple[str, Forgery]] = {
    "a ballot changed": ("dice", changed("ballots.csv")(first_choice_blank)),
    "a ballot changed, hash mended": ("dice", changed("ballots.csv", also_the_hash=True)(first_choice_blank)),
    "a ballot added": ("dice", changed("ballots.csv", also_the_hash=True)(another)),
    "a ballot removed": ("dice", changed("ballots.csv", also_the_hash=True)(lambda lines: [lines[0], *lines[2:]])),
    "a ballot twice": (
        "dice",
        changed("ballots.csv", also_the_hash=True)(lambda lines: [*lines[:2], lines[1], *lines[3:]]),
    ),
    "a tracker exchanged": (
        "dice",
        changed("ballots.csv")(lambda lines: [lines[0], f"{'0' * 12}{lines[1][12:]}", *lines[2:]]),
    ),
    "a tracker twice": (
        "dice",
        changed("ballots.csv", also_the_hash=True)(
            lambda lines: [*lines[:2], lines[1][:12] + lines[2][12:], *lines[3:]]
        ),
    ),
    "ballots in another order": (
        "dice",
        changed("ballots.csv", also_the_hash=True)(lambda lines: [lines[0], lines[2], lines[1], *lines[3:]]),
    ),
    "places swapped": ("officers agreed to show", changed("result.json")(swapped_places)),
    "a sealed key turned": (
        "sealed officers",
        changed("result.json")(set_to("witnessed", "keys_turned", value=[])),
    ),
    "other dice": ("dice for the one place", changed("result.json")(dice_for_another_goal)),
    "dice that no tie needed": ("sealed officers", changed("result.json")(set_to("tie_seed", value="4-1-6"))),
    "dice taken away": ("dice", changed("result.json")(set_to("tie_seed", value=""))),
    "more places": ("sealed officers", changed("frozen.json", also_the_hash=True)(set_to("places", value=3))),
    "another rule in the result": ("lower share", changed("result.json")(set_to("rule", value="two_keys_turns"))),
    "officers' ballots kept back": (
        "officers agreed to show",
        changed("result.json")(set_to("witnessed", value={"cast": 4, "not_blank": "three or more", "keys_turned": []})),
    ),
    "no hashes in the result": ("dice", changed("result.json")(lambda result: result["sha256"].clear())),
    "titles swapped": ("sealed officers", changed("result.json")(titles_swapped)),
    "another question": ("sealed officers", changed("result.json")(set_to("question", value="Who pays?"))),
    "another rule in words": ("dice", changed("result.json")(set_to("rule_sentence", value="The mayor decides."))),
    "more cast than counted": (
        "sealed officers",
        changed("result.json")(set_to("passes", "residents", "cast", value=999)),
    ),
    "fewer drawn than cast": (
        "sealed officers",
        changed("result.json")(set_to("passes", "residents", "drawn", value=1)),
    ),
    "ballots.json emptied": ("dice", changed("ballots.json")(set_to("ballots", value=[]))),
    "a goal chosen twice": ("dice", changed("ballots.csv", also_the_hash=True)(goal_twice)),
    "a ballot of nobody": ("dice", changed("ballots.csv", also_the_hash=True)(of_nobody)),
    "none and an unknown goal": ("dice", changed("ballots.csv", also_the_hash=True)(none_and_unknown)),
    "a sealed key of no goal": (
        "sealed officers",
        changed("result.json")(lambda result: result["witnessed"]["keys_turned"].append("\x1b[2J")),
    ),
    "a sealed side that says more than it cast": (
        "no officers",
        changed("result.json")(set_to("witnessed", "not_blank", value="three or more")),
    ),
    "no result at all": ("dice", changed("result.json")(lambda result: result.clear())),
}


def mend_sums(files: dict[str, bytes]) -> None:
    """Write the list of fingerprints again, as a forger would."""
    names = sorted(files.keys() - {"SHA256SUMS"})
    files["SHA256SUMS"] = "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in names).encode()
