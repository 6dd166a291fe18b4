"""Closure belongs to the residents: asked from the due date on, counted once each, and "worse" opens it again."""

import threading
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded
from lib.model import Concern, Goal, GoalAnswer, GoalEvent, LogEntry, Meeting
from lib.queries.concern_story import follow_digest
from lib.queries.goal_story import goal_story
from lib.queries.residents_word import AskedGoal, asked_goals, word_of_residents
from lib.rules.goals import ResidentsWord
from lib.rules.lifecycle import ConcernStatus, GoalState, MeetingState, Role, Side
from lib.rules.residents_word import WordCount
from lib.services.commitments import release_commitment
from lib.services.concerns import support_concern, support_secret
from lib.services.goal_course import end_goal
from lib.services.readings import record_reading
from lib.services.residents_word import answer_goal, count_hands
from lib.storage.transaction import reading, writing
from lib.ui.goals_parts import look_of
from tests.builders import NOON, a_beat, a_city, a_concern, a_facilitator, a_goal, a_meeting, a_person, uuid_of
from tests.counting import counted_statements
from tests.goal_builders import a_follow_link, a_supporter, achieved, due, grown_out_of, residents_say

SOLVED, BETTER, SAME, WORSE = ResidentsWord
TODAY = NOON.date()


class Beat:
    """An active goal that is due today and grew out of one concern, with the link of whoever raised it."""

    def __init__(self) -> None:
        a_city()
        self.beat = a_beat()
        self.goal_id = a_goal(self.beat, state=GoalState.ACTIVE)
        self.goal = uuid_of(Goal, self.goal_id)
        self.concern = a_concern(self.beat)
        self.link = a_follow_link(self.concern)
        grown_out_of(self.goal_id, self.concern)
        due(self.goal_id, TODAY)
        self.facilitator = a_facilitator()

    def said(self, word: ResidentsWord, link: str = "", now: datetime = NOON) -> GoalState:
        return answer_goal(follow_secret=link or self.link, goal_uuid=self.goal, answer=word, now=now)

    def hands(self, meeting: UUID, now: datetime = NOON, **numbers: int) -> GoalState:
        raised = {ResidentsWord(word): number for word, number in numbers.items()}
        return count_hands(actor=self.facilitator, goal_uuid=self.goal, meeting_uuid=meeting, hands=raised, now=now)

    def meeting(self, **wishes: object) -> UUID:
        return uuid_of(Meeting, a_meeting(self.beat, **wishes))  # type: ignore[arg-type]

    @property
    def by_link(self) -> WordCount:
        return word_of_residents(self.goal, today=TODAY).by_link

    @property
    def state(self) -> GoalState:
        with reading() as db:
            return db.get_one(Goal, self.goal_id).state


def later(days: int) -> datetime:
    return NOON + timedelta(days=days)


def test_whoever_raised_and_whoever_supported_is_asked_each_once(database: str) -> None:
    at = Beat()
    supporter = a_supporter(at.concern)
    at.said(SOLVED)
    at.said(BETTER, supporter)
    at.said(WORSE, f"  {supporter.upper()} ")
    assert at.by_link == WordCount(solved=1, worse=1)
    (asked,) = asked_goals(supporter, today=TODAY)
    assert asked == AskedGoal(
        uuid=at.goal,
        title="Quieter Friday nights on Pine Street",
        summary="Fewer noisy nights between ten and two.",
        state=GoalState.ACTIVE,
        asked_from=TODAY,
        is_asked=True,
        answer=WORSE,
    )
    assert asked_goals(a_supporter(at.concern), today=TODAY)[0].answer is None


def test_me_too_gives_a_follow_link_of_its_own(database: str) -> None:
    at = Beat()
    concern = uuid_of(Concern, at.concern)
    support_concern(concern_uuid=concern, device="a phone", now=later(-1))
    at.said(BETTER, support_secret(concern, "a phone"))
    with pytest.raises(NotFound):
        at.said(BETTER, support_secret(concern, "another phone"))
    assert at.by_link == WordCount(better=1)


def test_the_reporter_of_a_duplicate_is_asked_about_what_it_goes_on_in(database: str) -> None:
    at = Beat()
    double = a_concern(at.beat, status=ConcernStatus.DUPLICATE)
    with writing() as db:
        db.get_one(Concern, double).duplicate_of_id = at.concern
    at.said(SAME, a_follow_link(double))
    assert at.by_link == WordCount(same=1)


