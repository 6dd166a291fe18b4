"""A meeting of the demonstration city that is open at this moment, and slips for a crowd that votes in it."""

import csv
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from lib import clock
from lib.demo import spanish
from lib.demo.people import PIN
from lib.errors import Conflict, NotFound
from lib.model import Meeting, MeetingBeat, Person
from lib.queries.places import beat, has_city
from lib.queries.places import city as named_city
from lib.queries.votable import votable_goals
from lib.queries.voting import RoundRow, rounds
from lib.rules.lifecycle import Electorate, MeetingState, Role, RoundState, Side
from lib.rules.rights import Actor
from lib.rules.voting import PassKind, ResultsShown, SideFigures
from lib.services.agenda import draft_agenda
from lib.services.meetings import add_agenda_item, open_meeting, plan_meeting
from lib.services.passes import Slip, mint_passes
from lib.services.planning import plan_round, translate_candidate, translate_round
from lib.services.rounds import open_round
from lib.services.witnesses import Witness
from lib.settings import settings
from lib.storage.transaction import reading, writing

TITLE = "Tonight’s meeting, Pioneer Square"
BEAT = "K2"
FACILITATOR = "facilitator@demo.example"
SECOND = "facilitator.officers@demo.example"
ELIGIBLE = "Everybody aged 16 or older who lives or works in the beat; the officers posted to it."
SLIPS = {Electorate.RESIDENTS: 40, Electorate.OFFICERS: 4}
WAITING = {Electorate.RESIDENTS: 30, Electorate.OFFICERS: 4}
"""Passes that the tablet at the door shows one by one."""

MINUTES = 60
LIVE_GOALS = 6


@dataclass(frozen=True)
class Tonight:
    """The meeting that is open. `is_new`: it was made by this call. `slips_file` holds codes to try by hand."""

    meeting_id: int
    meeting_uuid: UUID
    is_new: bool
    slips_file: Path


def open_tonight(*, now: datetime | None = None) -> Tonight:
    """Open a meeting with a show of hands that runs and a secret round that is prepared; the running one, if there is.

    The codes of its slips go to a file in the data folder that its owner alone can read: a real meeting prints them and
    keeps none. Raises Conflict in a city that is not the demonstration, NotFound before it is loaded.
    """
    moment = now or clock.now()
    if not has_city() or not named_city().is_demonstration:
        raise Conflict("Tonight's meeting belongs to the demonstration city; this database holds another one.")
    file = settings().data_folder / "tonight_slips.csv"
    with writing():
        running = _running(moment)
        if running is not None:
            return Tonight(running.id, running.uuid, False, file)
        person = _facilitator()
        meeting_id = plan_meeting(
            actor=person,
            title=TITLE,
            place="Community Room, 105 Yesler Way",
            access="Step-free, children welcome, Spanish and Chinese interpreters",
            wifi="CommunityRoom",
            starts_at=moment - timedelta(minutes=20),
            ends_at=moment + timedelta(hours=3),
            beat_codes=[BEAT],
        )
        live, _ = _two_rounds(person, meeting_id)
        add_agenda_item(actor=person, meeting_id=meeting_id, title="Who does what by when", minutes=30)
        draft_agenda(actor=person, meeting_id=meeting_id, now=moment)
        slips = {
            side: mint_passes(actor=person, meeting_id=meeting_id, side=side, number=number, now=moment).slips
            for side, number in SLIPS.items()
        }
        for side, number in WAITING.items():
            mint_passes(actor=person, meeting_id=meeting_id, side=side, number=number, kind=PassKind.DOOR, now=moment)
        open_meeting(actor=person, meeting_id=meeting_id)
        # Read again: the minutes tell a vote after the moment at which its meeting was opened.
        open_round(actor=person, second=_second(), round_id=live, now=now or clock.now())
        opened = _running(moment)
    if opened is None:
        raise NotFound("Tonight's meeting was ended at once. Please try again.")
    _keep(file, slips)
    return Tonight(opened.id, opened.uuid, True, file)


