"""Promise 6 in words: per side, no more ballots than drawn passes, and as many paper slips as paper ballots."""

from lib.rules.lifecycle import Electorate
from lib.rules.text import counted


def problems_of(
    side: Electorate,
    *,
    issued: int,
    cast: int,
    paper_ballots: int,
    left: int | None,
    paper_slips: int = 0,
    waiting: int = 0,
) -> tuple[str, ...]:
    """What keeps a result from being published, and where to look; empty when one side agrees.

    `left`: slips that nobody took, None while they have not been counted; `waiting`: passes that the door has not
    shown. Drawn = issued - left - waiting.

    >>> problems_of(Electorate.RESIDENTS, issued=50, cast=40, paper_ballots=3, left=10, paper_slips=3)
    ()
    >>> from pprint import pprint
    >>> problems = problems_of(Electorate.RESIDENTS, issued=50, cast=41, paper_ballots=3, left=10, paper_slips=2)
    >>> pprint([problem.partition(".")[0] for problem in problems], width=110)
    ['Residents: 41 ballots, but only 40 passes were drawn (50 issued less 10 left): 1 ballot too many',
     'Residents: 3 paper ballots were typed in, but 2 paper slips were counted']
    """
    name = side.value.capitalize()
    if left is None:
        return (f"{name}: count the slips that are left and type the number.",)
    problems = []
    drawn = issued - left - waiting
    if cast > drawn:
        passes = counted(drawn, "pass was", "passes were")
        at_the_door = f" and {waiting:,} waiting at the door" if waiting else ""
        problems.append(
            f"{name}: {counted(cast, 'ballot')}, but only {passes} drawn ({issued:,} issued less {left:,} left"
            f"{at_the_door}): {counted(cast - drawn, 'ballot')} too many. Count the slips left again, and look for a "
            "slip that was put back after voting."
        )
    if paper_slips > paper_ballots:
        problems.append(
            f"{name}: {counted(paper_slips, 'paper slip was', 'paper slips were')} counted, but "
            f"{counted(paper_ballots, 'paper ballot was', 'paper ballots were')} typed in. Look for a slip without a "
            "tracker written on it."
        )
    if paper_slips < paper_ballots:
        problems.append(
            f"{name}: {counted(paper_ballots, 'paper ballot was', 'paper ballots were')} typed in, but "
            f"{counted(paper_slips, 'paper slip was', 'paper slips were')} counted. Count the paper slips again, and "
            "look for a slip that was typed in by mistake."
        )
    return tuple(problems)
