"""The published ballots as a list to look through, split by the first letters of their trackers where it is long."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from lib.errors import NotFound
from lib.model import Round, SealedBallot
from lib.queries.results import NOT_PUBLISHED
from lib.rules.counting import NONE_OF_THESE
from lib.rules.lifecycle import Electorate, RoundState
from lib.storage.transaction import reading

ON_ONE_PAGE = 1000
"""About as many ballots as a phone shows well on one page."""

LONGEST_START = 2
"""Letters of a tracker that an address may name. It tells the server no more than which of 1,024 pages was read."""


@dataclass(frozen=True)
class PublishedBallot:
    """One ballot as it is published. Without goals and without "none of these" it is blank."""

    tracker: str
    side: Electorate
    goals: tuple[UUID, ...]
    none_of_these: bool


@dataclass(frozen=True)
class BallotPage:
    """The ballots whose tracker begins with `start`, by tracker. Where they are too many for one page `ballots` is
    empty and `pages` says how many there are on each, by their first letters."""

    start: str
    total: int
    pages: Mapping[str, int]
    ballots: tuple[PublishedBallot, ...]


def ballot_page(round_uuid: UUID, start: str = "") -> BallotPage:
    """A page of the list of a published round. Three statements. Raises NotFound (not published, no such page)."""
    with reading() as db:
        row = db.execute(select(Round.id, Round.state).where(Round.uuid == round_uuid)).first()
        if row is None or row.state is not RoundState.PUBLISHED:
            raise NotFound(NOT_PUBLISHED)
        first = func.substr(SealedBallot.tracker, 1, LONGEST_START)
        question = select(first, func.count()).where(SealedBallot.round_id == row.id).group_by(first)
        counts: dict[str, int] = {each[0]: each[1] for each in db.execute(question)}
        total = sum(counts.values())
        length = _letters_of_a_page(counts, total)
        pages: dict[str, int] = {}
        for letters in sorted(counts):
            pages[letters[:length]] = pages.get(letters[:length], 0) + counts[letters]
        if start not in (pages if start else ("",)):
            raise NotFound("There is no such page in the list of ballots.")
        if length and not start:
            return BallotPage(start, total, pages, ())
        on_page = select(SealedBallot.tracker, SealedBallot.side, SealedBallot.choices).where(
            SealedBallot.round_id == row.id, SealedBallot.tracker.startswith(start)
        )
        ballots = sorted((each.tracker, each.side, each.choices) for each in db.execute(on_page))
    return BallotPage(start, total, pages if length else {}, tuple(_ballot(*ballot) for ballot in ballots))


def _letters_of_a_page(counts: Mapping[str, int], total: int) -> int:
    """How many letters part the list: none if it fits on a page, else as few as make pages that fit."""
    if total <= ON_ONE_PAGE:
        return 0
    for length in range(1, LONGEST_START):
        by_start: dict[str, int] = {}
        for letters, number in counts.items():
            by_start[letters[:length]] = by_start.get(letters[:length], 0) + number
        if max(by_start.values()) <= ON_ONE_PAGE:
            return length
    return LONGEST_START


def _ballot(tracker: str, side: Electorate, choices: str) -> PublishedBallot:
    words = json.loads(choices)
    is_none = words == [NONE_OF_THESE]
    return PublishedBallot(tracker, side, () if is_none else tuple(UUID(word) for word in words), is_none)
