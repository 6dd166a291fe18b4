"""Storing the demonstration city: everything that `lib/demo` invents, in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from lib import clock
from lib.demo.ballots import demo_votes
from lib.demo.geography import FEATURES, PARKS_SOURCE, SOURCE, Geography, demo_geography
from lib.demo.goals import Staff, demo_goals
from lib.demo.incidents import demo_incidents
from lib.demo.measures import Figures
from lib.demo.people import PASSWORD, PIN, demo_people
from lib.demo.raised import concerns_behind_goals
from lib.demo.schedule import demo_plan
from lib.errors import Conflict
from lib.model import Beat, BeatBoundary, BeatFigure, City, OfficerPosting, Person, PersonRole
from lib.services.demonstration_history import Ids, write_history
from lib.services.demonstration_listening import store_listening
from lib.services.demonstration_mail import store_readers
from lib.services.demonstration_meetings import draft_coming_agendas, draft_past_minutes
from lib.services.demonstration_moderation import store_moderated
from lib.services.demonstration_partners import store_partners
from lib.services.demonstration_rows import inserted, store_concerns, store_pulse
from lib.services.demonstration_story import store_events, store_goals
from lib.services.demonstration_voices import store_voices
from lib.services.demonstration_votes import store_meetings
from lib.services.incident_rows import store_incidents
from lib.services.log import record
from lib.services.passwords import hashed
from lib.services.places import draw_features, name_city
from lib.services.witnesses import pin_hash
from lib.settings import settings
from lib.storage.transaction import writing

TIME_ZONE = "America/Los_Angeles"
INVENTED = "invented for the demonstration"


@dataclass(frozen=True)
class Loaded:
    """Whether the city was loaded (False: it was here already), and how many rows of each kind were stored."""

    loaded: bool
    counts: Mapping[str, int] = field(default_factory=dict)


def load_demonstration(
    *,
    seed: int = 7,
    today: date | None = None,
    size: float = 1.0,
    progress: Callable[[str], None] | None = None,
) -> Loaded:
    """Load the demonstration city into an empty database, in one transaction; nothing where it is here already.

    The same seed and day give the same city. `size` below 1 shrinks incidents and concerns. The machine's owner acts:
    no sign-in is asked. Raises Conflict if the database holds another city or beats, Unavailable.
    """
    day = today or clock.today(TIME_ZONE)
    say = progress or (lambda sentence: None)
    with writing() as db:
        if db.get_bind().dialect.name == "postgresql":
            # Several processes may start at once on an empty database: the others wait, and find it here.
            db.execute(text("SELECT pg_advisory_xact_lock(727404)"))
        present = db.scalar(select(City))
        if present is not None and present.is_demonstration:
            return Loaded(loaded=False)
        if present is not None or db.scalar(select(func.count()).select_from(Beat)):
            name = present.name if present else "beats of another city"
            raise Conflict(
                f"This database already holds {name}. The demonstration needs an empty one: set DATABASE_URL or "
                "DATA_FOLDER to another place, then run python -m lib demo again."
            )
        say("Drawing 51 beats, parks and schools …")
        geography = demo_geography()
        beats = _store_places(db, geography, day)
        say("Inventing officers …")
        people = _store_people(db, seed=seed, today=day, geography=geography, beats=beats)
        counts = {"beats": len(beats), "people": len(people)}
        say("Inventing recorded incidents …")
        incidents = _store_incidents(db, seed=seed, today=day, size=size, geography=geography, beats=beats)
        say("Inventing concerns …")
        plan = demo_plan(seed=seed, today=day, time_zone=TIME_ZONE, geography=geography)
        behind = concerns_behind_goals(
            seed=seed,
            today=day,
            geography=geography,
            plan=plan,
            time_zone=TIME_ZONE,
            size=size,
            home_resolution=settings().home_cell_resolution,
            street_resolution=settings().street_cell_resolution,
        )
        concerns = store_concerns(
            db,
            seed=seed,
            today=day,
            size=size,
            time_zone=TIME_ZONE,
            geography=geography,
            beats=beats,
            people=people,
            behind_goals=[concern for raised in behind.values() for concern in raised],
        )
        say("Inventing the pulse, partners and activities …")
        waves = store_pulse(db, seed=seed, today=day, geography=geography, beats=beats)
        counts["partners"] = store_partners(
            db, seed=seed, today=day, time_zone=TIME_ZONE, geography=geography, beats=beats
        )
        store_listening(db, seed=seed, today=day, time_zone=TIME_ZONE)
        say("Telling goals, meetings and votes …")
        ids = Ids(beats=beats, people=people, zone=ZoneInfo(TIME_ZONE))
        figures = Figures(incidents, concerns, waves, day, ids.zone, geography)
        everybody = demo_people(seed=seed, today=day, geography=geography)
        goals = demo_goals(seed=seed, plan=plan, behind=behind, figures=figures, people=everybody)
        votes = demo_votes(seed=seed, plan=plan)
        steps = store_goals(db, goals, ids)
        of_votes, more = store_meetings(db, plan=plan, votes=votes, staff=Staff(everybody), ids=ids)
        said, spoken = store_voices(db, goals, plan=plan, people=tuple(everybody), today=day, ids=ids)
        store_events(db, goals, [*of_votes, *said], ids)
        approvals = draft_past_minutes(db, plan, Staff(everybody), ids)
        moderated = store_moderated(db, concerns, ids)
        write_history(db, [*steps, *more, *spoken, *approvals, *moderated], ids)
        draft_coming_agendas(db, plan, ids, day)
        counts["readers"] = store_readers(db, today=day, zone=ids.zone)
        counts |= {
            "incidents": len(incidents),
            "concerns": len(concerns),
            "pulse_answers": sum(len(wave.answers) for wave in waves),
            "goals": len(goals),
            "meetings": len(plan.meetings),
            "rounds": sum(len(vote.rounds) for vote in votes.values()),
        }
        record(db, None, "demonstration_loaded", "city", 1, seed=seed, today=day.isoformat(), **counts)
    return Loaded(loaded=True, counts=counts)


def _store_places(db: Session, geography: Geography, today: date) -> dict[str, int]:
    """The city, what is drawn on its map, its beats with boundaries and adults; each beat's id by its code."""
    name_city(name="Seattle", time_zone=TIME_ZONE, is_demonstration=True, from_command_line=True)
    for kind in FEATURES:
        source = PARKS_SOURCE if kind == "park" else SOURCE
        draw_features(kind=kind, features=geography.features[kind], source=source)
    ids = inserted(
        db, Beat, [{"code": each.code, "name": each.name, "precinct": each.precinct} for each in geography.beats]
    )
    beats = {each.code: row for each, row in zip(geography.beats, ids, strict=True)}
    db.execute(
        insert(BeatBoundary),
        [
            {
                "beat_id": beats[each.code],
                "polygon": shapely.to_wkb(each.polygon),
                "drawn": each.drawn,
                "source": SOURCE,
                "valid_from": None,
                "valid_to": None,
            }
            for each in geography.beats
        ],
    )
    db.execute(
        insert(BeatFigure),
        [
            {
                "beat_id": beats[each.code],
                "kind": kind,
                "value": round(each.adults * share),
                "as_of": date(today.year - 1, 4, 1),
                "source": INVENTED,
            }
            for each in geography.beats
            for kind, share in FIGURES.items()
        ],
    )
    record(db, None, "beats_stored", "beat", "all", beats=len(beats))
    return beats


