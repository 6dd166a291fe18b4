"""The page of a phone that has no ballot to fill in at this moment, and what is stored of its earlier one."""

from starlette.requests import Request
from starlette.responses import Response

from lib.clock import now
from lib.queries.passes import BallotState, ballot_state
from lib.queries.voting import RoundRow
from lib.rules.lifecycle import MeetingState, RoundState
from lib.web.passes import Voter
from lib.web.receipt_cookie import tracker_shown, was_cast_here
from lib.web.rendering import page
from lib.web.room_state import room_state


def waiting_page(request: Request, voter: Voter, row: RoundRow | None, refusal: str = "") -> Response:
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
        is_own=was_cast_here(request, stored),
        tracker=tracker_shown(request, stored),
        is_open=row is not None and row.takes_ballots(now()),
        state=room_state(voter.admitted.meeting_uuid),
    )
