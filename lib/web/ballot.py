"""The ballot on a phone: choose, send, and know that it is in.

Choices are never shown back. Every page works without scripts. With them the waiting page turns into the ballot by
itself (but never takes a tracker off the screen), and the ballot is sent again by itself until the voter knows that it
is in: the same form sent twice is one ballot with one tracker.
"""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lib.clock import now
from lib.errors import Conflict, Explained, Invalid, NotFound
from lib.queries.passes import ballot_state
from lib.queries.voting import CandidateRow, RoundRow, round_of
from lib.rules.ballots import commitment
from lib.rules.voting import ResultsShown
from lib.services.casting import CLOSED_MEANWHILE, NONCE_BYTES, BallotToCast, fresh_nonce
from lib.storage.transaction import reading
from lib.web.casting import casting_line
from lib.web.cookies import sign, unsign
from lib.web.forms import field, fields
from lib.web.icons import icon_shapes
from lib.web.languages import _, language
from lib.web.passes import PATH, Voter, held_pass, show_join, take_code, take_slip, voter_of
from lib.web.quiet import keep_votes_out_of_access_logs
from lib.web.receipt import current_round, save_tracker, show_receipt
from lib.web.receipt_cookie import keep_receipt
from lib.web.rendering import page, templates
from lib.web.room_state import clock_time, tell_state
from lib.web.sentences import rule_in_words, translated
from lib.web.turns import in_turn, one_at_a_time
from lib.web.waiting import waiting_page

FORM = "ballot form"
FORM_SECONDS = 12 * 3600
CARD_BYTES = 480
ROOM_FOR_CARDS = 7200
"""Bytes. Where the cards with their summaries need more, the ballot shows titles only: the page with everything that
it asks for stays under 15 KiB on a slow line."""


@reading()
def show_ballot(request: Request) -> Response:
    """The page that this phone needs at this moment: the ballot, its confirmation, or waiting."""
    voter = voter_of(request)
    if isinstance(voter, Response):
        return voter
    row = current_round(voter)
    if row is None or not row.takes_ballots(now()):
        return waiting_page(request, voter, row)
    stored = ballot_state(row.id, voter.cred)
    if "change" not in request.query_params and stored.has_ballot:
        return RedirectResponse(f"{PATH}/in", 303)
    return _form(request, voter, row, stored.mark)


async def take_ballot(request: Request) -> Response:
    """Cast, then lead to the page that says what is stored: a reload there sends nothing again.

    A ballot that is in order asks the database nothing but to be stored; only a refusal reads what its page shows.
    """
    held = held_pass(request)
    if held is None:
        return RedirectResponse("/join", 303)
    signed = _signed(field(request, "form"), held.cred)
    chosen, none_of_these = fields(request, "goal"), field(request, "none") == "yes"
    is_blank = not chosen and not none_of_these and field(request, "blank") != "yes"
    refusal: Explained | None = None
    if signed is not None and not is_blank:
        try:
            goals = [_uuid(text) for text in chosen]
            word = field(request, "word")
            ballot = BallotToCast(goals, none_of_these, signed.nonce, word, signed.replaces)
            receipt = await casting_line().cast(signed.round_id, held.cred, ballot)
            answer = RedirectResponse(f"{PATH}/in?was={receipt.mark}", 303)
            keep_receipt(answer, held, receipt.mark)
            return answer
        except (Invalid, Conflict, NotFound) as caught:
            refusal = caught
    return await in_turn(request, _not_taken, request, signed, refusal)


def _not_taken(request: Request, signed: "SignedForm | None", refusal: Explained | None) -> Response:
    """The page for a ballot that was refused, or not even tried: no form of this pass, or nothing chosen."""
    voter = voter_of(request)
    if isinstance(voter, Response):
        return voter
    row = current_round(voter)
    if row is None:
        return waiting_page(request, voter, row)
    if signed is not None and signed.round_id != row.id:
        # The form lay open while its round was closed and the next one opened.
        return waiting_page(request, voter, round_of(signed.round_id, language()), translated(CLOSED_MEANWHILE))
    if isinstance(refusal, (Conflict, NotFound)):
        return waiting_page(request, voter, row, translated(refusal.sentence))
    if signed is None:
        return _form_of_nobody(request, voter, row)
    sentence = _("You chose nothing. Choose goals or “None of these”. A blank ballot counts as turnout only.")
    if refusal is not None:
        sentence = translated(refusal.sentence)
    # What the refused form would have replaced, and nothing that came in since.
    return _form(request, voter, row, signed.replaces, 422, sentence, offers_blank=refusal is None)


