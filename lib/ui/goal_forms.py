"""What officers and facilitators do with a goal, each as a form of its own. Services check the rights again."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from lib.queries.goal_story import GoalStory
from lib.queries.goal_voices import GoalVoices
from lib.queries.residents_word import WordOfResidents
from lib.rules.goals import Feasibility, MeasureKind
from lib.rules.lifecycle import GOAL_MOVES, GoalState, Role
from lib.rules.moves import may_move
from lib.rules.rights import Actor, Right, may
from lib.services import goal_course, goals
from lib.ui.acting import acting, told
from lib.ui.argument_parts import argument_form, may_argue
from lib.ui.changes import WORK, changed, submit
from lib.ui.commitment_forms import offer_form, settle_form, settling_moves
from lib.ui.contested_parts import contested_form, may_answer
from lib.ui.evidence_forms import evidence_form, may_show_evidence
from lib.ui.goals_parts import FEASIBILITY
from lib.ui.measure_forms import measure_form, reading_form
from lib.ui.parts import card
from lib.ui.residents_word_parts import hands_form, may_count_hands
from lib.ui.session import actor

STORY_HELP = {
    "scanning": (
        "Scanning: what keeps happening?",
        "Where, when and how often does it happen? Whom does it harm? How do you know that it recurs?",
    ),
    "analysis": (
        "Analysis: why does it keep happening?",
        "What do the events have in common: places, times, people, things? What has been tried already, and what came "
        "of it? What do residents and officers know that figures do not show?",
    ),
    "response": (
        "Response: what could break the pattern?",
        "Who could do what, and who else would have to help? What worked elsewhere? What may go wrong?",
    ),
    "assessment": (
        "Assessment: how will we know?",
        "What is counted, since when, compared with what? What would show that it did not help? Did it only move "
        "somewhere else?",
    ),
}
"""The four parts of a SARA story with the questions behind them, after the POP Center's guides, in our own words."""

_RUNNING = (GoalState.PROPOSED, GoalState.CANDIDATE, GoalState.ADOPTED, GoalState.ACTIVE)


@dataclass(frozen=True)
class Task:
    """Something this person can do with a goal at this moment."""

    title: str
    icon: str
    show: Callable[[], None]


def tasks(person: Actor | None, story: GoalStory, voices: GoalVoices, word: WordOfResidents) -> tuple[Task, ...]:
    """What this person can do with the goal, the most pressing first. Officers: on goals of their own beats only."""
    if person is None or not _works_here(person, story):
        return ()
    state, measure = story.card.state, story.card.measure
    shapes, runs = may(person, Right.SHAPE_GOAL), state in _RUNNING
    before_vote = state in (GoalState.PROPOSED, GoalState.CANDIDATE)
    waiting = any(settling_moves(person, each) for each in story.commitments)
    typed = measure is not None and measure.kind is MeasureKind.TYPED

    def ends(target: GoalState) -> bool:
        return shapes and may_move(GOAL_MOVES, state, target, roles=person.roles, side=person.side)

    possible = (
        (may_answer(person, story), "Answer the other side", "call_split", contested_form),
        (may(person, Right.ANSWER_FEASIBILITY) and before_vote, "Answer for the officers", "forum", feasibility_form),
        (shapes and state is GoalState.ADOPTED, "Begin this goal", "flag", activate_form),
        (may_count_hands(person, story, word), "Count hands in the room", "front_hand", hands_form),
        (waiting, "Accept or countersign a commitment", "fact_check", partial(settle_form, person)),
        (
            may_argue(person) and before_vote,
            "Say something for or against",
            "forum",
            partial(argument_form, person, voices=voices),
        ),
        (
            may_show_evidence(person, story),
            "Show what was done",
            "add_a_photo",
            partial(evidence_form, person, voices=voices),
        ),
        (may(person, Right.OFFER_COMMITMENT) and runs, "Offer a commitment", "add_task", partial(offer_form, person)),
        (may(person, Right.RECORD_READING) and typed and runs, "Record a reading", "straighten", reading_form),
        (shapes and runs and state is not GoalState.ACTIVE, "What it is judged by", "target", measure_form),
        (shapes and runs, "Tell its story", "menu_book", story_form),
        (shapes and state is GoalState.PROPOSED, "Change title and summary", "edit", reword_form),
        (ends(GoalState.NOT_ACHIEVED), "End this goal", "verified", end_form),
        (ends(GoalState.WITHDRAWN) and not word.is_asked, "Withdraw this goal", "undo", withdraw_form),
    )
    return tuple(
        Task(title, f":material/{glyph}:", partial(show, story)) for can, title, glyph, show in possible if can
    )


def choose_task(person: Actor, story: GoalStory, voices: GoalVoices, word: WordOfResidents) -> None:
    """What this person can do, one thing at a time, with what the last click led to."""
    possible = {task.title: task for task in tasks(person, story, voices, word)}
    chosen = None
    if possible:
        st.header("Work on this goal", anchor=False)
        chosen = st.pills(
            "What do you want to do?",
            list(possible),
            format_func=lambda title: f"{possible[title].icon} {title}",
            key="task",
        )
    told(WORK)
    if chosen is not None:
        with card(f"task_{story.card.id}", height="content"):
            possible[chosen].show()