FIGURES = {"adults": 1.0, "adults_16_24": 0.16, "adults_25_39": 0.35, "adults_40_64": 0.36, "adults_65_up": 0.15}
"""Invented: each kind of figure as a share of a beat's adults. The youngest band begins before adulthood."""


def _store_people(
    db: Session, *, seed: int, today: date, geography: Geography, beats: Mapping[str, int]
) -> dict[str, int]:
    """Everybody with roles and postings; each person's id by e-mail address."""
    people = demo_people(seed=seed, today=today, geography=geography)
    password = hashed(PASSWORD)
    ids = inserted(
        db,
        Person,
        [
            {
                "name": each.name,
                "email": each.email,
                "side": each.side,
                "password_hash": password if each.signs_in else "",
                "is_active": True,
            }
            for each in people
        ],
    )
    both = list(zip(ids, people, strict=True))
    for row, each in both:
        if each.signs_in:
            db.execute(update(Person).where(Person.id == row).values(pin_hash=pin_hash(row, PIN)))
    db.execute(
        insert(PersonRole),
        [{"person_id": row, "role": role} for row, each in both for role in sorted(each.roles)],
    )
    db.execute(
        insert(OfficerPosting),
        [
            {
                "person_id": row,
                "beat_id": beats[posting.beat],
                "valid_from": posting.valid_from,
                "valid_to": posting.valid_to,
                "hours": posting.hours,
            }
            for row, each in both
            for posting in each.postings
        ],
    )
    for row in ids:
        record(db, None, "person_added", "person", row)
    return {each.email: row for row, each in both}


def _store_incidents(
    db: Session, *, seed: int, today: date, size: float, geography: Geography, beats: Mapping[str, int]
) -> pd.DataFrame:
    """The incidents as they are stored."""
    frame = demo_incidents(seed=seed, today=today, geography=geography, size=size)
    frame["beat_id"] = frame["beat"].map(beats).astype("Int64")
    # The hour that the clocks skip in spring moves on by one; the hour that comes twice in autumn is its first.
    local = frame["local_at"].dt.tz_localize(
        TIME_ZONE, ambiguous=np.ones(len(frame), dtype=bool), nonexistent="shift_forward"
    )
    frame["occurred_at"] = local.dt.tz_convert("UTC")
    store_incidents(db, frame, source="demonstration")
    record(db, None, "incidents_stored", "incident", "all", incidents=len(frame))
    return frame
