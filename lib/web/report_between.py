"""What may come between the form of a concern and its sending: whom to call instead, danger at this moment, and others
who raised the same. Each page is a plain form that carries along what was typed; nothing of it is kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from lib import clock
from lib.errors import NotFound
from lib.queries.categories import ABUSE, ContactCard, contact_card
from lib.queries.similar import SimilarConcern, similar_concerns
from lib.rules.at_home import tells_of_home
from lib.rules.similar import Likeness, Told, rounded_metres
from lib.rules.states import words
from lib.rules.urgent import is_urgent
from lib.services.concerns import Checked
from lib.web.forms import field, fields
from lib.web.icons import icon_shapes
from lib.web.languages import _, day, language, ngettext
from lib.web.rendering import city_shown, page
from lib.web.report_photos import Photos
from lib.web.sentences import translated

PAST, URGENT, AT_HOME, SIMILAR = "past", "urgent", "at_home", "similar"
"""The field that says which of these pages the visitor has passed, and its values."""


def card_page(request: Request, category: str) -> Response | None:
    """Whom to call about a category that never becomes public, in place of the form; None for any other."""
    if not category:
        return None
    card = _card(category)
    return page(request, "report_card.html", emergency=True, scripts=True, leave=True, card=card) if card else None


def page_between(request: Request, checked: Checked, typed: Mapping[str, str], photos: Photos) -> Response | None:
    """The page that comes before this report is stored, None once there is nothing more to show."""
    past = set(fields(request, PAST))
    carried: dict[str, Any] = {"typed": typed, "form": field(request, "form"), "photos": photos.carried}
    if URGENT not in past and is_urgent(checked.text):
        return page(request, "report_urgent.html", **carried, past=[*past, URGENT])
    if AT_HOME not in past and tells_of_home(checked.text):
        return page(
            request,
            "report_at_home.html",
            scripts=True,
            leave=True,
            forget_draft=True,
            **carried,
            card=_card(ABUSE),
            past=[*past, AT_HOME],
        )
    if SIMILAR in past:
        return None
    now = clock.now()
    told = Told(checked.category, checked.cell, checked.text, now)
    found = similar_concerns(told, checked.beat.code, language())
    if not found:
        return None
    return page(
        request,
        "report_similar.html",
        scripts=True,
        **carried,
        past=[*past, SIMILAR],
        similar=[_shown(row, now) for row in found],
    )


def _card(category: str) -> ContactCard | None:
    try:
        return contact_card(category[:40], language())
    except NotFound:
        return None


def _shown(row: SimilarConcern, now: datetime) -> dict[str, object]:
    """A similar concern in words, with why it is shown."""
    city = city_shown()
    local = row.reported_at.astimezone(ZoneInfo(city.time_zone) if city else row.reported_at.tzinfo).date()
    return {
        "row": row,
        "shapes": icon_shapes(row.icon),
        "reason": why_shown(row.alike),
        "day": day(local),
        "ago": _ago(row.alike.days),
        "status": translated(words(row.status)),
    }


def why_shown(alike: Likeness) -> str:
    """`lib.rules.similar.reason` in the language of the request."""
    parts = [_("Same kind of concern") if alike.is_same_category else _("Related kind of concern")]
    if alike.metres is None:
        parts.append(_("somewhere in the same beat"))
    elif alike.metres < 1:
        parts.append(_("in the same spot on the public map"))
    else:
        parts.append(_("about %(metres)s m away") % {"metres": rounded_metres(alike.metres)})
    if alike.has_alike_words:
        parts.append(_("similar words"))
    return ", ".join(parts)


def _ago(days: int) -> str:
    if not days:
        return _("today")
    return str(ngettext("%(num)s day ago", "%(num)s days ago", days) % {"num": days})