def crowd_slips(*, meeting_id: int, residents: int, officers: int) -> tuple[tuple[Electorate, Slip], ...]:
    """Fresh slips for a simulated crowd, kept nowhere. Raises Conflict when no vote of the meeting is open."""
    if not any(each.state is RoundState.OPEN for each in rounds(meeting_id)):
        raise Conflict("No vote of tonight's meeting is open. Open one on the page Run, then send the crowd again.")
    person = _facilitator()
    minted = [
        mint_passes(actor=person, second=_second(), meeting_id=meeting_id, side=side, number=number)
        for side, number in ((Electorate.RESIDENTS, residents), (Electorate.OFFICERS, officers))
        if number
    ]
    return tuple((batch.side, slip) for batch in minted for slip in batch.slips)


def _running(moment: datetime) -> Meeting | None:
    with reading() as db:
        return db.scalar(
            select(Meeting)
            .join(MeetingBeat, MeetingBeat.meeting_id == Meeting.id)
            .where(Meeting.title == TITLE, Meeting.state == MeetingState.OPEN, Meeting.ends_at > moment)
            .limit(1)
        )


def _facilitator() -> Actor:
    with reading() as db:
        person = db.scalar(select(Person).where(Person.email == FACILITATOR))
    if person is None:
        raise NotFound("The demonstration city has lost its facilitator. Load it again into an empty database.")
    return Actor(person.id, person.name, Side.RESIDENTS, frozenset({Role.FACILITATOR}))


def _second() -> Witness:
    """The officers' facilitator confirms, as in a real hall somebody of the other side would."""
    with reading() as db:
        person_id = db.scalar(select(Person.id).where(Person.email == SECOND))
    if person_id is None:
        raise NotFound("The demonstration city has lost its second facilitator. Load it again into an empty database.")
    return Witness(person_id, PIN)


def _in_spanish(person: Actor, row: RoundRow) -> None:
    """What the facilitator typed in Spanish; a goal without Spanish words stays in English."""
    question = spanish.QUESTIONS[row.question]
    translate_round(actor=person, round_id=row.id, language="es", question=question, eligibility=spanish.ELIGIBLE)
    for candidate in row.candidates:
        if candidate.title in spanish.GOALS:
            title, summary = spanish.GOALS[candidate.title]
            translate_candidate(
                actor=person,
                round_id=row.id,
                goal_id=candidate.goal_id,
                language="es",
                title=title,
                summary=summary,
            )


def _two_rounds(person: Actor, meeting_id: int) -> tuple[int, int]:
    goals = votable_goals([beat(BEAT).id])
    if len(goals) <= LIVE_GOALS:
        raise Conflict("Too few goals are proposed in the beat for two votes. Propose more on the page Goals.")
    live = plan_round(
        actor=person,
        meeting_id=meeting_id,
        question="Which goals shall we take on next?",
        eligibility=ELIGIBLE,
        goal_ids=[goal.id for goal in goals[:LIVE_GOALS]],
        places=3,
        shows=ResultsShown.LIVE,
        officers_figures=SideFigures.OPEN,
        minutes=MINUTES,
    )
    secret = plan_round(
        actor=person,
        meeting_id=meeting_id,
        question="And which of these should follow in spring?",
        eligibility=ELIGIBLE,
        goal_ids=[goal.id for goal in goals[LIVE_GOALS : LIVE_GOALS + 6]],
        places=min(2, len(goals) - LIVE_GOALS),
        minutes=MINUTES,
    )
    for row in rounds(meeting_id):
        _in_spanish(person, row)
    return live, secret


def _keep(file: Path, slips: dict[Electorate, tuple[Slip, ...]]) -> None:
    file.unlink(missing_ok=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(("side", "serial", "address"))
        beginning = f"{settings().phones_address}/b/"
        for side, minted in slips.items():
            writer.writerows((side.value, slip.serial, beginning + slip.token) for slip in minted)
