"""What a story said before stays readable, with its day and its teller."""

from datetime import timedelta
from uuid import UUID

import pytest

from lib.errors import NotAllowed
from lib.model import Concern, Goal
from lib.queries.goal_voices import GoalVoices, StoryTold, goal_voices
from lib.rules.lifecycle import GoalState
from lib.services.goals import propose_goal, tell_story
from lib.storage.transaction import writing
from tests.builders import NOON, a_beat, a_city, a_concern, a_facilitator, a_goal, a_person, uuid_of


def told(actor: object, goal: UUID, days: int, **parts: str) -> None:
    story = {"scanning": "", "analysis": "", "response": "", "assessment": ""} | parts
    tell_story(actor=actor, goal_uuid=goal, now=NOON + timedelta(days=days), **story)  # type: ignore[arg-type]


def test_each_telling_is_kept_with_who_and_when_and_the_same_words_keep_nothing(database: str) -> None:
    a_city()
    beat = a_beat()
    officer, resident = a_person("Maya Lindqvist", beats=(beat,)), a_facilitator("Rosa Delgado")
    goal = propose_goal(
        actor=resident,
        title="Quieter nights",
        summary="Fewer noisy nights.",
        beat_codes=["K2"],
        concern_uuids=[uuid_of(Concern, a_concern(beat))],
        scanning="Loud on Fridays",
        now=NOON,
    )
    told(officer, goal, 3, scanning="Loud on Fridays", analysis="Two bars close late")
    told(resident, goal, 4, scanning="Loud  on Fridays ", analysis="Two bars close late")
    assert goal_voices(goal).stories == (
        StoryTold("Loud on Fridays", "Two bars close late", "", "", NOON + timedelta(days=3), "Maya Lindqvist"),
        StoryTold("Loud on Fridays", "", "", "", NOON, "Rosa Delgado"),
    )


def test_a_goal_without_a_story_has_no_version_and_nobody_elses_officer_tells_one(database: str) -> None:
    a_city()
    beat = a_beat()
    goal = uuid_of(Goal, a_goal(beat, state=GoalState.PROPOSED))
    with pytest.raises(NotAllowed):
        told(a_person(beats=(a_beat("K9", west=-122.2),)), goal, 1, scanning="Ours")
    assert goal_voices(goal) == GoalVoices()


def test_a_story_from_before_versions_is_kept_when_it_is_told_anew(database: str) -> None:
    a_city()
    beat = a_beat()
    goal_id = a_goal(beat, state=GoalState.PROPOSED)
    with writing() as db:
        db.get_one(Goal, goal_id).scanning = "As it was"
    goal = uuid_of(Goal, goal_id)
    told(a_facilitator("Rosa Delgado"), goal, 5, scanning="As it is")
    assert [(story.scanning, story.by) for story in goal_voices(goal).stories] == [
        ("As it is", "Rosa Delgado"),
        ("As it was", ""),
    ]
