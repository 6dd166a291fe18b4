"""Mail about a concern: asked for beside the follow link, confirmed and ended with the link in the mails. A page that
is only opened changes nothing: mail programs open every link before their reader does."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lib.errors import Invalid, NotFound, TooMany
from lib.queries.concern_story import followed_concern
from lib.queries.following import UNKNOWN_READER, ReaderRow, reader_of
from lib.services.following import confirm_reader, follow_by_mail, forget_reader, stop_following
from lib.web.forms import field
from lib.web.languages import language
from lib.web.rendering import page
from lib.web.sentences import translated


def show_asking(request: Request) -> Response:
    """The form on a page of its own, and what comes after it was sent. Raises NotFound (link)."""
    return _asking(request)


def take_asking(request: Request) -> Response:
    """Ask for mail, then lead to a page that says so whether the address was known or not. Raises NotFound (link)."""
    address = field(request, "email")
    try:
        follow_by_mail(follow_secret=_secret(request), address=address, language=language())
    except (Invalid, TooMany) as refusal:
        return _asking(request, refusal.status, translated(refusal.sentence), address)
    return RedirectResponse(f"/follow/{_secret(request)}/mail?asked=yes", 303)


def show_confirming(request: Request) -> Response:
    """What would be followed, and the button. Raises NotFound (link)."""
    return page(request, "mail_confirm.html", reader=_reader(request), secret=_secret(request))


def take_confirming(request: Request) -> Response:
    """Raises NotFound (link)."""
    confirm_reader(secret=_secret(request))
    return RedirectResponse(f"/mail/{_secret(request)}?confirmed=yes", 303)


def show_followed(request: Request) -> Response:
    """What is followed, each with a button to stop. Raises NotFound (link)."""
    is_new = "confirmed" in request.query_params
    return page(request, "mail_followed.html", reader=_reader(request), secret=_secret(request), is_new=is_new)


def take_stopping(request: Request) -> Response:
    """Follow one concern no more. Raises NotFound (link)."""
    try:
        concern = UUID(str(request.path_params["concern"]))
    except ValueError as cause:
        raise NotFound(UNKNOWN_READER) from cause
    goes_on = stop_following(secret=_secret(request), concern_uuid=concern)
    return RedirectResponse(f"/mail/{_secret(request)}" if goes_on else "/mail/ended", 303)


def ask_to_end(request: Request) -> Response:
    """One button. It is shown for any link: who comes twice is told the same."""
    return page(request, "mail_off.html", secret=_secret(request))


def take_ending(request: Request) -> Response:
    """Erase the address. Answered without a redirect, as one-click asks for (RFC 8058)."""
    forget_reader(secret=_secret(request))
    return show_ended(request)


def show_ended(request: Request) -> Response:
    return page(request, "mail_ended.html")


def _asking(request: Request, status: int = 200, refusal: str = "", address: str = "") -> Response:
    return page(
        request,
        "follow_mail.html",
        status,
        concern=followed_concern(_secret(request), language()),
        path=f"/follow/{_secret(request)}",
        is_asked="asked" in request.query_params,
        mail_refusal=refusal,
        mail_address=address,
    )


def _reader(request: Request) -> ReaderRow:
    return reader_of(_secret(request), language())


def _secret(request: Request) -> str:
    return str(request.path_params["secret"]).strip().lower()


ROUTES: list[BaseRoute] = [
    Route("/follow/{secret}/mail", show_asking, methods=["GET"]),
    Route("/follow/{secret}/mail", take_asking, methods=["POST"]),
    Route("/mail/ended", show_ended, methods=["GET"]),
    Route("/mail/confirm/{secret}", show_confirming, methods=["GET"]),
    Route("/mail/confirm/{secret}", take_confirming, methods=["POST"]),
    Route("/mail/off/{secret}", ask_to_end, methods=["GET"]),
    Route("/mail/off/{secret}", take_ending, methods=["POST"]),
    Route("/mail/{secret}", show_followed, methods=["GET"]),
    Route("/mail/{secret}/stop/{concern}", take_stopping, methods=["POST"]),
]
