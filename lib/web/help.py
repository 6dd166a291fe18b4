"""Whom to call and what to join, on a phone: found by need, for a beat. One small page that needs no script."""

from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib import clock
from lib.queries.directory import Found, directory, held_together, suggested_services
from lib.queries.partners import ActivityRow, ServiceRow
from lib.queries.places import beats
from lib.rules.need_search import LONGEST_SEARCH, Fit, asks_about_violence
from lib.rules.needs import NEEDS, VIOLENCE, YOUTH
from lib.web.forms import field
from lib.web.languages import _, day, language
from lib.web.rendering import city_shown, page
from lib.web.sentences import translated

OFTEN_ASKED = ("alcohol_drugs", "crisis", VIOLENCE, "shelter", YOUTH, "neighbours", "watch_group")
"""Needs (`lib/rules/needs.py`) that one tap asks for."""

SHOWN = 20
"""Services, and activities, on one page: it has to be small. Whoever asks for more adds a word."""


def show_help(request: Request) -> Response:
    """`?beat=` (a code; an unknown one counts as none) and `?need=` in the person's own words."""
    return _help(request, request.query_params.get("beat", ""), request.query_params.get("need", ""))


def take_need(request: Request) -> Response:
    """The same for what is typed in: it is posted, so that no list of visited pages tells others what was asked."""
    return _help(request, field(request, "beat"), field(request, "need"))


def _help(request: Request, asked: str, need: str) -> Response:
    known = beats()
    beat = next((each for each in known if each.code == asked), None)
    need = need[:LONGEST_SEARCH]
    found = directory(beat_code=beat.code if beat else None, need=need)
    city = city_shown()
    is_left_quickly = asks_about_violence(need, found.search)
    return page(
        request,
        "help.html",
        emergency=True,
        scripts=is_left_quickly,
        leave=is_left_quickly,
        beats=known,
        beat=beat,
        need=need,
        often=[] if need.strip() else [each.called(language()) for each in NEEDS if each.key in OFTEN_ASKED],
        longest=LONGEST_SEARCH,
        is_near=found.is_near,
        services=[service_shown(each, beat.code if beat else "") for each in found.services[:SHOWN]],
        general=[service_shown(Found(row)) for row in found.general],
        activities=[_group_shown(each) for each in held_together(found.activities or found.elsewhere)[:SHOWN]],
        is_elsewhere=bool(found.elsewhere),
        left_out=max(0, len(found.services) - SHOWN),
        city_name=city.name if city else "",
    )


def helping_services(category_key: str, text: str, beat_code: str) -> list[dict[str, object]]:
    """What may help with a concern, for `help_suggested.html`."""
    return [service_shown(each, beat_code) for each in suggested_services(category_key, text, beat_code)]


def service_shown(found: Found[ServiceRow], beat_code: str = "") -> dict[str, object]:
    """A service as `help_service.html` shows it, to whoever looks in a beat."""
    row = found.row
    return {
        "row": row,
        **_said(row),
        "dialled": dialled(row.phone),
        "why": _why(found.fit),
        "nearby": beat_code if beat_code in row.places else "",
        "checked": day(row.checked_on),
        "is_stale": row.is_stale(_today()),
    }


def _said(row: ServiceRow | ActivityRow) -> dict[str, object]:
    """The entry's own texts in the page's language where it has them; `lang` where they are in another one, so that a
    screen reader says them as they are written."""
    said = row.said_in(language())
    return {"said": said, "lang": said.language if said.language != language() else ""}


def dialled(number: str) -> str:
    """A phone number as a link dials it, "" without one.

    >>> dialled("+1 (206) 555-0101")
    '%2B12065550101'
    """
    return quote("".join(sign for sign in number.partition("x")[0] if sign.isdigit() or sign == "+"))


def activity_shown(row: ActivityRow, fit: Fit | None = None) -> dict[str, object]:
    """An activity as `help_activity.html` shows it."""
    return {
        "row": row,
        **_said(row),
        "kind": translated(row.kind),
        "dialled": dialled(row.phone),
        "why": _why(fit),
        "next": moment(row.next_at),
        "is_stale": row.is_stale(_today()),
    }


def _group_shown(group: Sequence[Found[ActivityRow]]) -> dict[str, object]:
    """An activity, with its `times` in each beat where several hold it."""
    times = [activity_shown(each.row) for each in group] if len(group) > 1 else []
    return {**activity_shown(group[0].row, group[0].fit), "times": times}


def _why(fit: Fit | None) -> str:
    if fit is None:
        return ""
    if fit.needs:
        return _("For: %(need)s") % {"need": fit.needs[0].called(language())}
    if fit.age is not None:
        return _("For age %(age)s") % {"age": fit.age}
    return _("It says “%(word)s”") % {"word": fit.words[0]} if fit.words else ""


def moment(at: datetime | None) -> str:
    """Day and hour in the city's time zone, as the page's language writes them; "" for None."""
    city = city_shown()
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(city.time_zone if city else "UTC"))
    pattern = "EEEE d MMMM, h:mm a" if language() == "en" else "EEEE d 'de' MMMM, H:mm"
    return str(format_datetime(local, pattern, locale=language()))


def _today() -> date:
    city = city_shown()
    return clock.today(city.time_zone if city else "UTC")


ROUTES: list[BaseRoute] = [
    Route("/help", show_help, methods=["GET"]),
    Route("/help", take_need, methods=["POST"]),
]
