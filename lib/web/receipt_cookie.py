"""The cookie of the phone that cast a ballot: it alone is shown the tracker.

Whoever holds a copy of a slip can open its page on another phone. There the tracker would show, in the published list,
how the first holder voted; so that page says only that this slip has voted.
"""

from starlette.requests import Request
from starlette.responses import Response

from lib.queries.passes import BallotState
from lib.rules.ballots import printed_token
from lib.web.cookies import keep_cookie, read_cookie, sign
from lib.web.passes import COOKIE_DAYS, PATH, HeldPass

COOKIE = "beat_receipt"
PURPOSE = "ballot receipt"


def keep_receipt(answer: Response, held: HeldPass, mark: str) -> None:
    """Let this phone see the tracker of the ballot with this mark, as long as it holds the pass. No statement."""
    keep_cookie(answer, COOKIE, sign(PURPOSE, mark), path=PATH, seconds=held.seconds_left)


def was_cast_here(request: Request, stored: BallotState) -> bool:
    """Whether the stored ballot was cast with this phone."""
    if not stored.has_ballot:
        return False
    return read_cookie(request, COOKIE, PURPOSE, COOKIE_DAYS * 86400) == stored.mark


def tracker_shown(request: Request, stored: BallotState) -> str:
    """The tracker as it is printed, "" on any other phone than the one that cast the ballot, and for a sealed side."""
    return printed_token(stored.tracker) if stored.tracker and was_cast_here(request, stored) else ""
