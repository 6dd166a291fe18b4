"""The approved minutes of a meeting as a PDF, under an address of their own that can be passed on."""

from datetime import datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib.errors import NotFound
from lib.printing.minutes import PrintedMinutes, minutes_pdf
from lib.printing.paper import Paper
from lib.queries.meetings import MeetingRow, meeting
from lib.queries.minutes import Minutes, differs_from_approved, minutes_of
from lib.rules.ballots import in_fours
from lib.rules.lifecycle import MeetingState
from lib.rules.minutes import approval_words, in_sections
from lib.rules.months import day_and_hours
from lib.settings import settings
from lib.web.languages import _
from lib.web.rendering import city_shown, strict_headers

NO_MEETING = "This meeting does not exist. Choose one from the list of meetings."

SHOWN_BY_BROWSERS = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Browsers draw a PDF with a part of their own, which the strict policy of our pages would keep from showing it."""


def show_minutes(request: Request) -> Response:
    """The PDF, to be read in the browser; on Letter paper with `paper=letter`. Raises NotFound, also before the minutes
    are approved."""
    try:
        uuid = UUID(str(request.path_params["uuid"]))
    except ValueError as cause:
        raise NotFound(NO_MEETING) from cause
    held = meeting(uuid)
    if held.state is not MeetingState.MINUTED:
        raise NotFound(_("The minutes appear here once both sides have approved them."))
    return Response(
        _pdf(_printed(held, minutes_of(held.id)), paper_asked(request)),
        media_type="application/pdf",
        headers={
            **strict_headers(),
            "Content-Security-Policy": SHOWN_BY_BROWSERS,
            "Cache-Control": "public, max-age=300",
            "Content-Disposition": f'inline; filename="minutes-{held.starts_at:%Y-%m-%d}.pdf"',
        },
    )


def paper_asked(request: Request) -> Paper:
    """The paper that an address asks for: `paper=letter`, else A4."""
    return Paper.LETTER if request.query_params.get("paper", "").lower() == "letter" else Paper.A4


def _printed(held: MeetingRow, minutes: Minutes) -> PrintedMinutes:
    city = city_shown()
    zone = ZoneInfo(city.time_zone if city else "UTC")

    def here(moment: datetime) -> datetime:
        return moment.astimezone(zone)

    on = here(held.minuted_at).date() if held.minuted_at is not None else None
    words = approval_words([each.side for each in minutes.approvals], on, differs=differs_from_approved(minutes, held))
    return PrintedMinutes(
        title=held.title,
        beats=held.beat_labels,
        city=city.name if city else "",
        when=day_and_hours(here(held.starts_at), here(held.ends_at)),
        place=held.place,
        sections=in_sections((line.kind, line.text) for line in minutes.standing),
        approved=f"{words}.",
        fingerprint=in_fours(minutes.text_hash),
        address=f"{settings().address}/meetings?meeting={held.uuid}",
    )


@lru_cache(maxsize=32)
def _pdf(minutes: PrintedMinutes, paper: Paper) -> bytes:
    """Drawn once per text and paper."""
    return minutes_pdf(minutes, paper=paper)


ROUTES: list[BaseRoute] = [Route("/meetings/{uuid}/minutes.pdf", show_minutes, methods=["GET"])]
