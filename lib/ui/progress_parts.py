"""The page of one goal in parts: how it stands, who does what, what happened and what is next, where it came from."""

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

import streamlit as st

from lib.queries.evidence import MeasureProgress, MeasureRow
from lib.queries.goal_story import GoalStory
from lib.queries.goal_voices import GoalVoices, StoryTold
from lib.queries.places import CityRow
from lib.rules.lifecycle import OPEN_COMMITMENT, CommitmentState, GoalState, Party
from lib.rules.months import day_in_words
from lib.rules.text import counted, listed, percent
from lib.settings import settings
from lib.ui import reads
from lib.ui.areas_picture import areas_part
from lib.ui.charts import measure_chart, measure_chart_text
from lib.ui.goal_forms import STORY_HELP
from lib.ui.goals_parts import (
    FEASIBILITY,
    keys_line,
    local_day,
    look_of,
    look_pill,
)
from lib.ui.goals_reads import NextMeeting
from lib.ui.links import page_link
from lib.ui.parts import card, meta, plain
from lib.ui.promises_parts import coming_steps, commitment_list, side_heading, timeline
from lib.ui.verdict_parts import chart_legend, readings_table, verdict, way_to_target

CONCERNS_SHOWN = 4
STEPS_SHOWN = 5
LONGEST_QUOTE = 160


def goal_heading(story: GoalStory, city: CityRow) -> None:
    """Back to the beat, the title, how it stands and how it was carried."""
    goal = story.card
    beats = listed([beat.label for beat in goal.beats])
    first = {"beat": goal.beats[0].code} if goal.beats else {}
    page_link(f"Beat {beats} · all goals", "goals", icon=":material/arrow_back:", **first)
    st.title(plain(goal.title), anchor=False)
    ballots = counted(goal.keys.residents_ballots, "resident’s ballot", "residents’ ballots") if goal.keys else ""
    voted = f"{keys_line(goal.keys)}<span>{ballots}</span>" if goal.keys else ""
    st.html(f'<div class="cb-facts">{look_pill(look_of(goal))}{"".join(_facts(story, city.time_zone))}{voted}</div>')
    st.text(goal.summary)


def standing_part(progress: MeasureProgress) -> None:
    """The verdict first, its evidence beside it, the same figures as a table under both."""
    said, drawn = st.columns([1, 2.1], gap="small")
    with said, card("standing"):
        st.header("How it stands", anchor=False)
        st.html(verdict(progress))
        st.html(way_to_target(progress))
    with drawn, card("chart"):
        st.header(plain(_chart_title(progress.measure)), anchor=False)
        st.html(chart_legend(progress))
        st.vega_lite_chart(spec=measure_chart(progress), alt=measure_chart_text(progress), theme=None)
    with st.expander("The same figures as a table", icon=":material/table_chart:"):
        st.html(readings_table(progress))
    areas_part(progress)


def before_part(story: GoalStory, city: CityRow) -> None:
    """What is known before a goal has begun: the officers' answer, and what it would be judged by."""
    answer, judged = st.columns(2, gap="small")
    with answer, card("answer"):
        st.header("What officers answer", anchor=False)
        if story.card.feasibility is None:
            st.html('<p class="cb-none">The officers of the beat have not answered yet. They do before the vote.</p>')
        else:
            by = f"{story.feasibility_by}, " if story.feasibility_by else ""
            when = (
                day_in_words(local_day(story.feasibility_at, city.time_zone))
                if story.feasibility_at is not None
                else ""
            )
            st.html(look_pill(FEASIBILITY[story.card.feasibility]))
            st.text(story.feasibility_reason)
            st.html(meta(f"{by}{when}"))
    with judged, card("judged"):
        st.header("What it will be judged by", anchor=False)
        st.html(f"<p>{escape(_aim(story.card.measure))}</p>")
        if story.card.measure is not None:
            st.html(meta(f"Source: {story.card.measure.source}."))


def promises_part(story: GoalStory, voices: GoalVoices, city: CityRow, today: date) -> None:
    """Who does what: each side with what was kept, countersigned by whom and when, and what shows it."""
    st.header("Who does what", anchor=False)
    sides = st.columns(2, gap="small")
    for place, party in zip(sides, (Party.RESIDENTS, Party.OFFICERS), strict=True):
        with place, card(f"side_{party.value}"):
            _side(story, voices, party, city, today)
    if any(each.party is Party.PARTNER for each in story.commitments):
        with card("side_partner", height="content"):
            _side(story, voices, Party.PARTNER, city, today)


def history_part(story: GoalStory, following: NextMeeting | None, city: CityRow, today: date) -> None:
    """What happened, what is next, and the concerns behind it."""
    happened, coming, behind = st.columns([1.25, 1, 1], gap="small")
    with happened, card("happened"):
        st.header("What happened", anchor=False)
        st.html(timeline(story, city.time_zone))
        for words, reason in (("Given up", story.withdrawn_reason), ("Ended", story.ended_reason)):
            if reason:
                st.text(f"{words}: {reason}")
    with coming, card("coming"):
        st.header("What is next", anchor=False)
        st.html(coming_steps(list(_coming(story, following, city, today))[:STEPS_SHOWN]))
    with behind, card("behind"):
        st.header(plain(f"Grown out of {counted(story.card.concerns, 'concern')}"), anchor=False)
        _lineage(story)


