"""The record of each party: what was due, and what became of it."""

from datetime import date

import pytest

from lib.rules.commitments import Promise, PromiseRecord, promise_records
from lib.rules.lifecycle import CommitmentState, Party

TODAY = date(2026, 5, 4)
PAST, FUTURE = date(2026, 4, 1), date(2026, 6, 1)


def test_the_record_of_each_party_counts_only_what_was_accepted() -> None:
    promises = [
        Promise(Party.OFFICERS, CommitmentState.KEPT, PAST),
        Promise(Party.OFFICERS, CommitmentState.KEPT, FUTURE),
        Promise(Party.OFFICERS, CommitmentState.BROKEN, PAST),
        Promise(Party.OFFICERS, CommitmentState.ACCEPTED, PAST),
        Promise(Party.OFFICERS, CommitmentState.UNACCEPTED, PAST),
        Promise(Party.OFFICERS, CommitmentState.ACCEPTED, FUTURE),
        Promise(Party.OFFICERS, CommitmentState.OFFERED, PAST),
        Promise(Party.OFFICERS, CommitmentState.RELEASED, PAST),
        Promise(Party.RESIDENTS, CommitmentState.ACCEPTED, FUTURE),
    ]
    assert promise_records(promises, TODAY) == {
        Party.RESIDENTS: PromiseRecord(promised=1, due=0, kept=0, broken=0, overdue=0),
        Party.OFFICERS: PromiseRecord(promised=6, due=5, kept=2, broken=1, overdue=2),
        Party.PARTNER: PromiseRecord(promised=0, due=0, kept=0, broken=0, overdue=0),
    }


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (PromiseRecord(0, 0, 0, 0, 0), "no commitments yet"),
        (PromiseRecord(1, 0, 0, 0, 0), "none due yet; 1 commitment in all"),
        (PromiseRecord(3, 2, 2, 0, 0), "2 of 2 due kept; 3 commitments in all"),
        (PromiseRecord(6, 5, 2, 1, 2), "2 of 5 due kept, 1 broken, 2 overdue; 6 commitments in all"),
    ],
)
def test_a_record_is_one_sentence(record: PromiseRecord, sentence: str) -> None:
    assert record.sentence == sentence
