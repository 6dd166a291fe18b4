"""The tablet at the door: one tap shows the next pass, large, once. Then, only if they like, three questions.

A pass is shown in the answer to a form and nowhere else: it is in no address, no cookie and no log, and its row is gone
before it is seen. Each button names the pass that it hands out, so a double tap or a form sent again takes no second
one. For a few seconds the same tap shows the same pass again, since a browser throws away the first of two answers.
"""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from uuid import UUID

import segno
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lib.errors import Conflict, Invalid, SignInNeeded, TooMany
from lib.queries.checkin import questions_asked
from lib.queries.door import waiting_at_door
from lib.queries.meetings import MeetingRow, coming_meetings, meeting
from lib.rules.ballots import printed_token
from lib.rules.checkin import BEAT
from lib.rules.lifecycle import Electorate, MeetingState
from lib.rules.rights import Actor, Right, require, require_door
from lib.services.checkin import count_answers
from lib.services.door import show_next_pass
from lib.web.cookies import sign, unsign
from lib.web.forms import field
from lib.web.languages import _
from lib.web.quiet import keep_votes_out_of_access_logs
from lib.web.rendering import page
from lib.web.sentences import translated
from lib.web.signin import actor_of

PATH = "/door"
SHOWN_SECONDS = 60
"""How long a pass stays on the screen before the page leaves it by itself."""

AGAIN_SECONDS = 10
"""How long the same tap shows the same pass again. Longer would show it to the next person in the queue."""

ANSWERS = "door answers"
ANSWERS_SECONDS = 3600
MOST_FORMS = 5000

_shown: dict[tuple[int, UUID], "asyncio.Task[str]"] = {}
_taken: OrderedDict[str, None] = OrderedDict()
_lock = Lock()


def show_door(request: Request) -> Response:
    """The two buttons, and how many passes wait. Without a meeting in the address: the one that is open, or a list."""
    person = _staff(request)
    found = _meeting_of(request.query_params.get("meeting", ""))
    if found is None:
        coming = coming_meetings(at_most=12)
        running = [each for each in coming if each.state is MeetingState.OPEN]
        if len(running) != 1:
            return page(request, "door_meetings.html", meetings=coming)
        found = running[0]
    _at_own_door(person, found)
    return _start(request, person, found, thanks="thanks" in request.query_params)


async def take_next(request: Request) -> Response:
    """The next pass of a side. See the module's text for what happens when the same form comes again."""
    person = await run_in_threadpool(_staff, request)
    found = await run_in_threadpool(_meeting_of, field(request, "meeting"))
    side, offered = _side(field(request, "side")), _uuid(field(request, "pass"))
    if found is None or side is None or offered is None:
        raise Invalid(_("This form is incomplete. Open the page of the door again."))
    _at_own_door(person, found)
    key = (person.person_id, offered)
    showing = _shown.get(key)
    if showing is None:
        showing = asyncio.create_task(
            run_in_threadpool(show_next_pass, actor=person, meeting_id=found.id, side=side, offered=offered)
        )
        _shown[key] = showing
        asyncio.get_running_loop().call_later(AGAIN_SECONDS, _shown.pop, key, None)
    try:
        # The first of two requests may be dropped by its browser; the pass is then still there for the second.
        token = await asyncio.shield(showing)
    except (Conflict, TooMany) as refusal:
        if isinstance(refusal, TooMany):
            # Refused for its pace only: the same tap may show it in a moment.
            _shown.pop(key, None)
        return await run_in_threadpool(_start, request, person, found, translated(refusal.sentence))
    return await run_in_threadpool(_pass_page, request, person, found, side, token)


def show_end(request: Request) -> Response:
    """Asks before this device is signed out: no page of the door leads to another one with a person's session."""
    _staff(request)
    return page(request, "door_end.html")


def show_questions(request: Request) -> Response:
    """Three voluntary questions for a resident: answers are counted in totals, not tied to a slip."""
    person = _staff(request)
    found = _meeting_of(request.query_params.get("meeting", ""))
    if found is None:
        return RedirectResponse(PATH, 303)
    _at_own_door(person, found)
    return _questions_page(request, found)


def take_answers(request: Request) -> Response:
    """Count the answers, once for each form, then lead on: a reload there sends nothing again."""
    person = _staff(request)
    found = _meeting_of(field(request, "meeting"))
    form = field(request, "form")
    if found is None or unsign(ANSWERS, form, ANSWERS_SECONDS) is None:
        raise Invalid(_("This form is incomplete. Open the page of the door again."))
    _at_own_door(person, found)
    asked = questions_asked(found.id)
    answers = {question.key: field(request, question.key) for question in asked}
    if any(answers.values()) and _is_first(form):
        try:
            count_answers(actor=person, meeting_id=found.id, answers=answers)
        except BaseException:
            _forget(form)
            raise
    return RedirectResponse(f"{PATH}?meeting={found.uuid}&thanks=1", 303)


