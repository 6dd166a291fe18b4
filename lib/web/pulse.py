"""The pulse on a phone: `/pulse/CODE` from an invitation, a few questions, no account and no script.

The address holds the invitation's code, so it is never logged and never cached. Volunteers share one code; a cookie
keeps their device from being counted twice by mistake, which is a hint and no proof.
"""

import asyncio
import re
import secrets
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lib.clock import now
from lib.errors import Conflict, Invalid, NotFound
from lib.queries.places import beats
from lib.queries.pulse_waves import WaveOfCode, has_answered, invited_wave
from lib.rules.ballots import invitation_digest, normalise_token
from lib.rules.instrument import ISSUE_LENGTH, Question, QuestionKind, instrument
from lib.rules.pulse import WaveState
from lib.services.pulse import CLOSED, EARLY, USED, Given, answer_pulse
from lib.web.cookies import keep_cookie, read_cookie, sign
from lib.web.forms import field
from lib.web.languages import _, day, language
from lib.web.quiet import keep_votes_out_of_access_logs
from lib.web.rendering import page
from lib.web.report import ISSUE, ISSUE_COOKIE, ISSUE_SECONDS
from lib.web.sentences import translated
from lib.web.wrong_codes import note_wrong_code

PATH = "/pulse"
DEVICE, COOKIE, DEVICE_SECONDS = "pulse device", "beat_pulse", 120 * 24 * 3600
GIVEN_COOKIE = "beat_issue_given"
NUMBER = re.compile(r"-?[0-9]{1,2}", re.ASCII)


def show_code_form(request: Request) -> Response:
    """For whoever comes without a code: type the one on the invitation."""
    return _code_form(request)


async def take_code(request: Request) -> Response:
    """A typed code, or the invitation's whole link."""
    code = field(request, "code").rpartition("/pulse/")[2]
    try:
        await run_in_threadpool(invited_wave, code, now=now())
    except NotFound as refusal:
        return await _unknown(request, refusal)
    return RedirectResponse(f"{PATH}/{normalise_token(code)}", 303)


async def show_pulse(request: Request) -> Response:
    """The questions, or why there are none under this code."""
    code = str(request.path_params["code"])
    try:
        wave = await run_in_threadpool(invited_wave, code, now=now())
    except NotFound as refusal:
        return await _unknown(request, refusal)
    return await run_in_threadpool(_shown, request, wave, code)


async def take_answer(request: Request) -> Response:
    """Count the answer, then thank on a page that a reload does not send again."""
    code = str(request.path_params["code"])
    try:
        wave = await run_in_threadpool(invited_wave, code, now=now())
        return await run_in_threadpool(_answered, request, wave, code)
    except NotFound as refusal:
        return await _unknown(request, refusal)


def show_thanks(request: Request) -> Response:
    """What becomes of the answer, and the way to raise the number one issue as a concern."""
    named = request.query_params.get("beat", "")
    beat = next((each for each in beats() if each.code == named), None)
    return page(
        request,
        "pulse_thanks.html",
        beat=beat,
        gave_issue=read_cookie(request, GIVEN_COOKIE, ISSUE, ISSUE_SECONDS) is not None,
    )


def _answered(request: Request, wave: WaveOfCode, code: str) -> Response:
    """Raises NotFound."""
    given = {question.key: _given(request, question) for question in instrument(wave.wording).questions}
    device = _device(request) if wave.is_volunteer else ""
    try:
        answer_pulse(code=code, given=given, device=device or "")
    except Invalid as refusal:
        return _form(request, wave, code, given, translated(refusal.sentence), refusal.field or "")
    except Conflict as refusal:
        return _told(request, wave, refusal)
    answer = RedirectResponse(f"{PATH}/thanks?beat={quote(wave.beat.code)}", 303)
    issue = str(given.get("top_issue") or "").strip()
    if issue:
        # The cookie holds any script's letters, so it is quoted.
        keep_cookie(answer, ISSUE_COOKIE, sign(ISSUE, quote(issue)), path="/report", seconds=ISSUE_SECONDS)
        keep_cookie(answer, GIVEN_COOKIE, sign(ISSUE, "yes"), path=PATH, seconds=ISSUE_SECONDS)
    return answer


