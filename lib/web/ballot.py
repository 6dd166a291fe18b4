"""The ballot on a phone: let in by the slip's code, choose, send, and know that it is in.

The pass cookie is limited to `/ballot`. Choices are never shown back. Every page works without scripts; the waiting
page uses one to turn into the ballot by itself, but never takes a tracker off the screen.
"""

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from time import monotonic
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lib.clock import now
from lib.errors import Conflict, Explained, Invalid, NotFound
from lib.queries.meetings import meeting
from lib.queries.voting import BallotState, PassRow, RoundRow, ballot_state, last_opened_round, pass_of, voting_round
from lib.rules.ballots import commitment, printed_token
from lib.rules.lifecycle import MeetingState, RoundState
from lib.rules.voting import ResultsShown
from lib.services.voting import CLOSED_MEANWHILE, NONCE_BYTES, Admission, admit_pass, cast_ballot, fresh_nonce
from lib.storage.engine import engine
from lib.web.cookies import drop_cookie, keep_cookie, read_cookie, sign, unsign
from lib.web.forms import field, fields
from lib.web.quiet import keep_votes_out_of_access_logs
from lib.web.rendering import ASSETS, _, city_shown, page
from lib.web.wrong_codes import note_wrong_code

COOKIE = "beat_pass"
PATH = "/ballot"
PASS, FORM = "ballot pass", "ballot form"

COOKIE_DAYS = 7
GRACE = timedelta(hours=4)
"""Meetings run late; a meeting that is closed ends its passes at once, whatever the cookie says."""

FORM_SECONDS = 12 * 3600
MOST_SUMMARIES = 8
"""With more goals the ballot shows titles only, so that the page stays small on a slow line."""


@dataclass(frozen=True)
class Voter:
    """Whoever holds the pass cookie."""

    cred: bytes
    admitted: PassRow


def show_join(request: Request) -> Response:
    """The lobby's QR code leads here: type the code of the slip."""
    return page(request, "join.html", refusal="", heading=_("Vote with your slip"))


async def take_code(request: Request) -> Response:
    """A typed code. Wrong ones are answered ever more slowly, without holding a thread."""
    return await _let_in(request, field(request, "code"))


async def take_slip(request: Request) -> Response:
    """The slip's QR code leads here, with the code in the address."""
    return await _let_in(request, str(request.path_params["token"]))


def show_ballot(request: Request) -> Response:
    """The page that this phone needs at this moment: the ballot, its confirmation, or waiting."""
    voter = voter_of(request)
    if isinstance(voter, Response):
        return voter
    row = last_opened_round(voter.admitted.meeting_id)
    if row is None or not row.takes_ballots(now()):
        return _waiting(request, voter, row)
    if "change" not in request.query_params and ballot_state(row.id, voter.cred).has_ballot:
        return RedirectResponse(f"{PATH}/in", 303)
    return _form(request, voter, row)


def take_ballot(request: Request) -> Response:
    """Cast, then lead to the page that says what is stored: a reload there sends nothing again."""
    voter = voter_of(request)
    if isinstance(voter, Response):
        return voter
    row = last_opened_round(voter.admitted.meeting_id)
    if row is None:
        return _waiting(request, voter, row)
    try:
        return _cast(request, voter, row)
    except Invalid as refusal:
        return _form(request, voter, row, 422, refusal.sentence, offers_blank=refusal.field == "blank")
    except (Conflict, NotFound) as refusal:
        return _waiting(request, voter, row, refusal.sentence)


def _cast(request: Request, voter: Voter, row: RoundRow) -> Response:
    """Raises what `cast_ballot` raises, and Invalid (field "blank") for an empty form that does not say so."""
    signed = _signed(field(request, "form"), voter)
    if signed is None:
        return _form(request, voter, row, 409, _("This form is too old or belongs to another slip. Choose again here."))
    round_uuid, nonce = signed
    if round_uuid != row.uuid:
        # The form lay open while its round was closed and the next one opened.
        return _waiting(request, voter, voting_round(round_uuid), CLOSED_MEANWHILE)
    chosen, none_of_these = fields(request, "goal"), field(request, "none") == "yes"
    if not chosen and not none_of_these and field(request, "blank") != "yes":
        sentence = _("You chose nothing. Choose goals or “None of these”. A blank ballot counts as turnout only.")
        raise Invalid(sentence, field="blank")
    receipt = cast_ballot(
        round_id=row.id,
        cred=voter.cred,
        choices=[_uuid(text) for text in chosen],
        none_of_these=none_of_these,
        word=field(request, "word"),
        nonce=nonce,
    )
    return RedirectResponse(f"{PATH}/in?was={receipt.mark}", 303)


