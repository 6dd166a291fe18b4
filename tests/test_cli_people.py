"""The people's commands, as somebody types them."""

import json

import pytest
from typer.testing import CliRunner

from lib.cli_people import person_app
from lib.queries.people import people
from lib.services.sessions import sign_in
from lib.services.witnesses import Witness, confirmed_by
from tests.builders import a_beat, a_city, a_facilitator

PASSWORD = "four random words here"


def run(*arguments: str, typed: str = "") -> tuple[int, str]:
    """Exit code and everything printed."""
    done = CliRunner().invoke(person_app, arguments, input=typed)
    return done.exit_code, done.output


def add_maya() -> tuple[int, str]:
    return run(
        "add", "Maya Lindqvist", "Maya@example.org", "--role", "officer", "--password-stdin", typed=PASSWORD + "\n"
    )


def test_a_person_is_added_and_signs_in(database: str) -> None:
    assert add_maya() == (0, "Maya Lindqvist may sign in with maya@example.org.\n")
    assert sign_in(email="maya@example.org", password=PASSWORD).person_id


def test_people_are_listed_for_programs_and_for_people(sqlite_database: str) -> None:
    assert "Nobody yet" in run("list")[1]
    a_city()
    a_beat("K2")
    add_maya()
    assert run("post", "maya@example.org", "K2", "--from", "2026-01-01", "--hours", "Tuesdays")[0] == 0
    assert json.loads(run("list", "--json")[1]) == [
        {
            "name": "Maya Lindqvist",
            "email": "maya@example.org",
            "side": "officers",
            "roles": ["officer"],
            "active": True,
            "postings": [{"beat": "K2", "from": "2026-01-01", "to": None, "hours": "Tuesdays"}],
        }
    ]
    assert run("list")[1] == "Maya Lindqvist <maya@example.org>: officer; side: officers; beats: K2\n"


def test_roles_password_and_postings_change(sqlite_database: str) -> None:
    a_city()
    a_beat("K2")
    add_maya()
    assert run("role", "maya@example.org", "--role", "officer", "--role", "facilitator")[0] == 0
    assert run("password", "maya@example.org", "--password-stdin", typed="four other words here\n")[0] == 0
    assert run("post", "maya@example.org", "K2", "--from", "2026-01-01")[0] == 0
    assert run("post", "maya@example.org", "K2", "--end", "--until", "2026-01-31")[0] == 0
    assert run("deactivate", "maya@example.org")[0] == 0
    assert run("deactivate", "maya@example.org", "--undo")[0] == 0
    [row] = people()
    assert (sorted(row.roles), str(row.postings[0].valid_to), row.is_active) == (
        ["facilitator", "officer"],
        "2026-02-01",
        True,
    )
    assert sign_in(email="maya@example.org", password="four other words here").person_id


def test_a_pin_from_the_command_line_confirms_and_is_never_printed(database: str) -> None:
    add_maya()
    code, printed = run("pin", "maya@example.org", "--pin-stdin", typed="5093\n")
    assert (code, printed) == (0, "maya@example.org confirms with the new PIN from now on.\n")
    maya = people()[0].id
    assert confirmed_by(actor=a_facilitator(), second=Witness(maya, "5093")) == maya


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param("12\n", "A PIN has 4 to 12 digits.", id="too short"),
        pytest.param("1234\n", "too easy to guess", id="counts up"),
    ],
)
def test_a_weak_pin_is_refused(sqlite_database: str, typed: str, sentence: str) -> None:
    add_maya()
    code, printed = run("pin", "maya@example.org", "--pin-stdin", typed=typed)
    assert code == 1
    assert sentence in printed


def test_a_pin_is_asked_for_on_a_terminal_only(sqlite_database: str) -> None:
    add_maya()
    assert run("pin", "maya@example.org") == (2, "There is no terminal to ask on: give the PIN with --pin-stdin.\n")


@pytest.mark.parametrize(
    ("arguments", "typed", "sentence"),
    [
        (("add", "X", "none", "--role", "auditor", "--no-password"), "", "This is no e-mail address."),
        (("add", "X", "x@example.org", "--role", "auditor", "--password-stdin"), "short\n", "A password has 12 to 200"),
        (("add", "X", "x@example.org", "--role", "auditor"), "", "give the password with --password-stdin"),
        (("role", "nobody@example.org", "--role", "auditor"), "", "Nobody here has the address"),
        (("post", "maya@example.org", "K9"), "", "There is no beat 'K9'."),
        (("post", "maya@example.org", "K2", "--end"), "", "There is no running posting to beat K2."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    sqlite_database: str, arguments: tuple[str, ...], typed: str, sentence: str
) -> None:
    a_city()
    a_beat("K2")
    add_maya()
    code, said = run(*arguments, typed=typed)
    assert (code != 0, sentence in said, "Traceback" in said) == (True, True, False)


@pytest.mark.parametrize("command", ["add", "list", "role", "password", "pin", "deactivate", "post"])
def test_every_command_shows_an_example(command: str) -> None:
    code, said = run(command, "--help")
    assert (code, f"Example: python -m lib person {command}" in " ".join(said.split())) == (0, True)
