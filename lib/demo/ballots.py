"""Rounds of the demonstration: ballots drawn from what people wish, and counted by the product's own rule.

Residents who live with the same trouble choose alike, so ballots come in groups. How a candidate ends is never written
down by hand: ballots are drawn again until the rule gives what the story tells (usually the first time).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from lib.demo.plan import CandidatePlan, MeetingPlan, Plan, RoundPlan
from lib.rules.ballots import batch_hash, commitment, credential, token_from_bytes, tracker
from lib.rules.counting import Ballot, choices_text
from lib.rules.lifecycle import Electorate
from lib.rules.tally import RoundTally, tally_round, without_officers_figures
from lib.rules.voting import Channel, SideFigures

ELIGIBILITY = "Everybody who lives, works or goes to school in the beat, sixteen and over; one slip each at the door."
MINUTES = 12
TIE_SEED = "4-1-6"
TRIES = 80

_NONCE, _TOKEN = 16, 10


@dataclass(frozen=True)
class DemoBatch:
    """Passes of one side: serials run through the meeting, void ones are named by their place in the batch."""

    number: int
    side: Electorate
    first_serial: int
    commitments: tuple[bytes, ...]
    void: frozenset[int]
    commitments_hash: str
    minted_at: datetime


@dataclass(frozen=True)
class DemoSide:
    """What stays known of a side after sealing. `sealed`: (tracker, choices), empty for a side with sealed figures."""

    issued: int
    cast: int
    blank: int
    channels: Mapping[str, int]
    sealed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DemoRound:
    """A published round. `goals` are the candidates' keys by position, `uuids` their goals' public names."""

    plan: RoundPlan
    number: int
    goals: tuple[str, ...]
    uuids: tuple[UUID, ...]
    tally: RoundTally
    tie_seed: str
    opened_at: datetime
    closed_at: datetime
    published_at: datetime
    sides: Mapping[Electorate, DemoSide]


@dataclass(frozen=True)
class DemoVote:
    """The passes and published rounds of one meeting."""

    batches: tuple[DemoBatch, ...]
    rounds: tuple[DemoRound, ...]


def demo_votes(*, seed: int, plan: Plan) -> dict[str, DemoVote]:
    """Passes and rounds of every past meeting that voted, by the meeting's key."""
    goals = {key: goal.uuid for key, goal in plan.goals.items()}
    votes = {}
    for place, meeting in enumerate(plan.meetings):
        voted = [each for each in meeting.rounds if each.candidates]
        if voted:
            batches = _batches(np.random.default_rng([seed, 10, place]), meeting)
            rounds = [
                _round([seed, 8, place, number], number, each, meeting=meeting, goals=goals, batches=batches)
                for number, each in enumerate(voted, 1)
            ]
            votes[meeting.key] = DemoVote(batches, tuple(rounds))
    return votes


def _round(
    seed: Sequence[int],
    number: int,
    plan: RoundPlan,
    *,
    meeting: MeetingPlan,
    goals: Mapping[str, UUID],
    batches: Sequence[DemoBatch],
) -> DemoRound:
    uuids = tuple(goals[each.goal] for each in plan.candidates)
    for attempt in range(TRIES):
        rng = np.random.default_rng([*seed, attempt])
        residents = _residents(rng, plan.candidates, uuids, meeting.residents)
        officers = _officers(rng, plan.candidates, uuids, meeting.officers)
        tally = tally_round(plan.rule, uuids, residents, officers, places=plan.places)
        dice = TIE_SEED if tally.needs_dice else ""
        tally = tally_round(plan.rule, uuids, residents, officers, places=plan.places, tie_seed=dice)
        if all(tally.outcome_of(goals[each.goal]).ending == each.ends for each in plan.candidates if each.ends):
            break
    else:
        raise RuntimeError(f"No ballots of {meeting.key} give what is told of its round {number}.")
    opened_at = meeting.starts_at + timedelta(minutes=56 + 20 * (number - 1), seconds=int(rng.integers(0, 240)))
    closed_at = opened_at + timedelta(minutes=MINUTES)
    shows_officers = plan.figures is SideFigures.OPEN and not tally.advisory
    return DemoRound(
        plan=plan,
        number=number,
        goals=tuple(each.goal for each in plan.candidates),
        uuids=uuids,
        tally=tally if plan.figures is SideFigures.OPEN else without_officers_figures(tally),
        tie_seed=dice,
        opened_at=opened_at,
        closed_at=closed_at,
        published_at=closed_at + timedelta(minutes=int(rng.integers(9, 15))),
        sides={
            Electorate.RESIDENTS: _side(rng, plan.uuid, Electorate.RESIDENTS, residents, batches, keeps=True),
            Electorate.OFFICERS: _side(rng, plan.uuid, Electorate.OFFICERS, officers, batches, keeps=shows_officers),
        },
    )