def show_receipt(request: Request) -> Response:
    """What is stored for this pass at this moment. An older tab learns that a later vote took its place."""
    voter = voter_of(request)
    if isinstance(voter, Response):
        return voter
    row = last_opened_round(voter.admitted.meeting_id)
    if row is None or row.state not in (RoundState.OPEN, RoundState.CLOSED, RoundState.PAPER):
        return _waiting(request, voter, row)
    stored = ballot_state(row.id, voter.cred)
    if not stored.has_ballot:
        return RedirectResponse(PATH, 303) if row.takes_ballots(now()) else _waiting(request, voter, row)
    was = request.query_params.get("was", "")
    return page(
        request,
        "ballot_in.html",
        scripts=True,
        row=row,
        stored=stored,
        tracker=_printed(stored),
        was_replaced=bool(was) and was != stored.mark,
        is_open=row.takes_ballots(now()),
        closes=_clock_time(row.closes_at),
        state=_room_state(voter.admitted.meeting_uuid),
    )


def tell_state(request: Request) -> Response:
    """A few characters that change when the phone should look again."""
    read = _cookie(request)
    return PlainTextResponse(_room_state(read[0]) if read else "gone")


def voter_of(request: Request) -> Voter | Response:
    """Whoever holds the cookie; else the page that says what to do. One statement, none without a cookie."""
    read = _cookie(request)
    if read is None:
        return RedirectResponse("/join", 303)
    meeting_uuid, cred = read
    try:
        admitted = pass_of(meeting_uuid, cred)
    except NotFound as refusal:
        return _forgotten(_refused(request, refusal))
    if admitted.is_void:
        return _forgotten(_refused(request, Conflict(_("This slip was declared void. Ask at the door."))))
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
    return _admitted(admission)


def _admitted(admission: Admission) -> Response:
    answer = RedirectResponse(PATH, 303)
    left = admission.ends_at + GRACE - now()
    seconds = int(max(left, timedelta(hours=1)).total_seconds())
    value = sign(PASS, f"{admission.meeting_uuid.hex}:{admission.cred.hex()}")
    keep_cookie(answer, COOKIE, value, path=PATH, seconds=min(seconds, COOKIE_DAYS * 86400))
    return answer


def _refused(request: Request, refusal: Explained, is_too_much: bool = False) -> Response:
    """A wrong, void or untimely code, with the form to try again. Far too many wrong ones answer 429."""
    sentence = refusal.sentence
    if is_too_much:
        sentence = _("Many wrong codes came from this network. Please check yours; a right code always works at once.")
    heading = _("This code does not work") if isinstance(refusal, NotFound) else _("This slip cannot vote")
    return page(request, "join.html", 429 if is_too_much else refusal.status, refusal=sentence, heading=heading)


def _forgotten(answer: Response) -> Response:
    drop_cookie(answer, COOKIE, path=PATH)
    return answer


def _cookie(request: Request) -> tuple[UUID, bytes] | None:
    value = read_cookie(request, COOKIE, PASS, COOKIE_DAYS * 86400)
    if value is None:
        return None
    meeting_uuid, _colon, cred = value.partition(":")
    return UUID(meeting_uuid), bytes.fromhex(cred)


def _form(
    request: Request, voter: Voter, row: RoundRow, status: int = 200, refusal: str = "", *, offers_blank: bool = False
) -> Response:
    """The ballot, with what was just ticked if the form comes back (it is kept nowhere)."""
    if not row.takes_ballots(now()):
        return _waiting(request, voter, row, CLOSED_MEANWHILE if refusal else "")
    nonce = fresh_nonce()
    return page(
        request,
        "ballot.html",
        status,
        row=row,
        candidates=row.in_own_order(voter.cred),
        shows_summaries=len(row.candidates) <= MOST_SUMMARIES,
        icons={candidate.icon: _icon(candidate.icon) for candidate in row.candidates},
        form=sign(FORM, f"{row.uuid.hex}:{nonce.hex()}:{_bound_to(voter)}"),
        gives_tracker=row.gives_tracker(voter.admitted.side),
        is_live=row.shows is ResultsShown.LIVE,
        closes=_clock_time(row.closes_at),
        refusal=refusal,
        offers_blank=offers_blank,
        ticked=set(fields(request, "goal")),
        none_ticked=field(request, "none") == "yes",
        word=field(request, "word"),
    )


