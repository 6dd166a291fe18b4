"""Counting a round: two sides, two keys, and places that go to whoever has waited longest. Exact fractions throughout.

A goal is *open* when both sides turn their key: at least min(1/2, 1/k) of the residents' non-blank ballots (k = places)
and at least 1/2 of the officers'. Only open goals get places, so neither side can impose one. Which open goal is next
stands in `lib/rules/turns.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from lib.errors import Invalid
from lib.rules.counting import Ballot, Ballots, Count, CountedSide, count_side
from lib.rules.turns import Tie, in_turns, lowest_share_first
from lib.rules.voting import RoundMode, RoundRule

__all__ = [
    "Ballot",
    "Ballots",
    "Count",
    "Ending",
    "Outcome",
    "RoundTally",
    "Tie",
    "WitnessedKeys",
    "is_advisory",
    "residents_threshold",
    "tally_round",
    "without_officers_figures",
    "witnessed_keys",
]

OFFICERS_THRESHOLD = Fraction(1, 2)
FEWEST_OFFICERS = 3
"""With fewer officers' ballots nothing is adopted, and nothing per goal is shown for them."""


class Ending(StrEnum):
    """How a candidate ended. Carried by one side only is *contested*."""

    ADOPTED = "adopted"
    OPEN_WITHOUT_PLACE = "open_without_place"
    RESIDENTS_ONLY = "residents_only"
    OFFICERS_ONLY = "officers_only"
    NEITHER = "neither"


@dataclass(frozen=True)
class WitnessedKeys:
    """What is left of a sealed side: its count, and the goals for which two witnesses saw its key turned."""

    count: Count
    turned: frozenset[UUID]


@dataclass(frozen=True)
class Outcome:
    """One candidate. Approvals are shares of the non-blank ballots of that side; None where there are none to share, or
    where the side's figures are not shown. `place` counts from 1. `tie`: what gave it its place before others that were
    level, or the last place to another."""

    goal: UUID
    residents_approvals: int
    residents_approval: Fraction | None
    residents_key: bool
    officers_approvals: int | None
    officers_approval: Fraction | None
    officers_key: bool
    ending: Ending
    place: int | None = None
    tie: Tie | None = None


@dataclass(frozen=True)
class RoundTally:
    """The whole result, `outcomes` in the order of the candidates.

    `advisory`: one or two officers voted, nothing is adopted. `ranking` is the residents' order of all goals that
    anybody approved, in an advisory or open-room round; else empty. `needs_dice`: some place hangs on the seed.
    """

    rule: RoundRule
    mode: RoundMode
    places: int
    residents: Count
    officers: Count
    outcomes: tuple[Outcome, ...]
    advisory: bool
    ranking: tuple[UUID, ...]
    needs_dice: bool
    tie_seed: str

    @property
    def adopts(self) -> bool:
        """Whether this round can adopt goals at all."""
        return self.mode == RoundMode.MEETING and not self.advisory

    @property
    def adopted(self) -> tuple[Outcome, ...]:
        """The adopted goals by place."""
        placed = [outcome for outcome in self.outcomes if outcome.place is not None]
        return tuple(sorted(placed, key=lambda outcome: outcome.place or 0))

    @property
    def contested(self) -> tuple[Outcome, ...]:
        """Goals of one side only. In a round that cannot adopt, nothing is contested."""
        one_sided = (Ending.RESIDENTS_ONLY, Ending.OFFICERS_ONLY)
        return tuple(outcome for outcome in self.outcomes if self.adopts and outcome.ending in one_sided)

    @property
    def empty_places(self) -> int:
        """Places that no open goal could fill."""
        return self.places - len(self.adopted)

    def outcome_of(self, goal: UUID) -> Outcome:
        """The outcome of one candidate. Raises KeyError for a goal that was not on the list."""
        for outcome in self.outcomes:
            if outcome.goal == goal:
                return outcome
        raise KeyError(goal)

    def in_order(self) -> tuple[Outcome, ...]:
        """The outcomes as a result page lists them: by place (or rank), then by ending, then by residents' ballots."""
        endings = list(Ending)
        rank = {goal: position for position, goal in enumerate(self.ranking)}
        return tuple(
            sorted(
                self.outcomes,
                key=lambda outcome: (
                    rank.get(outcome.goal, len(rank)),
                    endings.index(outcome.ending),
                    outcome.place or 0,
                    -outcome.residents_approvals,
                    str(outcome.goal),
                ),
            )
        )


def residents_threshold(places: int) -> Fraction:
    """The share of the residents' ballots that turns their key: min(1/2, 1/places).

    >>> [str(residents_threshold(places)) for places in (1, 2, 3, 4)]
    ['1/2', '1/2', '1/3', '1/4']
    """
    return min(Fraction(1, 2), Fraction(1, places))


