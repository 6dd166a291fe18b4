"""The guard in front of every address: what is nobody's is answered here, what is ours is checked before its handler.

Streamlit answers every unknown address with its own page and status 200; so whatever is no route of ours, no page of
`rights.PAGES` and none of Streamlit's own files is refused here with 404. For our routes the guard checks where a form
came from and how long it is, reads it (handlers are plain functions and cannot), settles the language that it is
answered in, and lays the strict headers over whatever the handler answers.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.errors import Explained, NotAllowed
from lib.settings import settings
from lib.web.addresses import is_somebody_elses
from lib.web.errors import TooLarge, Unreadable, explained_page, no_such_method, no_such_page
from lib.web.forms import LARGEST_PART, largest_form
from lib.web.languages import speak, switched, wanted_language
from lib.web.rendering import NEVER_STORED, _, strict_headers
from lib.web.routes import own_routes

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def middleware(guarded: Sequence[BaseRoute] | None = None) -> list[Middleware]:
    """For `middleware=` of the application, before any other. `guarded`: our routes, the whole door by default."""
    return [Middleware(Guard, guarded=own_routes() if guarded is None else tuple(guarded))]


class Guard:
    """See the module's text. Pure ASGI: what it lets through to Streamlit costs a few string comparisons."""

    def __init__(self, app: ASGIApp, guarded: Sequence[BaseRoute]) -> None:
        self.app = app
        self.guarded = guarded
        self.by_path: dict[str, list[BaseRoute]] = {}
        for route in guarded:
            if isinstance(route, Route) and "{" not in route.path:
                self.by_path.setdefault(route.path, []).append(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_somebody_elses(scope["path"]):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        speak(wanted_language(request))
        answer = switched(request) if scope["method"] == "GET" else None
        match best_match(self.by_path.get(scope["path"], self.guarded), scope) if answer is None else Match.FULL:
            case Match.NONE:
                answer = await run_in_threadpool(explained_page, request, no_such_page())
            case Match.PARTIAL:
                answer = await run_in_threadpool(explained_page, request, no_such_method())
            case _ if scope["method"] in CHANGING:
                answer = await self._read_form(request)
        if answer is not None:
            await answer(scope, receive, _strict(send))
        else:
            await self.app(scope, receive, _strict(send))

    async def _read_form(self, request: Request) -> Response | None:
        """Put the form into `request.state.form`; the refusal as a page, if it is one."""
        try:
            check_origin(request.headers)
            request.state.form = await parsed(request, await _body(request))
        except Explained as refusal:
            return await run_in_threadpool(explained_page, request, refusal)
        return None


def best_match(guarded: Sequence[BaseRoute], scope: Scope) -> Match:
    """How the routes match: FULL, PARTIAL (another method), NONE."""
    best = Match.NONE
    for route in guarded:
        match, _child = route.matches(scope)
        if match is Match.FULL:
            return match
        if match is Match.PARTIAL:
            best = match
    return best


def check_origin(headers: Headers) -> None:
    """Refuse a form that another site's page sent in the visitor's name. Raises NotAllowed.

    Browsers say so in `Sec-Fetch-Site` (https and localhost only) or in `Origin`; whatever sends neither is no browser
    and carries nobody's cookies.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        refused = site not in ("same-origin", "none")
    elif origin is not None:
        ours = {headers.get("host", "").lower(), urlsplit(settings().address).netloc.lower()}
        refused = urlsplit(origin).netloc.lower() not in ours
    else:
        refused = False
    if refused:
        raise NotAllowed(_("This form was sent from another site. Open the page here and send it again."))


async def _body(request: Request) -> bytes:
    """The body, no longer than a form of this path may be. Raises TooLarge, whatever `Content-Length` promised."""
    refusal = TooLarge(_("What you sent is longer than any form here. Please shorten it."))
    largest = largest_form(request.url.path)
    if int(request.headers.get("content-length", "0")) > largest:
        raise refusal
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > largest:
            raise refusal
        parts.append(part)
    return b"".join(parts)


async def parsed(request: Request, body: bytes) -> FormData:
    """The fields of a form's body. Raises Unreadable for anything else than a form."""
    if not body:
        return FormData()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise Unreadable(_("This address takes forms only."))

    async def again() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        return await Request({**request.scope, "state": {}}, again).form(max_part_size=LARGEST_PART)
    except (HTTPException, MultiPartException, UnicodeError, ValueError) as cause:
        raise Unreadable(_("What your browser sent cannot be read. Please go back and try again.")) from cause


def _strict(send: Send) -> Send:
    """Lay the strict headers over an answer that does not carry them, such as a redirect or a file."""

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in {**strict_headers(), "Cache-Control": NEVER_STORED}.items():
                headers.setdefault(name, value)
        await send(message)

    return with_headers
