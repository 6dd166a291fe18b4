"""The words of a goal: what officers answer before the vote, and what a goal is judged by."""

from enum import StrEnum


class Feasibility(StrEnum):
    """The officers' answer before the vote."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class MeasureKind(StrEnum):
    """Where a measure's readings come from: computed from incidents or concerns, asked in the pulse, or typed in."""

    INCIDENTS = "incidents"
    CONCERNS = "concerns"
    PULSE = "pulse"
    TYPED = "typed"


class Direction(StrEnum):
    """Which way is better."""

    DOWN = "down"
    UP = "up"
