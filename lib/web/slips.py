"""Slips and their codes, fetched once by the person who minted them: in no log, in no cache, on no disk."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lib.errors import SignInNeeded
from lib.services.once import take_once
from lib.web.languages import _
from lib.web.quiet import keep_votes_out_of_access_logs
from lib.web.rendering import page
from lib.web.signin import actor_of


def take_slips(request: Request) -> Response:
    """The file, for the one signed-in person it is kept for; a second time a page that says so. Raises SignInNeeded."""
    person = actor_of(request)
    if person is None:
        raise SignInNeeded(_("Please sign in first."))
    # Starlette answers HEAD with the handler of GET: asking about a file must not use it up.
    name = str(request.path_params["name"])
    found = None if request.method == "HEAD" else take_once(name, person_id=person.person_id)
    if found is None:
        return page(request, "slips_gone.html", 410)
    return Response(
        found.content,
        media_type=found.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{found.file_name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


# Whoever serves this route must not log which file of slips was fetched, and when.
keep_votes_out_of_access_logs()

ROUTES: list[BaseRoute] = [Route("/slips/{name}", take_slips, methods=["GET"])]
