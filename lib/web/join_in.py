"""Joining an activity on a phone, and the private pages of volunteers and organisers: plain forms without a script."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lib.errors import Explained, Invalid, NotFound
from lib.queries.partners import UNKNOWN_ACTIVITY, ActivityRow, activity
from lib.queries.volunteers import organised_activity, signed_up
from lib.rules.volunteers import FIRST_NAME_LENGTH, LETTER_LENGTH
from lib.services.relay import write_to_organiser, write_to_volunteers
from lib.services.volunteers import confirm_sign_up, leave_activity, sign_up
from lib.web.forms import field
from lib.web.help import activity_shown
from lib.web.languages import _, language
from lib.web.rendering import page
from lib.web.sentences import translated


def show_activity(request: Request) -> Response:
    """What it is, and the form to join it. Raises NotFound."""
    return _join(request)


def take_sign_up(request: Request) -> Response:
    """Ask to join, then lead to a page that a reload cannot repeat. Raises NotFound."""
    try:
        sign_up(
            activity_id=_joined(request).id,
            name=field(request, "name"),
            address=field(request, "address"),
            language=language(),
        )
    except NotFound:
        raise
    except Explained as refusal:
        return _join(request, refusal)
    return RedirectResponse(f"/join-in/{_joined(request).uuid}?asked=1", 303)


def show_sign_up(request: Request) -> Response:
    """A volunteer's own page: confirm, write to the organiser, leave. Raises NotFound."""
    return _sign_up(request)


def take_confirmation(request: Request) -> Response:
    """Confirm, from a button: programs that look at every link in a mail must not. Raises NotFound."""
    confirm_sign_up(secret=_secret(request))
    return RedirectResponse(f"/sign-up/{_secret(request)}?confirmed=1", 303)


def take_letter(request: Request) -> Response:
    """Pass a volunteer's letter on. Raises NotFound."""
    try:
        write_to_organiser(secret=_secret(request), letter=field(request, "letter"))
    except NotFound:
        raise
    except Explained as refusal:
        return _sign_up(request, refusal)
    return RedirectResponse(f"/sign-up/{_secret(request)}?sent=1", 303)


def ask_to_leave(request: Request) -> Response:
    """The one button that ends it, for whoever opens the link in a mail. Raises NotFound."""
    each = activity_shown(activity(signed_up(_secret(request)).uuid))
    return page(request, "sign_up_leave.html", each=each, path=_own(request))


def take_leaving(request: Request) -> Response:
    """Erase, then lead to a page that says so. Mail programs send this too (RFC 8058)."""
    leave_activity(secret=_secret(request))
    return RedirectResponse("/sign-up/left", 303)


def show_left(request: Request) -> Response:
    return page(request, "sign_up_left.html")


def show_organiser(request: Request) -> Response:
    """An organiser's own page: who would come, and a form to write to one or all. Raises NotFound."""
    return _organiser(request)


def take_organisers_letter(request: Request) -> Response:
    """Pass an organiser's letter on. Raises NotFound."""
    to = field(request, "to")
    try:
        if not to:
            raise Invalid(_("Choose whom to write to."), field="To")
        number = write_to_volunteers(
            secret=_secret(request), letter=field(request, "letter"), mark="" if to == "all" else to
        )
    except NotFound:
        raise
    except Explained as refusal:
        return _organiser(request, refusal)
    return RedirectResponse(f"/organiser/{_secret(request)}?sent={number}", 303)


def _join(request: Request, refusal: Explained | None = None) -> Response:
    row = _joined(request)
    return page(
        request,
        "join_in.html",
        refusal.status if refusal else 200,
        each=activity_shown(row),
        path=f"/join-in/{row.uuid}",
        is_asked="asked" in request.query_params and refusal is None,
        typed={name: field(request, name) for name in ("name", "address")},
        longest=FIRST_NAME_LENGTH,
        refusal=translated(refusal.sentence) if refusal else "",
        wrong_field=refusal.field or "" if isinstance(refusal, Invalid) else "",
    )


def _sign_up(request: Request, refusal: Explained | None = None) -> Response:
    joined = signed_up(_secret(request))
    return page(
        request,
        "sign_up.html",
        refusal.status if refusal else 200,
        joined=joined,
        each=activity_shown(activity(joined.uuid)),
        path=_own(request),
        is_confirmed_now="confirmed" in request.query_params,
        is_sent="sent" in request.query_params,
        letter=field(request, "letter"),
        longest=LETTER_LENGTH,
        refusal=translated(refusal.sentence) if refusal else "",
    )


def _organiser(request: Request, refusal: Explained | None = None) -> Response:
    sent = request.query_params.get("sent", "")
    return page(
        request,
        "organiser.html",
        refusal.status if refusal else 200,
        organised=organised_activity(_secret(request)),
        path=f"/organiser/{_secret(request)}",
        sent=int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 6 else 0,
        letter=field(request, "letter"),
        to=field(request, "to"),
        longest=LETTER_LENGTH,
        refusal=translated(refusal.sentence) if refusal else "",
    )


def _own(request: Request) -> str:
    return f"/sign-up/{_secret(request)}"


def _secret(request: Request) -> str:
    return str(request.path_params["secret"]).strip().lower()


def _joined(request: Request) -> ActivityRow:
    """The activity that the address names. Raises NotFound."""
    try:
        return activity(UUID(str(request.path_params["activity"])))
    except ValueError as cause:
        raise NotFound(UNKNOWN_ACTIVITY) from cause


ROUTES: list[BaseRoute] = [
    Route("/join-in/{activity}", show_activity, methods=["GET"]),
    Route("/join-in/{activity}", take_sign_up, methods=["POST"]),
    Route("/sign-up/left", show_left, methods=["GET"]),
    Route("/sign-up/{secret}", show_sign_up, methods=["GET"]),
    Route("/sign-up/{secret}", take_confirmation, methods=["POST"]),
    Route("/sign-up/{secret}/letter", take_letter, methods=["POST"]),
    Route("/sign-up/{secret}/leave", ask_to_leave, methods=["GET"]),
    Route("/sign-up/{secret}/leave", take_leaving, methods=["POST"]),
    Route("/organiser/{secret}", show_organiser, methods=["GET"]),
    Route("/organiser/{secret}", take_organisers_letter, methods=["POST"]),
]
