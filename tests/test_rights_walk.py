"""Every page and every route, walked as every role: who sees what is what the tables say, and nothing else.

Routes are walked over HTTP with the session cookie of each role. Pages come to a browser as one shell over HTTP and
fill over its socket, so they are run here as Streamlit runs them, with the same cookie, without the shell: each must
guard itself, whatever the navigation offers.
"""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from lib.api.app import api
from lib.clock import now
from lib.rules.lifecycle import Role, Side
from lib.rules.rights import EVERYBODY, PAGES, RIGHTS, Actor, Right, may, may_see
from lib.services.people import add_person
from lib.services.sessions import SESSION_COOKIE, sign_in_with_city_account
from lib.settings import ROOT
from lib.web.errors import handlers
from lib.web.headers import middleware
from lib.web.routes import routes
from tests.builders import a_beat, a_city
from tests.pages.visiting import visit

SIGNED_IN: dict[str, frozenset[Role]] = {
    "/password": frozenset(Role),
    "/pin": frozenset(Role),
    "/slips/1": frozenset(Role),
    "/door": RIGHTS[Right.HAND_OUT_PASSES],
    "/door/questions": RIGHTS[Right.HAND_OUT_PASSES],
    "/door/end": RIGHTS[Right.HAND_OUT_PASSES],
}
"""Routes of the phone door that somebody must be signed in for; every other one is for everybody."""

VISITORS: tuple[Role | None, ...] = (None, *Role)

SIDES = {Role.OFFICER: Side.OFFICERS, Role.FACILITATOR: Side.RESIDENTS}

FILES = {address: ROOT / "pages" / f"{'raise_concern' if address == 'raise' else address}.py" for address in PAGES}


def a_visitor(role: Role | None) -> Actor | None:
    """Somebody with this one role; None for somebody who is not signed in."""
    if role is None:
        return None
    side = SIDES.get(role, Side.NEITHER)
    name = role.value.capitalize()
    person_id = add_person(
        name=name, email=f"{role}@example.org", side=side, roles=[role], password=None, from_command_line=True
    )
    return Actor(person_id, name, side, frozenset({role}))


@pytest.fixture
def door(sqlite_database: str) -> Iterator[TestClient]:
    """Phone pages and API as they are served, without Streamlit."""
    a_city()
    a_beat("K2")
    served = Starlette(
        routes=[*routes(), Mount("/api", app=api)], middleware=middleware(), exception_handlers=dict(handlers())
    )
    with TestClient(served, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


def addresses() -> list[str]:
    """Every GET address of the phone door and of the API, with something made up where a parameter stands."""
    phone = [route.path for route in routes() if isinstance(route, Route) and "GET" in (route.methods or ())]
    return [made_up(path) for path in phone] + [made_up(f"/api{path}") for path in api.openapi()["paths"]]


def made_up(path: str) -> str:
    """The path with parameters filled in.

    >>> made_up("/map/{kind}.geojson")
    '/map/beats.geojson'
    """
    for name in [part.partition("}")[0] for part in path.split("{")[1:]]:
        word, _colon, kind = name.partition(":")
        value = "beats" if word == "kind" else str(uuid4()) if "uuid" in (word, kind) else "1"
        path = path.replace("{" + name + "}", value)
    return path


@pytest.mark.parametrize("role", VISITORS)
def test_every_route_is_open_to_whom_its_table_says(door: TestClient, role: Role | None) -> None:
    if a_visitor(role):
        signed_in = sign_in_with_city_account(email=f"{role}@example.org", is_verified=True, now=now())
        door.cookies.set(SESSION_COOKIE, signed_in.session)
    wrong = {}
    for path in addresses():
        status = door.get(path).status_code
        is_open = path not in SIGNED_IN or (role is not None and role in SIGNED_IN[path])
        if status >= 500 or (status in (401, 403)) is is_open:
            wrong[path] = status
    assert wrong == {}


def test_every_protected_route_is_there(door: TestClient) -> None:
    assert set(SIGNED_IN) <= set(addresses())


@pytest.mark.parametrize("role", VISITORS)
def test_every_page_is_open_to_whom_the_table_says(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch, role: Role | None
) -> None:
    a_city()
    a_beat("K2")
    actor = a_visitor(role)
    roles = actor.roles if actor else frozenset()
    guarded = {page for page, allowed in PAGES.items() if allowed is not EVERYBODY}
    seen = {page: not visit(FILES[page].stem, monkeypatch, actor).exception for page in guarded if FILES[page].exists()}
    assert seen == {page: may_see(roles, page) for page in seen}


@pytest.mark.parametrize("page", sorted(page for page, allowed in PAGES.items() if allowed is EVERYBODY))
def test_a_public_page_opens_for_everybody(sqlite_database: str, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    a_city()
    a_beat("K2")
    for role in (None, Role.OFFICER):
        opened = visit(FILES[page].stem, monkeypatch, a_visitor(role))
        assert [error.stack_trace for error in opened.exception] == [], page


def test_every_page_of_the_table_has_its_file() -> None:
    assert [page for page, file in FILES.items() if not file.exists()] == []


def test_every_right_belongs_to_somebody_and_none_to_nobody() -> None:
    for right in Right:
        assert RIGHTS[right], right
        assert not may(None, right)


def test_a_page_that_nobody_listed_is_seen_by_nobody() -> None:
    assert not may_see(frozenset(Role), "secret")
