"""The ballot on a phone: choose, send, and know that it is in.

Choices are never shown back. Every page works without scripts. With them the waiting page turns into the ballot by
itself (but never takes a tracker off the screen), and the ballot is sent again by itself until the voter knows that it
is in: the same form sent twice is one ballot with one tracker.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from time import monotonic
from uuid import UUID
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lib.clock import now
from lib.errors import Conflict, Explained, Invalid, NotFound
from lib.queries.meetings import meeting
from lib.queries.voting import BallotState, RoundRow, ballot_state, last_opened_round, round_of
from lib.rules.ballots import commitment, printed_token
from lib.rules.lifecycle import MeetingState, RoundState
from lib.rules.voting import ResultsShown
from lib.services.voting import CLOSED_MEANWHILE, NONCE_BYTES, cast_ballot, fresh_nonce
from lib.settings import settings
from lib.storage.engine import engine
from lib.web.cookies import sign, unsign
from lib.web.forms import field, fields
from lib.web.icons import icon_shapes
from lib.web.languages import _, language
from lib.web.passes import PATH, Voter, held_pass, show_join, take_code, take_slip, voter_of
from lib.web.quiet import keep_votes_out_of_access_logs
from lib.web.rendering import NEVER_STORED, city_shown, page
from lib.web.sentences import rule_in_words, translated

FORM = "ballot form"
FORM_SECONDS = 12 * 3600
CARD_BYTES = 480
ROOM_FOR_CARDS = 7200
"""Bytes. Where the cards with their summaries need more, the ballot shows titles only: the page with everything that
it asks for stays under 15 KiB on a slow line."""


def _round_of(voter: Voter) -> RoundRow | None:
    """The round that the room is at, in the language of the request."""
    return last_opened_round(voter.admitted.meeting_id, language())


def show_ballot(request: Request) -> Response:
    """The page that this phone needs at this moment: the ballot, its confirmation, or waiting."""
    voter = voter_of(request)
    if isinstance(voter, Response):
        return voter
    row = _round_of(voter)
    if row is None or not row.takes_ballots(now()):
        return _waiting(request, voter, row)
    if "change" not in request.query_params and ballot_state(row.id, voter.cred).has_ballot:
        return RedirectResponse(f"{PATH}/in", 303)
    return _form(request, voter, row)


def take_ballot(request: Request) -> Response:
    """Cast, then lead to the page that says what is stored: a reload there sends nothing again.

    A ballot that is in order asks the database once, inside `cast_ballot`; only a refusal reads what its page shows.
    """
    held = held_pass(request)
    if held is None:
        return RedirectResponse("/join", 303)
    cred = held[1]
    signed = _signed(field(request, "form"), cred)
    chosen, none_of_these = fields(request, "goal"), field(request, "none") == "yes"
    is_blank = not chosen and not none_of_these and field(request, "blank") != "yes"
    refusal: Explained | None = None
    if signed is not None and not is_blank:
        try:
            receipt = cast_ballot(
                round_id=signed.round_id,
                cred=cred,
                choices=[_uuid(text) for text in chosen],
                none_of_these=none_of_these,
                word=field(request, "word"),
                nonce=signed.nonce,
            )
            return RedirectResponse(f"{PATH}/in?was={receipt.mark}", 303)
        except (Invalid, Conflict, NotFound) as caught:
            refusal = caught
    return _not_taken(request, signed, refusal)


def _not_taken(request: Request, signed: "SignedForm | None", refusal: Explained | None) -> Response:
    """The page for a ballot that was refused, or not even tried: no form of this pass, or nothing chosen."""
    voter = voter_of(request)
    if isinstance(voter, Response):
        return voter
    row = _round_of(voter)
    if row is None:
        return _waiting(request, voter, row)
    if signed is not None and signed.round_id != row.id:
        # The form lay open while its round was closed and the next one opened.
        return _waiting(request, voter, round_of(signed.round_id, language()), translated(CLOSED_MEANWHILE))
    if isinstance(refusal, (Conflict, NotFound)):
        return _waiting(request, voter, row, translated(refusal.sentence))
    status, sentence = (
        422,
        _("You chose nothing. Choose goals or “None of these”. A blank ballot counts as turnout only."),
    )
    if signed is None:
        status, sentence = 409, _("This form is too old or belongs to another slip. Choose again here.")
    elif refusal is not None:
        sentence = translated(refusal.sentence)
    return _form(request, voter, row, status, sentence, offers_blank=signed is not None and refusal is None)


def show_receipt(request: Request) -> Response:
    """What is stored for this pass at this moment. An older tab learns that a later vote took its place."""
    voter = voter_of(request)
    if isinstance(voter, Response):
        return voter
    row = _round_of(voter)
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


def save_tracker(request: Request) -> Response:
    """The tracker as a small text file, for whoever has no pen: it never says what was chosen. Without a tracker this
    leads to the page that says why."""
    voter = voter_of(request)
    if isinstance(voter, Response):
        return voter
    row = _round_of(voter)
    tracker = _printed(ballot_state(row.id, voter.cred)) if row else ""
    if row is None or not tracker:
        return RedirectResponse(f"{PATH}/in", 303)
    lines = (
        f"Common Beat · {voter.admitted.meeting_title}",
        f"{_('Round %(number)s of %(all)s') % {'number': row.number, 'all': row.of}}: {row.question}",
        "",
        f"{_('Your tracker')}: {tracker}",
        "",
        _("After the count it finds your ballot in the published list:"),
        f"{settings().address}/results/{row.uuid}",
    )
    return PlainTextResponse(
        "\r\n".join(lines) + "\r\n",
        headers={"Content-Disposition": f'attachment; filename="tracker-{tracker}.txt"', "Cache-Control": NEVER_STORED},
    )


def tell_state(request: Request) -> Response:
    """A few characters that change when the phone should look again."""
    read = held_pass(request)
    return PlainTextResponse(_room_state(read[0]) if read else "gone")


def _form(
    request: Request, voter: Voter, row: RoundRow, status: int = 200, refusal: str = "", *, offers_blank: bool = False
) -> Response:
    """The ballot, with what was just ticked if the form comes back (it is kept nowhere)."""
    if not row.takes_ballots(now()):
        return _waiting(request, voter, row, translated(CLOSED_MEANWHILE) if refusal else "")
    nonce = fresh_nonce()
    return page(
        request,
        "ballot.html",
        status,
        row=row,
        candidates=row.in_own_order(voter.cred),
        shows_summaries=_has_room_for_summaries(row),
        scripts=True,
        icons={candidate.icon: icon_shapes(candidate.icon) for candidate in row.candidates},
        rule=rule_in_words(row.rule, row.places, row.mode),
        form=sign(FORM, f"{row.id}:{nonce.hex()}:{_bound_to(voter.cred)}"),
        gives_tracker=row.gives_tracker(voter.admitted.side),
        is_live=row.shows is ResultsShown.LIVE,
        closes=_clock_time(row.closes_at),
        refusal=refusal,
        offers_blank=offers_blank,
        ticked=set(fields(request, "goal")),
        none_ticked=field(request, "none") == "yes",
        word=field(request, "word"),
    )


def _has_room_for_summaries(row: RoundRow) -> bool:
    """Whether there are summaries, and room for them. They are folded away: a vote takes seconds, and who wants to
    read more opens all of them at once."""
    written = sum(len(candidate.title.encode()) + len(candidate.summary.encode()) for candidate in row.candidates)
    has_any = any(candidate.summary for candidate in row.candidates)
    return has_any and CARD_BYTES * len(row.candidates) + written <= ROOM_FOR_CARDS


@dataclass(frozen=True)
class SignedForm:
    """What a form of ours carries: the round it is for, and the nonce of its tracker."""

    round_id: int
    nonce: bytes


def _signed(form: str, cred: bytes) -> SignedForm | None:
    """What a form carries that was made for this pass, else None: two passes never share a nonce."""
    value = unsign(FORM, form, FORM_SECONDS)
    if value is None:
        return None
    round_id, nonce, bound = value.split(":")
    if bound != _bound_to(cred) or len(nonce) != 2 * NONCE_BYTES:
        return None
    return SignedForm(int(round_id), bytes.fromhex(nonce))


def _bound_to(cred: bytes) -> str:
    return commitment(cred).hex()[:16]


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


# Whoever serves these routes must not log who asked for them.
keep_votes_out_of_access_logs()

ROUTES: list[BaseRoute] = [
    Route("/join", show_join, methods=["GET"]),
    Route("/join", take_code, methods=["POST"]),
    Route("/b/{token}", take_slip, methods=["GET"]),
    Route(PATH, show_ballot, methods=["GET"]),
    Route(PATH, take_ballot, methods=["POST"]),
    Route(f"{PATH}/in", show_receipt, methods=["GET"]),
    Route(f"{PATH}/in/tracker.txt", save_tracker, methods=["GET"]),
    Route(f"{PATH}/state", tell_state, methods=["GET"]),
]
