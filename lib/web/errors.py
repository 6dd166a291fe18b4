"""What goes wrong, as a page with its status: one sentence, and the way on from there."""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from lib.errors import Explained, Invalid, NotAllowed, NotFound, SignInNeeded, TooMany, Unavailable
from lib.web.addresses import is_somebody_elses
from lib.web.languages import _
from lib.web.rendering import page
from lib.web.sentences import translated

log = logging.getLogger("common_beat.web")

RETRY_SECONDS = 10
"""What `Retry-After` says when the database is busy or gone."""


class TooLarge(Explained):
    """More was sent than any form of ours holds."""

    status = 413


class Unreadable(Explained):
    """What was sent is not a form."""

    status = 400


class NotSupported(Explained):
    """The address exists, but not for this method or in this form."""

    status = 405


def explained_page(request: Request, error: Explained) -> Response:
    """An `Explained` as a page with its status and its sentence."""
    answer = page(
        request,
        "error.html",
        error.status,
        ask_city=not isinstance(error, Unavailable),
        heading=_heading(error),
        sentence=translated(error.sentence),
        kind="warn" if error.status < 500 else "closed",
        sign_in=f"/signin?next={quote(_own_address(request), safe='/')}" if isinstance(error, SignInNeeded) else "",
        back=_own_address(request) if request.method == "POST" and error.status in (409, 413, 422, 429, 503) else "",
    )
    if isinstance(error, Unavailable):
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def defect_page(request: Request, error: Exception) -> Response:
    """Anything that is no `Explained` is a defect of ours: logged with its trace, said without it."""
    log.error("%s %s failed", request.method, _loggable(request), exc_info=error)
    return page(
        request,
        "error.html",
        500,
        ask_city=False,
        heading=_("Something went wrong on our side"),
        sentence=_(
            "It was written down for the people who run this. Nothing you sent was half kept. Please try again."
        ),
        kind="closed",
        sign_in="",
        back="",
    )


def http_page(request: Request, error: HTTPException) -> Response:
    """Starlette's own refusals as pages. Streamlit's addresses keep the plain answer its browser side expects."""
    if is_somebody_elses(request.url.path):
        return PlainTextResponse(error.detail, error.status_code, headers=dict(error.headers or {}))
    return explained_page(request, _as_explained(error))


def handlers() -> Mapping[Any, Any]:
    """For `exception_handlers=` of the application that serves our routes."""

    return {Explained: explained_page, HTTPException: http_page, Exception: defect_page}


def _as_explained(error: HTTPException) -> Explained:
    if error.status_code == 404:
        return no_such_page()
    if error.status_code == 405:
        return no_such_method()
    return Unreadable(_("What your browser sent cannot be read. Please go back and try again."))


def no_such_page() -> NotFound:
    return NotFound(_("There is no page at this address. Check the link, or start from the first page."))


def no_such_method() -> NotSupported:
    return NotSupported(_("This address does not take what your browser sent. Start again from the first page."))


def _heading(error: Explained) -> str:
    headings: dict[type[Explained], str] = {
        NotFound: _("Not found"),
        SignInNeeded: _("Please sign in"),
        NotAllowed: _("This is not open to you"),
        TooMany: _("Please wait a moment"),
        Unavailable: _("The database cannot be reached"),
        TooLarge: _("That is too much at once"),
        Invalid: _("Something needs another look"),
    }
    return next((heading for kind, heading in headings.items() if isinstance(error, kind)), _("That did not work"))


def _own_address(request: Request) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")


def _loggable(request: Request) -> str:
    """The first part of the path only: the rest may hold a pass or a follow link."""
    return "/" + request.url.path.lstrip("/").partition("/")[0]
