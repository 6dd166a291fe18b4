"""The check before a meeting: a phone in the hall opens this page, and the console says that it did."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib.services.room_address import note_phone_reached
from lib.web.rendering import page


def show_reached(request: Request) -> Response:
    """Raises NotFound for a check that is over, Conflict for a phone that came by another address."""
    note_phone_reached(code=str(request.path_params["code"]).upper(), host=request.headers.get("host", ""))
    return page(request, "try_phone.html")


ROUTES: list[BaseRoute] = [Route("/try/{code}", show_reached, methods=["GET"])]
