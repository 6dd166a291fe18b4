"""A published result on a plain page that reads no cookie: words, both sides, the rule, and what a recount needs."""

from collections.abc import Callable
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib.errors import NotFound
from lib.queries.results import ballots_file, round_result
from lib.queries.voting import frozen_text
from lib.rules.lifecycle import Electorate
from lib.rules.tally import Ending
from lib.rules.text import percent
from lib.web.rendering import _, city_shown, page

PUBLIC = "public, max-age=60"

PILLS = {
    Ending.ADOPTED: "open",
    Ending.OPEN_WITHOUT_PLACE: "info",
    Ending.RESIDENTS_ONLY: "warn",
    Ending.OFFICERS_ONLY: "warn",
    Ending.NEITHER: "",
}


def show_result(request: Request) -> Response:
    """Raises NotFound (no such round, not published yet)."""
    result = round_result(_round(request))
    city = city_shown()
    at = result.round.published_at
    return page(
        request,
        "result.html",
        cache=PUBLIC,
        result=result,
        row=result.round,
        residents=result.sides[Electorate.RESIDENTS],
        officers=result.sides[Electorate.OFFICERS],
        published=at.astimezone(ZoneInfo(city.time_zone)) if at and city else at,
        pills=PILLS,
        names=_names(),
        percent=percent,
    )


def download_ballots(request: Request) -> Response:
    """The ballots, sorted by tracker. Raises NotFound."""
    return _file(ballots_file(_round(request)), "text/csv; charset=utf-8", "ballots.csv")


def download_rule(request: Request) -> Response:
    """What was frozen at opening, byte for byte as it was hashed. Raises NotFound before opening."""
    return _file(frozen_text(_round(request)).encode(), "application/json", "rule.json")


def _names() -> dict[Ending, str]:
    return {
        Ending.ADOPTED: _("Adopted"),
        Ending.OPEN_WITHOUT_PLACE: _("Open, no place left"),
        Ending.RESIDENTS_ONLY: _("Contested"),
        Ending.OFFICERS_ONLY: _("Contested"),
        Ending.NEITHER: _("Not carried"),
    }


def _round(request: Request) -> UUID:
    try:
        return UUID(str(request.path_params["round"]))
    except ValueError as cause:
        raise NotFound(_("There is no vote at this address. Check the link.")) from cause


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(
        content,
        media_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": PUBLIC},
    )


_ADDRESSES: tuple[tuple[str, Callable[[Request], Response]], ...] = (
    ("/results/{round}", show_result),
    ("/results/{round}/ballots.csv", download_ballots),
    ("/results/{round}/rule.json", download_rule),
)

ROUTES: list[BaseRoute] = [Route(address, handler, methods=["GET"]) for address, handler in _ADDRESSES]
