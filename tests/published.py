"""A published round without a meeting to run: written as sealing and publishing leave it, in seconds for any size."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from lib.model import (
    Beat,
    Candidate,
    CandidateText,
    Goal,
    Meeting,
    Outcome,
    Reconciliation,
    Round,
    SealedBallot,
    SideCount,
)
from lib.queries.counts import keeps_officers_ballots
from lib.queries.results import ballots_hash
from lib.queries.voting import voting_round
from lib.rules.ballots import CROCKFORD, TRACKER_LENGTH, canonical_json, frozen_hash
from lib.rules.counting import Ballot, Count, choices_text
from lib.rules.lifecycle import Electorate, GoalState, RoundState
from lib.rules.tally import RoundTally, tally_round, without_officers_figures
from lib.rules.voting import RoundMode, RoundRule, SideFigures
from lib.services.rounds import frozen_content
from lib.storage.transaction import reading, writing
from tests.builders import NOON, a_beat, a_city, a_facilitator, a_goal, a_meeting

TITLES = ("Light the path on 23rd Avenue", "Slow the cars at the school", "A gym open on Fridays")


@dataclass(frozen=True)
class Published:
    """`trackers` of the residents' ballots in the order in which those were given; `tally` as it was written down."""

    uuid: UUID
    goals: Sequence[UUID]
    trackers: Sequence[str]
    tally: RoundTally


_LEVEL = ("0", "0", "1", "1", "2", "-", "")

ROUNDS: Mapping[str, dict[str, Any]] = {
    "sealed officers": {"places": 2},
    "officers agreed to show": {"places": 2, "officers_figures": SideFigures.OPEN},
    "lower share": {"places": 2, "officers_figures": SideFigures.OPEN, "rule": RoundRule.LOWER_SHARE},
    "open room": {"mode": RoundMode.OPEN_ROOM, "officers": ()},
    "two officers": {"officers": ("0", "1"), "places": 2},
    "two officers who agreed to show": {"officers": ("0", "1"), "officers_figures": SideFigures.OPEN},
    "no officers": {"officers": ()},
    "dice": {"residents": _LEVEL, "officers": ("01", "01", "01"), "places": 3},
    "dice for the one place": {"residents": ("01", "10", "0", "1"), "officers": ("01", "01", "01")},
    "nobody": {"residents": (), "officers": ()},
}


def ballots_of(goals: Sequence[UUID], *chosen: str) -> list[Ballot]:
    """Ballots spelled as numbers of goals: "01" the first two, "" blank, "-" none of these."""
    return [
        Ballot(frozenset(goals[int(digit)] for digit in each if digit != "-"), none_of_these=each == "-")
        for each in chosen
    ]


def some_goals(titles: Sequence[str] = TITLES) -> list[UUID]:
    """Goals of the one beat of a new city, in the order of their titles."""
    with reading() as db:
        beat = db.scalar(select(Beat.id))
    if beat is None:
        a_city()
        beat = a_beat()
    ids = [a_goal(beat, title, state=GoalState.PROPOSED) for title in titles]
    with reading() as db:
        return [db.get_one(Goal, goal).uuid for goal in ids]


