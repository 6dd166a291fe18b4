"""One's own PIN, for confirming as the second person on somebody else's screen."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lib.errors import Invalid, SignInNeeded
from lib.services.witnesses import set_own_pin
from lib.web.forms import field
from lib.web.rendering import _, page
from lib.web.sentences import translated
from lib.web.signin import actor_of


def show_pin(request: Request) -> Response:
    """Raises SignInNeeded."""
    return _pin_form(request)


def take_pin(request: Request) -> Response:
    """Keep the PIN; the page says so. Raises SignInNeeded."""
    try:
        if field(request, "pin") != field(request, "again"):
            raise Invalid(_("The two PINs differ."), field="again")
        set_own_pin(actor=actor_of(request), password=field(request, "present"), pin=field(request, "pin"))
    except Invalid as refusal:
        return _pin_form(request, refusal)
    return _pin_form(request, is_kept=True)


def _pin_form(request: Request, refusal: Invalid | None = None, *, is_kept: bool = False) -> Response:
    if actor_of(request) is None:
        raise SignInNeeded(_("Please sign in first."))
    return page(
        request,
        "pin.html",
        refusal.status if refusal else 200,
        wrong=translated(refusal.sentence) if refusal else "",
        wrong_field=refusal.field if refusal else "",
        is_kept=is_kept,
    )


ROUTES = [Route("/pin", show_pin, methods=["GET"]), Route("/pin", take_pin, methods=["POST"])]
