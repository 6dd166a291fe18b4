"""The follow link: what became of a concern, for whoever raised it, without an account; and taking it back."""

from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lib.queries.concern_story import FollowedConcern, followed_concern
from lib.rules.concerns import STATUS_SENTENCES, frequency_words
from lib.rules.lifecycle import OPEN_CONCERN, ConcernStatus, words
from lib.services.concerns import erase_concern
from lib.settings import settings
from lib.web.languages import _, day, language
from lib.web.rendering import city_shown, page
from lib.web.sentences import translated


def show_story(request: Request) -> Response:
    """The whole story. Raises NotFound for an unknown or erased link."""
    concern = _followed(request)
    return page(
        request,
        "follow.html",
        concern=concern,
        link=f"{settings().address}/follow/{_secret(request)}",
        path=f"/follow/{_secret(request)}",
        is_new="new" in request.query_params,
        is_again="again" in request.query_params,
        is_open=concern.status in OPEN_CONCERN,
        status_words=translated(words(concern.status)),
        frequency=translated(frequency_words(concern.frequency)),
        steps=_steps(concern),
        present=translated(STATUS_SENTENCES[concern.status]),
        is_duplicate=concern.status is ConcernStatus.DUPLICATE,
    )


def ask_to_erase(request: Request) -> Response:
    """What erasing does, and the button. Raises NotFound."""
    return page(request, "follow_erase.html", concern=_followed(request), path=f"/follow/{_secret(request)}")


def take_erasing(request: Request) -> Response:
    """Erase, then lead to a page that a reload cannot repeat. Raises NotFound."""
    erase_concern(follow_secret=_secret(request))
    return RedirectResponse("/follow/erased", 303)


def show_erased(request: Request) -> Response:
    return page(request, "follow_erased.html")


def _followed(request: Request) -> FollowedConcern:
    return followed_concern(_secret(request), language())


def _secret(request: Request) -> str:
    return str(request.path_params["secret"]).strip().lower()


def _steps(concern: FollowedConcern) -> list[dict[str, str]]:
    """The story in plain words, the oldest step first: day, what happened, what the officers said, who."""
    steps = [{"day": _day(concern.reported_at), "what": _("You raised it."), "said": "", "by": ""}]
    for answer in concern.answers:
        what = translated(STATUS_SENTENCES[answer.status])
        steps.append({"day": _day(answer.answered_at), "what": what, "said": answer.text, "by": answer.by})
    return steps


def _day(instant: datetime) -> str:
    city = city_shown()
    return day(instant.astimezone(ZoneInfo(city.time_zone) if city else instant.tzinfo).date())


ROUTES: list[BaseRoute] = [
    Route("/follow/erased", show_erased, methods=["GET"]),
    Route("/follow/{secret}", show_story, methods=["GET"]),
    Route("/follow/{secret}/erase", ask_to_erase, methods=["GET"]),
    Route("/follow/{secret}/erase", take_erasing, methods=["POST"]),
]
