"""The tally on three real elections: approvals as Łódź published them (Pabulib; Faliszewski et al. 2023), and turns as
a voter-by-voter count takes them."""

import csv
from fractions import Fraction
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from lib.rules.counting import Ballot
from lib.rules.tally import tally_round
from lib.rules.voting import RoundRule

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "realdata" / "votes"
NAMESPACE = UUID(int=0)

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/realdata is absent")


def election(name: str) -> tuple[dict[UUID, int], list[Ballot]]:
    """Published approvals per project, and the ballots, from a file in Pabulib's format."""
    section, published, ballots = "", {}, []
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter=";"):
            if row[0] in ("META", "PROJECTS", "VOTES"):
                section = row[0]
                header = next(lines).strip().split(";")
                continue
            fields = dict(zip(header, row, strict=False))
            if section == "PROJECTS":
                published[uuid5(NAMESPACE, fields["project_id"])] = int(fields["votes"])
            if section == "VOTES":
                ballots.append(Ballot(frozenset(uuid5(NAMESPACE, chosen) for chosen in fields["vote"].split(","))))
    return published, ballots


def turns_by_hand(goals: list[UUID], ballots: list[Ballot], places: int) -> list[UUID]:
    carried = [Fraction(0)] * len(ballots)
    adopted: list[UUID] = []
    while len(adopted) < min(places, len(goals)):
        cost = {}
        for goal in set(goals) - set(adopted):
            supporters = [load for load, ballot in zip(carried, ballots, strict=True) if goal in ballot.choices]
            cost[goal] = (1 + sum(supporters, Fraction(0))) / len(supporters)
        winner = min(cost, key=lambda goal: cost[goal])
        carried = [cost[winner] if winner in b.choices else load for load, b in zip(carried, ballots, strict=True)]
        adopted.append(winner)
    return adopted


@pytest.mark.parametrize(
    "name", ["poland_lodz_2020_mileszki.pb", "poland_lodz_2020_nad-nerem.pb", "poland_lodz_2020_nowosolna.pb"]
)
def test_a_real_vote_is_counted_as_published_and_takes_turns_exactly(name: str) -> None:
    published, ballots = election(name)
    officers = [Ballot(frozenset(published))] * 5
    tally = tally_round(RoundRule.TWO_KEYS_TURNS, list(published), ballots, officers, places=4)
    assert {outcome.goal: outcome.residents_approvals for outcome in tally.outcomes} == published
    open_goals = [outcome.goal for outcome in tally.outcomes if outcome.residents_key]
    assert [outcome.goal for outcome in tally.adopted] == turns_by_hand(open_goals, ballots, 4)
    assert not tally.needs_dice
