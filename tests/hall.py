"""A hall to vote in: a city, a beat with goals, an open meeting, a facilitator, and passes of both sides."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from lib.clock import now
from lib.queries.reconciling import reconciliation
from lib.queries.voting import RoundRow, round_of, rounds
from lib.rules.ballots import credential
from lib.rules.lifecycle import Electorate, GoalState, RoundState
from lib.rules.rights import Actor
from lib.rules.voting import ResultsShown, RoundMode, RoundRule, SideFigures
from lib.services.casting import Receipt, cast_ballot, fresh_nonce
from lib.services.counting import count_round
from lib.services.passes import mint_passes
from lib.services.planning import plan_round
from lib.services.publishing import publish_round
from lib.services.reconciling import reconcile_side
from lib.services.rounds import close_round, open_round
from lib.services.witnesses import Witness
from lib.storage.transaction import reading
from tests.builders import a_beat, a_city, a_facilitator, a_goal, a_meeting, a_witness

TITLES = ("Light the path on 23rd Avenue", "Slow the cars at the school", "A gym open on Fridays")


@dataclass
class Hall:
    """`tokens` of each side as they stand on the slips; `goals` are the goals' uuids in the order of `goal_ids`."""

    facilitator: Actor
    second: Witness
    beat_id: int
    meeting_id: int
    meeting_uuid: UUID
    goal_ids: list[int]
    goals: list[UUID]
    tokens: dict[Electorate, list[str]] = field(default_factory=dict)

    def cred(self, voter: int, side: Electorate = Electorate.RESIDENTS) -> bytes:
        """The credential of the nth slip of a side."""
        return credential(self.meeting_uuid, self.tokens[side][voter])

    def planned(
        self,
        *,
        places: int = 1,
        rule: RoundRule = RoundRule.TWO_KEYS_TURNS,
        shows: ResultsShown = ResultsShown.AFTER_CLOSING,
        officers_figures: SideFigures = SideFigures.SEALED,
        mode: RoundMode = RoundMode.MEETING,
        goal_ids: Sequence[int] | None = None,
    ) -> RoundRow:
        """A draft on all goals of the hall."""
        round_id = plan_round(
            actor=self.facilitator,
            meeting_id=self.meeting_id,
            question="Which goals shall we work on?",
            eligibility="Everybody who lives or works in the beat, 16 or older",
            goal_ids=goal_ids or self.goal_ids,
            places=places,
            rule=rule,
            shows=shows,
            officers_figures=officers_figures,
            mode=mode,
            minutes=10,
        )
        return next(row for row in rounds(self.meeting_id) if row.id == round_id)

    def opened(self, **wishes: object) -> RoundRow:
        """As `planned`, and open."""
        row = self.planned(**wishes)  # type: ignore[arg-type]
        open_round(actor=self.facilitator, second=self.second, round_id=row.id)
        return next(each for each in rounds(self.meeting_id) if each.id == row.id)

    def counted(self, row: RoundRow, *, tie_seed: str = "") -> None:
        """Close the round and count it, without paper."""
        if round_of(row.id).state is RoundState.OPEN:
            close_round(actor=self.facilitator, round_id=row.id)
        count_round(actor=self.facilitator, second=self.second, round_id=row.id, tie_seed=tie_seed)

    def reconciled(self, row: RoundRow) -> None:
        """Type what a count by hand gives when nobody cheated: every pass that did not vote is left."""
        for known in reconciliation(row.id):
            reconcile_side(
                actor=self.facilitator,
                round_id=row.id,
                side=known.side,
                slips_left=known.issued - known.cast,
                slips_spoiled=0,
                paper_slips=known.paper_ballots,
            )

    def published(self, row: RoundRow) -> None:
        """Reconcile a counted round and publish it."""
        self.reconciled(row)
        publish_round(actor=self.facilitator, second=self.second, round_id=row.id)

    def votes(
        self, row: RoundRow, voter: int, *goals: int, side: Electorate = Electorate.RESIDENTS, none: bool = False
    ) -> Receipt:
        """The nth voter of a side approves the goals with these places in the hall's list."""
        return cast_ballot(
            round_id=row.id,
            cred=self.cred(voter, side),
            choices=[self.goals[goal] for goal in goals],
            none_of_these=none,
            nonce=fresh_nonce(),
        )


def a_hall(*, residents: int = 25, officers: int = 6, titles: Sequence[str] = TITLES) -> Hall:
    """A hall with proposed goals and one batch of passes per side; a side of 0 gets none."""
    from sqlalchemy import select

    from lib.model import Goal, Meeting

    a_city()
    beat = a_beat()
    facilitator = a_facilitator()
    meeting_id = a_meeting(beat, starts_at=now() - timedelta(minutes=30))
    goal_ids = [a_goal(beat, title, state=GoalState.PROPOSED) for title in titles]
    with reading() as db:
        meeting_uuid = db.scalar(select(Meeting.uuid).where(Meeting.id == meeting_id))
        uuids = {row.id: row.uuid for row in db.execute(select(Goal.id, Goal.uuid))}
    assert meeting_uuid is not None
    second = a_witness()
    hall = Hall(facilitator, second, beat, meeting_id, meeting_uuid, goal_ids, [uuids[goal] for goal in goal_ids])
    for side, number in ((Electorate.RESIDENTS, residents), (Electorate.OFFICERS, officers)):
        if number:
            batch = mint_passes(actor=facilitator, meeting_id=meeting_id, side=side, number=number)
            hall.tokens[side] = [slip.token for slip in batch.slips]
    return hall
