"""People of the demonstration, all invented: the officers of each beat, and those who prepare and check meetings."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from lib.demo.geography import Geography
from lib.rules.lifecycle import Role, Side

PASSWORD = "common beat demo"  # noqa: S105 - it is printed for whoever tries the demonstration
PIN = "4711"
"""What everybody of the demonstration types as the second person."""
"""Of the accounts in `ACCOUNTS`; nobody else of the demonstration can sign in."""


@dataclass(frozen=True)
class DemoPosting:
    """An officer's beat by its code, since when, and when and where residents can meet them."""

    beat: str
    valid_from: date
    valid_to: date | None
    hours: str


@dataclass(frozen=True)
class DemoPerson:
    name: str
    email: str
    side: Side
    roles: frozenset[Role]
    postings: tuple[DemoPosting, ...] = ()
    signs_in: bool = False


_FIRST_NAMES = (
    "Aaron Abena Adele Aiko Alejandra Amara Anders Anjali Antonio Ariana Benita Bjorn Bridget Caleb Camille "
    "Carlos Carmen Celeste Chidi Claire Cora Damian Delphine Devon Dmitri Eleni Elias Emeka Esther Farah Felix "
    "Fiona Gabriel Gloria Grace Hana Harriet Hector Ida Imani Ingrid Isaac Ivy Jamal Jasper Joaquin Joyce Kavita "
    "Keiko Kofi Lars Leila Lena Lionel Luisa Malik Marcus Marisol Mateo Mei Miriam Nadia Naomi Nikolai Noor Olga "
    "Oscar Pablo Patience Priya Quentin Rashida Renata Rohan Rosalind Samir Selma Silvia Soren Talia Tariq Teresa "
    "Theo Uma Valerie Viktor Wanda Wesley Ximena Yara Yusuf Zara Zoltan"
)
_LAST_NAMES = (
    "Abara Achterberg Adeyemi Aldana Amundsen Aoki Arceneaux Baptiste Barrientos Bellweather Bergstrom Bhatt "
    "Bielski Blackwood Bonnard Brightwater Calloway Cardenas Castellane Chaudhary Corrigan Dahlgren Dairo "
    "Delacroix Dimitrov Donnelly Eriksen Escalante Fairweather Falk Farouk Fennimore Ferreira Fonoti Gallego "
    "Ganesan Gunderson Hadley Halvorsen Hartono Hightower Holloway Ibarra Ishikawa Jankowski Kahale Kamara Kapoor "
    "Kealoha Kettering Kowalczyk Lafontaine Langstrom Lindgren Loomis Macaraeg Malinowski Marchetti Mbeki "
    "Merriweather Mikkelsen Moreau Nakagawa Navarro Ndiaye Novak Okonjo Olander Ostrowski Pemberton Petrosyan "
    "Quigley Quintero Ravenwood Rasmussen Reyes Rostova Sandoval Santangelo Sepulveda Sorensen Stavros Sundaram "
    "Talavera Tanaka Thackeray Tuiasosopo Ueda Underhill Valdivia Vasquez Villanueva Wakefield Westergaard "
    "Whitlock Winterbourne Yamashita Yilmaz Zamora"
)

_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays")
_TIMES = ("8:30–10:00", "10:00–12:00", "12:00–13:30", "15:00–17:00", "16:30–18:00", "17:30–19:00")
_MEETING_PLACES = (
    "in the community room of the library",
    "at the bench beside the bus stop",
    "at the farmers’ market stall",
    "in the front room of the community centre",
    "in the café on the corner, table by the window",
    "at the precinct’s front desk",
    "walking the beat: stop us anywhere",
    "in the school’s parent room",
    "on the steps of the church hall",
    "at the playground gate, after school",
)

ACCOUNTS: tuple[tuple[str, str, Side, frozenset[Role], str], ...] = (
    (
        "Maya Lindqvist",
        "officer@demo.example",
        Side.OFFICERS,
        frozenset({Role.OFFICER}),
        "Tuesdays and Thursdays 16:00–18:00, at the information kiosk in Occidental Square",
    ),
    (
        "Sgt. Ruth Alvarez",
        "facilitator.officers@demo.example",
        Side.OFFICERS,
        frozenset({Role.OFFICER, Role.FACILITATOR}),
        "First Monday of the month 18:00–19:30, in the community room on S Main Street",
    ),
    ("Rosa Delgado", "facilitator@demo.example", Side.RESIDENTS, frozenset({Role.FACILITATOR}), ""),
    ("Ines Park", "coordinator@demo.example", Side.NEITHER, frozenset({Role.COORDINATOR}), ""),
    ("Tobias Greene", "auditor@demo.example", Side.NEITHER, frozenset({Role.AUDITOR}), ""),
)
"""Name, address, side, roles and, for officers of K2, when to meet them. All sign in with `PASSWORD`."""

ACCOUNTS_BEAT = "K2"


def demo_people(*, seed: int, today: date, geography: Geography) -> tuple[DemoPerson, ...]:
    """The five accounts first, then Daniel Okafor of K2, two or three officers per beat, and residents' facilitators.

    Every beat has two or three present officers; some beats also had one who has moved on since.
    """
    rng = np.random.default_rng([seed, 2])
    names = _names(rng)
    people = []
    for name, email, side, roles, hours in ACCOUNTS:
        since = DemoPosting(ACCOUNTS_BEAT, _years_before(rng, today), None, hours)
        people.append(DemoPerson(name, email, side, roles, (since,) if hours else (), signs_in=True))
    people.append(
        _officer(
            "Daniel Okafor",
            DemoPosting(
                ACCOUNTS_BEAT,
                _years_before(rng, today),
                None,
                "Saturdays 10:00–12:00, walking the beat: stop us anywhere",
            ),
        )
    )
    for beat in geography.beats:
        if beat.code == ACCOUNTS_BEAT:
            continue
        for _ in range(2 + int(beat.busy > 1.1 or rng.random() < 0.3)):
            people.append(_officer(names.pop(), DemoPosting(beat.code, _years_before(rng, today), None, _hours(rng))))
    for beat in geography.beats[::5]:
        began = today - timedelta(days=int(rng.integers(1500, 2600)))
        left = today - timedelta(days=int(rng.integers(790, 1100)))
        people.append(_officer(names.pop(), DemoPosting(beat.code, began, left, _hours(rng))))
    for _ in range(6):
        name = names.pop()
        people.append(DemoPerson(name, _address(name), Side.RESIDENTS, frozenset({Role.FACILITATOR})))
    return tuple(people)


def _names(rng: np.random.Generator) -> list[str]:
    """First and last names put together by chance, each pair once."""
    first, last = _FIRST_NAMES.split(), _LAST_NAMES.split()
    pairs = rng.permutation(len(first) * len(last))[:260]
    return [f"{first[pair % len(first)]} {last[pair // len(first)]}" for pair in pairs.tolist()]


def _officer(name: str, posting: DemoPosting) -> DemoPerson:
    return DemoPerson(name, _address(name), Side.OFFICERS, frozenset({Role.OFFICER}), (posting,))


def _address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@demo.example"


def _years_before(rng: np.random.Generator, today: date) -> date:
    """A first of a month, two years and two months to six years ago: before the first concern."""
    days = today - timedelta(days=int(rng.integers(800, 2200)))
    return days.replace(day=1)


def _hours(rng: np.random.Generator) -> str:
    return f"{rng.choice(_DAYS)} {rng.choice(_TIMES)}, {rng.choice(_MEETING_PLACES)}"
