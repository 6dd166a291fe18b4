"""Photos of what was done for a commitment: each under a name of its own, so a browser may keep it."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib.errors import NotFound
from lib.queries.goal_voices import evidence_photo
from lib.web.rendering import strict_headers

YEAR = 365 * 24 * 3600


def show_photo(request: Request) -> Response:
    """The JPEG. A photo never changes under its name; one that was taken back is gone. Raises NotFound."""
    try:
        name = UUID(str(request.path_params["uuid"]))
    except ValueError as cause:
        raise NotFound("This photo is not here, or it was taken back.") from cause
    return Response(
        evidence_photo(name),
        media_type="image/jpeg",
        headers={
            **strict_headers(),
            "Cache-Control": f"public, max-age={YEAR}, immutable",
            "Content-Disposition": f'inline; filename="{name}.jpg"',
        },
    )


ROUTES: list[BaseRoute] = [Route("/evidence/{uuid}.jpg", show_photo, methods=["GET"])]
