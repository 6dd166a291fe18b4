"""Signing in and out, and changing one's own password: a Streamlit page can set no cookie, so it happens here."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from lib.clock import now
from lib.errors import Invalid, SignInNeeded
from lib.queries.people import has_people
from lib.rules.rights import Actor, may_see
from lib.services.people import change_own_password
from lib.services.sessions import (
    DEVICE_COOKIE,
    DEVICE_SECONDS,
    SESSION_COOKIE,
    SignedIn,
    SlowDown,
    actor_of_cookie,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from lib.settings import settings
from lib.web.cookies import drop_cookie, keep_cookie
from lib.web.forms import field, own_path
from lib.web.languages import _
from lib.web.rendering import page
from lib.web.sentences import translated

WORKPLACES = ("desk", "run", "admin", "audit")
"""Where somebody lands after signing in: the first of these that their roles see."""


def actor_of(request: Request) -> Actor | None:
    """The signed-in person, None if nobody is. One or two statements, none without a cookie."""
    return actor_of_cookie(request.cookies.get(SESSION_COOKIE), now())


def show_sign_in(request: Request) -> Response:
    person = actor_of(request)
    if person is not None:
        places = [place for place in WORKPLACES if may_see(person.roles, place)]
        return page(request, "signin_done.html", person=person, places=places)
    return _form(request, next_path=request.query_params.get("next", ""))


def take_sign_in(request: Request) -> Response:
    next_path = field(request, "next")
    try:
        signed_in = sign_in(
            email=field(request, "email"),
            password=field(request, "password"),
            device=request.cookies.get(DEVICE_COOKIE, ""),
        )
    except (Invalid, SlowDown) as refusal:
        return _form(request, next_path=next_path, refusal=refusal)
    return welcome(request, signed_in, next_path)


def welcome(request: Request, signed_in: SignedIn, next_path: str) -> Response:
    """Send somebody who has just signed in to where they wanted to go, with both cookies; an older sign-in of this
    browser ends."""
    sign_out(cookie=request.cookies.get(SESSION_COOKIE))
    person = actor_of_cookie(signed_in.session, now())
    roles = person.roles if person else frozenset()
    first = next((f"/{place}" for place in WORKPLACES if may_see(roles, place)), "/")
    answer = RedirectResponse(own_path(next_path, first), 303)
    keep_cookie(answer, SESSION_COOKIE, signed_in.session, seconds=settings().session_hours * 3600)
    keep_cookie(answer, DEVICE_COOKIE, signed_in.device, path="/signin", seconds=DEVICE_SECONDS)
    return answer


def show_sign_out(request: Request) -> Response:
    return page(request, "signin_out.html", person=actor_of(request))


def take_sign_out(request: Request) -> Response:
    person = actor_of(request)
    if person is not None and field(request, "where") == "everywhere":
        sign_out_everywhere(actor=person)
    else:
        sign_out(cookie=request.cookies.get(SESSION_COOKIE))
    answer = RedirectResponse("/", 303)
    drop_cookie(answer, SESSION_COOKIE)
    return answer


def show_password(request: Request) -> Response:
    return _password_form(request)


def take_password(request: Request) -> Response:
    person = actor_of(request)
    try:
        if field(request, "password") != field(request, "again"):
            raise Invalid(_("The two new passwords differ."), field="again")
        change_own_password(actor=person, present=field(request, "present"), password=field(request, "password"))
    except Invalid as refusal:
        return _password_form(request, refusal)
    answer = RedirectResponse("/signin", 303)
    drop_cookie(answer, SESSION_COOKIE)
    return answer


def _form(request: Request, *, next_path: str, refusal: Invalid | SlowDown | None = None) -> Response:
    answer = page(
        request,
        "signin.html",
        refusal.status if refusal else 200,
        next=own_path(next_path, ""),
        email=field(request, "email")[:254],
        wrong=translated(refusal.sentence) if refusal else "",
        city_account=settings().oidc_name if settings().has_oidc else "",
        nobody_yet=refusal is None and not has_people(),
    )
    if isinstance(refusal, SlowDown):
        answer.headers["Retry-After"] = str(refusal.seconds)
    return answer


def _password_form(request: Request, refusal: Invalid | None = None) -> Response:
    if actor_of(request) is None:
        raise SignInNeeded(_("Please sign in first."))
    return page(
        request,
        "signin_password.html",
        refusal.status if refusal else 200,
        wrong=translated(refusal.sentence) if refusal else "",
        wrong_field=refusal.field if refusal else "",
    )


ROUTES = [
    Route("/signin", show_sign_in, methods=["GET"]),
    Route("/signin", take_sign_in, methods=["POST"]),
    Route("/signout", show_sign_out, methods=["GET"]),
    Route("/signout", take_sign_out, methods=["POST"]),
    Route("/password", show_password, methods=["GET"]),
    Route("/password", take_password, methods=["POST"]),
]
