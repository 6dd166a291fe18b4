"""The next agenda, drafted from what is open, with time boxes that add up to the length of the meeting."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from lib.errors import Invalid
from lib.rules.text import TITLE_LENGTH, largest_remainder, listed

SHORTEST_MEETING = 20
SHORTEST_ITEM = 3
"""Minutes. An item that would get less is left for the next meeting."""


SOURCE_LENGTH = 80
"""Characters of what a step was drafted from."""


class Topic(StrEnum):
    """What an agenda item is about, in the order of the evening."""

    WELCOME = "welcome"
    SINCE = "since"
    OVERDUE = "overdue"
    REOPENED = "reopened"
    VERDICT = "verdict"
    CONTESTED = "contested"
    CONCERN = "concern"
    OPEN_FLOOR = "open_floor"
    VOTE = "vote"
    CLOSE = "close"


@dataclass(frozen=True)
class Matter:
    """Something to speak about: a short title, and what it is ("goal:UUID", "commitment:7", "concern:UUID",
    "round:3"), empty where it is nothing of ours."""

    title: str
    source: str = ""


@dataclass(frozen=True)
class OpenMatters:
    """What the meeting could speak about, the most pressing first. `since`: the meeting before ("meeting:UUID"), empty
    where this is the first."""

    since: str = ""
    overdue: Sequence[Matter] = ()
    reopened: Sequence[Matter] = ()
    verdicts: Sequence[Matter] = ()
    contested: Sequence[Matter] = ()
    concerns: Sequence[Matter] = ()
    votes: Sequence[Matter] = ()

    def without(self, sources: Collection[str]) -> "OpenMatters":
        """The matters that are not on the agenda already."""
        return OpenMatters(
            since="" if self.since in sources else self.since,
            **{
                name: tuple(
                    matter for matter in getattr(self, name) if not matter.source or matter.source not in sources
                )
                for name in ("overdue", "reopened", "verdicts", "contested", "concerns", "votes")
            },
        )


@dataclass(frozen=True)
class DraftItem:
    """One item with its time box."""

    topic: Topic
    title: str
    minutes: int
    source: str = ""


SINCE_TITLE = "Since last time: you said, we agreed, we did, we didn’t"

_WISHED = {
    Topic.WELCOME: 5,
    Topic.SINCE: 8,
    Topic.OVERDUE: 10,
    Topic.REOPENED: 10,
    Topic.VERDICT: 8,
    Topic.CONTESTED: 10,
    Topic.CONCERN: 8,
    Topic.VOTE: 15,
    Topic.CLOSE: 5,
}
"""Minutes that an item takes where there is time. They are shortened together; an open floor takes what is left."""

_SHORTEST_OPEN_FLOOR = 5
_NAMED = 2

_LEFT_OUT_FIRST = (
    Topic.CONCERN,
    Topic.VERDICT,
    Topic.CONTESTED,
    Topic.REOPENED,
    Topic.VOTE,
    Topic.OVERDUE,
    Topic.SINCE,
)


def drafted_agenda(matters: OpenMatters, minutes: int) -> tuple[DraftItem, ...]:
    """An agenda of exactly so many minutes, in the order of `Topic`.

    Overdue commitments share one item. Time that no item wishes for is an open floor. Where an item would get less than
    half of what it wishes for, concerns are left out first, and the last of a list before its first. Raises Invalid
    under 20 minutes.

    >>> lamps = OpenMatters(overdue=[Matter("lamps on Yesler Way", "commitment:7")])
    >>> [(item.title, item.minutes) for item in drafted_agenda(lamps, 20)]
    [('Welcome', 5), ('Overdue: lamps on Yesler Way', 10), ('What we promised today, and when we meet next', 5)]
    """
    if minutes < SHORTEST_MEETING:
        raise Invalid(f"A meeting needs at least {SHORTEST_MEETING} minutes.", field="minutes")
    before_votes = [
        _Step(Topic.WELCOME, "Welcome"),
        *([_Step(Topic.SINCE, SINCE_TITLE, matters.since)] if matters.since else []),
        *([_overdue(matters.overdue)] if matters.overdue else []),
        *(_Step(Topic.REOPENED, f"Reopened: {goal.title}", goal.source) for goal in matters.reopened),
        *(_Step(Topic.VERDICT, f"Did it help? {goal.title}", goal.source) for goal in matters.verdicts),
        *(_Step(Topic.CONTESTED, f"Contested: {goal.title}", goal.source) for goal in matters.contested),
        *(_Step(Topic.CONCERN, f"New concern: {concern.title}", concern.source) for concern in matters.concerns),
    ]
    from_votes = [
        *(_Step(Topic.VOTE, f"Vote: {vote.title}", vote.source) for vote in matters.votes),
        _Step(Topic.CLOSE, "What we promised today, and when we meet next"),
    ]
    wished = sum(_WISHED[step.topic] for step in [*before_votes, *from_votes])
    if wished + _SHORTEST_OPEN_FLOOR <= minutes:
        timed = [(step, _WISHED[step.topic]) for step in before_votes]
        timed.append((_Step(Topic.OPEN_FLOOR, "Open floor: what else is on your mind?"), minutes - wished))
        timed += [(step, _WISHED[step.topic]) for step in from_votes]
    else:
        timed = _fitted([*before_votes, *from_votes], minutes)
    return tuple(DraftItem(step.topic, _cut(step.title), box, step.source) for step, box in timed)


@dataclass(frozen=True)
class KeptItem:
    """A step that drafting again leaves as it is: somebody typed it, or it has begun. `order`: the step's id."""

    order: int
    minutes: int
    source: str = ""
    is_vote: bool = False
    has_begun: bool = False