def _form_of_nobody(request: Request, voter: Voter, row: RoundRow) -> Response:
    """A new form where nothing is stored; else what is stored: nothing may take its place unasked."""
    sentence = _("This form is too old or belongs to another slip. Choose again here.")
    if ballot_state(row.id, voter.cred).has_ballot:
        return waiting_page(request, voter, row, sentence)
    return _form(request, voter, row, "", 409, sentence)


def _form(
    request: Request,
    voter: Voter,
    row: RoundRow,
    replaces: str,
    status: int = 200,
    refusal: str = "",
    *,
    offers_blank: bool = False,
) -> Response:
    """The ballot, with what was just ticked if the form comes back (it is kept nowhere). `replaces`: the mark of the
    ballot that it may replace, "" for none."""
    if not row.takes_ballots(now()):
        return waiting_page(request, voter, row, translated(CLOSED_MEANWHILE) if refusal else "")
    nonce, ticked, shows_summaries = fresh_nonce(), set(fields(request, "goal")), _has_room_for_summaries(row)
    return page(
        request,
        "ballot.html",
        status,
        row=row,
        cards=[
            _card(candidate, shows_summary=shows_summaries, is_ticked=str(candidate.goal_uuid) in ticked)
            for candidate in row.in_own_order(voter.cred)
        ],
        shows_summaries=shows_summaries,
        scripts=True,
        rule=rule_in_words(row.rule, row.places, row.mode),
        form=sign(FORM, f"{row.id}:{nonce.hex()}:{_bound_to(voter.cred)}:{replaces}"),
        gives_tracker=row.gives_tracker(voter.admitted.side),
        is_live=row.shows is ResultsShown.LIVE,
        closes=clock_time(row.closes_at),
        refusal=refusal,
        offers_blank=offers_blank,
        none_ticked=field(request, "none") == "yes",
        word=field(request, "word"),
    )


@lru_cache(maxsize=1024)
def _card(candidate: CandidateRow, *, shows_summary: bool, is_ticked: bool) -> Markup:
    """A goal on the ballot. Drawn once: only the order of the cards is each voter's own."""
    card = templates().get_template("ballot_card.html")
    drawn = card.render(
        candidate=candidate, shows_summary=shows_summary, is_ticked=is_ticked, icon=icon_shapes(candidate.icon)
    )
    # What the template escaped already.
    return Markup(drawn)  # noqa: S704


def _has_room_for_summaries(row: RoundRow) -> bool:
    """Whether there are summaries, and room for them. They are folded away: a vote takes seconds, and who wants to
    read more opens all of them at once."""
    written = sum(len(candidate.title.encode()) + len(candidate.summary.encode()) for candidate in row.candidates)
    has_any = any(candidate.summary for candidate in row.candidates)
    return has_any and CARD_BYTES * len(row.candidates) + written <= ROOM_FOR_CARDS


@dataclass(frozen=True)
class SignedForm:
    """What a form of ours carries: the round it is for, the nonce of its tracker, and the mark of the ballot that was
    stored when it was made ("" if none)."""

    round_id: int
    nonce: bytes
    replaces: str


def _signed(form: str, cred: bytes) -> SignedForm | None:
    """What a form carries that was made for this pass, else None: two passes never share a nonce."""
    value = unsign(FORM, form, FORM_SECONDS)
    parts = (value or "").split(":")
    if len(parts) != 4:
        return None
    round_id, nonce, bound, replaces = parts
    if bound != _bound_to(cred) or len(nonce) != 2 * NONCE_BYTES:
        return None
    return SignedForm(int(round_id), bytes.fromhex(nonce), replaces)


def _bound_to(cred: bytes) -> str:
    return commitment(cred).hex()[:16]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as cause:
        raise Invalid(_("One of the goals is not on this ballot. Choose again."), field="goal") from cause


# Whoever serves these routes must not log who asked for them.
keep_votes_out_of_access_logs()

ROUTES: list[BaseRoute] = [
    Route("/join", show_join, methods=["GET"]),
    Route("/join", take_code, methods=["POST"]),
    Route("/b/{token}", take_slip, methods=["GET"]),
    Route("/B/{token}", take_slip, methods=["GET"]),
    Route(PATH, one_at_a_time(show_ballot), methods=["GET"]),
    Route(PATH, take_ballot, methods=["POST"]),
    Route(f"{PATH}/in", one_at_a_time(show_receipt), methods=["GET"]),
    Route(f"{PATH}/in/tracker.txt", save_tracker, methods=["GET"]),
    Route(f"{PATH}/state", tell_state, methods=["GET"]),
]
