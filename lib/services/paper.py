"""Ballots on paper: the slip is the ballot, typed in after closing and read back by the second person.

Each goes through the same `cast_ballot` as a phone's, so it is counted the same; there are ballots, never totals.
"""

from collections.abc import Collection
from uuid import UUID

from lib.errors import NotFound
from lib.queries.voting import round_of
from lib.rules.ballots import credential, normalise_token
from lib.rules.passes import UNKNOWN_CODE
from lib.rules.rights import Actor, Right, require
from lib.rules.voting import Channel
from lib.services.casting import Receipt, cast_ballot, fresh_nonce
from lib.services.witnesses import Witness, confirmed_by


def enter_paper_ballot(
    *,
    actor: Actor | None,
    second: Witness | None,
    round_id: int,
    token: str,
    choices: Collection[UUID],
    none_of_these: bool,
) -> Receipt:
    """Type in one paper slip; the second person has read it back from the screen and types their PIN.

    The tracker is written on the slip. A slip that has voted by phone is refused. Raises SignInNeeded, NotAllowed,
    NotFound (slip, round), Conflict (paper is not open, voted already, void, a tie waits for the dice), TypedInAlready
    (its ballot is in: what becomes of the slip stands there), Invalid (goals, PIN), SlowDown (PIN).
    """
    person = require(actor, Right.RUN_ROUND)
    meeting_uuid = round_of(round_id).meeting_uuid
    code = normalise_token(token)
    if code is None:
        raise NotFound(UNKNOWN_CODE)
    confirmed_by(actor=person, second=second)
    return cast_ballot(
        round_id=round_id,
        cred=credential(meeting_uuid, code),
        choices=choices,
        none_of_these=none_of_these,
        nonce=fresh_nonce(),
        channel=Channel.PAPER,
    )
