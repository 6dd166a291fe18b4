"""Telling a concern on a phone, and "me too": plain forms that need no account and no script.

A form that is refused comes back with everything that was typed. A script, where it runs, adds one button that takes
the phone's position instead of an address.
"""

import secrets
from typing import Any
from urllib.parse import unquote, urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lib.errors import Conflict, Invalid, NotFound
from lib.queries.concern_story import UNKNOWN, SupportableConcern, is_followed, is_supporter, supportable_concern
from lib.queries.moderation import shown_photos
from lib.queries.places import beats, categories
from lib.rules.concerns import CONTACT_LENGTH, Frequency, frequency_words
from lib.rules.geography import PlaceKind, Point
from lib.rules.lifecycle import OPEN_CONCERN
from lib.rules.states import words
from lib.rules.text import LINE_LENGTH, STORY_LENGTH
from lib.services.concerns import (
    NONCE_BYTES,
    PLACE,
    Place,
    check_concern,
    fresh_nonce,
    report_concern,
    reported_before,
    support_concern,
    support_secret,
)
from lib.services.photos import MOST_PHOTOS
from lib.settings import settings
from lib.web import report_between
from lib.web.cookies import keep_cookie, read_cookie, sign, unsign
from lib.web.forms import field, own_path
from lib.web.icons import icon_shapes
from lib.web.languages import _, language
from lib.web.rendering import page
from lib.web.report_photos import Photos, chosen_photos
from lib.web.sentences import translated

FORM, FORM_SECONDS = "report form", 24 * 3600
DEVICE, COOKIE, PATH, DEVICE_SECONDS = "supporter", "beat_supporter", "/me-too", 400 * 24 * 3600
ISSUE, ISSUE_COOKIE, ISSUE_SECONDS = "pulse issue", "beat_issue", 1800
"""What was called the number one issue in the pulse comes here in a cookie of this path: never in an address."""

TYPED = ("category", "beat", "address", "longitude", "latitude", "kind", "text", "frequency", "contact", "consent")


def show_report(request: Request) -> Response:
    """The empty form; `?beat=` and `?category=` choose for the visitor. Whoever comes from the pulse finds the issue
    that was named there, from a cookie of that phone. A category that never becomes public leads to whom to call."""
    card = report_between.card_page(request, request.query_params.get("category", ""))
    if card is not None:
        return card
    chosen = {name: request.query_params.get(name, "") for name in ("beat", "category")}
    if request.query_params.get("from") == "pulse":
        chosen["text"] = unquote(read_cookie(request, ISSUE_COOKIE, ISSUE, ISSUE_SECONDS) or "")
    return _form(request, chosen)


def take_report(request: Request) -> Response:
    """Store the concern and lead to its own page, so that a reload sends nothing again.

    Before that two pages may come in between, each once: the emergency number where the words tell of danger at this
    moment, and open concerns about the same thing. Both carry along what was typed, and the photos.
    """
    typed = {name: field(request, name) for name in TYPED}
    card = report_between.card_page(request, typed["category"])
    if card is not None:
        return card
    nonce, photos = _nonce(field(request, "form")), Photos()
    try:
        photos = chosen_photos(request)
        if nonce is None:
            sentence = _("This form was open for too long. Look it over and send it again.")
            return _form(request, typed, 409, sentence, photos=photos)
        if field(request, "change"):
            return _form(request, typed, photos=photos)
        told = _told(typed)
        checked = check_concern(**told)
        is_known = reported_before(nonce=nonce) is not None
        between = None if is_known else report_between.page_between(request, checked, typed, photos)
        if between is not None:
            return between
        consents = typed["consent"] == "yes"
        found = report_concern(**told, officers_may_see=consents, photos=photos.pictures, nonce=nonce)
    except (Invalid, NotFound) as refusal:
        wrong = refusal.field or "" if isinstance(refusal, Invalid) else PLACE
        if wrong == PLACE:
            # A position that cannot be used must not stand in the way of the list of beats.
            typed |= {"longitude": "", "latitude": ""}
        return _form(request, typed, refusal.status, translated(refusal.sentence), wrong, photos)
    news = "again" if found.was_known else "new"
    return RedirectResponse(f"/follow/{found.follow_secret}?{news}=1", 303)


def show_me_too(request: Request) -> Response:
    """One concern with one button; the device gets its cookie here, before it can be counted."""
    return _me_too(request, supportable_concern(_uuid(request), language()))


