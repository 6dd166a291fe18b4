"""Being let in with a slip: the code typed or scanned, and the cookie that holds the pass.

The cookie is limited to `/ballot` and ends with the meeting; nothing else ever sees it. It stays where a pass is
refused, so that whoever asks again reads the reason again.
"""

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lib.clock import now
from lib.errors import Conflict, Explained, NotFound
from lib.queries.open_rooms import open_rooms
from lib.queries.passes import PassRow, pass_of
from lib.rules.passes import void_sentence
from lib.services.admission import Admission, admit_pass
from lib.web.cookies import keep_cookie, read_cookie, sign
from lib.web.forms import field
from lib.web.languages import _
from lib.web.rendering import page
from lib.web.sentences import IS_OVER, NOT_BEGUN, says_void, translated
from lib.web.turns import in_turn
from lib.web.wrong_codes import note_wrong_code

COOKIE = "beat_pass"
PATH = "/ballot"
PURPOSE = "ballot pass"
COOKIE_DAYS = 7
GRACE = timedelta(hours=4)
"""Meetings run late; a meeting that is closed ends its passes at once, whatever the cookie says."""


LINK = re.compile(r"/b/([^/?#\s]+)", re.IGNORECASE)
"""The code in a slip's whole link, whatever was added behind it on its way."""


@dataclass(frozen=True)
class HeldPass:
    """What the pass cookie says: the meeting, the credential, and when the cookie ends."""

    meeting_uuid: UUID
    cred: bytes
    ends_at: datetime

    @property
    def seconds_left(self) -> int:
        """How long a cookie that ends with this one lasts."""
        return max(1, int((self.ends_at - now()).total_seconds()))


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
    typed = field(request, "code")
    link = LINK.search(typed)
    return await _let_in(request, link[1] if link else typed)


async def take_slip(request: Request) -> Response:
    """The slip's QR code leads here, with the code in the address."""
    return await _let_in(request, str(request.path_params["token"]))


def voter_of(request: Request) -> Voter | Response:
    """Whoever holds the cookie; else the page that says what to do. One statement, none without a cookie."""
    held = held_pass(request)
    if held is None:
        return RedirectResponse("/join", 303)
    try:
        admitted = pass_of(held.meeting_uuid, held.cred)
    except NotFound as refusal:
        return _refused(request, refusal)
    if admitted.is_void:
        return _refused(request, Conflict(void_sentence(admitted.void_in)))
    return Voter(held.cred, admitted)


async def _let_in(request: Request, code: str) -> Response:
    try:
        admission = await in_turn(request, partial(admit_pass, token=code))
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
    left = max(admission.ends_at + GRACE - now(), timedelta(hours=1))
    seconds = min(int(left.total_seconds()), COOKIE_DAYS * 86400)
    ends = int(now().timestamp()) + seconds
    value = sign(PURPOSE, f"{admission.meeting_uuid.hex}:{admission.cred.hex()}:{ends}")
    keep_cookie(answer, COOKIE, value, path=PATH, seconds=seconds)
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
    is_void = says_void(refusal.sentence)
    headings = {NOT_BEGUN: _("You are early"), IS_OVER: _("This meeting is over")}
    otherwise = _("This slip is void") if is_void else _("This slip cannot vote")
    return page(
        request,
        "slip.html",
        refusal.status,
        heading=headings.get(refusal.sentence, otherwise),
        sentence=translated(refusal.sentence),
        is_void=is_void,
        is_over=refusal.sentence == IS_OVER,
        is_early=refusal.sentence == NOT_BEGUN,
        # A scanned slip is in the address, so the page can look again by itself.
        looks_again=refusal.sentence == NOT_BEGUN and request.method == "GET",
    )


def held_pass(request: Request) -> HeldPass | None:
    """What the cookie says, None without a valid one. No statement."""
    value = read_cookie(request, COOKIE, PURPOSE, COOKIE_DAYS * 86400)
    parts = (value or "").split(":")
    if len(parts) != 3:
        return None
    meeting_uuid, cred, ends = parts
    return HeldPass(UUID(meeting_uuid), bytes.fromhex(cred), datetime.fromtimestamp(int(ends), UTC))
