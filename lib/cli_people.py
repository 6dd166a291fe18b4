"""Commands about the people who sign in. On the command line the machine's owner acts, so nobody has to sign in."""

import json
import sys
from datetime import datetime
from typing import Annotated

import typer

from lib.cli_server import explained
from lib.clock import now
from lib.errors import NotFound
from lib.rules.lifecycle import Role, Side

person_app = typer.Typer(no_args_is_help=True, help="The people who sign in, and which beats officers serve.")

Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@person_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="The name that others see.")],
    email: Email,
    *,
    role: Annotated[list[Role], typer.Option("--role", help="May be given several times.")],
    side: Annotated[Side | None, typer.Option(help="Officers by default for an officer, else neither.")] = None,
    password_stdin: FromStdin = False,
    no_password: Annotated[bool, typer.Option("--no-password", help="Sign in by the city's account only.")] = False,
) -> None:
    """Add somebody who may sign in; the password is asked on the terminal.

    Example: python -m lib person add "Ines Park" ines.park@example.org --role coordinator
    """
    from lib.services.people import add_person

    stands = side or (Side.OFFICERS if Role.OFFICER in role else Side.NEITHER)
    password = None if no_password else _password(password_stdin)
    with explained():
        _migrate()
        add_person(name=name, email=email, side=stands, roles=role, password=password, from_command_line=True)
    typer.echo(f"{name} may sign in with {email.strip().lower()}.")


@person_app.command("list")
def list_people(as_json: AsJson = False) -> None:
    """List everybody with roles, side and beats.

    Example: python -m lib person list --json
    """
    from lib.queries.people import people

    with explained():
        _migrate()
        rows = people()
    if as_json:
        typer.echo(
            json.dumps(
                [
                    {
                        "name": row.name,
                        "email": row.email,
                        "side": row.side,
                        "roles": sorted(row.roles),
                        "active": row.is_active,
                        "postings": [
                            {
                                "beat": posting.beat,
                                "from": str(posting.valid_from),
                                "to": str(posting.valid_to) if posting.valid_to else None,
                                "hours": posting.hours,
                            }
                            for posting in row.postings
                        ],
                    }
                    for row in rows
                ],
                ensure_ascii=False,
            )
        )
        return
    for row in rows:
        roles = ", ".join(sorted(row.roles)) + ("" if row.is_active else " (inactive)")
        beats = ", ".join(posting.beat for posting in row.postings)
        typer.echo(f"{row.name} <{row.email}>: {roles}; side: {row.side}{'; beats: ' + beats if beats else ''}")
    if not rows:
        typer.echo("Nobody yet. Start with: python -m lib person add NAME EMAIL --role coordinator")


@person_app.command("role")
def change_role(
    email: Email,
    role: Annotated[list[Role], typer.Option("--role", help="Every role the person has from now on.")],
    side: Annotated[Side | None, typer.Option(help="Another side; unchanged if left out.")] = None,
) -> None:
    """Give a person exactly these roles.

    Example: python -m lib person role maya@example.org --role officer --role facilitator
    """
    from lib.services.people import change_roles

    with explained():
        stands = side or (Side.OFFICERS if Role.OFFICER in role else None)
        change_roles(person_id=_person_id(email), roles=role, side=stands, from_command_line=True)
    typer.echo(f"{email} is {', '.join(sorted(set(role)))}.")


@person_app.command("password")
def new_password(email: Email, password_stdin: FromStdin = False) -> None:
    """Give a person a new password; their sessions end.

    Example: python -m lib person password maya@example.org --password-stdin < password.txt
    """
    from lib.services.people import set_password

    with explained():
        person_id = _person_id(email)
        set_password(person_id=person_id, password=_password(password_stdin), from_command_line=True)
    typer.echo(f"{email} has a new password and is signed out everywhere.")


@person_app.command("pin")
def new_pin(
    email: Email,
    pin_stdin: Annotated[bool, typer.Option("--pin-stdin", help="Read the PIN from standard input.")] = False,
) -> None:
    """Give a person a PIN, with which they confirm as the second person of a vote; asked twice and never shown.

    Example: python -m lib person pin noor@example.org
    """
    from lib.services.witnesses import set_pin_from_command_line

    with explained():
        person_id = _person_id(email)
        set_pin_from_command_line(person_id=person_id, pin=_hidden(pin_stdin, "PIN"))
    typer.echo(f"{email} confirms with the new PIN from now on.")


@person_app.command("deactivate")
def deactivate(
    email: Email, undo: Annotated[bool, typer.Option("--undo", help="Let the person sign in again.")] = False
) -> None:
    """Let a person sign in no more; sessions end, what they did keeps their name.

    Example: python -m lib person deactivate maya@example.org
    """
    from lib.services.people import deactivate_person, reactivate_person

    with explained():
        person_id = _person_id(email)
        if undo:
            reactivate_person(person_id=person_id, from_command_line=True)
        else:
            deactivate_person(person_id=person_id, from_command_line=True)
    typer.echo(f"{email} may sign in again." if undo else f"{email} may sign in no more.")


@person_app.command("post")
def post(
    email: Email,
    beat: Annotated[str, typer.Argument(help="The beat's code.")],
    *,
    first_day: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")] = None,
    last_day: Annotated[datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Last day.")] = None,
    hours: Annotated[str, typer.Option(help="When and where residents meet the officer.")] = "",
    end: Annotated[bool, typer.Option("--end", help="End the posting instead, after --until or yesterday.")] = False,
) -> None:
    """Post an officer to a beat, or end the posting.

    Example: python -m lib person post maya@example.org K2 --hours "Tuesdays 5 to 7 pm, library"
    """
    from datetime import timedelta

    from lib.services.people import end_posting, post_officer

    last = last_day.date() if last_day else None
    with explained():
        person_id = _person_id(email)
        if end:
            end_posting(posting_id=_posting_id(person_id, beat), last_day=last, from_command_line=True)
        else:
            post_officer(
                person_id=person_id,
                beat=beat,
                valid_from=first_day.date() if first_day else None,
                valid_to=last + timedelta(days=1) if last else None,
                hours=hours,
                from_command_line=True,
            )
    typer.echo(f"{email} {'leaves' if end else 'serves'} beat {beat}.")


def _migrate() -> None:
    from lib.storage.schema import migrate

    migrate()


def _person_id(email: str) -> int:
    from lib.queries.people import account

    _migrate()
    found = account(email.strip().lower())
    if found is None:
        raise NotFound(f"Nobody here has the address {email}. See: python -m lib person list")
    return found.person_id


def _posting_id(person_id: int, beat: str) -> int:
    from lib.queries.people import people

    postings = next(row.postings for row in people() if row.id == person_id)
    today = now().date()
    running = [row for row in postings if row.beat == beat and (row.valid_to is None or row.valid_to > today)]
    if not running:
        raise NotFound(f"There is no running posting to beat {beat}.")
    return running[-1].id


def _password(from_stdin: bool) -> str:
    return _hidden(from_stdin, "password")


def _hidden(from_stdin: bool, what: str) -> str:
    """A password or PIN, typed twice without being shown, or one line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        typer.echo(f"There is no terminal to ask on: give the {what} with --{what.lower()}-stdin.", err=True)
        raise typer.Exit(2)
    return str(typer.prompt(what[0].upper() + what[1:], hide_input=True, confirmation_prompt=True))
