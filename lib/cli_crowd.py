"""A simulated crowd: people with phones who vote over real HTTP, each with own taste, some changing their mind."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx2

from lib.rules.lifecycle import Electorate

CHANGES_MIND = 0.15
CLUSTERS = 4
TIMEOUT_SECONDS = 20.0


@dataclass
class Crowd:
    """What became of the crowd so far."""

    size: int
    voted: int = 0
    changed: int = 0
    failures: list[str] = field(default_factory=list)


async def send_crowd(
    address: str,
    slips: Sequence[tuple[Electorate, str]],
    *,
    seconds: float,
    seed: int,
    tell: Callable[[Crowd], None] | None = None,
) -> Crowd:
    """Let everybody with a slip (side, token) vote within about `seconds`; what became of them."""
    crowd, chance = Crowd(len(slips)), random.Random(seed)
    people = [
        _person(address, side, token, chance.uniform(0, seconds * 0.9), chance.randrange(1 << 30), crowd, tell)
        for side, token in slips
    ]
    await asyncio.gather(*people)
    return crowd


class BallotForm(HTMLParser):
    """The ballot as a browser would read it: its hidden values and the goals to choose from."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.goals: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag != "input":
            return
        if given.get("type") == "hidden":
            self.hidden[given.get("name", "")] = given.get("value", "")
        elif given.get("name") == "goal":
            self.goals.append(given["value"])


async def _person(
    address: str,
    side: Electorate,
    token: str,
    arrives_after: float,
    seed: int,
    crowd: Crowd,
    tell: Callable[[Crowd], None] | None,
) -> None:
    chance = random.Random(seed)
    await asyncio.sleep(arrives_after)
    try:
        async with httpx2.AsyncClient(
            base_url=address, headers={"Origin": address}, follow_redirects=True, timeout=TIMEOUT_SECONDS
        ) as phone:
            page = await phone.get(f"/b/{token}")
            await asyncio.sleep(chance.uniform(0.2, 2.5))
            await _cast(phone, page, side, chance)
            crowd.voted += 1
            if chance.random() < CHANGES_MIND:
                await asyncio.sleep(chance.uniform(0.5, 3))
                await _cast(phone, await phone.get("/ballot", params={"change": "1"}), side, chance)
                crowd.changed += 1
    except (httpx2.HTTPError, LookupError) as trouble:
        crowd.failures.append(f"{type(trouble).__name__}: {trouble}")
    if tell is not None:
        tell(crowd)


async def _cast(phone: httpx2.AsyncClient, page: httpx2.Response, side: Electorate, chance: random.Random) -> None:
    """Choose and send. Raises LookupError where no ballot came, or it was not taken."""
    form = BallotForm()
    form.feed(page.text)
    if not form.goals:
        raise LookupError(f"no ballot at {page.url.path} ({page.status_code})")
    chosen = _choices(form.goals, side, chance)
    answer = await phone.post(
        "/ballot", data={**form.hidden, "goal": chosen} if chosen else {**form.hidden, "none": "yes"}
    )
    if answer.status_code != 200 or not answer.url.path.endswith("/in"):
        raise LookupError(f"the ballot was not taken ({answer.status_code} at {answer.url.path})")


def _choices(goals: Sequence[str], side: Electorate, chance: random.Random) -> list[str]:
    """Tastes come in clusters: neighbours agree on much and not on everything. Officers approve what they could do."""
    cluster = chance.randrange(CLUSTERS)
    chosen = []
    for goal in goals:
        liked = random.Random(f"{cluster} {goal}").random() if side is Electorate.RESIDENTS else 0.35
        common = random.Random(f"{side.value} {goal}").random()
        if chance.random() < 0.08 + 0.5 * liked + 0.35 * common:
            chosen.append(goal)
    return chosen
