"""Kept, due, overdue: what became of the commitments of each party."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lib.rules.lifecycle import CommitmentState, Party, is_overdue
from lib.rules.text import counted


@dataclass(frozen=True)
class Promise:
    """What is needed of a commitment to count it."""

    party: Party
    state: CommitmentState
    due_on: date | None


@dataclass(frozen=True)
class PromiseRecord:
    """The commitments of one party. Offers and released commitments count for nothing.

    `due`: settled, or past their due date. `overdue`: past it and not settled.
    """

    promised: int
    due: int
    kept: int
    broken: int
    overdue: int

    @property
    def sentence(self) -> str:
        """The record as it is read.

        >>> PromiseRecord(promised=4, due=3, kept=2, broken=0, overdue=1).sentence
        '2 of 3 due kept, 1 overdue; 4 commitments in all'
        """
        if self.promised == 0:
            return "no commitments yet"
        in_all = f"{counted(self.promised, 'commitment')} in all"
        if self.due == 0:
            return f"none due yet; {in_all}"
        parts = [f"{self.kept} of {self.due} due kept"]
        parts += [f"{self.broken} broken"] if self.broken else []
        parts += [f"{self.overdue} overdue"] if self.overdue else []
        return f"{', '.join(parts)}; {in_all}"


def promise_records(promises: Iterable[Promise], today: date) -> dict[Party, PromiseRecord]:
    """The record of each party, also of one without commitments."""
    given = list(promises)
    return {party: _record([promise for promise in given if promise.party == party], today) for party in Party}


def _record(promises: list[Promise], today: date) -> PromiseRecord:
    kept = sum(promise.state == CommitmentState.KEPT for promise in promises)
    broken = sum(promise.state == CommitmentState.BROKEN for promise in promises)
    running = [
        promise for promise in promises if promise.state in (CommitmentState.ACCEPTED, CommitmentState.UNACCEPTED)
    ]
    overdue = sum(is_overdue(promise.due_on, promise.state, today) for promise in running)
    return PromiseRecord(
        promised=kept + broken + len(running), due=kept + broken + overdue, kept=kept, broken=broken, overdue=overdue
    )
