"""Where "Leave this page" leads: a page about the city's day that tells nobody what was read before, and that a hall
without internet has too."""

from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib import clock
from lib.queries.meetings import coming_meetings
from lib.queries.partners import activities
from lib.web.help import activity_shown, moment
from lib.web.languages import day
from lib.web.rendering import city_shown, page

SHOWN = 4
"""Meetings, and activities: a screen that looks as if somebody had just looked what is on."""


def show_today(request: Request) -> Response:
    """The day, the next meetings, and what can be joined in every part of the city. Five statements."""
    now, city = clock.now(), city_shown()
    return page(
        request,
        "today.html",
        city_name=city.name if city else "",
        day=day(now.astimezone(ZoneInfo(city.time_zone if city else "UTC")).date()),
        meetings=[(row, moment(row.starts_at)) for row in coming_meetings(now=now, at_most=SHOWN)],
        activities=[activity_shown(row) for row in activities()[:SHOWN]],
    )


ROUTES: list[BaseRoute] = [Route("/today", show_today, methods=["GET"])]
