"""Being let in with a slip: the code typed or scanned, and the cookie that holds the pass.

The cookie is limited to `/ballot` and ends with the meeting; nothing else ever sees it.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lib.clock import now
from lib.errors import Conflict, Explained, NotFound
from lib.queries.open_rooms import open_rooms
from lib.queries.voting import PassRow, pass_of
from lib.services.voting import Admission, admit_pass
from lib.web.cookies import drop_cookie, keep_cookie, read_cookie, sign
from lib.web.forms import field
from lib.web.languages import _
from lib.web.rendering import page
from lib.web.sentences import IS_OVER, IS_VOID, NOT_BEGUN, translated
from lib.web.wrong_codes import note_wrong_code

COOKIE = "beat_pass"
PATH = "/ballot"
PURPOSE = "ballot pass"
COOKIE_DAYS = 7
GRACE = timedelta(hours=4)
"""Meetings run late; a meeting that is closed ends its passes at once, whatever the cookie says."""


@dataclass(frozen=True)
class Voter:
    """Whoever holds the pass cookie."""

    cred: bytes
    admitted: PassRow


def show_join(request: Request) -> Response:
    """The lobby's QR code leads here: type the code of the slip."""
    return page(request, "join.html", refusal="", heading=_("Vote with your slip"), is_open_room=len(open_rooms()) == 1)


async def take_code(request: Request) -> Response:
    """A typed code, or the slip's whole link. Wrong ones are answered ever more slowly, without holding a thread."""
    return await _let_in(request, field(request, "code").rpartition("/b/")[2])


async def take_slip(request: Request) -> Response:
    """The slip's QR code leads here, with the code in the address."""
    return await _let_in(request, str(request.path_params["token"]))


def voter_of(request: Request) -> Voter | Response:
    """Whoever holds the cookie; else the page that says what to do. One statement, none without a cookie."""
    read = held_pass(request)
    if read is None:
        return RedirectResponse("/join", 303)
    meeting_uuid, cred = read
    try:
        admitted = pass_of(meeting_uuid, cred)
    except NotFound as refusal:
        return _forgotten(_refused(request, refusal))
    if admitted.is_void:
        return _forgotten(_refused(request, Conflict(IS_VOID)))
    return Voter(cred, admitted)


async def _let_in(request: Request, code: str) -> Response:
    try:
        admission = await run_in_threadpool(admit_pass, token=code)
    except NotFound as refusal:
        wait, is_too_much = note_wrong_code(request.client.host if request.client else "")
        await asyncio.sleep(wait)
        return await run_in_threadpool(_refused, request, refusal, is_too_much)
    except Conflict as refusal:
        return await run_in_threadpool(_refused, request, refusal)
    return admitted(admission)


def admitted(admission: Admission) -> Response:
    """Lead to the ballot, with the cookie that holds the pass."""
    answer = RedirectResponse(PATH, 303)
    left = admission.ends_at + GRACE - now()
    seconds = int(max(left, timedelta(hours=1)).total_seconds())
    value = sign(PURPOSE, f"{admission.meeting_uuid.hex}:{admission.cred.hex()}")
    keep_cookie(answer, COOKIE, value, path=PATH, seconds=min(seconds, COOKIE_DAYS * 86400))
    return answer


def _refused(request: Request, refusal: Explained, is_too_much: bool = False) -> Response:
    """A code that lets nobody in: an unknown one with the form to try again (429 after far too many), and a page of its
    own for a slip that is void, too early or too late."""
    if isinstance(refusal, NotFound):
        sentence, heading = translated(refusal.sentence), _("This code does not work")
        if is_too_much:
            sentence = _("Many wrong codes came from this network. Check yours; a right code always works at once.")
        return page(
            request,
            "join.html",
            429 if is_too_much else refusal.status,
            refusal=sentence,
            heading=heading,
            is_open_room=len(open_rooms()) == 1,
        )
    headings = {
        IS_VOID: _("This slip is void"),
        NOT_BEGUN: _("You are early"),
        IS_OVER: _("This meeting is over"),
    }
    return page(
        request,
        "slip.html",
        refusal.status,
        heading=headings.get(refusal.sentence, _("This slip cannot vote")),
        sentence=translated(refusal.sentence),
        is_void=refusal.sentence == IS_VOID,
        is_over=refusal.sentence == IS_OVER,
        is_early=refusal.sentence == NOT_BEGUN,
        # A scanned slip is in the address, so the page can look again by itself.
        looks_again=refusal.sentence == NOT_BEGUN and request.method == "GET",
    )


def _forgotten(answer: Response) -> Response:
    drop_cookie(answer, COOKIE, path=PATH)
    return answer


def held_pass(request: Request) -> tuple[UUID, bytes] | None:
    """Meeting and credential of the cookie, None without a valid one. No statement."""
    value = read_cookie(request, COOKIE, PURPOSE, COOKIE_DAYS * 86400)
    if value is None:
        return None
    meeting_uuid, _colon, cred = value.partition(":")
    return UUID(meeting_uuid), bytes.fromhex(cred)