def a_published_round(
    goals: Sequence[UUID],
    residents: Sequence[Ballot],
    officers: Sequence[Ballot],
    *,
    places: int = 1,
    rule: RoundRule = RoundRule.TWO_KEYS_TURNS,
    mode: RoundMode = RoundMode.MEETING,
    officers_figures: SideFigures = SideFigures.SEALED,
    dice: str = "4-1-6",
) -> Published:
    """A published round of a meeting of its own on goals of `some_goals`. `dice` are kept where they decided."""
    tally = tally_round(rule, goals, residents, officers, places=places, mode=mode, tie_seed=dice)
    chance = Random(f"{len(residents)} {len(officers)}")
    trackers: set[str] = set()
    while len(trackers) < len(residents) + len(officers):
        trackers.add("".join(chance.choices(CROCKFORD, k=TRACKER_LENGTH)))
    drawn = list(trackers)
    chance.shuffle(drawn)
    with writing() as db:
        beat = db.scalars(select(Beat.id)).one()
    meeting_id, person_id = a_meeting(beat, starts_at=NOON), a_facilitator().person_id
    with writing() as db:
        row = Round(
            meeting_id=meeting_id,
            number=1,
            question="Which goals shall we work on?",
            eligibility="Everybody who lives or works in the beat, 16 or older",
            places=places,
            rule=rule,
            mode=mode,
            officers_figures=officers_figures,
            opened_at=NOON,
            closes_at=NOON + timedelta(minutes=10),
            closed_at=NOON + timedelta(minutes=10),
            published_at=NOON + timedelta(minutes=30),
            tie_seed=dice if tally.needs_dice else "",
            is_advisory=tally.advisory,
        )
        db.add(row)
        db.flush()
        known = {goal.uuid: goal for goal in db.scalars(select(Goal).where(Goal.uuid.in_(goals)))}
        candidates = [
            Candidate(round_id=row.id, goal_id=known[goal].id, goal_uuid=goal, position=position)
            for position, goal in enumerate(goals, 1)
        ]
        db.add_all(candidates)
        db.flush()
        db.add_all(
            CandidateText(
                candidate_id=each.id, language="en", title=known[each.goal_uuid].title, summary="Why it matters."
            )
            for each in candidates
        )
        db.flush()
        content = frozen_content(db, row, db.get_one(Meeting, meeting_id), [])
        row.frozen, row.frozen_hash = canonical_json(content), frozen_hash(content)
        db.flush()
        publishes_officers = keeps_officers_ballots(voting_round(row.uuid))
        shown = tally if publishes_officers else without_officers_figures(tally)
        sealed = [(Electorate.RESIDENTS, ballot) for ballot in residents]
        sealed += [(Electorate.OFFICERS, ballot) for ballot in officers] if publishes_officers else []
        kept = [(tracker, side, choices_text(ballot)) for tracker, (side, ballot) in zip(drawn, sealed, strict=False)]
        row.dice_hash = ballots_hash(kept) if tally.needs_dice else ""
        if kept:
            db.execute(
                insert(SealedBallot),
                [
                    {"round_id": row.id, "tracker": tracker, "side": side, "choices": choices}
                    for tracker, side, choices in kept
                ],
            )
        for side, count in ((Electorate.RESIDENTS, tally.residents), (Electorate.OFFICERS, tally.officers)):
            db.add_all(_side(row.id, side, count, person_id))
        db.add_all(
            Outcome(
                round_id=row.id,
                candidate_id=candidate.id,
                outcome=outcome.ending.value,
                place=outcome.place,
                residents_key=outcome.residents_key,
                officers_key=outcome.officers_key,
                residents_approvals=outcome.residents_approvals,
                officers_approvals=outcome.officers_approvals,
            )
            for candidate, outcome in zip(candidates, shown.outcomes, strict=True)
        )
        db.flush()
        row.state = RoundState.PUBLISHED
        db.flush()
        return Published(row.uuid, goals, drawn[: len(residents)], tally)


def _side(round_id: int, side: Electorate, count: Count, person_id: int) -> list[SideCount | Reconciliation]:
    """Five passes were left, one was spoiled, and two people took one and did not vote."""
    return [
        SideCount(
            round_id=round_id,
            side=side,
            issued=count.cast + 7,
            cast_ballots=count.cast,
            blank_ballots=count.blank,
            channels={"phone": count.cast},
        ),
        Reconciliation(
            round_id=round_id,
            side=side,
            slips_left=5,
            slips_spoiled=1,
            paper_slips=0,
            door_left=0,
            person_id=person_id,
            counted_at=NOON + timedelta(minutes=20),
        ),
    ]


def a_round(kind: str, titles: Sequence[str] = TITLES) -> Published:
    """A published round of one of the kinds of `ROUNDS`."""
    wishes, goals = ROUNDS[kind], some_goals(titles)
    residents = wishes.get("residents", ("01", "0", "01", "2", "12", "-", "", "012", "1"))
    officers = wishes.get("officers", ("01", "01", "02", ""))
    rest = {name: value for name, value in wishes.items() if name not in ("residents", "officers")}
    return a_published_round(goals, ballots_of(goals, *residents), ballots_of(goals, *officers), **rest)


def files_of(download: bytes) -> dict[str, bytes]:
    """The files of a zip by name."""
    with zipfile.ZipFile(BytesIO(download)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
