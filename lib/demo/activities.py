"""What people can join in the demonstration: invented youth evenings, watch groups and joint training."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from lib.demo.activities_spanish import DESCRIPTIONS, name_in_spanish, rhythm_in_spanish
from lib.demo.geography import DemoBeat, Geography
from lib.rules.partners import JOINT_TRAINING, WATCH_GROUP, YOUTH_EVENING

BEATS_WITH_ACTIVITIES = (
    *("K2", "B1", "B2", "C3", "D2", "E2", "F1", "F2", "F3"),
    *("G1", "G3", "J3", "K3", "L3", "R1", "R3", "S3", "U2"),
)

YOUTH, WATCH, TRAINING = YOUTH_EVENING, WATCH_GROUP, JOINT_TRAINING

NEEDS = {
    YOUTH: "teenagers, young people, bored, after school, sport, music, basketball",
    WATCH: "watch group, evening walk, volunteer, dark streets, break-ins, get involved",
    TRAINING: "joint training, first aid, overdose, calming a quarrel, volunteer",
}
"""What people search with who would join such an activity."""


@dataclass(frozen=True)
class DemoActivity:
    """`partner` is a partner's name or "" where residents run it themselves; `organiser` an invented mail address, ""
    where nobody can be told of volunteers; `volunteers`: first names of those who have confirmed;
    `spanish`: name, description and rhythm in Spanish."""

    partner: str
    beat: str
    kind: str
    name: str
    description: str
    place: str
    rhythm: str
    next_at: datetime
    needs: str
    languages: str
    checked_days: int
    organiser: str
    volunteers: tuple[str, ...]
    spanish: tuple[str, str, str]


def demo_activities(*, seed: int, today: date, geography: Geography, time_zone: str) -> tuple[DemoActivity, ...]:
    """What people can join in the beats of the list, all of it in the coming weeks."""
    rng = np.random.default_rng([seed, 5])
    zone = ZoneInfo(time_zone)
    found: list[DemoActivity] = []
    for code in BEATS_WITH_ACTIVITIES:
        beat = geography.by_code[code]
        choices = [_youth(beat), _watch(beat), _training(beat)]
        count = 3 if code == "K2" else int(rng.integers(1, 4))
        first = int(rng.integers(0, 3))
        for step in range(count):
            kind, partner, names, description, place, weekdays, hour = choices[(first + step) % 3]
            weekday = int(rng.choice(weekdays))
            is_monthly = kind != YOUTH
            day = _next_day(today, weekday, int(rng.integers(0, 3)) if is_monthly else 0)
            rhythm = _rhythm(day, hour, is_monthly=is_monthly)
            rhythm_es = rhythm_in_spanish(day, hour, is_monthly=is_monthly)
            name = str(rng.choice(names))
            starts = datetime.combine(day, time(int(hour), round(hour % 1 * 60)), zone).astimezone(UTC)
            organiser = "" if len(found) % 5 == 4 else f"organiser-{len(found) + 1}@organisers.example"
            found.append(
                DemoActivity(
                    partner,
                    code,
                    kind,
                    name,
                    description,
                    place,
                    rhythm,
                    starts,
                    NEEDS[kind],
                    "English, Spanish",
                    checked_days=10 + 17 * len(found) % 160,
                    organiser=organiser,
                    volunteers=_volunteers(len(found)) if organiser else (),
                    spanish=(name_in_spanish(name, beat.name), DESCRIPTIONS[kind], rhythm_es),
                )
            )
    return tuple(found)


_Choice = tuple[str, str, tuple[str, ...], str, str, tuple[int, ...], float]


def _youth(beat: DemoBeat) -> _Choice:
    return (
        YOUTH,
        "Open Gym Seattle",
        (f"Open gym {beat.name}", f"Open court {beat.name}", "Beats and ball"),
        "Sport, music and something warm to eat for 12- to 19-year-olds. Come as you are; an officer plays along.",
        f"Gym near {_landmark(beat)}",
        (1, 3, 4),
        18.0,
    )


def _watch(beat: DemoBeat) -> _Choice:
    return (
        WATCH,
        "",
        (f"{beat.name} watch group", f"{beat.name} evening walk", f"Block hosts of {beat.name}"),
        "Neighbours walk the beat together, note what is dark, broken or left behind, and tell the officers. New faces "
        "welcome.",
        f"Start at {_landmark(beat)}",
        (0, 2, 3),
        19.0,
    )


def _training(beat: DemoBeat) -> _Choice:
    return (
        TRAINING,
        "Good Neighbours Mediation",
        (
            "Calming a quarrel, together",
            "First help for an overdose, together",
            "What to see, what to say: a joint evening",
        ),
        "Residents and officers of the beat learn side by side, in pairs, with a trainer from outside.",
        f"Community room near {_landmark(beat)}",
        (1, 2, 5),
        17.5,
    )


FIRST_NAMES = ("Amina", "Theo", "Lucía", "Minh", "Grace", "Yusuf", "Hana", "Pedro", "Ruth", "Kofi", "Elif", "Sam")


def _volunteers(number: int) -> tuple[str, ...]:
    """One to four people, other ones from one activity to the next."""
    return tuple(FIRST_NAMES[(3 * number + place) % len(FIRST_NAMES)] for place in range(1 + number % 4))


def _landmark(beat: DemoBeat) -> str:
    return beat.spots[0].name


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _next_day(today: date, weekday: int, weeks: int) -> date:
    """The next such weekday after today, some weeks further."""
    ahead = (weekday - today.weekday() - 1) % 7 + 1
    return today + timedelta(days=ahead + 7 * weeks)


def _rhythm(day: date, hour: float, *, is_monthly: bool) -> str:
    at = f"{int(hour)}:{round(hour % 1 * 60):02d}"
    weekday = _WEEKDAYS[day.weekday()]
    if not is_monthly:
        return f"every {weekday}, {at}"
    which = ("first", "second", "third", "fourth", "last")[(day.day - 1) // 7]
    return f"{which} {weekday} of the month, {at}"
