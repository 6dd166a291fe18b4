"""What a phone is shown once its ballot is in, and the tracker as a file. Choices are never shown back."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from lib.clock import now
from lib.queries.passes import ballot_state
from lib.queries.voting import RoundRow, round_on_phones
from lib.rules.lifecycle import RoundState
from lib.settings import settings
from lib.storage.transaction import reading
from lib.web.languages import _, language, result_language
from lib.web.passes import PATH, Voter, voter_of
from lib.web.receipt_cookie import tracker_shown, was_cast_here
from lib.web.rendering import NEVER_STORED, page
from lib.web.room_state import clock_time, room_state
from lib.web.waiting import waiting_page


def current_round(voter: Voter) -> RoundRow | None:
    """The round that the room is at, in the language of the request."""
    return round_on_phones(voter.admitted.meeting_id, language())


@reading()
def show_receipt(request: Request) -> Response:
    """What is stored for this pass at this moment. An older tab learns that a later vote took its place; a phone that
    did not cast it learns that this slip has voted."""
    voter = voter_of(request)
    if isinstance(voter, Response):
        return voter
    row = current_round(voter)
    if row is None or row.state not in (RoundState.OPEN, RoundState.CLOSED, RoundState.PAPER):
        return waiting_page(request, voter, row)
    stored = ballot_state(row.id, voter.cred)
    if not stored.has_ballot:
        return RedirectResponse(PATH, 303) if row.takes_ballots(now()) else waiting_page(request, voter, row)
    was = request.query_params.get("was", "")
    return page(
        request,
        "ballot_in.html",
        scripts=True,
        row=row,
        stored=stored,
        is_own=was_cast_here(request, stored),
        tracker=tracker_shown(request, stored),
        was_replaced=bool(was) and was != stored.mark,
        is_open=row.takes_ballots(now()),
        closes=clock_time(row.closes_at),
        state=room_state(voter.admitted.meeting_uuid),
    )


def save_tracker(request: Request) -> Response:
    """The tracker as a small text file, for whoever has no pen: it never says what was chosen. Without a tracker, and
    on another phone than the one that voted, this leads to the page that says why."""
    voter = voter_of(request)
    if isinstance(voter, Response):
        return voter
    row = current_round(voter)
    tracker = tracker_shown(request, ballot_state(row.id, voter.cred)) if row else ""
    if row is None or not tracker:
        return RedirectResponse(f"{PATH}/in", 303)
    lines = (
        f"Common Beat · {voter.admitted.meeting_title}",
        f"{_('Round %(number)s of %(all)s') % {'number': row.number, 'all': row.of}}: {row.question}",
        "",
        f"{_('Your tracker')}: {tracker}",
        "",
        _("After the count it finds your ballot in the published list:"),
        f"{settings().address}/results/{row.uuid}{result_language()}",
    )
    return PlainTextResponse(
        "\r\n".join(lines) + "\r\n",
        headers={"Content-Disposition": f'attachment; filename="tracker-{tracker}.txt"', "Cache-Control": NEVER_STORED},
    )
