"""Every state of every phone page, in Spanish: no English sentence is left.

What people wrote is Spanish here too, so that whatever is English was said by us.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response as Answer
from starlette.routing import Route
from starlette.testclient import TestClient

from lib.clock import now
from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded, TooMany, Unavailable
from lib.model import Concern, Goal
from lib.queries.concern_story import followed_concern
from lib.queries.voting import RoundRow, round_of
from lib.rules.lifecycle import ConcernStatus, Electorate, GoalState, MeetingState, Role, Side
from lib.services.answers import answer_concern
from lib.services.concerns import erase_concern
from lib.services.counting import set_aside_round
from lib.services.meetings import close_meeting
from lib.services.passes import mint_passes, void_pass
from lib.services.people import add_person
from lib.services.planning import translate_candidate, translate_round
from lib.services.rounds import close_round, open_round
from lib.storage.engine import using
from lib.storage.transaction import BUSY, writing
from lib.web.errors import handlers
from lib.web.headers import middleware
from lib.web.rendering import _city
from lib.web.wrong_codes import REFUSED_AFTER, note_wrong_code
from tests.builders import a_beat, a_category, a_city, a_concern, a_goal, a_meeting, a_person, uuid_of
from tests.goal_builders import a_follow_link, a_supporter, due, grown_out_of
from tests.hall import Hall, a_hall
from tests.web.conftest import phone_door
from tests.web.shown import english_words, shown
from tests.web.test_ballot import form_of, send

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS


@pytest.fixture
def phone(sqlite_database: str) -> Iterator[TestClient]:
    """A Spanish-speaking browser."""
    from lib.web import wrong_codes
    from lib.web.ballot import _room_state_at

    for memory in (_city, _room_state_at):
        memory.cache_clear()
    wrong_codes._tries.clear()
    client = TestClient(phone_door(), headers={"accept-language": "es-MX,es;q=0.9,en;q=0.5"})
    with client:
        yield client


def read(answer: object, status: int, *said: str) -> str:
    """Check one page: its status, what it must say, its language, and that no English is left; its source."""
    assert answer.status_code == status, answer.text  # type: ignore[attr-defined]
    page: str = answer.text  # type: ignore[attr-defined]
    texts = shown(page)
    assert '<html lang="es">' in page
    assert {text: found for text in texts if (found := english_words(text))} == {}
    whole = " ".join(texts)
    assert [sentence for sentence in said if sentence not in whole] == []
    return page


def in_spanish(hall: Hall, **wishes: object) -> RoundRow:
    """A round of the hall with its texts in Spanish, open."""
    row = hall.planned(**wishes)  # type: ignore[arg-type]
    who = {"actor": hall.facilitator, "round_id": row.id, "language": "es"}
    translate_round(**who, question="¿En qué metas trabajamos?", eligibility="Quien vive o trabaja aquí")
    for candidate in row.candidates:
        title = f"Meta número {candidate.position}"
        translate_candidate(**who, goal_id=candidate.goal_id, title=title, summary="Menos noches ruidosas.")
    open_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    return round_of(row.id)


def a_spanish_hall() -> Hall:
    return a_hall(residents=6)


def test_the_doors_pages(phone: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = a_spanish_hall()
    read(phone.get("/join"), 200, "Vote con su tarjeta", "Ir a la boleta")
    read(phone.post("/join", data={"code": "x"}), 404, "Este código no funciona", "Aquí no se conoce este código")
    read(phone.get("/b/0000-0000-0000-0000"), 404, "Este código no funciona")
    void_pass(actor=hall.facilitator, meeting_id=hall.meeting_id, serial=1)
    read(phone.get(f"/b/{hall.tokens[RESIDENTS][0]}"), 409, "Esta tarjeta está anulada", "Tengo otra tarjeta")
    later = a_meeting(
        hall.beat_id, "Reunión de verano", starts_at=now() + timedelta(days=1), state=MeetingState.PLANNED
    )
    batch = mint_passes(actor=hall.facilitator, meeting_id=later, side=RESIDENTS, number=1)
    read(phone.get(f"/b/{batch.slips[0].token}"), 409, "Todavía es temprano", "Deje abierta esta página")
    read(phone.post("/join", data={"code": batch.slips[0].token}), 409, "Escribir el código de nuevo")
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    read(phone.get(f"/b/{hall.tokens[RESIDENTS][1]}"), 409, "Esta reunión ya terminó", "Ver qué se decidió")

    async def at_once(_seconds: float) -> None:
        return

    monkeypatch.setattr("lib.web.passes.asyncio.sleep", at_once)
    for _ in range(REFUSED_AFTER):
        note_wrong_code("testclient")
    read(phone.post("/join", data={"code": "x"}), 429, "un código correcto siempre funciona")


def test_the_ballot_from_waiting_to_its_result(phone: TestClient) -> None:
    hall = a_spanish_hall()
    slip = f"/b/{hall.tokens[RESIDENTS][0]}"
    read(phone.get(slip), 200, "Todavía no hay ninguna votación abierta", "Deje abierta esta página")
    row = in_spanish(hall, places=3)
    page = read(
        phone.get("/ballot"), 200, "¿En qué metas trabajamos?", "Meta número 2", "Ninguna de estas", "un tercio"
    )
    read(send(phone, page), 422, "No eligió nada", "Enviar la boleta en blanco")
    goal = str(hall.goals[0])
    read(send(phone, page, goal=goal, none="yes"), 422, "pero no las dos cosas")
    read(send(phone, page, goal="nonsense"), 422, "no está en esta boleta")
    read(phone.post("/ballot", data={"form": "made up", "goal": goal}), 409, "Este formulario ya venció")
    first = send(phone, page, goal=goal)
    read(first, 200, "Su boleta está guardada", "Su código de seguimiento", "Cambiar mi voto")
    saved = phone.get("/ballot/in/tracker.txt").text
    assert "Su código de seguimiento: " in saved
    assert english_words(saved.replace(f"Spring meeting\r\nRonda 1 de 1: {row.question}", "")) == set()
    page = phone.get("/ballot?change=1").text
    read(send(phone, page, goal=str(hall.goals[1])), 200, "Su boleta está guardada")
    read(phone.get(str(first.url)), 200, "se reemplazó por su voto posterior")  # type: ignore[attr-defined]
    page = phone.get("/ballot?change=1").text
    close_round(actor=hall.facilitator, round_id=row.id)
    read(send(phone, page, goal=goal), 409, "Su boleta no se aceptó", "llegó tarde", "La boleta que envió antes")
    read(phone.get("/ballot"), 200, "Esta votación está cerrada", "Su boleta está guardada")
    read(phone.get("/ballot/in"), 200, "La votación está cerrada")
    hall.counted(row)
    read(phone.get("/ballot"), 200, "Esta votación está cerrada")
    hall.published(row)
    read(phone.get("/ballot"), 200, "Ya salió el resultado", "Ver el resultado")
    close_meeting(actor=hall.facilitator, meeting_id=hall.meeting_id)
    read(phone.get("/ballot"), 200, "Esta reunión ya terminó")


def test_a_ballot_that_missed_its_round_and_a_round_that_was_set_aside(phone: TestClient) -> None:
    hall = a_spanish_hall()
    row = in_spanish(hall, goal_ids=hall.goal_ids[:1])
    page = phone.get(f"/b/{hall.tokens[RESIDENTS][0]}").text
    close_round(actor=hall.facilitator, round_id=row.id)
    read(send(phone, page, none="yes"), 409, "En esta ronda no se cuenta nada suyo")
    later = in_spanish(hall, goal_ids=hall.goal_ids[1:])
    read(send(phone, page, none="yes"), 409, "Ronda 1 de 2", "llegó tarde")
    hall.counted(row)
    read(send(phone, page, none="yes"), 409, "Si usted ya había votado, esa boleta se contó")
    hall.counted(later)
    set_aside_round(actor=hall.facilitator, second=hall.second, round_id=later.id, reason="Sobran dos boletas.")
    read(phone.get("/ballot"), 200, "Esta votación se dejó sin efecto", "Sobran dos boletas.")


def test_an_officers_ballot_without_a_tracker(phone: TestClient) -> None:
    hall = a_spanish_hall()
    in_spanish(hall)
    page = phone.get(f"/b/{hall.tokens[OFFICERS][0]}").text
    read(send(phone, page, none="yes"), 200, "se cuentan ante dos testigos")


def test_the_pages_of_concerns(phone: TestClient) -> None:
    a_city(is_demonstration=True)
    beat = a_beat()
    a_category()
    page = read(phone.get("/report"), 200, "Plantear una inquietud", "En una emergencia llame al", "Demostración")
    given = {"category": "noise", "text": "Música fuerte cada viernes", "beat": "K2", "frequency": "every week"}

    def told(**changed: str) -> object:
        return phone.post("/report", data={**given, "form": form_of(page), **changed})

    read(told(text=""), 422, "«Qué pasa» está vacío")
    read(told(text="x" * 3000), 422, "caben 2,000 caracteres")
    read(told(category=""), 422, "Elija de la lista de qué se trata")
    read(told(beat=""), 422, "Diga dónde es")
    read(told(beat="Z9"), 404, "No existe el sector")
    read(told(beat="", longitude="-122.40", latitude="47.61"), 422, "queda fuera de todos los sectores")
    read(told(frequency="never"), 422, "con qué frecuencia")
    read(told(form="made up"), 409, "estuvo abierto demasiado tiempo")
    told_once = told(contact="555-0100", address="Calle 5", consent="yes")
    read(told_once, 200, "Gracias, ya la recibimos", "Cada semana", "el lugar exacto")
    read(told(), 200, "Esto ya se había enviado")
    address = str(told_once.url).split("?")[0]  # type: ignore[attr-defined]
    read(phone.get(address), 200, "Espera una primera respuesta", "Nadie ha respondido todavía")
    read(phone.get(f"{address}/erase"), 200, "¿Retirar su inquietud?")
    read(phone.post(f"{address}/erase"), 200, "Ya está borrada")
    read(phone.get(address), 404, "Este enlace no lleva a ninguna parte")

    uuid = uuid_of(Concern, a_concern(beat, text="Ruido de noche"))
    read(phone.post(f"/me-too/{uuid}"), 422, "no guardó la cookie")
    read(phone.get(f"/me-too/{uuid}"), 200, "¿A usted le pasa lo mismo?", "Nadie más")
    read(phone.post(f"/me-too/{uuid}"), 200, "Usted está en la cuenta", "1 dispositivo dice")
    officer = a_person(beats=(beat,))
    answer_concern(actor=officer, concern_uuid=uuid, status=ConcernStatus.SOLVED, text="Se habló con el bar.")
    phone.cookies.clear()
    read(phone.get(f"/me-too/{uuid}"), 200, "está cerrada (resuelta)")
    read(phone.post(f"/me-too/{uuid}"), 409, "está cerrada (resuelta)")
    read(phone.get("/me-too/nonsense"), 404, "Esta inquietud no existe")


def test_every_status_in_the_story_of_a_concern(phone: TestClient) -> None:
    a_city()
    beat = a_beat()
    a_category()
    page = phone.get("/report").text
    told = phone.post(
        "/report",
        data={"category": "noise", "text": "Ruido", "beat": "K2", "form": form_of(page)},
    )
    uuid = followed_concern(told.url.path.split("/")[2]).uuid
    officer = a_person(beats=(beat,))
    steps = (
        (ConcernStatus.ACKNOWLEDGED, "ya la leyeron"),
        (ConcernStatus.INVESTIGATING, "la están investigando"),
        (ConcernStatus.PLANNED, "algo planeado"),
        (ConcernStatus.IN_PROGRESS, "Ya se empezó"),
        (ConcernStatus.SOLVED, "está resuelta"),
    )
    for status, said in steps:
        answer_concern(actor=officer, concern_uuid=uuid, status=status, text="Una respuesta.")
        read(phone.get(str(told.url)), 200, said)
    day = now().strftime("%Y")
    assert f" de {day}" in phone.get(str(told.url)).text


def test_the_pages_of_signing_in(phone: TestClient) -> None:
    a_city()
    read(phone.get("/signin"), 200, "Todavía nadie puede iniciar sesión")
    password = "tres tristes tigres tragan"
    add_person(
        name="Maya",
        email="maya@example.org",
        side=Side.OFFICERS,
        roles=[Role.OFFICER, Role.FACILITATOR],
        password=password,
        from_command_line=True,
    )
    read(phone.get("/signin"), 200, "Correo electrónico")
    read(phone.post("/signin", data={"email": "maya@example.org", "password": "x"}), 422, "no son correctos")
    tries = (phone.post("/signin", data={"email": "maya@example.org", "password": "x"}) for _ in range(20))
    read(next(answer for answer in tries if answer.status_code == 429), 429, "Demasiados intentos fallidos")
    read(phone.get("/signout"), 200, "No ha iniciado sesión")
    read(phone.get("/password"), 401, "Primero inicie sesión")
    read(phone.get("/signin/city"), 404, "Aquí no se usan cuentas de la ciudad")


def test_the_pages_of_somebody_signed_in(phone: TestClient) -> None:
    a_city()
    password = "tres tristes tigres tragan"
    add_person(
        name="Maya",
        email="maya@example.org",
        side=Side.OFFICERS,
        roles=[Role.OFFICER, Role.FACILITATOR],
        password=password,
        from_command_line=True,
    )
    phone.post("/signin", data={"email": "maya@example.org", "password": password}, follow_redirects=False)
    read(phone.get("/signin"), 200, "Inició sesión como", "Escritorio", "Cambiar mi contraseña")
    read(phone.get("/signout"), 200, "Cerrar sesión en todos los dispositivos")
    read(phone.get("/password"), 200, "Contraseña actual")

    def changed(present: str, new: str, again: str) -> object:
        return phone.post("/password", data={"present": present, "password": new, "again": again})

    read(changed(password, "a", "b"), 422, "no son iguales")
    read(changed("wrong", password, password), 422, "contraseña actual no es correcta")
    read(changed(password, "corta", "corta"), 422, "Una contraseña tiene de 12 a")
    read(changed(password, "aaaaaaaaaaaa", "aaaaaaaaaaaa"), 422, "demasiado fácil")


ERRORS: dict[str, tuple[Callable[[], Exception], int, str]] = {
    "invalid": (lambda: Invalid("Choose what it is about from the list."), 422, "Hay algo que revisar"),
    "missing": (lambda: NotFound("This vote does not exist. Start again from the list of meetings."), 404, "No se"),
    "who": (lambda: SignInNeeded("Please sign in first."), 401, "Inicie sesión, por favor"),
    "no": (lambda: NotAllowed("Your city account is not known here. Ask your coordinator to add you."), 403, "acceso"),
    "late": (lambda: Conflict("This vote is for the residents in the room."), 409, "No funcionó"),
    "slow": (
        lambda: TooMany("Too many wrong tries. Please wait 1 second, then try again."),
        429,
        "Espere un momento, por favor",
    ),
    "gone": (lambda: Unavailable(BUSY), 503, "No hay conexión con la base de datos"),
    "defect": (lambda: ZeroDivisionError("a detail"), 500, "Algo falló de nuestro lado"),
}


@pytest.mark.parametrize("kind", list(ERRORS))
def test_an_error_of_each_kind(sqlite_database: str, kind: str) -> None:
    make, status, said = ERRORS[kind]

    def wrong(_request: Request) -> Answer:
        raise make()

    ours = [Route("/wrong", wrong, methods=["GET", "POST"])]
    application = Starlette(routes=ours, middleware=middleware(ours), exception_handlers=dict(handlers()))
    with TestClient(application, raise_server_exceptions=False, headers={"accept-language": "es"}) as phone:
        read(phone.get("/wrong"), status, said)
        read(phone.post("/wrong"), status, said)
        read(phone.get("/nowhere"), 404, "No hay ninguna página en esta dirección")
        read(phone.put("/wrong"), 405, "Esta dirección no acepta")
        read(phone.post("/wrong", data={"x": "y" * 70_000}), 413, "Es demasiado de una vez")
        read(phone.post("/wrong", json={}), 400, "solo acepta formularios")
        read(phone.post("/wrong", headers={"sec-fetch-site": "cross-site"}), 403, "llegó desde otro sitio")
        broken = {"content-type": "multipart/form-data"}
        read(phone.post("/wrong", content=b"no boundary", headers=broken), 400, "No se puede leer")


def test_a_database_that_is_gone(phone: TestClient) -> None:
    with using("postgresql+psycopg://nobody@127.0.0.1:1/nowhere?connect_timeout=1"):
        read(phone.get("/signin"), 503, "La base de datos está ocupada")


def test_the_question_that_closes_a_goal(phone: TestClient) -> None:
    a_city()
    beat = a_beat()
    goal, concern = a_goal(beat, "Noches tranquilas", state=GoalState.ACTIVE), a_concern(beat, text="Música fuerte")
    with writing() as db:
        db.get_one(Goal, goal).summary = "Menos noches ruidosas."
    grown_out_of(goal, concern)
    link, supporter = a_follow_link(concern), a_supporter(concern)
    read(phone.get(f"/follow/{link}"), 200, "aquí se le preguntará qué ha pasado")
    answer = f"/follow/{link}/goals/{uuid_of(Goal, goal)}"
    read(phone.post(answer, data={"answer": "solved"}), 409, "todavía no llega su fecha")
    due(goal, now().date())
    read(phone.get(f"/follow/{supporter}"), 200, "Una inquietud que usted comparte", "¿qué ha pasado con esto?")
    read(phone.post(answer, data={"answer": "no"}), 422, "Elija una")
    read(phone.post(answer, data={"answer": "solved"}), 200, "Su respuesta está guardada", "Resuelto", "Peor")
    erase_concern(follow_secret=link)
    read(phone.get(f"/follow/{supporter}"), 200, "retiró sus palabras")
    shared = uuid_of(Concern, a_concern(beat, text="Música fuerte"))
    phone.get(f"/me-too/{shared}")
    read(phone.post(f"/me-too/{shared}"), 200, "Su propio enlace muestra qué pasa")
