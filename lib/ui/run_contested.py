"""The console's card on contested goals: what is owed, and the second vote that follows."""

from datetime import date
from uuid import UUID

import streamlit as st

from lib.queries.contested import ContestedGoal, contested_goals
from lib.queries.meetings import MeetingRow
from lib.rules.rights import Actor, Right, may
from lib.rules.text import counted
from lib.services.contested import plan_second_vote
from lib.ui.contested_parts import owed_words
from lib.ui.run_telling import doing, said


def contested_card(person: Actor, meeting: MeetingRow, today: date) -> None:
    """Contested goals of the meeting's beats by the vote they come from, each with where its answer stands."""
    said("contested")
    waiting = [goal for goal in contested_goals(meeting.beat_codes) if not goal.has_second_vote]
    if not waiting:
        st.text("No goal of these beats waits for a second vote.")
        return
    votes: dict[UUID, list[ContestedGoal]] = {}
    for goal in waiting:
        votes.setdefault(goal.round_uuid, []).append(goal)
    for round_uuid, goals in votes.items():
        for goal in goals:
            st.text(f"{goal.title}: {owed_words(goal, today)}")
        ready = sum(goal.owed.answered_at is not None or goal.owed.is_overdue(today) for goal in goals)
        if ready and may(person, Right.RUN_ROUND):
            st.button(
                f"Prepare the second vote on {counted(ready, 'goal')}",
                key=f"second_vote_{round_uuid}",
                icon=":material/how_to_vote:",
                on_click=doing(
                    plan_second_vote,
                    arguments={"actor": person, "meeting_id": meeting.id, "first_round_uuid": round_uuid},
                    done="The second vote is prepared. Open it when the room is ready.",
                    place="contested",
                ),
            )
