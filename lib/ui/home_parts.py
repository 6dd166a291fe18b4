"""Home in parts: what we agreed, how safe people feel, the next meeting, the officers."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from lib.queries.goals import GoalCard
from lib.queries.meetings import AgendaRow
from lib.queries.people import OfficerRow
from lib.queries.places import BeatRow, CityRow
from lib.queries.pulse import PulseWave
from lib.queries.since_last_time import SinceLastTime
from lib.rules.agenda import Topic
from lib.rules.lifecycle import MeetingState
from lib.rules.months import hour_in_words
from lib.rules.pulse import PulseChange, pulse_comparison
from lib.rules.text import counted, percent
from lib.ui import reads
from lib.ui.charts import pulse_chart
from lib.ui.goals_parts import card_sentence, keys_line, look_of, look_pill, promises_line
from lib.ui.goals_reads import NextMeeting
from lib.ui.links import page_link
from lib.ui.parts import card, disc, empty_state, key_figure, meta, pill
from lib.ui.session import choose_beat
from lib.ui.since_parts import since_strip

WHAT_THIS_IS = "Residents and officers agree on goals, vote on them together and check what became of them."

SHOWN = 3
"""Goals on Home; the others are one link away."""

WAVES_SHOWN = 4
AGENDA_SHOWN = 3


def beat_choice(chosen: BeatRow | None, *, every_beat: str = "") -> None:
    """Choosing one's beat; the address bar remembers it. `every_beat` names the choice of none, where there is one."""
    names = {"": every_beat} if every_beat else {}
    names |= {beat.code: f"Beat {beat.label}" for beat in reads.beats()}
    codes = list(names)
    at = codes.index(chosen.code) if chosen is not None else 0 if every_beat else None
    st.selectbox(
        "Your beat",
        codes,
        index=at,
        format_func=names.__getitem__,
        key="chosen_beat",
        placeholder="Choose your beat",
        label_visibility="collapsed",
        on_change=lambda: choose_beat(st.session_state["chosen_beat"]),
    )


