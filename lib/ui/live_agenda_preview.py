"""Rehearsals of the agenda on the live display: steps and findings are invented, title and place may be a meeting's."""

from dataclasses import replace
from datetime import timedelta

from lib.queries.meetings import AgendaRow
from lib.queries.step_matter import MatterLine, StepMatter
from lib.ui.live_preview import Maker, Rehearsal

_STEPS = (
    ("Welcome", 5),
    ("Since last time: you said, we agreed, we did, we didn’t", 8),
    ("Overdue: lamps on the example path and two noise checks", 10),
    ("Did it help? Fewer car break-ins around Example Square", 8),
    ("Contested: foot patrol on Example Avenue every night", 10),
    ("Open floor: what else is on your mind?", 29),
    ("Vote: which goals shall we work on?", 15),
    ("What we promised today, and when we meet next", 5),
)
_VOTE = 7
_LONG = (
    "Did it help? Light the whole path between Example Avenue and the school, so that children walk home without fear "
    "and neighbours dare to go out"
)

_SINCE = StepMatter(
    "",
    (
        MatterLine("Light in every lamp of Example Alley", "Goal achieved, confirmed by residents on 28 May"),
        MatterLine("Repair the eight dark lamps under the ramp", "The lighting desk owes this since 29 October"),
    ),
    (("You said", 60), ("We agreed", 3), ("We did", 5), ("We didn’t", 2)),
)
_GOAL = StepMatter(
    "Fewer than before",
    (
        MatterLine(
            "74 thefts from cars in March to October, 158 in the same months before: fewer, and chance alone would "
            "rarely do that.",
            "Due by 31 March · 1 commitment is overdue",
        ),
    ),
)
_OVERDUE = StepMatter(
    "",
    tuple(
        MatterLine(text, note)
        for text, note in (
            ("Repair the eight dark lamps under the ramp", "The lighting desk · due 29 October"),
            ("Two noise checks on each Saturday in September", "The officers · due 30 September"),
            (
                "Find helpers for the twelve pay stations, two for each, and list who has which evening",
                "The residents · due 12 October",
            ),
            ("A taxi stand in Sample Street", "The officers · due 23 October"),
            ("A sign at each end of the path", "The officers · due 24 October"),
        )
    ),
)


def agenda_before(maker: Maker) -> Rehearsal:
    """Before the first step: the whole agenda with its times."""
    return _shown(maker, 0, None)


def agenda_since(maker: Maker) -> Rehearsal:
    """What happened since last time."""
    return _shown(maker, 2, _SINCE)


def agenda_overdue(maker: Maker) -> Rehearsal:
    """Many overdue commitments, and the time box is over."""
    return _shown(maker, 3, _OVERDUE, passed=timedelta(minutes=12))


def agenda_goal(maker: Maker) -> Rehearsal:
    """How a goal stands."""
    return _shown(maker, 4, _GOAL)


def agenda_last(maker: Maker) -> Rehearsal:
    """The last step, about nothing in particular."""
    return _shown(maker, len(_STEPS), None)


def agenda_long(maker: Maker) -> Rehearsal:
    """A title and a finding of many words."""
    words = replace(_GOAL, lines=(replace(_GOAL.lines[0], text=" ".join([_GOAL.lines[0].text] * 3)),))
    return _shown(maker, 4, words, title=_LONG)


def _shown(
    maker: Maker,
    present: int,
    matter: StepMatter | None,
    *,
    title: str = "",
    passed: timedelta = timedelta(minutes=2, seconds=30),
) -> Rehearsal:
    begins = maker.since - passed - timedelta(minutes=sum(minutes for _, minutes in _STEPS[: max(present - 1, 0)]))
    steps = []
    at = begins
    for position, (words, minutes) in enumerate(_STEPS, 1):
        is_vote = position == _VOTE
        steps.append(
            AgendaRow(
                id=position,
                position=position,
                title=title or words if position == present else words,
                minutes=minutes,
                starts_at=at,
                round_id=1 if is_vote else None,
                round_number=1 if is_vote else None,
                round_state=None,
                started_at=at if position <= present else None,
            )
        )
        at += timedelta(minutes=minutes)
    snapshot = maker.lobby(meeting=replace(maker.lobby().meeting, starts_at=begins, ends_at=at))
    return Rehearsal(replace(snapshot, agenda=tuple(steps), on_agenda=True), matter=matter)
