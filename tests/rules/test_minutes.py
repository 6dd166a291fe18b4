"""Whose approval counts, and which text was approved."""

import pytest

from lib.rules.lifecycle import Role, Side
from lib.rules.minutes import Approver, MinuteKind, may_approve, minutes_hash, missing_approval

NOTE, PROMISE = MinuteKind.NOTE, MinuteKind.PROMISE
BOTH = (Side.RESIDENTS, Side.OFFICERS)


def approver(number: int, side: Side, *roles: Role) -> Approver:
    return Approver(number, side, frozenset(roles))


ROSA = approver(1, Side.RESIDENTS, Role.FACILITATOR)
NOOR = approver(2, Side.OFFICERS, Role.FACILITATOR)
TOM = approver(3, Side.RESIDENTS, Role.FACILITATOR)
INES = approver(4, Side.NEITHER, Role.COORDINATOR)
MAYA = approver(5, Side.OFFICERS, Role.OFFICER)


@pytest.mark.parametrize(
    ("approvers", "facilitated", "missing"),
    [
        ([], BOTH, "A facilitator of the residents’ side and one of the officers’ side have not approved yet."),
        ([ROSA], BOTH, "A facilitator of the officers’ side has not approved yet."),
        ([NOOR, MAYA, INES], BOTH, "A facilitator of the residents’ side has not approved yet."),
        ([ROSA, TOM], BOTH, "A facilitator of the officers’ side has not approved yet."),
        ([ROSA, NOOR], BOTH, ""),
        ([], [Side.RESIDENTS], "Nobody has approved yet; it takes two people."),
        ([ROSA], [Side.RESIDENTS], "A second person has not approved yet."),
        ([ROSA, ROSA], [Side.RESIDENTS], "A second person has not approved yet."),
        ([ROSA, MAYA], [Side.RESIDENTS], "A second person has not approved yet."),
        ([ROSA, TOM], [Side.RESIDENTS], ""),
        ([ROSA, INES], [], ""),
    ],
)
def test_minutes_need_a_facilitator_of_each_side_or_two_people(
    approvers: list[Approver], facilitated: list[Side], missing: str
) -> None:
    assert missing_approval(approvers, facilitated) == missing


def test_where_each_side_has_a_facilitator_nobody_else_approves() -> None:
    everybody = (ROSA, NOOR, TOM, INES, MAYA)
    assert [may_approve(one, BOTH) for one in everybody] == [True, True, True, False, False]
    assert [may_approve(one, [Side.OFFICERS]) for one in everybody] == [True, True, True, True, False]


def test_every_change_of_the_text_changes_its_hash() -> None:
    text = [(NOTE, "We met."), (PROMISE, "Lamps by May.")]
    others = [
        text[:1],
        text[::-1],
        [(NOTE, "We met."), (NOTE, "Lamps by May.")],
        [(NOTE, "We met.Lamps"), (PROMISE, " by May.")],
        [],
    ]
    assert len({minutes_hash(lines) for lines in (text, *others)}) == 6
    assert minutes_hash(text) == minutes_hash(list(text))
