"""Every address of the phone door: each subject module lists its own `ROUTES`, this collects them."""

from functools import lru_cache
from importlib import import_module
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from lib.web.held_files import Assets

SUBJECTS = (
    "ballot",
    "signin",
    "pin",
    "oidc",
    "report",
    "mail",
    "report_photos",
    "follow",
    "help",
    "today",
    "join_in",
    "open_room",
    "door",
    "slips",
    "results",
    "round_follow",
    "questionnaires",
    "pulse",
    "geography",
    "evidence",
    "goal_sheet",
    "minutes",
    "feeds",
    "try_phone",
)
"""The modules of this folder that have `ROUTES`. Routes are tried in this order, so the one that a full hall asks for
at once comes first."""


def first_page(request: Request) -> Response:
    """The home page's address is "/"; Streamlit would call "/home" a page that is not there."""
    query = request.url.query
    return RedirectResponse("/" + (f"?{query}" if query else ""), 308)


def to_the_api(_request: Request) -> Response:
    """The API is mounted below "/api/"; without the slash Streamlit would answer."""
    return RedirectResponse("/api/", 308)


@lru_cache(maxsize=1)
def own_routes() -> tuple[BaseRoute, ...]:
    """The routes, read once per process."""
    found: list[BaseRoute] = [
        Mount("/assets", Assets(), name="assets"),
        Route("/home", first_page),
        Route("/api", to_the_api),
    ]
    for subject in SUBJECTS:
        if (Path(__file__).parent / f"{subject}.py").exists():
            found.extend(import_module(f"lib.web.{subject}").ROUTES)
    return tuple(found)


def routes() -> list[BaseRoute]:
    """For `routes=` of the application."""
    return list(own_routes())