def _start(request: Request, person: Actor, found: MeetingRow, refusal: str = "", *, thanks: bool = False) -> Response:
    is_over = found.state not in (MeetingState.PLANNED, MeetingState.OPEN)
    return page(
        request,
        "door.html",
        409 if refusal else 200,
        scripts=True,
        meeting=found,
        waiting=None if is_over else waiting_at_door(found.id),
        refusal=refusal,
        thanks=thanks,
    )


def _pass_page(request: Request, person: Actor, found: MeetingRow, side: Electorate, token: str) -> Response:
    modules, path = _qr_path(f"{found.room_address}/b/{token}")
    answer = page(
        request,
        "door_pass.html",
        scripts=True,
        meeting=found,
        side=side,
        code=printed_token(token),
        join=f"{found.room_address.partition('://')[2] or found.room_address}/join",
        qr_modules=modules,
        qr_path=path,
        is_planned=found.state is MeetingState.PLANNED,
        waiting=waiting_at_door(found.id),
    )
    # The pass goes from the screen by itself, with scripts or without.
    answer.headers["Refresh"] = f"{SHOWN_SECONDS}; url={PATH}?meeting={found.uuid}"
    return answer


def _questions_page(request: Request, found: MeetingRow) -> Response:
    labels = {beat.code: beat.label for beat in found.beats}
    return page(
        request,
        "door_questions.html",
        meeting=found,
        questions=[
            (
                question.key,
                _question_in_words(question.key, len(labels) > 1),
                _answers_in_words(question.answers, labels),
            )
            for question in questions_asked(found.id)
        ],
        form=sign(ANSWERS, secrets.token_hex(16)),
    )


def _question_in_words(key: str, of_several_beats: bool) -> str:
    """A question as it is put to a person, in the language of the request."""
    return {
        "age": _("How old are you?"),
        "part": _("Where do you live?") if of_several_beats else _("What ties you to this beat?"),
        "first": _("Is this your first time at such a meeting?"),
    }[key]


def _answers_in_words(answers: Iterable[str], labels: dict[str, str]) -> list[tuple[str, str]]:
    words = {
        "16_24": _("16 to 24"),
        "25_39": _("25 to 39"),
        "40_64": _("40 to 64"),
        "65_up": _("65 or older"),
        "lives": _("I live here"),
        "works": _("I work here"),
        "both": _("I live and work here"),
        "elsewhere": _("I live elsewhere") if len(labels) > 1 else _("Neither"),
        "yes": _("Yes"),
        "no": _("No"),
    }
    words |= {f"{BEAT}{code}": _("I live in %(beat)s") % {"beat": label} for code, label in labels.items()}
    return [(key, words[key]) for key in answers]


def _qr_path(text: str) -> tuple[int, str]:
    """A QR code (error correction M) as the path of an SVG: its side in modules, with four of quiet zone around."""
    matrix = segno.make_qr(text, error="m").matrix
    drawn = "".join(
        f"M{column + 4} {row + 4}h1v1h-1z"
        for row, modules in enumerate(matrix)
        for column, is_dark in enumerate(modules)
        if is_dark
    )
    return len(matrix) + 8, drawn


def _staff(request: Request) -> Actor:
    """Whoever is signed in and hands out passes. Raises SignInNeeded, NotAllowed."""
    person = actor_of(request)
    if person is None:
        raise SignInNeeded(_("Please sign in first."))
    return require(person, Right.HAND_OUT_PASSES)


def _at_own_door(person: Actor, found: MeetingRow) -> None:
    """Raises NotAllowed for an officer of another beat."""
    require_door(person, {beat.code for beat in found.beats})


def _meeting_of(text: str) -> MeetingRow | None:
    """The meeting with this public name, None for no name. Raises NotFound."""
    name = _uuid(text)
    return meeting(name) if name else None


def _side(text: str) -> Electorate | None:
    return next((side for side in Electorate if side.value == text), None)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _is_first(form: str) -> bool:
    """Whether this form of answers comes for the first time. Kept in memory only, the oldest forgotten first."""
    with _lock:
        if form in _taken:
            return False
        _taken[form] = None
        while len(_taken) > MOST_FORMS:
            _taken.popitem(last=False)
        return True


def _forget(form: str) -> None:
    with _lock:
        _taken.pop(form, None)


# Whoever serves these routes must not log who was shown a pass, and when.
keep_votes_out_of_access_logs()

ROUTES: list[BaseRoute] = [
    Route(PATH, show_door, methods=["GET"]),
    Route(PATH, take_next, methods=["POST"]),
    Route(f"{PATH}/end", show_end, methods=["GET"]),
    Route(f"{PATH}/questions", show_questions, methods=["GET"]),
    Route(f"{PATH}/questions", take_answers, methods=["POST"]),
]