def test_nobody_answers_before_the_due_date_nor_about_a_goal_that_is_not_theirs(database: str) -> None:
    at = Beat()
    due(at.goal_id, TODAY + timedelta(days=1))
    assert [each.is_asked for each in asked_goals(at.link, today=TODAY)] == [False]
    with pytest.raises(Conflict, match="due date has not come"):
        at.said(SOLVED)
    at.said(SOLVED, now=later(1))
    stranger = a_follow_link(a_concern(at.beat))
    for link in (stranger, "nothing", "", "x" * 5000):
        with pytest.raises(NotFound, match="leads nowhere"):
            answer_goal(follow_secret=link, goal_uuid=at.goal, answer=SOLVED, now=later(1))
        assert asked_goals(link, today=TODAY) == ()
    with pytest.raises(NotFound, match="does not exist"):
        answer_goal(follow_secret=at.link, goal_uuid=uuid4(), answer=SOLVED, now=NOON)


@pytest.mark.parametrize("state", [GoalState.PROPOSED, GoalState.ADOPTED, GoalState.NOT_ACHIEVED, GoalState.WITHDRAWN])
def test_goals_that_have_not_begun_or_were_given_up_ask_nobody(database: str, state: GoalState) -> None:
    a_city()
    beat = a_beat()
    goal, concern = a_goal(beat, state=state), a_concern(beat)
    grown_out_of(goal, concern)
    link = a_follow_link(concern)
    assert asked_goals(link, today=TODAY) == ()
    with pytest.raises(Conflict):
        answer_goal(follow_secret=link, goal_uuid=uuid_of(Goal, goal), answer=SOLVED, now=NOON)


def test_an_answer_leads_back_to_nobody(database: str) -> None:
    at = Beat()
    at.said(SOLVED)
    with reading() as db:
        stored = db.scalars(select(GoalAnswer.answerer)).one()
        kept = db.scalars(select(Concern.follow_digest)).one()
        assert kept == follow_digest(at.link)
        assert stored != kept
        assert db.scalar(select(func.count()).select_from(LogEntry)) == 0
        assert db.scalar(select(func.count()).select_from(GoalEvent)) == 0


def test_totals_are_hidden_below_three(database: str) -> None:
    at = Beat()
    at.said(SOLVED)
    at.said(BETTER, a_supporter(at.concern))
    word = word_of_residents(at.goal, today=TODAY)
    assert (word.by_link.is_shown, word.confirms) == (False, False)
    at.said(SAME, a_supporter(at.concern))
    word = word_of_residents(at.goal, today=TODAY)
    assert (word.by_link.is_shown, word.confirms) == (True, True)


def test_totals_by_link_are_those_of_yesterday_while_the_rule_counts_all(database: str) -> None:
    at = Beat()
    for word in (SOLVED, BETTER, SAME):
        at.said(word, a_supporter(at.concern))
    today = word_of_residents(at.goal, today=TODAY)
    assert (today.shown_by_link, today.seems_to_confirm, today.confirms) == (WordCount(), False, True)
    at.said(WORSE, now=later(1))
    tomorrow = word_of_residents(at.goal, today=TODAY + timedelta(days=1))
    assert (tomorrow.shown_by_link, tomorrow.seems_to_confirm) == (WordCount(1, 1, 1), True)
    assert (tomorrow.by_link, tomorrow.confirms) == (WordCount(1, 1, 1, 1), False)


def test_achieved_needs_more_than_half(database: str) -> None:
    at = Beat()
    record_reading(actor=at.facilitator, goal_uuid=at.goal, read_on=TODAY, value=3, source="office", now=NOON)
    residents_say(at.goal_id, on=TODAY, solved=1, better=1, same=1, worse=1)
    end = {"actor": at.facilitator, "goal_uuid": at.goal, "state": GoalState.ACHIEVED, "now": NOON}
    with pytest.raises(Conflict, match="more than half"):
        end_goal(**end)  # type: ignore[arg-type]
    at.said(BETTER)
    end_goal(**end)  # type: ignore[arg-type]
    assert at.state is GoalState.ACHIEVED


def test_hands_in_the_room_count_too_and_the_last_meeting_is_the_one_that_counts(database: str) -> None:
    at = Beat()
    spring, summer = at.meeting(), at.meeting(title="Summer meeting", starts_at=later(30))
    at.hands(spring, solved=0, better=2, same=9, worse=3)
    at.hands(spring, solved=1, better=2, same=9, worse=0)
    word = word_of_residents(at.goal, today=TODAY)
    assert (word.by_hands, word.room, word.room_on) == (WordCount(1, 2, 9, 0), "Spring meeting", TODAY)
    at.hands(summer, later(30), solved=12, better=9, same=2)
    word = word_of_residents(at.goal, today=TODAY + timedelta(days=30))
    assert (word.by_hands, word.room, word.confirms) == (WordCount(12, 9, 2, 0), "Summer meeting", True)
    with reading() as db:
        facts = db.scalars(select(LogEntry.facts).where(LogEntry.action == "hands_counted")).all()
    assert facts[-1] == {"meeting": str(summer), "solved": 12, "better": 9, "same": 2, "worse": 0}


