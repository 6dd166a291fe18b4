"""Short ways to write votes in tests of the tally."""

from uuid import UUID

from lib.rules.counting import Ballot
from lib.rules.tally import RoundTally

A, B, C, D, E, F, G = GOALS = tuple(UUID(f"00000000-0000-4000-8000-00000000000{letter}") for letter in "abcdef0")

NAMES = dict(zip("ABCDEFG", GOALS, strict=True))


def votes(spelled: str) -> list[Ballot]:
    """Ballots from a spelling such as "3xAB 2xC 1x- 4x0": letters are goals, "-" none of these, "0" blank."""
    ballots = []
    for group in spelled.split():
        times, chosen = group.split("x")
        if chosen == "-":
            ballot = Ballot(none_of_these=True)
        elif chosen == "0":
            ballot = Ballot()
        else:
            ballot = Ballot(frozenset(NAMES[letter] for letter in chosen))
        ballots += [ballot] * int(times)
    return ballots


def letters(goals: tuple[UUID, ...] | list[UUID]) -> str:
    """Goals as their letters, in order."""
    by_goal = {goal: letter for letter, goal in NAMES.items()}
    return "".join(by_goal[goal] for goal in goals)


def endings(tally: RoundTally) -> dict[str, str]:
    """How each goal ended, by its letter."""
    return {letters([outcome.goal]): outcome.ending.value for outcome in tally.outcomes}


def placed(tally: RoundTally) -> str:
    """The adopted goals by place, as letters."""
    return letters([outcome.goal for outcome in tally.adopted])