def story_part(story: GoalStory, told: Sequence[StoryTold], city: CityRow) -> None:
    """The goal's SARA story, and how it was told before."""
    with st.expander("Its story: what, why, how, and how we will know", icon=":material/menu_book:"):
        st.html(f'<div class="cb-story">{_story_in_parts(story)}</div>')
        if told:
            st.html(meta(f"Told {_telling(told[0], city)}."))
        earlier = "".join(
            f"<details><summary>{escape(f'As it was told {_telling(version, city)}')}</summary>"
            f'<div class="cb-story">{_story_in_parts(version)}</div></details>'
            for version in told[1:]
        )
        if earlier:
            st.html(f"<h3>{counted(len(told) - 1, 'earlier version')}</h3>{earlier}")


def sheet_link(story: GoalStory) -> None:
    """The goal as one sheet: big for the room, one page on paper; its address can be copied and passed on."""
    address = f"{settings().address}/goals/{story.card.uuid}/sheet"
    with st.container(horizontal=True, vertical_alignment="center", key="foot_sheet"):
        st.link_button("Show to the room, or print", address, icon=":material/slideshow:")
        with st.popover("Copy a link", icon=":material/link:"):
            st.text("This page:")
            st.code(f"{settings().address}/goal?id={story.card.uuid}", language=None, wrap_lines=True)
            st.text("The sheet for the room and for paper:")
            st.code(address, language=None, wrap_lines=True)
            st.text("For a feed reader (Atom): everything that happens to this goal:")
            st.code(f"{settings().address}/feeds/goals/{story.card.uuid}.atom", language=None, wrap_lines=True)


def _story_in_parts(story: GoalStory | StoryTold) -> str:
    return "".join(
        f"<h3>{escape(label)}</h3><p>{escape(getattr(story, part)) or 'Not written yet.'}</p>"
        for part, (label, _) in STORY_HELP.items()
    )


def _telling(version: StoryTold, city: CityRow) -> str:
    by = f" by {version.by}" if version.by else ""
    return f"{day_in_words(local_day(version.told_at, city.time_zone))}{by}"


def _lineage(story: GoalStory) -> None:
    if not story.concerns:
        st.html('<p class="cb-none">No concern that is public stands behind this goal.</p>')
        return
    names = {category.key: category.name for category in reads.categories()}
    quotes = "".join(
        f'<div class="cb-quote"><p>{escape(_short(concern.text))}</p>'
        f"<p>{escape(names.get(concern.category, concern.category))}, {concern.reported_at:%B %Y}"
        f"{_me_too(concern.supports)}</p></div>"
        for concern in story.concerns[:CONCERNS_SHOWN]
    )
    more = len(story.concerns) - CONCERNS_SHOWN
    st.html(quotes + (meta(f"and {more} more") if more > 0 else ""))
    for code in sorted({concern.beat for concern in story.concerns}):
        key = {"category": story.card.category} if story.card.category else {}
        page_link(f"Concerns of beat {code} on the map", "concerns", icon=":material/map:", beat=code, **key)


def _facts(story: GoalStory, zone: str) -> Iterator[str]:
    goal = story.card
    if goal.adopted_on is not None:
        until = f", until {day_in_words(goal.measure.due_on)}" if goal.measure is not None else ""
        yield f"<span>Agreed {day_in_words(goal.adopted_on)}{until}</span>"
    else:
        by = f" by {escape(story.proposed_by)}" if story.proposed_by else ""
        yield f"<span>Proposed {day_in_words(local_day(goal.proposed_at, zone))}{by}</span>"
    if goal.ended_on is not None:
        yield f"<span>Ended {day_in_words(goal.ended_on)}</span>"


def _side(story: GoalStory, voices: GoalVoices, party: Party, city: CityRow, today: date) -> None:
    own = [each for each in story.commitments if each.party is party]
    st.html(side_heading(story, party))
    st.html(commitment_list(own, voices, today=today, zone=city.time_zone))


def _coming(story: GoalStory, following: NextMeeting | None, city: CityRow, today: date) -> Iterator[tuple[date, str]]:
    steps = [
        (each.due_on, f"Due: {each.deliverable}")
        for each in story.commitments
        if each.state in OPEN_COMMITMENT and each.state is not CommitmentState.OFFERED and each.due_on >= today
    ]
    if following is not None:
        meeting = following.meeting
        steps.append((local_day(meeting.starts_at, city.time_zone), f"{meeting.title}, {meeting.place}"))
    measure = story.card.measure
    if measure is not None and story.card.state in (GoalState.ADOPTED, GoalState.ACTIVE) and measure.due_on >= today:
        steps.append((measure.due_on, "Target date: residents say whether the goal was reached"))
    yield from sorted(steps)


def _chart_title(measure: MeasureRow) -> str:
    name = measure.unit[:1].upper() + measure.unit[1:]
    return f"{name} each month" if measure.counted is not None else name


def _aim(measure: MeasureRow | None) -> str:
    if measure is None:
        return "Nobody has set a measure yet. Without one the goal cannot begin."
    before, target = (
        (percent(measure.baseline), percent(measure.target))
        if measure.is_share
        else (f"{float(each):,.1f}".removesuffix(".0") for each in (measure.baseline, measure.target))
    )
    per = " a month" if measure.counted is not None else ""
    return f"{measure.unit[:1].upper()}{measure.unit[1:]}: from {before} to {target}{per} by {day_in_words(measure.due_on)}."


def _me_too(supports: int) -> str:
    return f" · {counted(supports, 'other says', 'others say')} so too" if supports else ""


def _short(text: str) -> str:
    if not text:
        return "(erased by the person who raised it)"
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE].rstrip()}…"