def test_only_a_facilitator_of_the_residents_counts_hands_at_an_open_meeting_of_the_beat(database: str) -> None:
    at = Beat()
    meeting = at.meeting()
    officer = a_person(beats=(at.beat,))
    of_officers = a_facilitator("Lee Marsh", side=Side.OFFICERS)
    neither = a_person("Ines Park", side=Side.NEITHER, roles=(Role.FACILITATOR,))
    count = {"goal_uuid": at.goal, "meeting_uuid": meeting, "hands": {SOLVED: 5}, "now": NOON}
    for wrong in (officer, of_officers, neither):
        with pytest.raises(NotAllowed):
            count_hands(actor=wrong, **count)  # type: ignore[arg-type]
    with pytest.raises(SignInNeeded):
        count_hands(actor=None, **count)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="while the meeting is open"):
        at.hands(at.meeting(state=MeetingState.CLOSED), solved=5)
    elsewhere = uuid_of(Meeting, a_meeting(a_beat("K9", west=-122.2)))
    with pytest.raises(Conflict, match="other beats"):
        at.hands(elsewhere, solved=5)
    with pytest.raises(NotFound):
        at.hands(uuid4(), solved=5)
    for numbers in ({"solved": -1}, {"worse": 2001}, {}, {"solved": 0}):
        with pytest.raises(Invalid):
            at.hands(meeting, **numbers)
    due(at.goal_id, TODAY + timedelta(days=1))
    with pytest.raises(Conflict, match="due date"):
        at.hands(meeting, solved=5)
    assert word_of_residents(at.goal, today=TODAY).by_hands == WordCount()


def test_two_worse_in_ninety_days_open_an_achieved_goal_again(database: str) -> None:
    at = Beat()
    at.said(WORSE)
    achieved(at.goal_id, TODAY)
    others = [a_supporter(at.concern) for _ in range(3)]
    assert at.said(WORSE, others[0], later(10)) is GoalState.ACHIEVED
    assert at.said(WORSE, others[0], later(11)) is GoalState.ACHIEVED
    assert at.said(SAME, others[1], later(12)) is GoalState.ACHIEVED
    assert at.said(WORSE, others[2], later(120)) is GoalState.ACHIEVED
    assert at.said(WORSE, others[1], later(121)) is GoalState.ACTIVE
    with reading() as db:
        goal = db.get_one(Goal, at.goal_id)
        events = db.scalars(select(GoalEvent.kind).where(GoalEvent.goal_id == at.goal_id)).all()
        log = db.scalars(select(LogEntry.action)).all()
    assert (goal.ended_on, events, log) == (None, ["reopened"], ["goal_reopened"])
    # From then on what was said before counts no more.
    word = word_of_residents(at.goal, today=TODAY + timedelta(days=122))
    assert (word.asked_from, word.by_link, word.is_asked) == (date(2026, 9, 2), WordCount(worse=1), True)
    assert asked_goals(others[0], today=TODAY + timedelta(days=122))[0].answer is None


def test_a_link_made_when_the_goal_was_due_answers_nothing(database: str) -> None:
    at = Beat()
    concern = uuid_of(Concern, at.concern)
    support_concern(concern_uuid=concern, device="late phone", now=NOON)
    reporter = a_follow_link(grown := a_concern(at.beat), TODAY)
    grown_out_of(at.goal_id, grown)
    for link in (support_secret(concern, "late phone"), reporter):
        with pytest.raises(Conflict, match="This link was made after"):
            at.said(WORSE, link, later(3))
        assert asked_goals(link, today=TODAY) == ()
    assert at.by_link == WordCount()


def test_links_made_after_the_end_cannot_reopen(database: str) -> None:
    at = Beat()
    achieved(at.goal_id, TODAY + timedelta(days=5))
    for on in (5, 6):
        link = a_supporter(at.concern, TODAY + timedelta(days=on))
        with pytest.raises(Conflict, match="This link was made after"):
            at.said(WORSE, link, later(10))
    before = [a_supporter(at.concern, TODAY + timedelta(days=4)) for _ in range(2)]
    assert [at.said(WORSE, link, later(10)) for link in before] == [GoalState.ACHIEVED, GoalState.ACTIVE]


def test_one_device_with_two_concerns_has_one_answer(database: str) -> None:
    at = Beat()
    achieved(at.goal_id, date(2026, 4, 1))
    other = a_concern(at.beat)
    grown_out_of(at.goal_id, other)
    links = [a_supporter(concern, device="my phone") for concern in (at.concern, other)]
    assert links[0] != links[1]
    assert [at.said(WORSE, link) for link in links] == [GoalState.ACHIEVED] * 2
    assert at.by_link == WordCount(worse=1)
    assert [each.answer for each in asked_goals(links[1], today=TODAY)] == [WORSE]
    assert at.said(WORSE, a_supporter(other, device="another phone")) is GoalState.ACTIVE


