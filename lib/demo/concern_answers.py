"""How the officers of the demonstration answer a concern, step by step, through the whole table of statuses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from lib.demo.answer_texts import DUPLICATE, GENERAL, NO_FURTHER_ACTION, REFERRED, REOPENED, SOLVED
from lib.rules.lifecycle import ConcernStatus, is_open_concern

MEDIAN_DAYS = 6.0
"""Half of the first answers come within so many days."""

_S = ConcernStatus
_PATHS: tuple[tuple[float, tuple[ConcernStatus, ...]], ...] = (
    (0.05, ()),
    (0.08, (_S.ACKNOWLEDGED,)),
    (0.06, (_S.ACKNOWLEDGED, _S.INVESTIGATING)),
    (0.07, (_S.ACKNOWLEDGED, _S.INVESTIGATING, _S.PLANNED)),
    (0.07, (_S.ACKNOWLEDGED, _S.PLANNED, _S.IN_PROGRESS)),
    (0.17, (_S.ACKNOWLEDGED, _S.INVESTIGATING, _S.IN_PROGRESS, _S.SOLVED)),
    (0.12, (_S.ACKNOWLEDGED, _S.PLANNED, _S.IN_PROGRESS, _S.SOLVED)),
    (0.11, (_S.INVESTIGATING, _S.SOLVED)),
    (0.06, (_S.ACKNOWLEDGED, _S.INVESTIGATING, _S.NO_FURTHER_ACTION)),
    (0.03, (_S.NO_FURTHER_ACTION,)),
    (0.08, (_S.REFERRED,)),
    (0.06, (_S.ACKNOWLEDGED, _S.REFERRED)),
    (0.04, (_S.INVESTIGATING, _S.SOLVED, _S.INVESTIGATING)),
)
"""Shares of the ways a concern goes; recent ones have not come to the end of theirs."""

_DUPLICATE_SHARE = 0.3
"""Of the concerns that repeat an earlier one of the same cell and category."""


@dataclass(frozen=True)
class DemoAnswer:
    """`officer` is the e-mail address of an officer of the concern's beat."""

    officer: str
    status: ConcernStatus
    text: str
    answered_at: datetime


@dataclass(frozen=True)
class Story:
    """What became of a concern so far; the answers in the order of time."""

    answers: tuple[DemoAnswer, ...] = ()

    @property
    def status(self) -> ConcernStatus:
        return self.answers[-1].status if self.answers else ConcernStatus.NEW

    @property
    def answered_at(self) -> datetime | None:
        """The first answer."""
        return self.answers[0].answered_at if self.answers else None

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed, None while it is open."""
        return None if is_open_concern(self.status) else self.answers[-1].answered_at


def invent_story(
    rng: np.random.Generator,
    *,
    category: str,
    reported_at: datetime,
    until: datetime,
    officers: Sequence[str],
    may_be_duplicate: bool,
) -> Story:
    """The answers that a concern has had before `until`; one officer usually stays with it."""
    shares = np.array([share for share, _ in _PATHS])
    path = _PATHS[int(rng.choice(len(_PATHS), p=shares / shares.sum()))][1]
    if may_be_duplicate and rng.random() < _DUPLICATE_SHARE:
        path = (ConcernStatus.DUPLICATE,)
    at = reported_at
    officer = str(rng.choice(officers))
    answers: list[DemoAnswer] = []
    for step, status in enumerate(path):
        at += timedelta(days=_wait(rng, is_first=step == 0))
        if at >= until:
            break
        if rng.random() < 0.2:
            officer = str(rng.choice(officers))
        reopened = status is ConcernStatus.INVESTIGATING and step > 1
        answers.append(DemoAnswer(officer, status, _said(rng, status, category, reopened), at))
    return Story(tuple(answers))


def _wait(rng: np.random.Generator, *, is_first: bool) -> float:
    """Days until the next step: lognormal, with a long tail."""
    median, spread = (MEDIAN_DAYS, 0.8) if is_first else (13.0, 0.7)
    return max(float(median * np.exp(rng.normal(0, spread))), 0.05)


def _said(rng: np.random.Generator, status: ConcernStatus, category: str, reopened: bool) -> str:
    if reopened:
        choice: tuple[str, ...] = REOPENED
    elif status is ConcernStatus.DUPLICATE:
        choice = DUPLICATE
    elif status is ConcernStatus.SOLVED:
        choice = SOLVED[category]
    elif status is ConcernStatus.NO_FURTHER_ACTION:
        choice = NO_FURTHER_ACTION[category]
    elif status is ConcernStatus.REFERRED:
        choice = REFERRED[category]
    else:
        choice = GENERAL[status]
    return choice[int(rng.integers(0, len(choice)))]
