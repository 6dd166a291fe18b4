"""What a phone in a hall can afford: at most 15 KiB and 3 requests for a page, nothing compressed, nothing cached."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from lib.rules.lifecycle import Electorate
from lib.services.planning import translate_candidate
from lib.services.rounds import open_round
from lib.web.rendering import _city
from tests.hall import Hall, a_hall
from tests.web.conftest import phone_door
from tests.web.test_ballot import send

BUDGET = 15 * 1024
REQUESTS = 3

GOALS = [
    "Light the footpath between the station and the school on 23rd Avenue",
    "Slow the cars on the two blocks before the school gate",
    "A gym that is open for young people on Friday evenings",
    "Repair the broken lamps along the river within a week",
    "One officer on foot at the market every Saturday morning",
    "Fewer thefts from parked cars around the ferry terminal",
    "Quieter Friday nights between ten and two on Pine Street",
    "A watch group for the allotments that meets once a month",
    "Empty the bins in the park before every long weekend",
    "A crossing with a signal at Fourth Avenue and Main Street",
    "Meet the owners of the bars four times a year, in public",
    "Clear the needles from the playground before school starts",
]
METAS = [
    "Iluminar el paso peatonal entre la estación y la escuela en la avenida 23",
    "Bajar la velocidad de los autos en las dos cuadras antes de la escuela",
    "Un gimnasio abierto para jóvenes los viernes por la tarde y la noche",
    "Reparar en una semana los faroles dañados a lo largo del río",
    "Una patrulla a pie en el mercado todos los sábados por la mañana",
    "Menos robos de autos estacionados cerca de la terminal del transbordador",
    "Viernes más tranquilos de diez a dos de la noche en la calle Pine",
    "Un grupo de vigilancia para los huertos que se reúna una vez al mes",
    "Vaciar los botes de basura del parque antes de cada fin de semana largo",
    "Un cruce con semáforo en la Cuarta Avenida y la calle principal",
    "Reunirse en público con los dueños de los bares cuatro veces al año",
    "Limpiar las jeringas del parque infantil antes de empezar la escuela",
]


@pytest.fixture
def full_hall(sqlite_database: str) -> Hall:
    """A vote on twelve goals of different categories, in both languages, with summaries."""
    _city.cache_clear()
    hall = a_hall(titles=GOALS)
    with_icons(hall)
    row = hall.planned(places=3)
    for goal_id, title in zip(hall.goal_ids, METAS, strict=True):
        translate_candidate(
            actor=hall.facilitator,
            round_id=row.id,
            goal_id=goal_id,
            language="es",
            title=title,
            summary="Lo que cambiaría en un año, en una frase que cabe en dos renglones.",
        )
    open_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    return hall


def with_icons(hall: Hall) -> None:
    """Give the goals categories with the icons that there are, in turn."""
    from lib.model import Goal
    from lib.storage.transaction import writing
    from lib.web.rendering import ASSETS
    from tests.builders import a_category

    keys = sorted(file.stem for file in (ASSETS / "icons").glob("*.svg"))
    ids = [a_category(key) for key in keys]
    with writing() as db:
        for place, goal_id in enumerate(hall.goal_ids):
            db.get_one(Goal, goal_id).category_id = ids[place % len(ids)]


@pytest.fixture(params=["en", "es"])
def phone(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    with TestClient(phone_door(), headers={"accept-language": request.param}) as client:
        yield client


def cost(phone: TestClient, page: str) -> tuple[int, int]:
    """Bytes and requests of a page with everything that it asks for."""
    files = set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', page))
    return len(page.encode()) + sum(len(phone.get(file).content) for file in files), 1 + len(files)


def test_every_page_of_a_vote_is_within_the_budget(full_hall: Hall, phone: TestClient) -> None:
    join = phone.get("/join")
    wrong = phone.post("/join", data={"code": "x"})
    ballot = phone.get(f"/b/{full_hall.tokens[Electorate.RESIDENTS][0]}")
    assert ballot.text.count('<svg class="mark"') == 12
    refused = send(phone, ballot.text)
    receipt = send(phone, ballot.text, goal=[str(goal) for goal in full_hall.goals[:3]], word="faro")
    changed = phone.get("/ballot?change=1")
    pages = {"join": join, "wrong": wrong, "ballot": ballot, "refused": refused, "in": receipt, "change": changed}
    costs = {name: cost(phone, answer.text) for name, answer in pages.items()}  # type: ignore[attr-defined]
    assert {name: spent for name, spent in costs.items() if spent[0] > BUDGET or spent[1] > REQUESTS} == {}


@pytest.mark.parametrize("goals", [3, 5, 8, 10])
def test_long_summaries_are_left_out_before_the_page_grows_too_large(
    sqlite_database: str, phone: TestClient, goals: int
) -> None:
    _city.cache_clear()
    hall = a_hall(titles=[f"{number}. {'Añadir más faroles en la calle ' * 4}"[:100] for number in range(goals)])
    with_icons(hall)
    row = hall.planned()
    for goal_id in hall.goal_ids:
        translate_candidate(
            actor=hall.facilitator,
            round_id=row.id,
            goal_id=goal_id,
            language="es",
            title="Añadir más faroles",
            summary="¿Qué cambiará en un año? " * 20,
        )
    open_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    page = phone.get(f"/b/{hall.tokens[Electorate.RESIDENTS][0]}").text
    assert cost(phone, page)[0] <= BUDGET
    assert ("<small>" in page) is (goals <= 5 or 'lang="en">\n<head' in page)


def test_a_ballot_of_few_goals_says_what_each_is_about(sqlite_database: str) -> None:
    hall = a_hall()
    hall.opened()
    with TestClient(phone_door()) as phone:
        page = phone.get(f"/b/{hall.tokens[Electorate.RESIDENTS][0]}").text
    assert page.count("Fewer noisy nights between ten and two.") == 3