def agreed_goals(cards: Sequence[GoalCard], beat: BeatRow, since: SinceLastTime | None, city: CityRow) -> None:
    """The goals both sides carried, each with its standing, and what happened since the last meeting; how to get to the
    first goal where there is none."""
    with st.container(key="home_agreed", horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            st.header("What we agreed, and how it stands", anchor=False)
        if since is not None:
            st.html(since_strip(since, city), width="content")
            page_link("Since last time", "meetings", beat=beat.code)
    if not cards:
        with card("no_goals", height="content"):
            empty_state(
                "Nothing is agreed in this beat yet",
                "Concerns come first: what recurs becomes a goal, and residents and officers vote on it at a meeting.",
            )
            page_link("Goals that are proposed here", "goals", beat=beat.code)
        return
    for number, (place, each) in enumerate(
        zip(st.columns(min(SHOWN, len(cards)), gap="small"), cards, strict=False), 1
    ):
        with place:
            goal_card(number, each)
    if len(cards) > SHOWN:
        page_link(f"All {len(cards)} goals of this beat", "goals", beat=beat.code)


def goal_card(number: int, goal: GoalCard) -> None:
    """One agreed goal: standing, title, finding, both keys, promises, and the way to its progress."""
    look = look_of(goal)
    due = f"<span>by {goal.measure.due_on:%b %Y}</span>" if goal.measure is not None else ""
    with card(f"goal_{look.kind}_{number}"):
        st.html(
            f'<div class="cb-goal"><div class="cb-goal-top">{disc(number, look.kind)}{look_pill(look)}</div>'
            f"<h3>{escape(goal.title)}</h3><p>{escape(card_sentence(goal))}</p>"
            f'<div class="cb-keyline">{keys_line(goal.keys)}{due}</div></div>'
        )
        with st.container(key=f"foot_{number}", horizontal=True, horizontal_alignment="distribute"):
            st.html(promises_line(goal))
            page_link("Progress", "goal", id=str(goal.uuid))


def pulse_part(waves: Sequence[PulseWave], beat: BeatRow) -> None:
    """How safe people feel: the last wave with n and interval, the waves before it, and whether it changed; the rest is
    one link away."""
    st.header("How safe people feel", anchor=False)
    _last_waves(waves)
    page_link("Every question, and how it was asked", "safety", beat=beat.code)


def _last_waves(waves: Sequence[PulseWave]) -> None:
    shown = [wave for wave in waves if wave.after_dark.share is not None]
    if not shown:
        hidden = "Too few people answered to show a figure." if waves else "Nobody has been asked yet."
        empty_state("No figure yet", f"{hidden} At least 10 answers are needed.")
        return
    last = shown[-1].after_dark
    st.html(key_figure(percent(last.share or 0), "feel safe alone here after dark"))
    sample = "volunteers" if last.volunteers else "random sample"
    interval = last.interval
    if interval is not None:
        likely = f"Likely {percent(interval.low)} to {percent(interval.high)}"
        st.html(meta(f"{likely} · {counted(last.n, 'answer')}, {sample}"))
    recent = shown[-WAVES_SHOWN:]
    if len(recent) > 1:
        st.vega_lite_chart(spec=pulse_chart(recent, height=84), alt=_waves_in_words(recent), theme=None)
        st.html(f"<p>{escape(_change_in_words(recent))}</p>")
    if last.volunteers:
        st.html(meta("Volunteer answers: the interval shows chance only."))
    if last.is_warned:
        st.html(meta("Fewer than 30 answers: take it as a hint."))


def meeting_part(following: NextMeeting | None, city: CityRow, *, names_beats: bool = False) -> None:
    """When and where the next meeting is (or the one that is open), what it is about, and the file for the calendar."""
    st.header("Next meeting", anchor=False)
    if following is None:
        empty_state("No meeting is planned", "The facilitators of your beat announce the next one here.")
        return
    meeting = following.meeting
    is_open = meeting.state is MeetingState.OPEN
    now = f"{pill('open', 'Open now', 'sensors')}<br>" if is_open else ""
    # A meeting of several beats, or one on the page of every beat, says whose it is.
    whose = f"Beat {meeting.beat_labels}" if names_beats or len(meeting.beats) > 1 else ""
    about = "<br>".join(escape(part) for part in (meeting.place, whose) if part)
    st.html(f"<p>{now}<b>{escape(_when(meeting.starts_at, city))}</b><br>{about}</p>")
    if following.agenda:
        shown = worth_knowing(following.agenda)
        steps = "".join(f'<li value="{step.position}"><span>{escape(step.title)}</span></li>' for step in shown)
        more = len(following.agenda) - len(shown)
        rest = meta(f"and {counted(more, 'more step')}") if more > 0 else ""
        st.html(
            f'<h3>On the agenda</h3><ol class="cb-agenda">{steps}</ol>{rest}<div class="cb-one-line">{meta(meeting.access)}</div>'
        )
    elif meeting.access:
        st.html(meta(meeting.access))
    with st.container(key="foot_meeting", horizontal=True):
        if is_open:
            page_link("Vote", "vote", icon=":material/how_to_vote:")
        else:
            st.download_button(
                "Add to calendar",
                following.calendar,
                file_name="meeting.ics",
                mime="text/calendar",
                icon=":material/event:",
                on_click="ignore",
            )
        page_link("More", "meetings", meeting=str(meeting.uuid))


def worth_knowing(agenda: Sequence[AgendaRow]) -> tuple[AgendaRow, ...]:
    """The steps that say what a meeting is about: votes and what is open before what every meeting has, in the order of
    the evening."""
    usual = {Topic.WELCOME, Topic.SINCE, Topic.OPEN_FLOOR, Topic.CLOSE}
    by_weight = sorted(agenda, key=lambda step: (step.topic in usual, step.round_id is None, step.position))
    return tuple(sorted(by_weight[:AGENDA_SHOWN], key=lambda step: step.position))


def officers_part(officers: Sequence[OfficerRow], city: CityRow) -> None:
    """Who the officers of the beat are and when to meet them; an emergency is not for them."""
    st.header("Your officers", anchor=False)
    if not officers:
        empty_state("No officer is named yet", "The coordinator posts officers to beats.")
    else:
        rows = "".join(
            f'<li><i aria-hidden="true">{escape(_initials(officer.name))}</i><b>{escape(officer.name)}</b>'
            f"<span>{escape(officer.hours or 'Hours are not known yet')}</span></li>"
            for officer in officers
        )
        st.html(f'<ul class="cb-officers">{rows}</ul>')
    with st.container(key="foot_officers"):
        st.html(f"<p>In danger? Call <b>{escape(city.emergency_number)}</b>, not your officers.</p>")


def _waves_in_words(waves: Sequence[PulseWave]) -> str:
    return "Share feeling safe after dark by wave. " + "; ".join(
        f"{wave.wave_on:%B %Y}: {wave.after_dark.sentence}" for wave in waves
    )


def _change_in_words(waves: Sequence[PulseWave]) -> str:
    """The last wave against the first shown and against the one before it."""
    long, short = (
        pulse_comparison(waves[0].after_dark, waves[-1].after_dark).change,
        pulse_comparison(waves[-2].after_dark, waves[-1].after_dark).change,
    )
    first = f"{waves[0].wave_on:%B %Y}"
    since = {
        PulseChange.MORE: f"More than in {first}.",
        PulseChange.LESS: f"Fewer than in {first}.",
    }.get(long, f"No detectable change since {first}.")
    if len(waves) < 3 or long is PulseChange.NO_DETECTABLE_CHANGE:
        return since
    lately = "" if short in (PulseChange.MORE, PulseChange.LESS) else " The change since the last wave may be chance."
    return since + lately


def _when(starts_at: datetime, city: CityRow) -> str:
    begins = starts_at.astimezone(ZoneInfo(city.time_zone))
    return f"{begins:%A} {begins.day} {begins:%B}, {hour_in_words(begins)}"


def _initials(name: str) -> str:
    words = [word for word in name.split() if not word.endswith(".")]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