def is_advisory(officers: Count) -> bool:
    """Whether one or two officers voted: too few to adopt anything, and too few to show anything per goal.

    Ballots that say something count as well as ballots cast: one opinion among five blank ballots is still one.

    >>> [is_advisory(Count(cast, blank)) for cast, blank in [(0, 0), (1, 0), (2, 2), (3, 0), (5, 4), (5, 5)]]
    [False, True, True, False, True, False]
    """
    return 0 < officers.cast < FEWEST_OFFICERS or 0 < officers.non_blank < FEWEST_OFFICERS


def tally_round(
    rule: RoundRule,
    candidates: Sequence[UUID],
    residents: Ballots,
    officers: Ballots | WitnessedKeys,
    *,
    places: int,
    tie_seed: str = "",
    mode: RoundMode = RoundMode.MEETING,
) -> RoundTally:
    """The result of a round. With `WitnessedKeys` the officers' keys are taken as given.

    While `needs_dice` holds and `tie_seed` is empty the result is provisional. Raises Invalid for fewer than one place,
    a candidate listed twice, a ballot for a goal that is not on the list, or the lower share without officers' ballots.
    """
    if places < 1:
        raise Invalid("A round needs at least one place.", field="places")
    if len(set(candidates)) != len(candidates):
        raise Invalid("A goal stands on the list twice.", field="candidates")
    if rule == RoundRule.LOWER_SHARE and isinstance(officers, WitnessedKeys):
        raise Invalid("The lower of the two shares can only be counted with the officers’ figures.", field="rule")

    ours = count_side(candidates, residents)
    theirs = CountedSide(officers.count) if isinstance(officers, WitnessedKeys) else count_side(candidates, officers)
    advisory = mode == RoundMode.MEETING and is_advisory(theirs.count)
    adopts = mode == RoundMode.MEETING and not advisory
    if not adopts:
        theirs = CountedSide(theirs.count)

    residents_open = ours.keys_turned(residents_threshold(places))
    officers_open = theirs.keys_turned(OFFICERS_THRESHOLD)
    if isinstance(officers, WitnessedKeys) and adopts and officers.count.non_blank:
        officers_open = officers.turned

    if adopts:
        running = [goal for goal in candidates if goal in residents_open & officers_open]
    else:
        running = [goal for goal in candidates if ours.approvals(goal)]
    if rule == RoundRule.LOWER_SHARE:
        turns = lowest_share_first(running, ours, theirs, tie_seed)
    else:
        turns = in_turns(running, ours, tie_seed)
    placed = {turn.goal: (place, turn.tie) for place, turn in enumerate(turns[:places], 1)} if adopts else {}
    last_over = turns[places - 1].over if adopts and len(turns) >= places else {}

    outcomes = []
    for goal in candidates:
        place, tie = placed.get(goal, (None, last_over.get(goal)))
        outcomes.append(
            Outcome(
                goal=goal,
                residents_approvals=ours.approvals(goal),
                residents_approval=ours.approval(goal),
                residents_key=goal in residents_open,
                officers_approvals=theirs.approvals(goal) if theirs.has_figures else None,
                officers_approval=theirs.approval(goal) if theirs.has_figures else None,
                officers_key=goal in officers_open,
                ending=_ending(goal in residents_open, goal in officers_open, place),
                place=place,
                tie=tie,
            )
        )
    return RoundTally(
        rule=rule,
        mode=mode,
        places=places,
        residents=ours.count,
        officers=theirs.count,
        outcomes=tuple(outcomes),
        advisory=advisory,
        ranking=() if adopts else tuple(turn.goal for turn in turns),
        needs_dice=any(turn.tie is Tie.DICE for turn in turns[:places]),
        tie_seed=tie_seed,
    )


def without_officers_figures(tally: RoundTally) -> RoundTally:
    """The same result as it is shown when the officers' side is sealed: keys, but no approvals, of that side."""
    hidden = (replace(outcome, officers_approvals=None, officers_approval=None) for outcome in tally.outcomes)
    return replace(tally, outcomes=tuple(hidden))


def witnessed_keys(tally: RoundTally) -> WitnessedKeys:
    """What the witnesses of a sealed side write down: enough to count the round again without its ballots."""
    return WitnessedKeys(tally.officers, frozenset(outcome.goal for outcome in tally.outcomes if outcome.officers_key))


def _ending(residents_key: bool, officers_key: bool, place: int | None) -> Ending:
    if place is not None:
        return Ending.ADOPTED
    return {
        (True, True): Ending.OPEN_WITHOUT_PLACE,
        (True, False): Ending.RESIDENTS_ONLY,
        (False, True): Ending.OFFICERS_ONLY,
        (False, False): Ending.NEITHER,
    }[residents_key, officers_key]
