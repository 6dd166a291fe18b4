"""The next agenda, drafted from what is open, with time boxes that add up to the length of the meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from lib.errors import Invalid
from lib.rules.text import TITLE_LENGTH, largest_remainder, listed

SHORTEST_MEETING = 20
SHORTEST_ITEM = 3
"""Minutes. An item that would get less is left for the next meeting."""


class Topic(StrEnum):
    """What an agenda item is about, in the order of the evening."""

    WELCOME = "welcome"
    OVERDUE = "overdue"
    VERDICT = "verdict"
    CONTESTED = "contested"
    CONCERN = "concern"
    OPEN_FLOOR = "open_floor"
    VOTE = "vote"
    CLOSE = "close"


@dataclass(frozen=True)
class OpenMatters:
    """What the meeting could speak about, each as a short title, the most pressing first."""

    overdue: Sequence[str] = ()
    verdicts: Sequence[str] = ()
    contested: Sequence[str] = ()
    concerns: Sequence[str] = ()
    votes: Sequence[str] = ()


@dataclass(frozen=True)
class DraftItem:
    """One item with its time box."""

    topic: Topic
    title: str
    minutes: int


_WISHED = {
    Topic.WELCOME: 5,
    Topic.OVERDUE: 10,
    Topic.VERDICT: 8,
    Topic.CONTESTED: 10,
    Topic.CONCERN: 8,
    Topic.VOTE: 15,
    Topic.CLOSE: 5,
}
"""Minutes that an item takes where there is time. They are shortened together; an open floor takes what is left."""

_SHORTEST_OPEN_FLOOR = 5

_LEFT_OUT_FIRST = (Topic.CONCERN, Topic.VERDICT, Topic.CONTESTED, Topic.VOTE, Topic.OVERDUE)


def drafted_agenda(matters: OpenMatters, minutes: int) -> tuple[DraftItem, ...]:
    """An agenda of exactly so many minutes, in the order of `Topic`.

    Overdue commitments share one item. Time that no item wishes for is an open floor. Where an item would get less than
    half of what it wishes for, concerns are left out first, and the last of a list before its first. Raises Invalid
    under 20 minutes.

    >>> [(item.title, item.minutes) for item in drafted_agenda(OpenMatters(overdue=["lamps on Yesler Way"]), 20)]
    [('Welcome', 5), ('Overdue: lamps on Yesler Way', 10), ('What we promised today, and when we meet next', 5)]
    """
    if minutes < SHORTEST_MEETING:
        raise Invalid(f"A meeting needs at least {SHORTEST_MEETING} minutes.", field="minutes")
    before_votes = [
        (Topic.WELCOME, "Welcome"),
        *([(Topic.OVERDUE, f"Overdue: {listed(matters.overdue)}")] if matters.overdue else []),
        *((Topic.VERDICT, f"Did it help? {goal}") for goal in matters.verdicts),
        *((Topic.CONTESTED, f"Contested: {goal}") for goal in matters.contested),
        *((Topic.CONCERN, f"New concern: {concern}") for concern in matters.concerns),
    ]
    from_votes = [
        *((Topic.VOTE, f"Vote: {question}") for question in matters.votes),
        (Topic.CLOSE, "What we promised today, and when we meet next"),
    ]
    wished = sum(_WISHED[topic] for topic, _ in [*before_votes, *from_votes])
    if wished + _SHORTEST_OPEN_FLOOR <= minutes:
        timed = [(topic, title, _WISHED[topic]) for topic, title in before_votes]
        timed.append((Topic.OPEN_FLOOR, "Open floor: what else is on your mind?", minutes - wished))
        timed += [(topic, title, _WISHED[topic]) for topic, title in from_votes]
    else:
        timed = _fitted([*before_votes, *from_votes], minutes)
    return tuple(DraftItem(topic, _cut(title), box) for topic, title, box in timed)


def _fitted(items: list[tuple[Topic, str]], minutes: int) -> list[tuple[Topic, str, int]]:
    """The items that find room: each gets what it needs, the rest is shared in proportion to what each wishes for."""
    while sum(_needed(topic) for topic, _ in items) > minutes:
        present = {topic for topic, _ in items}
        least = next(topic for topic in _LEFT_OUT_FIRST if topic in present)
        del items[max(position for position, (topic, _) in enumerate(items) if topic == least)]
    beyond = {position: Fraction(_WISHED[topic] - _needed(topic)) for position, (topic, _) in enumerate(items)}
    rest = largest_remainder(beyond, minutes - sum(_needed(topic) for topic, _ in items))
    return [(topic, title, _needed(topic) + rest[position]) for position, (topic, title) in enumerate(items)]


def _needed(topic: Topic) -> int:
    return max(SHORTEST_ITEM, _WISHED[topic] // 2)


def _cut(title: str) -> str:
    return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1].rstrip()}…"
