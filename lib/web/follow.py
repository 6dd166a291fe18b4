"""The follow link: what became of a concern, for whoever raised it or said "me too", without an account; taking it
back; and the question that closes a goal which grew out of it."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lib import clock
from lib.errors import Conflict, Invalid, NotFound
from lib.queries.concern_story import FollowedConcern, followed_concern
from lib.queries.residents_word import asked_goals
from lib.rules.concerns import STATUS_SENTENCES, frequency_words
from lib.rules.goals import ResidentsWord
from lib.rules.lifecycle import OPEN_CONCERN, ConcernStatus, words
from lib.rules.residents_word import ANSWER_WORDS
from lib.services.concerns import erase_concern
from lib.services.residents_word import UNKNOWN_LINK, answer_goal
from lib.settings import settings
from lib.web.forms import field
from lib.web.languages import _, day, language
from lib.web.rendering import city_shown, page
from lib.web.sentences import NO_ANSWER, translated


def show_story(request: Request) -> Response:
    """The whole story. Raises NotFound for an unknown or erased link."""
    return _story(request)


def take_answer(request: Request) -> Response:
    """Keep what somebody says became of a goal, then lead back to the story. Raises NotFound."""
    try:
        answer_goal(
            follow_secret=_secret(request),
            goal_uuid=_goal(request),
            answer=_answer(field(request, "answer")),
        )
    except (Conflict, Invalid) as refusal:
        return _story(request, refusal.status, translated(refusal.sentence))
    uuid = _goal(request)
    return RedirectResponse(f"/follow/{_secret(request)}?answered={uuid}#goal-{uuid}", 303)


def _story(request: Request, status: int = 200, refusal: str = "") -> Response:
    concern = _followed(request)
    return page(
        request,
        "follow.html",
        status,
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
        asked=asked_goals(_secret(request), today=_today()),
        answers=[(word.value, translated(ANSWER_WORDS[word])) for word in ResidentsWord],
        goal_day=day,
        answered=request.query_params.get("answered", ""),
        refusal=refusal,
    )


def ask_to_erase(request: Request) -> Response:
    """What erasing does, and the button, for whoever raised it. Raises NotFound."""
    concern = _followed(request)
    if not concern.is_reporter:
        raise NotFound(UNKNOWN_LINK)
    return page(request, "follow_erase.html", concern=concern, path=f"/follow/{_secret(request)}")


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
    raised = _("You raised it.") if concern.is_reporter else _("It was raised.")
    steps = [{"day": _day(concern.reported_at), "what": raised, "said": "", "by": ""}]
    for answer in concern.answers:
        what = translated(STATUS_SENTENCES[answer.status])
        steps.append({"day": _day(answer.answered_at), "what": what, "said": answer.text, "by": answer.by})
    return steps


def _goal(request: Request) -> UUID:
    try:
        return UUID(str(request.path_params["goal"]))
    except ValueError as cause:
        raise NotFound(UNKNOWN_LINK) from cause


def _answer(word: str) -> ResidentsWord:
    if word not in set(ResidentsWord):
        raise Invalid(NO_ANSWER, field="answer")
    return ResidentsWord(word)


def _today() -> date:
    city = city_shown()
    return clock.today(city.time_zone if city else "UTC")


def _day(instant: datetime) -> str:
    city = city_shown()
    return day(instant.astimezone(ZoneInfo(city.time_zone) if city else instant.tzinfo).date())


ROUTES: list[BaseRoute] = [
    Route("/follow/erased", show_erased, methods=["GET"]),
    Route("/follow/{secret}", show_story, methods=["GET"]),
    Route("/follow/{secret}/goals/{goal}", take_answer, methods=["POST"]),
    Route("/follow/{secret}/erase", ask_to_erase, methods=["GET"]),
    Route("/follow/{secret}/erase", take_erasing, methods=["POST"]),
]
