"""What became of the goals of one round, for whoever voted: the same public page for everybody."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from lib.errors import NotFound
from lib.model import Goal, Outcome
from lib.queries.goals import GoalCard, cards_where
from lib.queries.voting import CandidateRow, RoundRow, voting_round
from lib.rules.lifecycle import RoundState
from lib.rules.tally import Ending
from lib.rules.voting import RoundMode
from lib.storage.transaction import reading

NOT_OPENED = "This vote has not been opened yet. Please wait for the facilitator."


@dataclass(frozen=True)
class FollowedGoal:
    """A goal that stood on the ballot. `ending` is None before the result is published, and where the
    vote only gives advice (then nothing may be said of the officers per goal); `card` shows it as it stands
    today, None once it is gone."""

    candidate: CandidateRow
    ending: Ending | None
    card: GoalCard | None


@dataclass(frozen=True)
class FollowedRound:
    """A round with its goals: what was adopted first, by place, then the others as they stood on the ballot."""

    round: RoundRow
    goals: tuple[FollowedGoal, ...]


def followed_round(round_uuid: UUID, *, today: date, language: str = "en") -> FollowedRound:
    """One round that was opened. Eight statements, and those of `measures_progress` (at most thirteen) where a goal
    with a measure has begun. Raises NotFound (unknown, or a draft)."""
    row = voting_round(round_uuid, language)
    if row.state is RoundState.DRAFT:
        raise NotFound(NOT_OPENED)
    with reading() as db:
        uuids = [candidate.goal_uuid for candidate in row.candidates]
        cards = {card.uuid: card for card in cards_where(db, Goal.uuid.in_(uuids), today=today)}
        outcomes = (
            {each.candidate_id: each for each in db.scalars(select(Outcome).where(Outcome.round_id == row.id))}
            if row.state is RoundState.PUBLISHED and not row.is_advisory and row.mode is not RoundMode.OPEN_ROOM
            else {}
        )

    def place(candidate: CandidateRow) -> tuple[int, int]:
        outcome = outcomes.get(candidate.id)
        return (outcome.place if outcome and outcome.place else len(row.candidates) + 1, candidate.position)

    return FollowedRound(
        row,
        tuple(
            FollowedGoal(
                candidate,
                Ending(outcomes[candidate.id].outcome) if candidate.id in outcomes else None,
                cards.get(candidate.goal_uuid),
            )
            for candidate in sorted(row.candidates, key=place)
        ),
    )