def test_a_link_and_a_hand_may_be_the_same_person_and_do_not_reopen(database: str) -> None:
    at = Beat()
    achieved(at.goal_id, date(2026, 4, 1))
    assert at.said(WORSE) is GoalState.ACHIEVED
    assert at.hands(at.meeting(), solved=20, worse=1) is GoalState.ACHIEVED


def test_a_goal_opened_again_says_so_and_is_not_closed_with_the_old_reading(database: str) -> None:
    at = Beat()
    record_reading(actor=at.facilitator, goal_uuid=at.goal, read_on=TODAY, value=3, source="office", now=NOON)
    achieved(at.goal_id, date(2026, 4, 1))
    assert not goal_story(at.goal, today=TODAY).card.is_open_again
    at.hands(at.meeting(), worse=2)
    card = goal_story(at.goal, today=TODAY).card
    assert (card.is_open_again, look_of(card).words) == (True, "Opened again: residents say worse")
    at.hands(at.meeting(title="Summer meeting", starts_at=later(2)), later(2), solved=9)
    end = {"actor": at.facilitator, "goal_uuid": at.goal, "state": GoalState.ACHIEVED, "now": later(2)}
    with pytest.raises(Conflict, match="opened this goal again"):
        end_goal(**end)  # type: ignore[arg-type]
    read_on = TODAY + timedelta(days=1)
    record_reading(actor=at.facilitator, goal_uuid=at.goal, read_on=read_on, value=3, source="office", now=later(2))
    end_goal(**end)  # type: ignore[arg-type]
    assert not goal_story(at.goal, today=read_on).card.is_open_again


def test_two_hands_for_worse_open_it_again_too(database: str) -> None:
    at = Beat()
    achieved(at.goal_id, date(2026, 4, 1))
    meeting = at.meeting()
    assert at.hands(meeting, solved=20, worse=1) is GoalState.ACHIEVED
    assert at.hands(meeting, solved=20, worse=2) is GoalState.ACTIVE


def test_an_achieved_goal_keeps_what_it_needs_to_open_again(database: str) -> None:
    from lib.model import Commitment
    from lib.rules.lifecycle import Party

    at = Beat()
    achieved(at.goal_id, date(2026, 4, 1))
    with reading() as db:
        only = db.scalars(
            select(Commitment.id).where(Commitment.goal_id == at.goal_id, Commitment.party == Party.OFFICERS)
        ).one()
    with pytest.raises(Conflict, match="only commitment"):
        release_commitment(actor=at.facilitator, commitment_id=only, reason="It is done", now=NOON)
    at.said(WORSE)
    assert at.said(WORSE, a_supporter(at.concern)) is GoalState.ACTIVE


def test_the_day_is_the_citys(database: str) -> None:
    at = Beat()
    with writing() as db:
        from lib.model import City

        db.get_one(City, 1).time_zone = "America/Los_Angeles"
    with pytest.raises(Conflict):
        at.said(SOLVED, now=datetime(2026, 5, 4, 6, tzinfo=UTC))
    at.said(SOLVED, now=datetime(2026, 5, 4, 8, tzinfo=UTC))


def test_what_a_link_is_asked_takes_five_statements_however_many_goals(database: str) -> None:
    at = Beat()
    for _ in range(2):
        with counted_statements() as sent:
            asked_goals(at.link, today=TODAY)
        assert len(sent) == 5
        more = a_goal(at.beat, state=GoalState.ACTIVE)
        grown_out_of(more, at.concern)


def test_eight_links_at_once_are_eight_answers_and_reopen_once(database: str) -> None:
    at = Beat()
    achieved(at.goal_id, date(2026, 4, 1))
    links = [a_supporter(at.concern) for _ in range(8)]
    barrier = threading.Barrier(len(links), timeout=60)

    def say(link: str) -> None:
        barrier.wait()
        at.said(WORSE, link)

    threads = [threading.Thread(target=say, args=(link,)) for link in links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading() as db:
        kinds = db.scalars(select(GoalEvent.kind).where(GoalEvent.goal_id == at.goal_id)).all()
        answers = db.scalar(select(func.count()).select_from(GoalAnswer))
    assert (kinds, answers, at.state) == (["reopened"], 8, GoalState.ACTIVE)


def test_a_hidden_source_cannot_be_read_from_whether_residents_seem_to_confirm(sqlite_database: str) -> None:
    at = Beat()
    yesterday = TODAY - timedelta(days=1)
    residents_say(at.goal_id, on=yesterday, solved=2)
    at.hands(at.meeting(state=MeetingState.OPEN), better=2, same=2)
    word = word_of_residents(at.goal, today=TODAY)
    assert (word.shown_by_link.total, word.by_hands.total) == (2, 4)
    assert (word.confirms, word.seems_to_confirm) == (True, False)
