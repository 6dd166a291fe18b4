"""The command that loads the demonstration city: real boundaries, invented people and events."""

import json
from typing import Annotated

import typer

from lib.cli_server import explained


def demo(
    seed: Annotated[int, typer.Option(help="Another number invents another city.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Load the demonstration city into an empty database.

    Example: python -m lib demo --seed 7
    """
    from lib.services.demonstration import load_demonstration
    from lib.storage.schema import migrate

    with explained():
        migrate()
        loaded = load_demonstration(
            seed=seed, progress=None if as_json else lambda sentence: typer.echo(sentence, err=True)
        )
    if as_json:
        typer.echo(json.dumps({"loaded": loaded.loaded, **loaded.counts}))
    elif not loaded.loaded:
        typer.echo("The demonstration city is here already; nothing was changed.")
    else:
        counts = loaded.counts
        typer.echo(
            f"The demonstration city is loaded: {counts['beats']} beats, {counts['incidents']:,} incidents, "
            f"{counts['concerns']:,} concerns. Sign in as officer@demo.example, facilitator@demo.example, "
            "facilitator.officers@demo.example, coordinator@demo.example or auditor@demo.example; "
            "the password of all five is: common beat demo"
        )
