"""The command that loads the demonstration city, opens a meeting in it tonight, and sends a crowd to vote."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lib.cli_server import explained
from lib.settings import settings

if TYPE_CHECKING:
    from lib.cli_crowd import Crowd
    from lib.services.tonight import Tonight

OFFICERS = 6


def demo(
    tonight: Annotated[bool, typer.Option("--tonight", help="Open a meeting right now, with two votes.")] = False,
    crowd: Annotated[int, typer.Option(min=0, max=1000, help="So many simulated residents, and 6 officers, vote.")] = 0,
    minutes: Annotated[float, typer.Option(min=0.05, max=60, help="How long the crowd takes.")] = 2.0,
    url: Annotated[str, typer.Option(help="The running server; by default the address in the settings.")] = "",
    seed: Annotated[int, typer.Option(help="Another number invents another city, or another crowd.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Load the demonstration city into an empty database; with --tonight also open a meeting in it.

    Example: python -m lib demo --tonight --crowd 120
    """
    from lib.services.demonstration import load_demonstration
    from lib.storage.schema import migrate

    report: dict[str, Any] = {}
    with explained():
        migrate()
        loaded = load_demonstration(seed=seed, progress=None if as_json else _tell)
        report |= {"loaded": loaded.loaded, **loaded.counts}
        if tonight or crowd:
            opened = _open_tonight(report)
            if not as_json:
                _say_tonight(opened, url or settings().address)
            if crowd:
                report["crowd"] = _send(opened, crowd, minutes, url or settings().address, seed, quiet=as_json)
    if as_json:
        typer.echo(json.dumps(report))
    elif loaded.loaded:
        typer.echo(
            f"The demonstration city is loaded: {loaded.counts['beats']} beats, {loaded.counts['incidents']:,} "
            f"incidents, {loaded.counts['concerns']:,} concerns. Sign in as officer@demo.example, "
            "facilitator@demo.example, facilitator.officers@demo.example, coordinator@demo.example or "
            "auditor@demo.example; the password of all five is: common beat demo; "
            "as a second person each of them types the PIN 4711"
        )
        typer.echo(f"The organiser of an evening in Pioneer Square reads who would come at: {_organisers_page()}")
    elif not (tonight or crowd):
        typer.echo("The demonstration city is here already; nothing was changed.")
    if report.get("crowd", {}).get("failures"):
        raise typer.Exit(1)


def _organisers_page() -> str:
    """The private page of an invented organiser, whom no mail with its link reaches."""
    from lib.services.demonstration_partners import an_organisers_page

    return an_organisers_page(beat_code="K2")


def _tell(sentence: str) -> None:
    typer.echo(sentence, err=True)


def _open_tonight(report: dict[str, Any]) -> "Tonight":
    from lib.services.tonight import open_tonight

    opened = open_tonight()
    report["tonight"] = {"meeting": str(opened.meeting_uuid), "is_new": opened.is_new}
    return opened


def _say_tonight(opened: "Tonight", address: str) -> None:
    state = "is open" if opened.is_new else "is still open"
    typer.echo(f"Tonight's meeting {state}. The live display: {address}/live")
    typer.echo(f"Slips to try with a phone: {opened.slips_file} (a real meeting prints them and keeps none)")
    typer.echo(f"The facilitator's console: {address}/run")


def _send(opened: "Tonight", residents: int, minutes: float, address: str, seed: int, *, quiet: bool) -> dict[str, Any]:
    from rich.console import Console
    from rich.progress import Progress

    from lib.cli_crowd import Crowd, send_crowd
    from lib.services.tonight import crowd_slips

    minted = crowd_slips(meeting_id=opened.meeting_id, residents=residents, officers=OFFICERS)
    slips = [(side, slip.token) for side, slip in minted]
    with Progress(console=Console(stderr=True), disable=quiet) as progress:
        bar = progress.add_task("The crowd votes", total=len(slips))

        def show(crowd: Crowd) -> None:
            progress.update(bar, completed=crowd.voted + len(crowd.failures))

        done = asyncio.run(send_crowd(address, slips, seconds=minutes * 60, seed=seed, tell=show))
    if not quiet:
        _say_crowd(done, address)
    return {"size": done.size, "voted": done.voted, "changed": done.changed, "failures": done.failures[:10]}


def _say_crowd(done: "Crowd", address: str) -> None:
    typer.echo(f"{done.voted} of {done.size} voted; {done.changed} changed their vote.")
    if done.failures:
        typer.echo(
            f"{len(done.failures)} could not vote. Is the server running at {address}? First: {done.failures[0]}",
            err=True,
        )
