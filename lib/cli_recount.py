"""`python -m lib recount FILE`: a published round counted again from its download, goal by goal."""

import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from lib.cli_server import explained
from lib.errors import Invalid
from lib.rules.ballots import short_hash
from lib.rules.recounting import UNREADABLE, Recount, recounted

LARGEST_FILE = 1 << 30
"""Bytes of one unpacked file: 200,000 ballots on 30 goals take 70 MB."""


def recount(
    file: Annotated[Path, typer.Argument(help="The zip of a result page, or the folder it was unpacked into.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Count a published vote again from its download; exit code 1 if anything differs.

    It needs no database and asks nobody: only the file.

    Example: python -m lib recount ballots.zip
    """
    with explained():
        counted = recounted(read_download(file))
    typer.echo(_json(counted) if as_json else _report(counted))
    if not counted.matches:
        raise typer.Exit(1)


def read_download(place: Path) -> dict[str, bytes]:
    """The files of a download by name, from its zip or its folder. Raises Invalid."""
    try:
        if place.is_dir():
            return {file.name: file.read_bytes() for file in place.iterdir() if file.is_file()}
        with zipfile.ZipFile(place) as archive:
            if any(entry.file_size > LARGEST_FILE for entry in archive.infolist()):
                raise Invalid(UNREADABLE)
            return {name: archive.read(name) for name in archive.namelist()}
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError) as cause:
        raise Invalid(UNREADABLE) from cause


def _report(counted: Recount) -> str:
    lines = [f"{goal.title}\n  {goal.sentence}" for goal in counted.goals]
    tally = counted.tally
    lines.append(f"{tally.residents.cast:,} ballots of residents, {tally.officers.cast:,} of officers.")
    if counted.keys_are_given:
        lines.append(
            "The officers’ ballots are not published: their number and keys are taken as the witnesses saw them."
        )
    rule, ballots = (short_hash(counted.hashes.get(name, "")) for name in ("frozen.json", "ballots.csv"))
    lines.append(f"Compare with what the room saw: rule {rule}, ballots {ballots}.")
    lines += counted.problems
    lines.append("The result matches." if counted.matches else "The result does not match.")
    return "\n".join(lines)


def _json(counted: Recount) -> str:
    return json.dumps(
        {
            "matches": counted.matches,
            "problems": counted.problems,
            "keys_are_given": counted.keys_are_given,
            "sha256": counted.hashes,
            "goals": [asdict(goal) | {"goal": str(goal.goal)} for goal in counted.goals],
        },
        indent=1,
        ensure_ascii=False,
    )
