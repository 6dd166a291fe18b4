"""The invented goals: every state, honest figures, and a story that fits its concerns."""

import re
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

import pytest
import shapely

from lib.demo.concerns import DemoConcern, demo_concerns
from lib.demo.geography import demo_geography
from lib.demo.goals import DemoGoal, demo_goals
from lib.demo.incidents import demo_incidents
from lib.demo.measures import Figures
from lib.demo.people import demo_people
from lib.demo.plan import Plan
from lib.demo.pulse import demo_pulse
from lib.demo.raised import concerns_behind_goals
from lib.demo.schedule import demo_plan
from lib.rules.evidence import Change, Direction, counted_standing
from lib.rules.geography import cell_centre
from lib.rules.goals import MeasureKind
from lib.rules.lifecycle import CommitmentState, GoalState, MeetingState, Party, Role, Side, countersigning_sides
from lib.rules.months import month_of, months_later
from lib.rules.text import LINE_LENGTH, STORY_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH
from lib.rules.windows import monthly_series

TODAY = date(2026, 11, 24)
ZONE = ZoneInfo("America/Los_Angeles")
DAYS = (TODAY, date(2026, 3, 1), date(2027, 1, 31), date(2028, 2, 29))


class City:
    """Everything invented for one seed and day, before it is stored."""

    def __init__(self, seed: int = 7, today: date = TODAY, size: float = 1.0) -> None:
        ground = demo_geography()
        people = demo_people(seed=seed, today=today, geography=ground)
        officers: dict[str, list[str]] = {}
        for person in people:
            for posting in person.postings:
                if posting.valid_to is None:
                    officers.setdefault(posting.beat, []).append(person.email)
        self.plan: Plan = demo_plan(seed=seed, today=today, time_zone=ZONE.key, geography=ground)
        self.behind = concerns_behind_goals(
            seed=seed, today=today, geography=ground, plan=self.plan, time_zone=ZONE.key, size=size
        )
        self.concerns: tuple[DemoConcern, ...] = demo_concerns(
            seed=seed,
            today=today,
            geography=ground,
            officers=officers,
            time_zone=ZONE.key,
            size=size,
            behind_goals=[concern for raised in self.behind.values() for concern in raised],
        )
        self.incidents = demo_incidents(seed=seed, today=today, geography=ground, size=size)
        waves = demo_pulse(seed=seed, today=today, geography=ground)
        self.people = {person.email: person for person in people}
        self.goals: dict[str, DemoGoal] = demo_goals(
            seed=seed,
            plan=self.plan,
            behind=self.behind,
            figures=Figures(self.incidents, self.concerns, waves, today, ZONE, ground),
            people=people,
        )


@cache
def city() -> City:
    return City()


def test_goals_stand_in_every_state_in_a_dozen_beats() -> None:
    goals = city().goals.values()
    assert {goal.plan.state for goal in goals} == set(GoalState)
    assert len({beat for goal in goals for beat in goal.plan.beats}) >= 12
    assert Counter(goal.plan.beats[0] for goal in goals).most_common(1)[0][0] == "K2"
    active = [goal for goal in goals if goal.plan.beats == ("K2",) and goal.plan.state is GoalState.ACTIVE]
    assert sorted(goal.measure.kind for goal in active if goal.measure) == ["incidents", "incidents", "pulse"]


def test_every_text_is_whole_and_fits() -> None:
    titles = [goal.plan.title for goal in city().goals.values()]
    assert len(set(titles)) == len(titles)
    for goal in city().goals.values():
        plan = goal.plan
        assert 10 < len(plan.title) <= TITLE_LENGTH
        assert 40 < len(plan.summary) <= SUMMARY_LENGTH
        assert goal.story["scanning"]
        texts = [plan.title, plan.summary, plan.feasibility_reason, *goal.story.values()]
        for each in goal.commitments:
            assert len(each.owner) <= TITLE_LENGTH
            texts += [each.owner, each.deliverable, each.done_means, *(s.note for s in each.signatures)]
        for text in texts:
            assert 2 < len(text) <= STORY_LENGTH
            assert not re.search(r"[{}<>]|  |lorem|goal \d", text, re.IGNORECASE), text
        if plan.state in (GoalState.ACTIVE, GoalState.ACHIEVED, GoalState.NOT_ACHIEVED):
            assert set(goal.story) == {"scanning", "analysis", "response", "assessment"}
        assert (plan.ended_reason != "") == (plan.state in (GoalState.ACHIEVED, GoalState.NOT_ACHIEVED))
        assert (plan.withdrawn_reason != "") == (plan.state is GoalState.WITHDRAWN)


def test_goals_grow_out_of_concerns_of_their_own_beat_and_category() -> None:
    concerns = {concern.uuid: concern for concern in city().concerns}
    for goal in city().goals.values():
        behind = [concerns[uuid] for uuid in goal.concerns]
        assert len(behind) >= 4
        assert {(each.beat, each.category) for each in behind} == {(goal.plan.beats[0], goal.plan.category)}
        assert all(each.reported_at.astimezone(ZONE).date() < goal.plan.linked_until for each in behind)
        assert str(len(behind)) in goal.story["scanning"]


