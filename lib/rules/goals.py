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


class AreaUse(StrEnum):
    """What a beat beside the goal's own is for: to be compared with, or to see whether trouble only moved there."""

    COMPARISON = "comparison"
    NEIGHBOUR = "neighbour"


class Stance(StrEnum):
    """Which way an argument about a goal speaks."""

    FOR = "for"
    AGAINST = "against"


class EvidenceKind(StrEnum):
    """What shows that something was done for a commitment."""

    TEXT = "text"
    LINK = "link"
    PHOTO = "photo"


class ResidentsWord(StrEnum):
    """What residents say has become of the matter: the question that closes a goal."""

    SOLVED = "solved"
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


class Direction(StrEnum):
    """Which way is better."""

    DOWN = "down"
    UP = "up"
