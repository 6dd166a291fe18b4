"""Goals on screen: how one stands, both keys, who does what, what happened. All text is escaped here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.goals import GoalCard, Keys
from lib.rules.evidence import Change
from lib.rules.goals import Direction, Feasibility
from lib.rules.lifecycle import GoalState
from lib.rules.months import day_in_words
from lib.rules.text import counted, listed, percent
from lib.ui.links import page_link
from lib.ui.parts import Kind, card, keys_row, meta, pill

GROUPS: tuple[tuple[str, str, tuple[GoalState, ...]], ...] = (
    ("agreed", "Agreed by both sides", (GoalState.ACTIVE, GoalState.ADOPTED)),
    ("voted", "Standing for a vote", (GoalState.CANDIDATE,)),
    ("proposed", "Proposed", (GoalState.PROPOSED,)),
    ("ended", "Ended", (GoalState.ACHIEVED, GoalState.NOT_ACHIEVED, GoalState.WITHDRAWN)),
)
"""Key, heading and states of the groups in which goals are listed."""

COLOURS: dict[Kind, str] = {
    "open": "#0B6B4B",
    "closed": "#A31621",
    "warn": "#8A4B00",
    "info": "#0A5BB5",
    "quiet": "#46566E",
}
"""The colour of a goal's disc on the map, the same as in its card."""


@dataclass(frozen=True)
class Look:
    """A goal's standing as a word, a colour and a sign."""

    kind: Kind
    words: str
    glyph: str


_STATE_LOOKS = {
    GoalState.PROPOSED: Look("info", "Proposed", "lightbulb"),
    GoalState.CANDIDATE: Look("violet", "Stands for a vote", "how_to_vote"),
    GoalState.ADOPTED: Look("info", "Agreed, not begun yet", "handshake"),
    GoalState.ACTIVE: Look("info", "Under way", "handshake"),
    GoalState.ACHIEVED: Look("open", "Achieved", "verified"),
    GoalState.NOT_ACHIEVED: Look("closed", "Not achieved", "cancel"),
    GoalState.WITHDRAWN: Look("quiet", "Withdrawn", "undo"),
}

FEASIBILITY = {
    Feasibility.YES: Look("open", "Yes, we can work on this", "check_circle"),
    Feasibility.PARTLY: Look("warn", "Partly", "contrast"),
    Feasibility.NO: Look("closed", "No, not as it stands", "cancel"),
}

LISTED = 9
"""Goals of a group that are shown at once."""

IN_A_ROW = 3


def dress() -> None:
    """The styles of the pages about goals."""
    st.html(Path(__file__).with_name("goals.css"))


def local_day(instant: datetime, zone: str) -> date:
    """The calendar date of an instant in the city."""
    return instant.astimezone(ZoneInfo(zone)).date()


def look_of(card: GoalCard) -> Look:
    """How a goal stands: its measure's verdict while it runs, else its state."""
    if card.is_contested:
        return Look("warn", "Contested", "call_split")
    if card.is_open_again:
        return Look("warn", "Opened again: residents say worse", "undo")
    if card.progress is None or card.state is not GoalState.ACTIVE:
        return _STATE_LOOKS[card.state]
    standing = card.progress.standing
    down = standing.direction is Direction.DOWN
    kind, glyph = {
        Change.MOVED: ("open", "trending_down" if down else "trending_up"),
        Change.WORSE: ("closed", "trending_up" if down else "trending_down"),
        Change.NO_DETECTABLE_CHANGE: ("quiet", "trending_flat"),
        Change.TOO_EARLY: ("quiet", "hourglass_top"),
        Change.NOT_TESTED: ("open" if standing.reached else "info", "straighten"),
    }[standing.change]
    return Look(kind, standing.headline, glyph)  # type: ignore[arg-type]


def look_pill(look: Look) -> str:
    """The look as a pill."""
    return pill(look.kind, look.words, look.glyph)


def card_sentence(card: GoalCard) -> str:
    """What a card says of its goal: the finding, before its beginning the summary."""
    has_begun = card.state is not GoalState.ADOPTED
    return card.progress.standing.finding if card.progress is not None and has_begun else card.summary


def keys_line(keys: Keys | None) -> str:
    """Both keys with what may be said of each: the officers' figure never while it is sealed."""
    if keys is None:
        return ""
    if keys.is_advisory:
        share = "" if keys.residents_share is None else f"{percent(keys.residents_share)}, "
        return f'<ul class="cb-keys"><li>Residents <b>{share}as advice</b></li><li>nothing was adopted</li></ul>'
    return keys_row(
        (keys.residents_key, _side_words(keys.residents_key, keys.residents_share)),
        (keys.officers_key, _side_words(keys.officers_key, keys.officers_share)),
    )


def promises_line(card: GoalCard) -> str:
    """How many commitments were kept, and how many are overdue."""
    if card.promised == 0:
        return '<p class="cb-promises">No commitments yet</p>'
    overdue = f" · <b>{card.overdue} overdue</b>" if card.overdue else ""
    return f'<p class="cb-promises">{card.kept} of {counted(card.promised, "commitment")} kept{overdue}</p>'


def goal_row(goal: GoalCard, *, with_beat: bool, zone: str) -> str:
    """A goal in a list: standing, title, one sentence, both keys, when and where from."""
    beats = f"Beat {listed([beat.label for beat in goal.beats])}" if with_beat else ""
    behind = counted(goal.concerns, "concern") + " behind it" if goal.concerns else ""
    facts = " · ".join(each for each in (beats, _when(goal, zone), behind) if each)
    return (
        f'<div class="cb-goal">{look_pill(look_of(goal))}<h3>{escape(goal.title)}</h3>'
        f"<p>{escape(card_sentence(goal))}</p>{keys_line(goal.keys)}{meta(facts)}</div>"
    )


def goal_list(group: str, heading: str, cards: Sequence[GoalCard], *, with_beat: bool, zone: str) -> None:
    """A group of goals under its heading, the first ones at once and the others on demand; nothing for an empty group."""
    if not cards:
        return
    st.header(f"{heading} ({len(cards)})", anchor=False)
    shown = cards if st.session_state.get(f"all_{group}") else cards[:LISTED]
    for first in range(0, len(shown), IN_A_ROW):
        for place, each in zip(st.columns(IN_A_ROW, gap="small"), shown[first : first + IN_A_ROW], strict=False):
            with place, card(f"goal_{look_of(each).kind}_{each.id}"):
                st.html(goal_row(each, with_beat=with_beat, zone=zone))
                with st.container(key=f"foot_goal_{each.id}", horizontal=True, horizontal_alignment="distribute"):
                    st.html(promises_line(each) if each.promised else "<p></p>")
                    page_link("Progress" if each.adopted_on else "Read more", "goal", id=str(each.uuid))
    if len(cards) > LISTED:
        st.toggle(f"Show all {len(cards)}", key=f"all_{group}")


def _side_words(is_turned: bool, share: Fraction | None) -> str:
    if share is not None:
        return percent(share)
    return "agreed" if is_turned else "did not agree"


def _when(card: GoalCard, zone: str) -> str:
    if card.ended_on is not None:
        return f"ended {day_in_words(card.ended_on)}"
    if card.adopted_on is not None:
        due = f", until {day_in_words(card.measure.due_on)}" if card.measure is not None else ""
        return f"agreed {day_in_words(card.adopted_on)}{due}"
    return f"proposed {day_in_words(local_day(card.proposed_at, zone))}"
