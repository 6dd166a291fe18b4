"""Progress of one goal: the verdict first, then the evidence, who does what, what happened and what is next."""

import streamlit as st

from lib.rules.lifecycle import GoalState
from lib.ui import goals_reads, progress_parts, reads
from lib.ui.addresses import uuid_in_address
from lib.ui.argument_parts import arguments_part
from lib.ui.beginning_parts import beginning_part
from lib.ui.changes import begin
from lib.ui.contested_parts import contested_part
from lib.ui.goal_forms import choose_task
from lib.ui.goals_parts import dress
from lib.ui.links import page_link
from lib.ui.parts import empty_state, page_title
from lib.ui.residents_word_parts import word_part
from lib.ui.session import actor

chosen = uuid_in_address("id")
if chosen is None:
    page_title("Progress of a goal")
    empty_state("No goal is named in this address", "Choose one from the list of goals.")
    page_link("All goals", "goals")
    st.stop()
dress()
city, today, person = reads.city(), reads.today(), actor()
story, voices = goals_reads.story(chosen, today), goals_reads.voices(chosen)
word = goals_reads.residents_word(chosen, today)
beat = story.card.beats[0].code if story.card.beats else None

progress_parts.goal_heading(story, city)
progress_parts.sheet_link(story)
if story.card.state is GoalState.ADOPTED:
    beginning_part(story)
if story.card.progress is not None and story.card.state is not GoalState.ADOPTED:
    progress_parts.standing_part(story.card.progress)
else:
    progress_parts.before_part(story, city)
arguments_part(story, voices.arguments)
contested_part(story, city, today)
word_part(story, word)
progress_parts.promises_part(story, voices, city, today)
progress_parts.history_part(story, goals_reads.next_meeting(beat), city, today)
if story.is_told:
    progress_parts.story_part(story, voices.stories, city)


@st.fragment
def work() -> None:
    """What the signed-in person can do with this goal."""
    begin()
    if person is not None:
        choose_task(person, story, voices, word)


work()