def redrafted(matters: OpenMatters, kept: Sequence[KeptItem], minutes: int) -> tuple[DraftItem | KeptItem, ...]:
    """The agenda drafted round the steps that stay, in the minutes that they leave.

    What has begun comes first. Typed steps keep their order: they come after what is open from before and ahead of the
    open floor, typed votes with the votes. Nothing that a kept step is about is drafted once more; once the meeting has
    begun there is no second welcome. Raises Invalid where fewer than 20 minutes are left.

    >>> [item.title if isinstance(item, DraftItem) else "(typed)"
    ...  for item in redrafted(OpenMatters(), [KeptItem(1, 30)], 90)]
    ['Welcome', '(typed)', 'Open floor: what else is on your mind?', 'What we promised today, and when we meet next']
    """
    taken = sum(item.minutes for item in kept)
    if minutes - taken < SHORTEST_MEETING:
        raise Invalid(
            f"The steps that stay take {taken} of {minutes} minutes. At least {SHORTEST_MEETING} must be left to draft "
            "an agenda: shorten a step or take one off.",
            field="minutes",
        )
    begun = [item for item in kept if item.has_begun]
    waiting = [item for item in kept if not item.has_begun]
    named = [referred(item.source) for item in kept]
    about = {f"{kind}:{name}" for kind, names in named for name in names}
    drafted = drafted_agenda(matters.without(about), minutes - taken)
    order = list(Topic)
    floor, votes = order.index(Topic.OPEN_FLOOR), order.index(Topic.VOTE)
    first = [item for item in drafted if order.index(item.topic) < floor]
    middle = [item for item in drafted if floor <= order.index(item.topic) <= votes]
    last = [item for item in drafted if order.index(item.topic) > votes]
    if begun and first and first[0].topic is Topic.WELCOME:
        spare, first = first[0].minutes, first[1:]
        last[-1] = replace(last[-1], minutes=last[-1].minutes + spare)
    return (
        *begun,
        *first,
        *(item for item in waiting if not item.is_vote),
        *middle,
        *(item for item in waiting if item.is_vote),
        *last,
    )


def referred(source: str) -> tuple[str, tuple[str, ...]]:
    """What a step is about: the kind, and the names of what is meant.

    >>> referred("commitment:7,12"), referred("")
    (('commitment', ('7', '12')), ('', ()))
    """
    kind, _, names = source.partition(":")
    return (kind, tuple(names.split(","))) if names else ("", ())


@dataclass(frozen=True)
class _Step:
    topic: Topic
    title: str
    source: str = ""


def _overdue(matters: Sequence[Matter]) -> _Step:
    """One step for all that is overdue: it names the first two, and refers to as many as its reference can hold."""
    names = [name for matter in matters for name in referred(matter.source)[1]]
    while len(source := f"commitment:{','.join(names)}") > SOURCE_LENGTH:
        names.pop()
    titles = [matter.title for matter in matters]
    named = titles if len(titles) <= _NAMED else [*titles[:_NAMED], f"{len(titles) - _NAMED} more"]
    title = f"Overdue: {listed(named)}"
    return _Step(Topic.OVERDUE, title, source if names else "")


def _fitted(items: list[_Step], minutes: int) -> list[tuple[_Step, int]]:
    """The items that find room: each gets what it needs, the rest is shared in proportion to what each wishes for."""
    while sum(_needed(item.topic) for item in items) > minutes:
        present = {item.topic for item in items}
        least = next(topic for topic in _LEFT_OUT_FIRST if topic in present)
        del items[max(position for position, item in enumerate(items) if item.topic == least)]
    beyond = {position: Fraction(_WISHED[item.topic] - _needed(item.topic)) for position, item in enumerate(items)}
    rest = largest_remainder(beyond, minutes - sum(_needed(item.topic) for item in items))
    return [(item, _needed(item.topic) + rest[position]) for position, item in enumerate(items)]


def _needed(topic: Topic) -> int:
    return max(SHORTEST_ITEM, _WISHED[topic] // 2)


def _cut(title: str) -> str:
    return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1].rstrip()}…"
