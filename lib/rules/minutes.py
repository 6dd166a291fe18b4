"""A meeting's minutes: the words of their lines, the hash of their text, and whose approval is missing."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from lib.rules.lifecycle import Role, Side
from lib.rules.months import day_in_words


class MinuteKind(StrEnum):
    """What a line of the minutes is. A decision is written by publishing a round, never by hand."""

    NOTE = "note"
    DECISION = "decision"
    PROMISE = "promise"


SECTIONS: tuple[tuple[MinuteKind, str], ...] = (
    (MinuteKind.DECISION, "Decided"),
    (MinuteKind.PROMISE, "Promised"),
    (MinuteKind.NOTE, "Noted"),
)
"""The minutes as they are read: each kind with its heading."""


@dataclass(frozen=True)
class Approver:
    """Somebody who approves, as the rule sees them."""

    person_id: int
    side: Side
    roles: frozenset[Role]

    @property
    def facilitates(self) -> Side | None:
        """The side whose facilitator this is."""
        is_of_a_side = self.side in _SIDES and Role.FACILITATOR in self.roles
        return self.side if is_of_a_side else None


_SIDES = (Side.RESIDENTS, Side.OFFICERS)
_CONVENERS = frozenset({Role.FACILITATOR, Role.COORDINATOR})

OF_EACH_SIDE = "A facilitator of each side approves the minutes."


def minutes_hash(lines: Iterable[tuple[MinuteKind, str]]) -> str:
    """SHA-256 over the lines that stand, in their order, as canonical JSON: an approval is of exactly this text.

    >>> minutes_hash([(MinuteKind.NOTE, "We met.")])[:12]
    'cef14ba61a1a'
    """
    text = json.dumps([[kind.value, words] for kind, words in lines], ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def in_sections(lines: Iterable[tuple[MinuteKind, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The lines under their headings, in the order in which minutes are read; a kind without a line has none.

    >>> in_sections([(MinuteKind.NOTE, "We met."), (MinuteKind.DECISION, "Lamps first.")])
    (('Decided', ('Lamps first.',)), ('Noted', ('We met.',)))
    """
    given = list(lines)
    sections = ((heading, tuple(text for each, text in given if each is kind)) for kind, heading in SECTIONS)
    return tuple((heading, texts) for heading, texts in sections if texts)


def may_approve(approver: Approver, facilitated: Collection[Side]) -> bool:
    """Whether this person's approval counts. `facilitated`: the sides that have a facilitator.

    Where both have one, a facilitator of each side approves; else any two facilitators or coordinators do.
    """
    if _each_side_has_one(facilitated):
        return approver.facilitates is not None
    return bool(approver.roles & _CONVENERS)


def missing_approval(approvers: Collection[Approver], facilitated: Collection[Side]) -> str:
    """Whose approval is still missing, as a sentence; "" where the minutes are approved.

    >>> rosa = Approver(1, Side.RESIDENTS, frozenset({Role.FACILITATOR}))
    >>> missing_approval([rosa], [Side.RESIDENTS, Side.OFFICERS])
    'A facilitator of the officers’ side has not approved yet.'
    >>> missing_approval([rosa], [Side.RESIDENTS])
    'A second person has not approved yet.'
    """
    counting = {approver.person_id: approver for approver in approvers if may_approve(approver, facilitated)}
    if _each_side_has_one(facilitated):
        given = {approver.facilitates for approver in counting.values()}
        missing = [f"the {side.value}’ side" for side in _SIDES if side not in given]
        have = "has" if len(missing) == 1 else "have"
        return f"A facilitator of {' and one of '.join(missing)} {have} not approved yet." if missing else ""
    return {0: "Nobody has approved yet; it takes two people.", 1: "A second person has not approved yet."}.get(
        len(counting), ""
    )


DIFFERS = "This text differs from what was approved"


def approval_words(sides: Collection[Side], on: date | None, *, differs: bool) -> str:
    """Who approved the minutes, by side, and when; where the text is another one than they approved, that it is.

    >>> approval_words([Side.OFFICERS, Side.RESIDENTS], date(2026, 3, 5), differs=False)
    'Approved by both sides on 5 March 2026'
    >>> approval_words([Side.RESIDENTS], None, differs=False)
    'Approved by two people'
    """
    if differs:
        return DIFFERS
    by = "both sides" if _each_side_has_one(sides) else "two people"
    return f"Approved by {by}" + (f" on {day_in_words(on)}" if on is not None else "")


def _each_side_has_one(facilitated: Collection[Side]) -> bool:
    return set(_SIDES) <= set(facilitated)