def _shown(request: Request, wave: WaveOfCode, code: str) -> Response:
    token = normalise_token(code) or ""
    device = _device(request) if wave.is_volunteer else None
    is_used = wave.is_used or (device is not None and has_answered(wave.survey_id, invitation_digest(token, device)))
    if wave.state is WaveState.EARLY:
        return _told(request, wave, Conflict(EARLY))
    if wave.state is WaveState.CLOSED:
        return _told(request, wave, Conflict(CLOSED))
    if is_used:
        return _told(request, wave, Conflict(USED))
    answer = _form(request, wave, code, {})
    if wave.is_volunteer and device is None:
        value = sign(DEVICE, secrets.token_hex(16))
        keep_cookie(answer, COOKIE, value, path=PATH, seconds=DEVICE_SECONDS)
    return answer


def _form(request: Request, wave: WaveOfCode, code: str, given: Given, refusal: str = "", wrong: str = "") -> Response:
    """The questions, with what was given before; 422 with a refusal."""
    questions = instrument(wave.wording).questions
    return page(
        request,
        "pulse.html",
        422 if refusal else 200,
        action=f"{PATH}/{normalise_token(code)}",
        beat=wave.beat,
        closes_on=day(wave.closes_on),
        is_volunteer=wave.is_volunteer,
        questions=[(number, each, each.in_language(language())) for number, each in enumerate(questions, 1)],
        given=given,
        longest=ISSUE_LENGTH,
        refusal=refusal,
        wrong=wrong,
    )


def _told(request: Request, wave: WaveOfCode, refusal: Conflict) -> Response:
    """Why nothing can be answered under this code: used, not begun (409), closed (410)."""
    headings = {USED: _("Your answer is in"), EARLY: _("You are early"), CLOSED: _("This survey is closed")}
    return page(
        request,
        "pulse_told.html",
        410 if refusal.sentence == CLOSED else 409,
        heading=headings.get(refusal.sentence, _("That did not work")),
        sentence=translated(refusal.sentence),
        beat=wave.beat,
        opens_on=day(wave.wave_on) if refusal.sentence == EARLY else "",
        is_used=refusal.sentence == USED,
    )


async def _unknown(request: Request, refusal: NotFound) -> Response:
    """An unknown code, answered ever more slowly; a right one never waits."""
    wait, is_too_much = note_wrong_code(request.client.host if request.client else "")
    await asyncio.sleep(wait)
    sentence = translated(refusal.sentence)
    if is_too_much:
        sentence = _("Many wrong codes came from this network. Check yours; a right code always works at once.")
    return await run_in_threadpool(_code_form, request, 429 if is_too_much else refusal.status, sentence)


def _code_form(request: Request, status: int = 200, refusal: str = "") -> Response:
    return page(request, "pulse_code.html", status, refusal=refusal)


def _device(request: Request) -> str | None:
    """What a volunteer's device is known by, None before its cookie."""
    return read_cookie(request, COOKIE, DEVICE, DEVICE_SECONDS)


def _given(request: Request, question: Question) -> int | str | None:
    """One field as the service takes it; what is no number stays text, which the service refuses."""
    typed = field(request, question.key)
    if question.kind is QuestionKind.TEXT:
        return typed
    return int(typed) if NUMBER.fullmatch(typed) else typed or None


# Whoever serves these routes must not log which invitation was used, and when.
keep_votes_out_of_access_logs()

ROUTES: list[BaseRoute] = [
    Route(PATH, show_code_form, methods=["GET"]),
    Route(PATH, take_code, methods=["POST"]),
    Route(f"{PATH}/thanks", show_thanks, methods=["GET"]),
    Route(f"{PATH}/{{code}}", show_pulse, methods=["GET"]),
    Route(f"{PATH}/{{code}}", take_answer, methods=["POST"]),
]
