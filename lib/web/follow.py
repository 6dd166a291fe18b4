"""The follow link: what became of a concern, for whoever raised it or said "me too", without an account; taking it
back; and the questions that close it, and a goal which grew out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lib import clock
from lib.errors import Conflict, Invalid, NotFound
from lib.queries.concern_line import AnswerRow
from lib.queries.concern_outcome import asked_concerns
from lib.queries.concern_story import FollowedConcern, followed_concern
from lib.queries.moderation import photos_of
from lib.queries.places import categories
from lib.queries.residents_word import asked_goals
from lib.rules.concerns import STATUS_SENTENCES, frequency_words
from lib.rules.goals import ResidentsWord
from lib.rules.lifecycle import OPEN_CONCERN
from lib.rules.moderation import PhotoState
from lib.rules.residents_word import ANSWER_WORDS
from lib.rules.states import words
from lib.services.concern_outcome import answer_outcome
from lib.services.concerns import erase_concern
from lib.services.residents_word import UNKNOWN_LINK, answer_goal
from lib.settings import settings
from lib.web.forms import field
from lib.web.help import helping_services
from lib.web.languages import _, day, language
from lib.web.rendering import city_shown, page
from lib.web.sentences import NO_ANSWER, translated


@dataclass(frozen=True)
class Step:
    """One step of a story as it is shown: day, what happened, what was said and by whom, whom it was passed on to."""

    day: str
    what: str
    said: str = ""
    by: str = ""
    partner: str = ""
    phone: str = ""


def show_story(request: Request) -> Response:
    """The whole story. Raises NotFound for an unknown or erased link."""
    return _story(request)


def take_answer(request: Request) -> Response:
    """Keep what somebody says became of a goal, then lead back to the story. Raises NotFound."""
    try:
        answer_goal(
            follow_secret=_secret(request),
            goal_uuid=_named(request, "goal"),
            answer=_answer(field(request, "answer")),
        )
    except (Conflict, Invalid) as refusal:
        return _story(request, refusal.status, translated(refusal.sentence))
    uuid = _named(request, "goal")
    return RedirectResponse(f"/follow/{_secret(request)}?answered={uuid}#goal-{uuid}", 303)


def take_outcome(request: Request) -> Response:
    """Keep what somebody says became of a solved concern, then lead back to the story. Raises NotFound."""
    concern = _named(request, "concern")
    try:
        answer_outcome(follow_secret=_secret(request), concern_uuid=concern, answer=_answer(field(request, "answer")))
    except (Conflict, Invalid) as refusal:
        return _story(request, refusal.status, translated(refusal.sentence))
    return RedirectResponse(f"/follow/{_secret(request)}?answered={concern}#concern-{concern}", 303)


def _story(request: Request, status: int = 200, refusal: str = "") -> Response:
    concern = _followed(request)
    return page(
        request,
        "follow.html",
        status,
        scripts=True,
        concern=concern,
        photos=_photos(concern.uuid),
        responsible=_responsible(concern.category),
        link=f"{settings().address}/follow/{_secret(request)}",
        path=f"/follow/{_secret(request)}",
        is_new="new" in request.query_params,
        is_again="again" in request.query_params,
        is_open=concern.status in OPEN_CONCERN,
        status_words=translated(words(concern.status)),
        frequency=translated(frequency_words(concern.frequency)),
        steps=_steps(concern),
        present=translated(STATUS_SENTENCES[concern.status]),
        onward=[
            (each, each.status in OPEN_CONCERN, translated(words(each.status)), _answered(each.answers))
            for each in concern.onward
        ],
        outcomes=asked_concerns(_secret(request), today=_today()),
        helping=helping_services(concern.category, concern.text, concern.beat.code),
        asked=asked_goals(_secret(request), today=_today()),
        answers=[(word.value, translated(ANSWER_WORDS[word])) for word in ResidentsWord],
        goal_day=day,
        answered=request.query_params.get("answered", ""),
        refusal=refusal,
    )


def _photos(concern_uuid: UUID) -> dict[str, Any]:
    """The public photos, and how many wait or were withheld."""
    found = photos_of([concern_uuid]).get(concern_uuid, ())
    return {
        "shown": [photo.uuid for photo in found if photo.state is PhotoState.SHOWN],
        "held": sum(photo.state is PhotoState.HELD for photo in found),
        "withheld": sum(photo.state is PhotoState.WITHHELD for photo in found),
    }


def _responsible(category: str) -> str:
    return next((row.responsible for row in categories(language()) if row.key == category), "")


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


def _steps(concern: FollowedConcern) -> list[Step]:
    """The story in plain words, the oldest step first."""
    raised = _("You raised it.") if concern.is_reporter else _("It was raised.")
    return [Step(_day(concern.reported_at), raised), *_answered(concern.answers)]


def _answered(answers: Sequence[AnswerRow]) -> list[Step]:
    return [
        Step(
            _day(answer.answered_at),
            translated(STATUS_SENTENCES[answer.status]),
            # One rule moves a concern: what it says is our own sentence. What officers say is theirs.
            answer.text if answer.by else _("Residents said twice that it is worse."),
            answer.by or _("by rule"),
            answer.partner,
            answer.phone,
        )
        for answer in answers
    ]


def _named(request: Request, kind: str) -> UUID:
    """The goal or concern that the address names. Raises NotFound."""
    try:
        return UUID(str(request.path_params[kind]))
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
    Route("/follow/{secret}/concerns/{concern}", take_outcome, methods=["POST"]),
    Route("/follow/{secret}/erase", ask_to_erase, methods=["GET"]),
    Route("/follow/{secret}/erase", take_erasing, methods=["POST"]),
]