def take_me_too(request: Request) -> Response:
    """Count this device once. A browser that kept no cookie is not counted: else it could be counted for ever."""
    concern = supportable_concern(_uuid(request), language())
    device = read_cookie(request, COOKIE, DEVICE, DEVICE_SECONDS)
    if device is None:
        sentence = _("Your browser kept no cookie, so we cannot count you once only. Allow cookies here and try again.")
        return _me_too(request, concern, 422, sentence)
    try:
        counted = support_concern(concern_uuid=concern.uuid, device=device)
    except Conflict as refusal:
        return _me_too(request, concern, refusal.status, translated(refusal.sentence))
    back = _back(request, "")
    where = f"{PATH}/{counted.concern_uuid}"
    return RedirectResponse(where + (f"?{urlencode({'back': back})}" if back else ""), 303)


def _me_too(request: Request, concern: SupportableConcern, status: int = 200, refusal: str = "") -> Response:
    device = read_cookie(request, COOKIE, DEVICE, DEVICE_SECONDS)
    is_counted = device is not None and is_supporter(concern.uuid, device)
    answer = page(
        request,
        "report_me_too.html",
        status,
        concern=concern,
        photos=shown_photos([concern.uuid]).get(concern.uuid, ()),
        is_open=concern.status in OPEN_CONCERN,
        status_words=translated(words(concern.status)),
        is_counted=is_counted,
        link=_follow_link(concern, device) if device is not None and is_counted else "",
        refusal=refusal,
        back=_back(request, f"/concerns?{urlencode({'beat': concern.beat.code})}"),
    )
    if device is None:
        keep_cookie(answer, COOKIE, sign(DEVICE, secrets.token_hex(16)), path=PATH, seconds=DEVICE_SECONDS)
    return answer


def _follow_link(concern: SupportableConcern, device: str) -> str:
    """The supporter's own follow link, "" for support from before there were such links."""
    secret = support_secret(concern.uuid, device)
    return f"{settings().address}/follow/{secret}" if is_followed(secret) else ""


def _told(typed: dict[str, str]) -> dict[str, Any]:
    """What was typed as `check_concern` takes it. Raises Invalid."""
    return {
        "category_id": _category_id(typed["category"]),
        "text": typed["text"],
        "frequency": typed["frequency"],
        "place": Place(_point(typed), typed["address"], typed["beat"]),
        "place_kind": PlaceKind(typed["kind"]) if typed["kind"] in set(PlaceKind) else PlaceKind.HOME,
        "contact": typed["contact"],
    }


def _form(
    request: Request,
    typed: dict[str, str],
    status: int = 200,
    refusal: str = "",
    wrong_field: str = "",
    photos: Photos | None = None,
) -> Response:
    """The form with a nonce of its own, filled with what was typed before."""
    shown = categories(language())
    return page(
        request,
        "report.html",
        status,
        scripts=True,
        emergency=True,
        form=sign(FORM, fresh_nonce().hex()),
        typed={name: typed.get(name, "") for name in TYPED},
        categories=[category for category in shown if category.is_public],
        never_public=[category for category in shown if not category.is_public],
        kept_photos=(photos or Photos()).carried,
        most_photos=MOST_PHOTOS,
        icons={category.icon: icon_shapes(category.icon) for category in shown},
        beats=beats(),
        frequencies=[(frequency.value, translated(frequency_words(frequency))) for frequency in Frequency],
        longest={"text": STORY_LENGTH, "address": LINE_LENGTH, "contact": CONTACT_LENGTH},
        refusal=refusal,
        wrong_field=wrong_field,
    )


def _nonce(form: str) -> bytes | None:
    value = unsign(FORM, form, FORM_SECONDS)
    return bytes.fromhex(value) if value is not None and len(value) == 2 * NONCE_BYTES else None


def _point(typed: dict[str, str]) -> Point | None:
    """The phone's position, None if it sent none. Raises Invalid for anything that is no pair of numbers."""
    if not typed["longitude"] and not typed["latitude"]:
        return None
    try:
        return Point(float(typed["longitude"]), float(typed["latitude"]))
    except ValueError as cause:
        raise Invalid(_("Your position could not be read. Choose the beat from the list."), field=PLACE) from cause


def _category_id(key: str) -> int | None:
    return next((category.id for category in categories() if category.key == key), None)


def _uuid(request: Request) -> UUID:
    try:
        return UUID(str(request.path_params["uuid"]))
    except ValueError as cause:
        raise NotFound(UNKNOWN) from cause


def _back(request: Request, otherwise: str) -> str:
    return own_path(request.query_params.get("back"), otherwise)


ROUTES: list[BaseRoute] = [
    Route("/report", show_report, methods=["GET"]),
    Route("/report", take_report, methods=["POST"]),
    Route(f"{PATH}/{{uuid}}", show_me_too, methods=["GET"]),
    Route(f"{PATH}/{{uuid}}", take_me_too, methods=["POST"]),
]