def _signed(form: str, voter: Voter) -> tuple[UUID, bytes] | None:
    """Round and nonce of a form that was made for this pass, else None: two passes never share a nonce."""
    value = unsign(FORM, form, FORM_SECONDS)
    if value is None:
        return None
    round_uuid, nonce, bound = value.split(":")
    if bound != _bound_to(voter) or len(nonce) != 2 * NONCE_BYTES:
        return None
    return UUID(round_uuid), bytes.fromhex(nonce)


def _bound_to(voter: Voter) -> str:
    return commitment(voter.cred).hex()[:16]


def _waiting(request: Request, voter: Voter, row: RoundRow | None, refusal: str = "") -> Response:
    """No ballot at this moment: not yet, closed, counted or over; whether an earlier ballot of this pass is in."""
    meeting_state = voter.admitted.meeting_state
    stored = ballot_state(row.id, voter.cred) if row is not None else BallotState(False)
    return page(
        request,
        "ballot_wait.html",
        409 if refusal else 200,
        scripts=meeting_state is MeetingState.OPEN,
        row=row,
        meeting_title=voter.admitted.meeting_title,
        is_over=meeting_state in (MeetingState.CLOSED, MeetingState.MINUTED),
        is_published=row is not None and row.state is RoundState.PUBLISHED,
        refusal=refusal,
        stored=stored,
        tracker=_printed(stored),
        state=_room_state(voter.admitted.meeting_uuid),
    )


def _printed(stored: BallotState) -> str:
    return printed_token(stored.tracker) if stored.tracker else ""


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as cause:
        raise Invalid(_("One of the goals is not on this ballot. Choose again."), field="goal") from cause


def _clock_time(at: datetime | None) -> str:
    city = city_shown()
    return "" if at is None else f"{at.astimezone(ZoneInfo(city.time_zone) if city else at.tzinfo):%H:%M}"


def _room_state(meeting_uuid: UUID) -> str:
    """Which round the room is at, for phones that wait. Asked once a second per process, however many phones wait."""
    return _room_state_at(str(engine().url), meeting_uuid, int(monotonic()))


@lru_cache(maxsize=64)
def _room_state_at(database: str, meeting_uuid: UUID, tick: int) -> str:
    row = meeting(meeting_uuid)
    last = last_opened_round(row.id)
    if row.state is not MeetingState.OPEN or last is None:
        return row.state.value
    is_open = last.takes_ballots(now())
    shown = "open" if is_open else "published" if last.state is RoundState.PUBLISHED else "closed"
    return f"{last.number}-{last.uuid.hex[:6]}-{shown}"


@lru_cache(maxsize=64)
def _icon(name: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The shapes of a category's icon as (element, attributes), drawn inside the page: they cost no request."""
    file = ASSETS / "icons" / f"{name}.svg"
    if not re.fullmatch(r"[a-z_]{1,40}", name) or not file.exists():
        return ()
    shapes = re.findall(r"<(path|rect|circle)\s([^>]*)/>", file.read_text(encoding="utf-8"))
    return tuple((element, tuple(re.findall(r'([a-z]+)="([^"]*)"', attributes))) for element, attributes in shapes)


# Whoever serves these routes must not log who asked for them.
keep_votes_out_of_access_logs()

ROUTES: list[BaseRoute] = [
    Route("/join", show_join, methods=["GET"]),
    Route("/join", take_code, methods=["POST"]),
    Route("/b/{token}", take_slip, methods=["GET"]),
    Route(PATH, show_ballot, methods=["GET"]),
    Route(PATH, take_ballot, methods=["POST"]),
    Route(f"{PATH}/in", show_receipt, methods=["GET"]),
    Route(f"{PATH}/state", tell_state, methods=["GET"]),
]
