"""Commands about the installation itself: serve, name the city, the schema, the log."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from lib.errors import Explained
from lib.settings import ROOT, settings

database_app = typer.Typer(no_args_is_help=True, help="The database's schema.")
log_app = typer.Typer(no_args_is_help=True, help="The append-only log.")


@contextmanager
def explained() -> Iterator[None]:
    """Within a command: an explained error becomes one sentence on standard error and exit code 1."""
    try:
        yield
    except Explained as problem:
        typer.echo(problem.sentence, err=True)
        raise typer.Exit(1) from problem


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 opens it to the hall.", envvar="HOST")] = "",
    port: Annotated[int, typer.Option(help="Port, 8501 if not given.", envvar="PORT", min=0, max=65535)] = 0,
    phone_port: Annotated[
        int, typer.Option(help="Port of a second process for the phones of a full hall.", min=0, max=65535)
    ] = 0,
) -> None:
    """Serve the screens, the phone pages and the API in one process; with --phone-port the phones in one of their own.

    Example: python -m lib serve --host 0.0.0.0 --port 8501 --phone-port 8502
    """
    host, port = host or settings().host, port or settings().port
    phone_port = phone_port or settings().phone_port
    if phone_port == port:
        raise typer.BadParameter("The phones' own process needs another port than the screens.")
    os.environ.update(HOST=host, PORT=str(port), PHONE_PORT=str(phone_port))
    settings.cache_clear()
    from lib.services.installation import prepare_installation

    with explained():
        prepare_installation(progress=typer.echo)
    typer.echo(f"Common Beat is at http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}")  # noqa: S104
    sys.stdout.flush()
    arguments = ["run", str(ROOT / "app.py"), f"--server.port={port}", f"--server.address={host}"]
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", *arguments])  # noqa: S606


def name_the_city(
    name: Annotated[str, typer.Argument(help="The city's name.")],
    time_zone: Annotated[str, typer.Option(help="IANA time zone, as in America/Chicago.")],
    emergency_number: Annotated[str, typer.Option(help="The number people call in an emergency.")] = "911",
) -> None:
    """Name the city of this installation, before importing its own beats.

    Example: python -m lib city Chicago --time-zone America/Chicago
    """
    from lib.services.places import name_city
    from lib.storage.schema import migrate

    with explained():
        migrate()
        name_city(name=name, time_zone=time_zone, emergency_number=emergency_number, from_command_line=True)
    typer.echo(f"This installation serves {name}.")


@database_app.command("migrate")
def migrate_database() -> None:
    """Bring the schema up to date (every start does this too).

    Example: python -m lib database migrate
    """
    from lib.storage.schema import migrate

    with explained():
        migrate()
    typer.echo("The schema is up to date.")


@log_app.command("verify")
def verify_log(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Recompute the hash chain over the whole log; exit code 1 if a link does not hold.

    Compare the number of entries and the last digest with what a published result names: a log that was cut off at its
    end holds, but is shorter than it was.

    Example: python -m lib log verify --json
    """
    from lib.queries.log import log_state
    from lib.rules.ballots import short_hash
    from lib.services.log import broken_link, chain_log

    with explained():
        chain_log()
        broken = broken_link()
        state = log_state()
    if as_json:
        facts = {
            "holds": broken is None,
            "broken_at": broken,
            "entries": state.linked,
            "last_digest": state.last_digest,
        }
        typer.echo(json.dumps(facts))
    else:
        typer.echo("Every link holds." if broken is None else f"The chain is broken at position {broken}.")
        typer.echo(f"{state.linked:,} entries, last digest {short_hash(state.last_digest)}")
    if broken is not None:
        raise typer.Exit(1)