def feasibility_form(story: GoalStory) -> None:
    """The officers' answer before the vote."""
    with st.form(f"feasibility_{story.card.id}", border=False):
        st.radio(
            "Can officers work on this?",
            list(Feasibility),
            format_func=lambda answer: FEASIBILITY[answer].words,
            key=f"feasibility_answer_{story.card.id}",
            horizontal=True,
        )
        st.text_area("Why, in words for everybody", key=f"feasibility_reason_{story.card.id}", max_chars=2000)
        submit(
            "Answer",
            goals.answer_feasibility,
            "The officers’ answer stands on this page.",
            lambda: {
                "actor": actor(),
                "goal_uuid": story.card.uuid,
                "answer": st.session_state[f"feasibility_answer_{story.card.id}"],
                "reason": st.session_state[f"feasibility_reason_{story.card.id}"],
            },
        )


def story_form(story: GoalStory) -> None:
    """The four parts of the story, one after the other, each under what to ask oneself."""
    with st.form(f"story_{story.card.id}", border=False):
        st.text("Four steps, in this order. Leave empty what you do not know yet; every telling is kept.")
        for step, (part, (label, questions)) in enumerate(STORY_HELP.items(), 1):
            st.text_area(f"{step}. {label}", getattr(story, part), key=f"story_{part}_{story.card.id}", max_chars=2000)
            st.caption(questions)
        submit(
            "Keep the story",
            goals.tell_story,
            "The story is kept.",
            lambda: {
                "actor": actor(),
                "goal_uuid": story.card.uuid,
                **{part: st.session_state[f"story_{part}_{story.card.id}"] for part in STORY_HELP},
            },
        )


def activate_form(story: GoalStory) -> None:
    """Beginning an adopted goal."""
    st.text("It needs a measure, and an accepted commitment of the residents and of the officers.")
    st.button(
        "Begin this goal",
        type="primary",
        on_click=acting(
            goal_course.activate_goal,
            arguments=lambda: {"actor": actor(), "goal_uuid": story.card.uuid},
            done="The goal has begun.",
            key=WORK,
            after=changed,
        ),
    )


def end_form(story: GoalStory) -> None:
    """Ending an active goal: achieved by the residents' word, or not achieved with a reason."""
    st.text(
        "Achieved needs the measure at its target, and the residents’ word: most of at least 3 say solved or better."
    )
    with st.form(f"end_{story.card.id}", border=False):
        st.radio(
            "How did it end?",
            [GoalState.ACHIEVED, GoalState.NOT_ACHIEVED],
            format_func=lambda state: {"achieved": "Achieved", "not_achieved": "Not achieved"}[state.value],
            key=f"end_state_{story.card.id}",
            horizontal=True,
        )
        st.text_area("Reason (needed when it was not achieved)", key=f"end_reason_{story.card.id}", max_chars=600)
        submit(
            "End this goal",
            goal_course.end_goal,
            "The goal has ended.",
            lambda: {
                "actor": actor(),
                "goal_uuid": story.card.uuid,
                "state": st.session_state[f"end_state_{story.card.id}"],
                "reason": st.session_state[f"end_reason_{story.card.id}"],
            },
        )


def withdraw_form(story: GoalStory) -> None:
    """Giving a goal up, with a reason."""
    with st.form(f"withdraw_{story.card.id}", border=False):
        st.text_area(
            "Why is it given up? Everybody can read this.", key=f"withdraw_reason_{story.card.id}", max_chars=600
        )
        submit(
            "Withdraw this goal",
            goal_course.withdraw_goal,
            "The goal is withdrawn.",
            lambda: {
                "actor": actor(),
                "goal_uuid": story.card.uuid,
                "reason": st.session_state[f"withdraw_reason_{story.card.id}"],
            },
        )


def reword_form(story: GoalStory) -> None:
    """Title and summary, while the goal is only proposed."""
    with st.form(f"reword_{story.card.id}", border=False):
        st.text_input("Title", story.card.title, key=f"reword_title_{story.card.id}", max_chars=120)
        st.text_area("Summary", story.card.summary, key=f"reword_summary_{story.card.id}", max_chars=600)
        submit(
            "Keep these words",
            goals.reword_goal,
            "Title and summary are changed.",
            lambda: {
                "actor": actor(),
                "goal_uuid": story.card.uuid,
                "title": st.session_state[f"reword_title_{story.card.id}"],
                "summary": st.session_state[f"reword_summary_{story.card.id}"],
            },
        )


def _works_here(person: Actor, story: GoalStory) -> bool:
    beats = {beat.code for beat in story.card.beats}
    return bool(person.roles & {Role.FACILITATOR, Role.COORDINATOR} or person.beats & beats)
