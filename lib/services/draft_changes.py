"""Changing a prepared vote before it is opened: everything that opening will freeze."""

from collections.abc import Sequence

from sqlalchemy import delete, exists, select

from lib.errors import Conflict
from lib.model import Candidate, CandidateText, RoundText, SecondVote
from lib.rules.rights import Actor, Right, require
from lib.rules.text import LINE_LENGTH, clean_text
from lib.rules.voting import ResultsShown, RoundMode, RoundRule, SideFigures
from lib.services.log import record
from lib.services.planning import check_round, draft_with, votable_on
from lib.storage.transaction import writing


def change_draft(
    *,
    actor: Actor | None,
    round_id: int,
    question: str,
    eligibility: str,
    goal_ids: Sequence[int],
    places: int,
    rule: RoundRule,
    shows: ResultsShown,
    officers_figures: SideFigures,
    mode: RoundMode,
    minutes: int,
) -> None:
    """Give a draft another question, other goals, places, rule, minutes or eligibility.

    Goals that stay keep their texts and translations, new ones are copied as they are at this moment. Translations of
    question and eligibility go when either is worded anew, since they would say something else. Raises SignInNeeded,
    NotAllowed, NotFound, Conflict (opened meanwhile, goal decided, another goal in a second vote), Invalid.
    """
    person = require(actor, Right.RUN_ROUND)
    check_round(
        goal_ids=goal_ids, places=places, rule=rule, shows=shows, officers_figures=officers_figures, minutes=minutes
    )
    with writing() as db:
        row = draft_with(db, round_id)
        goals = votable_on(db, row.meeting_id, goal_ids)
        asked = clean_text(question, field="Question", longest=160, required=True)
        who = clean_text(eligibility, field="Who may vote", longest=LINE_LENGTH, required=True)
        if (asked, who) != (row.question, row.eligibility):
            db.execute(delete(RoundText).where(RoundText.round_id == round_id))
        row.question, row.eligibility, row.places, row.minutes = asked, who, places, minutes
        row.rule, row.shows, row.officers_figures, row.mode = rule, shows, officers_figures, mode
        there = {each.goal_id: each for each in db.scalars(select(Candidate).where(Candidate.round_id == round_id))}
        added = [goal for goal in goals if goal.id not in there]
        if added and db.scalar(select(exists().where(SecondVote.round_id == round_id))):
            raise Conflict("A second vote is about the contested goals only. Prepare another vote for other goals.")
        for goal_id in set(there) - set(goal_ids):
            gone = there.pop(goal_id)
            db.execute(delete(CandidateText).where(CandidateText.candidate_id == gone.id))
            db.delete(gone)
        # Positions are unique, so all step aside first.
        for aside, candidate in enumerate(there.values(), 1):
            candidate.position = -aside
        db.flush()
        for position, goal in enumerate(goals, 1):
            if goal.id in there:
                there[goal.id].position = position
                continue
            candidate = Candidate(round_id=round_id, goal_id=goal.id, goal_uuid=goal.uuid, position=position)
            db.add(candidate)
            db.flush()
            db.add(CandidateText(candidate_id=candidate.id, language="en", title=goal.title, summary=goal.summary))
        record(db, person, "draft_changed", "round", row.uuid, goals=len(goals))
