"""The words of a vote that are frozen with a round: its rule, its mode, what shows when, and how ballots came in."""

from enum import StrEnum


class RoundRule(StrEnum):
    """How places are given to the goals that both sides carried (`lib/rules/tally.py`)."""

    TWO_KEYS_TURNS = "two_keys_turns"
    LOWER_SHARE = "lower_share"


class RoundMode(StrEnum):
    """How passes reach voters. An open room hands a pass to every device: it ranks and never adopts."""

    MEETING = "meeting"
    OPEN_ROOM = "open_room"


class ResultsShown(StrEnum):
    """When results show, part of the frozen rule. Until then: turnout only, for everybody."""

    AFTER_CLOSING = "after_closing"
    LIVE = "live"


class SideFigures(StrEnum):
    """What is shown of a side: only its keys (sealed), or its figures too (open)."""

    SEALED = "sealed"
    OPEN = "open"


class Channel(StrEnum):
    """How a ballot came in. Dropped at sealing; its totals are kept."""

    PHONE = "phone"
    PAPER = "paper"
    KIOSK = "kiosk"


class PassKind(StrEnum):
    """How the passes of a batch reach voters: printed slips, shown at the door one by one, or one for each device of an
    open room."""

    SLIPS = "slips"
    DOOR = "door"
    OPEN_ROOM = "open_room"


class Display(StrEnum):
    """What the live display shows: the round that was opened last, the lobby, the agenda, or a cover for a moment."""

    VOTE = "vote"
    LOBBY = "lobby"
    AGENDA = "agenda"
    COVERED = "covered"
