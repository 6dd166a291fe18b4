"""Commands that keep an installation safe: a backup in one file, and an installation restored from it."""

import json
from pathlib import Path
from typing import Annotated

import typer

from lib.cli_server import explained

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def backup(
    file: Annotated[Path, typer.Argument(help="The new file; it is never overwritten.", dir_okay=False)],
    as_json: AsJson = False,
) -> None:
    """Write a backup while people work and vote; open ballots and secrets are left out.

    Example: python -m lib backup common-beat-2026-05-04.sqlite3
    """
    from lib.services.backups import BLANKED, LEFT_OUT, back_up

    with explained():
        made = back_up(file=file, progress=None if as_json else _tell)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "file": str(file),
                    "sha256": made.sha256,
                    "bytes": made.size,
                    "rows": dict(made.rows),
                    "left_out": dict(LEFT_OUT) | {".".join(column): why for column, why in BLANKED.items()},
                    "ended_rounds": made.ended_rounds,
                }
            )
        )
        return
    typer.echo("\nLeft out:")
    for name, why in (*LEFT_OUT.items(), *((".".join(column), why) for column, why in BLANKED.items())):
        typer.echo(f"  {name}: {why}")
    if made.ended_rounds:
        typer.echo(f"\n{_votes(made.ended_rounds)} running: in the backup it is set aside, without ballots and result.")
    typer.echo(f"\n{file}: {len(made.rows)} tables, {sum(made.rows.values()):,} rows, {made.size:,} bytes")
    typer.echo(f"SHA-256 {made.sha256}")
    typer.echo("It holds contacts and addresses that people gave. Keep it as carefully as the database itself.")


def restore(
    file: Annotated[Path, typer.Argument(help="A backup of this version or an older one.")],
    as_json: AsJson = False,
) -> None:
    """Fill an empty installation from a backup, on SQLite or PostgreSQL.

    Example: DATA_FOLDER=/srv/beat python -m lib restore common-beat-2026-05-04.sqlite3
    """
    from lib.services.backups import restore as fill

    with explained():
        done = fill(file=file, progress=None if as_json else _tell)
    if as_json:
        typer.echo(json.dumps({"rows": dict(done.rows), "sha256": done.sha256, "ended_rounds": done.ended_rounds}))
        return
    typer.echo(f"\nRestored: {len(done.rows)} tables, {sum(done.rows.values()):,} rows, SHA-256 {done.sha256}")
    if done.ended_rounds:
        typer.echo(f"{_votes(done.ended_rounds)} running and is set aside without a result: hold it again.")
    typer.echo("People sign in with their passwords and choose a new PIN. Mint new passes for the door.")


def _tell(table: str, rows: int) -> None:
    typer.echo(f"{rows:>11,}  {table}")


def _votes(number: int) -> str:
    return "One vote was" if number == 1 else f"{number} votes were"