def test_concerns_behind_a_goal_are_told_in_different_words() -> None:
    for raised in city().behind.values():
        texts = [concern.text for concern in raised]
        assert len(set(texts)) == len(texts)
        for text in texts:
            assert re.fullmatch(r"[A-Z][^{}<>]{20,500}[.?]", text), text
            assert "  " not in text


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize("seed", [7, 8])
def test_baselines_are_what_the_figures_say(seed: int, today: date) -> None:
    made = City(seed, today, size=0.4)
    for goal in made.goals.values():
        measure = goal.measure
        if measure is None or measure.kind is not MeasureKind.INCIDENTS:
            continue
        rows = made.incidents
        chosen = rows["beat"].isin(goal.plan.beats) & (rows["category"] == measure.category)
        if measure.outline:
            area = shapely.from_geojson(measure.outline)
            chosen &= shapely.intersects_xy(area, rows["lon"].to_numpy(), rows["lat"].to_numpy())
        first, last = months_later(measure.starts_on, -12), measure.starts_on - timedelta(days=1)
        counted = sum(first <= day.date() <= last for day in rows.loc[chosen, "occurred_on"])
        assert measure.baseline_months == 12
        assert measure.baseline == float(Fraction(max(counted, 1), 12))
        assert measure.starts_on == month_of(measure.starts_on) <= today < measure.starts_on + timedelta(days=800)


def test_targets_are_better_than_baselines_and_due_after_the_start() -> None:
    for goal in city().goals.values():
        measure = goal.measure
        if measure is not None:
            assert (measure.target < measure.baseline) == (measure.direction is Direction.DOWN)
            assert measure.target != measure.baseline
            assert measure.starts_on < measure.due_on


def test_fewer_thefts_are_found_in_k2_and_not_next_door() -> None:
    found = {}
    for beat in ("K2", "K1", "K3", "M1"):
        rows = city().incidents
        days = rows.loc[(rows["beat"] == beat) & (rows["category"] == "Theft from vehicle"), "occurred_on"]
        starts_on = months_later(month_of(TODAY), -8)
        standing = counted_standing(
            monthly_series(Counter(month_of(day.date()) for day in days), date(2023, 11, 1), TODAY - timedelta(days=1)),
            baseline=Fraction(18),
            baseline_months=12,
            target=Fraction(11),
            direction=Direction.DOWN,
            starts_on=starts_on,
            due_on=date(2027, 3, 31),
            today=TODAY,
            unit="thefts",
            source="the demonstration",
        )
        found[beat] = standing.change
    assert found.pop("K2") is Change.MOVED
    assert set(found.values()) == {Change.NO_DETECTABLE_CHANGE}


def test_commitments_end_in_every_way_and_only_the_other_side_signs() -> None:
    promised = [each for goal in city().goals.values() for each in goal.commitments]
    assert {each.state for each in promised} == set(CommitmentState)
    assert {each.party for each in promised} == set(Party)
    assert any(each.state is CommitmentState.ACCEPTED and each.due_on < TODAY for each in promised)
    for each in promised:
        sides = {signature.side for signature in each.signatures}
        if each.state is CommitmentState.KEPT:
            assert sides == countersigning_sides(each.party)
        assert all(side.value != each.party.value for side in sides)
        for signature in each.signatures:
            person = city().people[signature.person]
            assert person.side.value == signature.side.value
            assert person.roles & ({Role.FACILITATOR} if person.side is Side.RESIDENTS else {Role.OFFICER})
            assert each.offered_at < signature.signed_at
            assert signature.note


def test_a_running_goal_has_a_measure_and_a_commitment_of_each_side() -> None:
    for goal in city().goals.values():
        if goal.plan.state is GoalState.ACTIVE:
            stands = {each.party for each in goal.commitments if each.state is not CommitmentState.OFFERED}
            assert goal.measure is not None
            assert {Party.RESIDENTS, Party.OFFICERS} <= stands


@pytest.mark.parametrize("today", DAYS)
def test_days_follow_one_another(today: date) -> None:
    plan = demo_plan(seed=7, today=today, time_zone=ZONE.key, geography=demo_geography())
    for goal in plan.goals.values():
        assert goal.proposed_on < today
        assert goal.adopted_on is None or goal.proposed_on < goal.adopted_on <= (goal.starts_on or today)
        if goal.ended_on is not None:
            assert goal.linked_until < goal.ended_on < today
        for days, _ in goal.readings:
            assert goal.starts_on is not None
            assert goal.starts_on <= today + timedelta(days=days) < today
    days = [(meeting.starts_at.astimezone(ZONE).date() - today).days for meeting in plan.meetings]
    assert {meeting.state for meeting in plan.meetings} == set(MeetingState) - {MeetingState.OPEN}
    assert all(5 <= day <= 20 for day in days if day > 0)
    assert all(meeting.starts_at.astimezone(ZONE).hour == 18 for meeting in plan.meetings)


def test_the_same_seed_and_day_give_the_same_goals() -> None:
    assert City(3, size=0.1).goals == City(3, size=0.1).goals
    assert City(3, size=0.1).goals != City(4, size=0.1).goals


def test_a_tiny_city_still_has_every_goal() -> None:
    made = City(size=0.02)
    assert len(made.goals) == len(city().goals)
    assert all(goal.concerns for goal in made.goals.values())


def test_lines_fit_their_columns() -> None:
    for meeting in city().plan.meetings:
        assert len(meeting.title) <= TITLE_LENGTH
        assert len(meeting.access) <= LINE_LENGTH
        assert len(meeting.place) <= 200


def test_concerns_behind_goals_are_among_the_two_thousand() -> None:
    concerns = city().concerns
    behind = {concern.uuid for raised in city().behind.values() for concern in raised}
    assert len(concerns) == len({concern.text for concern in concerns}) == 2000
    assert behind <= {concern.uuid for concern in concerns}
    assert [concern.reported_at for concern in concerns] == sorted(concern.reported_at for concern in concerns)
    for concern in concerns:
        if concern.uuid in behind and concern.place is not None and concern.place.longitude is not None:
            centre = cell_centre(concern.cell)
            assert (concern.place.longitude, concern.place.latitude) != (centre.longitude, centre.latitude)
            assert concern.place.contact == ""
