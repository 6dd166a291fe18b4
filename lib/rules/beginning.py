"""What an adopted goal still needs before it can begin, and whose turn it is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lib.rules.states import CommitmentState, Party
from lib.rules.text import listed

PROMISED = frozenset({CommitmentState.ACCEPTED, CommitmentState.KEPT})
"""States of a commitment on which a goal can begin. One under way goes on after a broken one; none begins on it."""


@dataclass(frozen=True)
class Missing:
    """One thing that is missing, and who does something about it."""

    what: str
    by: str


def missing_to_begin(
    *, has_measure: bool, promised: Mapping[Party, Collection[CommitmentState]], beats: Sequence[str]
) -> tuple[Missing, ...]:
    """What is missing, in the order in which it is said; empty for a goal that can begin. `promised`: the states of
    each side's commitments; `beats`: codes of the goal's beats.

    >>> [each.what for each in missing_to_begin(has_measure=False, promised={}, beats=["K2"])]
    ['a measure', 'an accepted commitment of the residents', 'an accepted commitment of the officers']
    >>> missing_to_begin(
    ...     has_measure=True,
    ...     promised={Party.RESIDENTS: [CommitmentState.KEPT], Party.OFFICERS: [CommitmentState.OFFERED]},
    ...     beats=["K2"],
    ... )
    (Missing(what='an accepted commitment of the officers', by='An officer of beat K2 takes on one that was offered.'),)
    """
    officer = f"n officer of beat {listed(list(beats), last='or')}" if beats else "n officer"
    found = [] if has_measure else [Missing("a measure", f"A facilitator or a{officer} says what it is judged by.")]
    for party, who in ((Party.RESIDENTS, "A facilitator of the residents’ side"), (Party.OFFICERS, f"A{officer}")):
        states = promised.get(party, ())
        if PROMISED & set(states):
            continue
        is_offered = bool({CommitmentState.OFFERED, CommitmentState.UNACCEPTED} & set(states))
        does = "takes on one that was offered." if is_offered else "offers one and takes it on."
        found.append(Missing(f"an accepted commitment of the {party.value}", f"{who} {does}"))
    return tuple(found)
