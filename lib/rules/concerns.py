"""The words of concerns that every door says alike: how often, what a status means, which concerns a list shows."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from lib.rules.lifecycle import CLOSED_CONCERN, OPEN_CONCERN
from lib.rules.states import ConcernStatus

CONTACT_LENGTH = 200


class Frequency(StrEnum):
    """How often a concern happens, as its reporter says."""

    ONCE = "once"
    NOW_AND_THEN = "now and then"
    WEEKLY = "every week"
    MOST_DAYS = "most days"
    DAILY = "every day"


STATUS_SENTENCES: Mapping[ConcernStatus, str] = {
    ConcernStatus.NEW: "It waits for a first answer.",
    ConcernStatus.ACKNOWLEDGED: "The officers of the beat have read it.",
    ConcernStatus.INVESTIGATING: "The officers are looking into it.",
    ConcernStatus.PLANNED: "Something is planned.",
    ConcernStatus.IN_PROGRESS: "Work on it has begun.",
    ConcernStatus.SOLVED: "The officers say that it is solved.",
    ConcernStatus.NO_FURTHER_ACTION: "Nothing more will be done about it.",
    ConcernStatus.DUPLICATE: "It is about the same thing as another concern and goes on there.",
    ConcernStatus.REFERRED: "It was passed on to somebody who can help better.",
}
"""What a status means for whoever raised the concern."""

STATUS_CHOICES: Mapping[str, frozenset[ConcernStatus]] = {
    "open": OPEN_CONCERN,
    "closed": CLOSED_CONCERN,
    "all": frozenset(ConcernStatus),
    **{status.value: frozenset({status}) for status in ConcernStatus},
}
"""What a list can be narrowed to: the groups first, then each status."""

PERIODS: Mapping[str, int | None] = {"30": 30, "90": 90, "365": 365, "all": None}
"""Days that a list can look back, by their name in an address; None for everything."""


def frequency_words(frequency: str) -> str:
    """How often, as a label; "" where nothing was said.

    >>> frequency_words("every week"), frequency_words("once"), frequency_words("")
    ('Every week', 'It happened once', '')
    """
    return "It happened once" if frequency == Frequency.ONCE else frequency[:1].upper() + frequency[1:]


def status_words(choice: str) -> str:
    """A choice of `STATUS_CHOICES` as a label.

    >>> status_words("open"), status_words("all"), status_words("no_further_action")
    ('Open', 'Open and closed', 'No further action')
    """
    return "Open and closed" if choice == "all" else choice.replace("_", " ").capitalize()


def first_day(period: str, today: date) -> date | None:
    """The first day that a period of `PERIODS` looks back to, today included; None for everything.

    >>> first_day("30", date(2026, 5, 31)), first_day("all", date(2026, 5, 31))
    (datetime.date(2026, 5, 2), None)
    """
    days = PERIODS[period]
    return None if days is None else today - timedelta(days=days - 1)


def leading(counts: Mapping[str, int]) -> tuple[str, ...]:
    """The one or two keys that hold more than half of all, the larger first; empty where it takes more, or where the
    second is as large as the third.

    >>> leading({"lighting": 8, "roads": 6, "youth": 4, "noise": 1}), leading({"lighting": 9, "noise": 1})
    (('lighting', 'roads'), ('lighting',))
    >>> leading({"lighting": 4, "roads": 4, "noise": 4}), leading({})
    ((), ())
    """
    total = sum(counts.values())
    ranked = sorted((key for key in counts if counts[key]), key=lambda key: -counts[key])
    for taken in (1, 2):
        held = sum(counts[key] for key in ranked[:taken])
        is_tied = len(ranked) > taken and counts[ranked[taken]] == counts[ranked[taken - 1]]
        if 2 * held > total and not is_tied:
            return tuple(ranked[:taken])
    return ()
