"""Builders: the smallest valid row of each kind, with only what a test cares about given by name.

Every builder writes through the model in a transaction of its own and returns the row's id (or the object, where a test
needs more). They are not a second way into the product: what is tested goes through services.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from shapely import to_wkb
from shapely.geometry import MultiPolygon, box, mapping
from sqlalchemy import select

from lib.model import (
    Activity,
    Beat,
    BeatBoundary,
    Candidate,
    Category,
    CategoryText,
    City,
    Commitment,
    Concern,
    Goal,
    GoalBeat,
    Incident,
    IncidentMonth,
    Measure,
    Meeting,
    MeetingBeat,
    OfficerPosting,
    Outcome,
    Partner,
    Person,
    PersonRole,
    PulseAnswer,
    PulseSurvey,
    Round,
    SideCount,
)
from lib.model.pulse import Sample
from lib.rules.geography import PlaceKind
from lib.rules.goals import Direction, MeasureKind
from lib.rules.lifecycle import (
    CommitmentState,
    ConcernStatus,
    Electorate,
    GoalState,
    MeetingState,
    Party,
    Role,
    RoundState,
    Side,
)
from lib.rules.rights import Actor
from lib.rules.voting import SideFigures
from lib.services.witnesses import Witness, pin_hash
from lib.storage.transaction import reading, writing

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def a_city(*, is_demonstration: bool = False) -> None:
    """A city named Lakeside, in UTC, emergency number 911, English and Spanish."""
    with writing() as db:
        db.add(
            City(
                id=1,
                name="Lakeside",
                time_zone="UTC",
                emergency_number="911",
                languages=["en", "es"],
                is_demonstration=is_demonstration,
            )
        )


def a_beat(code: str = "K2", *, west: float = -122.34, south: float = 47.60, size: float = 0.02) -> int:
    """A square beat of `size` degrees with its boundary open on both sides."""
    square = MultiPolygon([box(west, south, west + size, south + size)])
    with writing() as db:
        beat = Beat(code=code, name=f"Quarter {code}")
        db.add(beat)
        db.flush()
        db.add(
            BeatBoundary(
                beat_id=beat.id,
                polygon=to_wkb(square),
                drawn=_geojson(square),
                source="a test",
                valid_from=None,
                valid_to=None,
            )
        )
        return beat.id


def a_category(key: str = "noise") -> int:
    with writing() as db:
        known = db.scalar(select(Category.id).where(Category.key == key))
        if known:
            return known
        category = Category(key=key, icon=key, colour="#4B2A9B", position=1)
        db.add(category)
        db.flush()
        db.add(CategoryText(category_id=category.id, language="en", name=key.replace("_", " ").capitalize()))
        return category.id


def a_person(
    name: str = "Maya Lindqvist",
    *,
    side: Side = Side.OFFICERS,
    roles: tuple[Role, ...] = (Role.OFFICER,),
    beats: tuple[int, ...] = (),
    email: str | None = None,
) -> Actor:
    """A person with roles, without a password, posted to beats since 2020; returned as the actor a service takes."""
    with writing() as db:
        person = Person(name=name, email=email or f"{uuid4().hex[:12]}@example.org", side=side)
        db.add(person)
        db.flush()
        db.add_all(PersonRole(person_id=person.id, role=role) for role in roles)
        db.add_all(OfficerPosting(person_id=person.id, beat_id=beat, valid_from=date(2020, 1, 1)) for beat in beats)
        codes = frozenset(db.scalars(select(Beat.code).where(Beat.id.in_(beats))))
        return Actor(person.id, name, side, frozenset(roles), codes)


def a_facilitator(name: str = "Rosa Delgado", *, side: Side = Side.RESIDENTS) -> Actor:
    return a_person(name, side=side, roles=(Role.FACILITATOR,))


WITNESS_PIN = "4711"


def a_witness(name: str = "Sgt. Noor Haddad", *, side: Side = Side.OFFICERS) -> Witness:
    """Somebody who confirms as the second person."""
    person = a_person(name, side=side, roles=(Role.FACILITATOR,))
    with writing() as db:
        db.get_one(Person, person.person_id).pin_hash = pin_hash(person.person_id, WITNESS_PIN)
    return Witness(person.person_id, WITNESS_PIN)


def a_coordinator(name: str = "Ines Park") -> Actor:
    return a_person(name, side=Side.NEITHER, roles=(Role.COORDINATOR,))


def a_concern(
    beat_id: int,
    *,
    category_id: int | None = None,
    text: str = "Loud music every Friday night",
    reported_at: datetime = NOON,
    status: ConcernStatus = ConcernStatus.NEW,
    cell: str = "",
) -> int:
    category = category_id or a_category()
    with writing() as db:
        concern = Concern(
            category_id=category,
            beat_id=beat_id,
            cell=cell,
            place_kind=PlaceKind.STREET,
            text=text,
            status=status,
            reported_at=reported_at,
        )
        db.add(concern)
        db.flush()
        return concern.id


def a_goal(
    beat_id: int, title: str = "Quieter Friday nights on Pine Street", *, state: GoalState = GoalState.CANDIDATE
) -> int:
    """A goal of one beat; an active one gets a measure and an accepted commitment of each side first."""
    with writing() as db:
        goal = Goal(
            title=title,
            summary="Fewer noisy nights between ten and two.",
            state=GoalState.ADOPTED if state is GoalState.ACTIVE else state,
            proposed_at=NOON,
            withdrawn_reason="No longer needed" if state is GoalState.WITHDRAWN else "",
            ended_reason="The target was missed" if state is GoalState.NOT_ACHIEVED else "",
        )
        db.add(goal)
        db.flush()
        db.add(GoalBeat(goal_id=goal.id, beat_id=beat_id))
        if state is GoalState.ACTIVE:
            db.add(
                Measure(
                    goal_id=goal.id,
                    kind=MeasureKind.TYPED,
                    unit="noisy nights a month",
                    direction=Direction.DOWN,
                    baseline=10,
                    target=4,
                    starts_on=date(2026, 1, 1),
                    due_on=date(2026, 12, 31),
                    source="log of the night office",
                )
            )
            db.add_all(
                Commitment(
                    goal_id=goal.id,
                    party=party,
                    owner=f"{party.value} of the beat",
                    deliverable="A walk every Friday night",
                    due_on=date(2026, 6, 30),
                    state=CommitmentState.ACCEPTED,
                    offered_at=NOON,
                )
                for party in (Party.RESIDENTS, Party.OFFICERS)
            )
            db.flush()
            goal.state = GoalState.ACTIVE
        return goal.id


def a_meeting(
    beat_id: int,
    title: str = "Spring meeting",
    *,
    starts_at: datetime = NOON,
    state: MeetingState = MeetingState.OPEN,
) -> int:
    with writing() as db:
        meeting = Meeting(
            title=title,
            place="Community Room",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            state=state,
        )
        db.add(meeting)
        db.flush()
        db.add(MeetingBeat(meeting_id=meeting.id, beat_id=beat_id))
        return meeting.id


def incidents_recorded(beat_id: int, category: str, months: Mapping[date, int]) -> None:
    """So many incidents in each month, spread evenly over its 28 first days and on its last day, counted per month."""
    with writing() as db:
        for month, number in months.items():
            next_month = (month + timedelta(days=31)).replace(day=1)
            for position in range(number):
                last = position == number - 1
                db.add(
                    Incident(
                        source="a test",
                        source_key=f"{beat_id}/{category}/{month}/{position}",
                        category=category,
                        occurred_on=next_month - timedelta(days=1) if last else month + timedelta(days=position % 28),
                        beat_id=beat_id,
                    )
                )
            db.add(IncidentMonth(beat_id=beat_id, category=category, month=month, incidents=number))


def a_partner(name: str = "City Light", *, phone: str = "206-555-0100") -> int:
    with writing() as db:
        partner = Partner(name=name, phone=phone)
        db.add(partner)
        db.flush()
        return partner.id


def a_wave(
    beat_id: int,
    wave_on: date,
    *,
    safe: int,
    unsafe: int,
    adults: int = 2500,
    sample: Sample = Sample.RANDOM,
) -> int:
    """A wave of the pulse that closed two weeks after it began; so many feel safe after dark, so many do not."""
    with writing() as db:
        survey = PulseSurvey(
            beat_id=beat_id,
            wave_on=wave_on,
            closes_on=wave_on + timedelta(days=14),
            wording="2026-1",
            sample=sample,
            adults=adults,
            invited=(safe + unsafe) * 3 if sample is Sample.RANDOM else 0,
            swept_at=NOON,
        )
        db.add(survey)
        db.flush()
        db.add_all(PulseAnswer(survey_id=survey.id, after_dark=1 + position % 2) for position in range(safe))
        db.add_all(PulseAnswer(survey_id=survey.id, after_dark=3 + position % 2) for position in range(unsafe))
        return survey.id


def a_published_outcome(
    goal_id: int,
    meeting_id: int,
    *,
    outcome: str = "adopted",
    number: int = 1,
    residents: tuple[int, int] = (61, 100),
    officers: tuple[int | None, int] = (None, 6),
    published_at: datetime = NOON,
) -> None:
    """A published round with this goal as its only candidate: (approvals, non-blank ballots) of each side."""
    with writing() as db:
        voted = Round(
            meeting_id=meeting_id,
            number=number,
            question="Which goals shall we work on?",
            eligibility="Everybody who lives or works here",
            places=1,
            officers_figures=SideFigures.SEALED if officers[0] is None else SideFigures.OPEN,
            state=RoundState.PUBLISHED,
            published_at=published_at,
            frozen="{}",
            frozen_hash="0" * 64,
        )
        db.add(voted)
        db.flush()
        candidate = Candidate(round_id=voted.id, goal_id=goal_id, goal_uuid=db.get_one(Goal, goal_id).uuid, position=1)
        db.add(candidate)
        db.flush()
        db.add_all(
            SideCount(
                round_id=voted.id, side=side, issued=ballots + 5, cast_ballots=ballots + 2, blank_ballots=2, channels={}
            )
            for side, ballots in ((Electorate.RESIDENTS, residents[1]), (Electorate.OFFICERS, officers[1]))
        )
        db.add(
            Outcome(
                round_id=voted.id,
                candidate_id=candidate.id,
                outcome=outcome,
                place=1 if outcome == "adopted" else None,
                residents_key=outcome in ("adopted", "open_without_place", "residents_only"),
                officers_key=outcome in ("adopted", "open_without_place", "officers_only"),
                residents_approvals=residents[0],
                officers_approvals=officers[0],
            )
        )


def uuid_of(table: type[Activity] | type[Concern] | type[Goal] | type[Meeting], row_id: int) -> UUID:
    """The public name of a row that a builder returned by its id."""
    with reading() as db:
        return db.get_one(table, row_id).uuid


def _geojson(shape: MultiPolygon) -> str:
    import json

    return json.dumps(mapping(shape), separators=(",", ":"))
