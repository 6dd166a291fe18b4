"""The words of a meeting's minutes."""

from enum import StrEnum


class MinuteKind(StrEnum):
    """What a line of the minutes is. A decision is written by publishing a round, never by hand."""

    NOTE = "note"
    DECISION = "decision"
    PROMISE = "promise"
