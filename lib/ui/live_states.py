"""Every state of the live display that can be rehearsed, by its name in the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from lib.queries.live import LiveSnapshot
from lib.queries.voting import CandidateRow
from lib.rules.lifecycle import MeetingState, RoundState
from lib.rules.voting import ResultsShown, RoundMode, SideFigures
from lib.ui.live_agenda_preview import (
    agenda_before,
    agenda_goal,
    agenda_last,
    agenda_long,
    agenda_overdue,
    agenda_since,
)
from lib.ui.live_goals import LONG_QUESTION
from lib.ui.live_marks import Evening
from lib.ui.live_preview import Maker, Rehearsal, Stage, long_goals

NO_NUMBERS = ("One moment, please", "The numbers cannot be read just now. They come back by themselves.")
NO_MEETING = ("No meeting is planned.", "A facilitator can plan one on the page Run.")


@dataclass(frozen=True)
class State:
    """A state that can be rehearsed: what it shows, in a few words, and how it is made."""

    words: str
    made: Callable[[Maker], Rehearsal]


def rehearsal_of(state: str, stage: Stage, *, now: datetime, since: datetime) -> Rehearsal:
    """The state with this name (one of `STATES`) at `now`, begun at `since`. Raises KeyError for another name."""
    return STATES[state].made(Maker(stage, now, since))


def _shown(made: Callable[[Maker], LiveSnapshot]) -> Callable[[Maker], Rehearsal]:
    return lambda maker: Rehearsal(made(maker))


def _hands(maker: Maker, *, goals: Sequence[CandidateRow] = (), question: str = "") -> LiveSnapshot:
    row = maker.round(
        RoundState.OPEN,
        goals=goals,
        question=question,
        shows=ResultsShown.LIVE,
        officers_figures=SideFigures.OPEN,
    )
    return maker.vote(row)


def _begins_soon(maker: Maker) -> LiveSnapshot:
    begins = maker.now + timedelta(minutes=25)
    return maker.lobby(meeting=replace(maker.stage.meeting, state=MeetingState.PLANNED, starts_at=begins))


def _over(maker: Maker, *, adopted: int) -> Rehearsal:
    meeting = replace(maker.stage.meeting, state=MeetingState.CLOSED)
    again = replace(meeting, starts_at=meeting.starts_at + timedelta(days=28))
    titles = tuple(goal.title for goal in maker.goals(adopted))
    return Rehearsal(maker.lobby(meeting=meeting), evening=Evening(titles, contested=1, next_meeting=again))


def _open_room(maker: Maker, state: RoundState) -> LiveSnapshot:
    row = maker.round(state, mode=RoundMode.OPEN_ROOM)
    return maker.vote(row, residents=(41, 60), officers=(0, 0))


def _by_dice(maker: Maker) -> LiveSnapshot:
    return maker.published(owes="open", level=True, officers_figures=SideFigures.OPEN, tie_seed="4-1-6")


def _tie(maker: Maker) -> LiveSnapshot:
    level = sha256(b"a rehearsal has no ballots").hexdigest()
    row = maker.round(RoundState.PAPER, dice_hash=level)
    return replace(maker.vote(row, residents=(118, 124), officers=(8, 8)), dice_hash=level)


def _set_aside(maker: Maker) -> LiveSnapshot:
    reason = "One ballot more than slips was found, and nobody can say why."
    row = maker.round(RoundState.SEALED, set_aside=reason)
    return maker.vote(row, residents=(118, 124), officers=(8, 8))


def _last_seconds(maker: Maker) -> LiveSnapshot:
    row = maker.round(RoundState.OPEN, closes_at=maker.now + timedelta(seconds=20))
    return maker.vote(row, residents=(117, 124), officers=(8, 8))


def _counted(maker: Maker, state: RoundState) -> LiveSnapshot:
    return maker.vote(maker.round(state), residents=(118, 124), officers=(8, 8))


STATES: Mapping[str, State] = {
    "not-begun": State("The meeting has not begun", _shown(_begins_soon)),
    "lobby": State("Lobby: how to join", _shown(lambda maker: maker.lobby())),
    "lobby-spanish": State("Lobby in two languages", lambda maker: Rehearsal(maker.lobby(), speaks_spanish=True)),
    "lobby-between": State(
        "Back in the lobby between votes", _shown(lambda maker: maker.lobby(round=maker.round(RoundState.PUBLISHED)))
    ),
    "agenda": State("Agenda: how a goal stands", agenda_goal),
    "agenda-before": State("Agenda: before the first step", agenda_before),
    "agenda-since": State("Agenda: since last time", agenda_since),
    "agenda-overdue": State("Agenda: what is overdue, time is up", agenda_overdue),
    "agenda-last": State("Agenda: the last step", agenda_last),
    "agenda-long": State("Agenda: long words", agenda_long),
    "covered": State(
        "Covered by the facilitator", _shown(lambda maker: replace(_counted(maker, RoundState.OPEN), is_covered=True))
    ),
    "waiting": State(
        "Waiting for the first vote",
        _shown(lambda maker: maker.vote(maker.round(RoundState.OPEN), residents=(0, 124), officers=(0, 8))),
    ),
    "hidden": State(
        "Open, results hidden until closing", _shown(lambda maker: maker.vote(maker.round(RoundState.OPEN)))
    ),
    "closing-soon": State("Open, the last seconds", _shown(_last_seconds)),
    "show-of-hands": State("Open, a show of hands", _shown(_hands)),
    "open-room-vote": State("Open room, open", _shown(lambda maker: _open_room(maker, RoundState.OPEN))),
    "closed": State("Closed", _shown(lambda maker: _counted(maker, RoundState.CLOSED))),
    "counted": State("Counted, not shown yet", _shown(lambda maker: _counted(maker, RoundState.SEALED))),
    "tie": State("A tie waits for the dice", _shown(_tie)),
    "set-aside": State("A vote that is set aside", _shown(_set_aside)),
    "result": State("The reveal", _shown(lambda maker: maker.published())),
    "result-figures": State(
        "The reveal with the officers’ figures",
        _shown(lambda maker: maker.published(officers_figures=SideFigures.OPEN)),
    ),
    "contested": State("Contested goals: who owes an answer", _shown(lambda maker: maker.published(owes="open"))),
    "answered": State("Contested goals: the answer", _shown(lambda maker: maker.published(owes="answered"))),
    "answered-at-length": State(
        "Contested goals: two long answers",
        _shown(lambda maker: maker.published(owes="at length", keys=(True, True, True, True, False, True))),
    ),
    "nothing-adopted": State(
        "Nothing adopted", _shown(lambda maker: maker.published(owes="open", keys=(False, False, False)))
    ),
    "advisory": State(
        "Advisory: too few officers",
        _shown(
            lambda m: m.vote(m.round(RoundState.PUBLISHED, is_advisory=True), residents=(118, 124), officers=(2, 2))
        ),
    ),
    "open-room": State("Open room: what it says", _shown(lambda maker: _open_room(maker, RoundState.PUBLISHED))),
    "by-dice": State("Decided by dice", _shown(_by_dice)),
    "over": State("The meeting is over", lambda maker: _over(maker, adopted=3)),
    "over-nothing": State("Over, nothing adopted", lambda maker: _over(maker, adopted=0)),
    "long-question": State("A long question", _shown(lambda maker: _hands(maker, question=LONG_QUESTION))),
    "long-titles": State(
        "Long titles, a show of hands", _shown(lambda maker: _hands(maker, goals=long_goals(), question=LONG_QUESTION))
    ),
    "long-titles-result": State(
        "Long titles, the reveal", _shown(lambda maker: maker.published(goals=long_goals(), owes="open"))
    ),
    "twelve-goals": State("Twelve goals, a show of hands", _shown(lambda maker: _hands(maker, goals=maker.goals(12)))),
    "twelve-goals-result": State(
        "Twelve goals, the reveal", _shown(lambda maker: maker.published(goals=maker.goals(12), owes="open"))
    ),
    "connection-lost": State("Connection lost", lambda maker: Rehearsal(_hands(maker), trouble="Connection lost")),
    "database-away": State(
        "The database is away",
        lambda maker: Rehearsal(maker.vote(maker.round(RoundState.OPEN)), trouble="The database is away"),
    ),
    "no-numbers": State("The database is away from the start", lambda maker: Rehearsal(None, notice=NO_NUMBERS)),
    "no-meeting": State("No meeting is planned", lambda maker: Rehearsal(None, notice=NO_MEETING)),
}
"""Every state by its name in the address, in the order of an evening."""
