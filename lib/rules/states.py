"""Sides, roles and states: the words that the database, the rules and the pages share.

The values of the members are stored. Which moves between states exist stands in `lib/rules/lifecycle.py`.
"""

from enum import StrEnum


class Electorate(StrEnum):
    """The two sides of a round. Each is counted by itself; they are never added up."""

    RESIDENTS = "residents"
    OFFICERS = "officers"


class Side(StrEnum):
    """Where a person who signs in stands. Coordinators and auditors usually stand on neither side."""

    RESIDENTS = "residents"
    OFFICERS = "officers"
    NEITHER = "neither"


class Party(StrEnum):
    """Who makes a commitment."""

    RESIDENTS = "residents"
    OFFICERS = "officers"
    PARTNER = "partner"


class Role(StrEnum):
    """What a person who signs in does. A person may hold several."""

    OFFICER = "officer"
    FACILITATOR = "facilitator"
    COORDINATOR = "coordinator"
    AUDITOR = "auditor"


class GoalState(StrEnum):
    """A goal's life. That it is contested or was reopened is an event, not a state."""

    PROPOSED = "proposed"
    CANDIDATE = "candidate"
    ADOPTED = "adopted"
    ACTIVE = "active"
    ACHIEVED = "achieved"
    NOT_ACHIEVED = "not_achieved"
    WITHDRAWN = "withdrawn"


class CommitmentState(StrEnum):
    """A commitment's life. Overdue is computed (`is_overdue`); unaccepted is what a handover leaves behind."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    UNACCEPTED = "unaccepted"
    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"


class ConcernStatus(StrEnum):
    """What became of a concern. Closed is not the same as solved."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    INVESTIGATING = "investigating"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    SOLVED = "solved"
    NO_FURTHER_ACTION = "no_further_action"
    DUPLICATE = "duplicate"
    REFERRED = "referred"


class RoundState(StrEnum):
    """A round's life. In `paper` the slips of paper are typed in and both sides are reconciled."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    PAPER = "paper"
    SEALED = "sealed"
    PUBLISHED = "published"


class MeetingState(StrEnum):
    """A meeting's life, ending with approved minutes."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    MINUTED = "minuted"


def words(state: StrEnum) -> str:
    """A state as people say it.

    >>> words(ConcernStatus.NO_FURTHER_ACTION)
    'no further action'
    """
    return state.value.replace("_", " ")