def _residents(
    rng: np.random.Generator, candidates: Sequence[CandidatePlan], uuids: Sequence[UUID], count: int
) -> list[Ballot]:
    """So many ballots; each candidate is approved by its share of those that are not blank, by the voters nearest."""
    blank = int(rng.binomial(count, 0.02))
    voters = count - blank
    groups = rng.normal(0, 1.0, (3, 2))
    wishes = groups[rng.choice(3, voters, p=[0.45, 0.33, 0.22])] + rng.normal(0, 0.75, (voters, 2))
    chosen: list[set[UUID]] = [set() for _ in range(voters)]
    for candidate, goal in zip(candidates, uuids, strict=True):
        stands = rng.normal(0, 1.0, 2)
        liking = -np.linalg.norm(wishes - stands, axis=1) + rng.normal(0, 0.55, voters)
        for voter in np.argsort(-liking)[: round(candidate.residents * voters)]:
            chosen[voter].add(goal)
    ballots = [Ballot(frozenset(goals), none_of_these=not goals) for goals in chosen]
    return [*ballots, *[Ballot()] * blank]


def _officers(
    rng: np.random.Generator, candidates: Sequence[CandidatePlan], uuids: Sequence[UUID], count: int
) -> list[Ballot]:
    chosen: list[set[UUID]] = [set() for _ in range(count)]
    for candidate, goal in zip(candidates, uuids, strict=True):
        for voter in rng.permutation(count)[: candidate.officers]:
            chosen[voter].add(goal)
    return [Ballot(frozenset(goals), none_of_these=not goals) for goals in chosen]


def _side(
    rng: np.random.Generator,
    voting_round: UUID,
    side: Electorate,
    ballots: Sequence[Ballot],
    batches: Sequence[DemoBatch],
    *,
    keeps: bool,
) -> DemoSide:
    paper = int(rng.binomial(len(ballots), 0.08)) if side is Electorate.RESIDENTS else 0
    kiosk = int(rng.binomial(len(ballots), 0.03)) if side is Electorate.RESIDENTS else 0
    channels = {
        Channel.PHONE.value: len(ballots) - paper - kiosk,
        Channel.PAPER.value: paper,
        Channel.KIOSK.value: kiosk,
    }
    sealed = sorted((tracker(voting_round, "", rng.bytes(_NONCE)), choices_text(ballot)) for ballot in ballots)
    return DemoSide(
        issued=sum(len(batch.commitments) - len(batch.void) for batch in batches if batch.side is side),
        cast=len(ballots),
        blank=sum(ballot.is_blank for ballot in ballots),
        channels={channel: number for channel, number in channels.items() if number},
        sealed=tuple(sealed) if keeps else (),
    )


def _batches(rng: np.random.Generator, meeting: MeetingPlan) -> tuple[DemoBatch, ...]:
    """Slips for residents, for officers, and a batch for latecomers where many came."""
    sizes = [
        (Electorate.RESIDENTS, meeting.residents + int(rng.integers(8, 24)), 2),
        (Electorate.OFFICERS, meeting.officers + 2, 0),
    ]
    if meeting.residents > 100:
        sizes.append((Electorate.RESIDENTS, 10, 0))
    batches = []
    serial = 1
    for number, (side, size, void) in enumerate(sizes, 1):
        tokens = [token_from_bytes(rng.bytes(_TOKEN)) for _ in range(size)]
        commitments = tuple(commitment(credential(meeting.uuid, token)) for token in tokens)
        batches.append(
            DemoBatch(
                number=number,
                side=side,
                first_serial=serial,
                commitments=commitments,
                void=frozenset(rng.permutation(size)[:void].tolist()),
                commitments_hash=batch_hash(commitments),
                minted_at=meeting.starts_at + timedelta(hours=-26 if number < 3 else 0.5),
            )
        )
        serial += size
    return tuple(batches)
