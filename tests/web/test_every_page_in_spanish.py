"""Every state of every phone page, in Spanish: no English sentence is left.

What people wrote is Spanish here too, so that whatever is English was said by us.
"""

import ast
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response as Answer
from starlette.routing import Route
from starlette.testclient import TestClient

from lib.clock import now
from lib.errors import Conflict, Invalid, NotAllowed, NotFound, SignInNeeded, TooMany, Unavailable
from lib.model import Concern, Goal, Meeting, Round
from lib.queries import published_ballots
from lib.queries.concern_story import followed_concern
from lib.queries.following import reader_secret
from lib.queries.results import round_result
from lib.queries.voting import RoundRow, round_of
from lib.rules.lifecycle import ConcernStatus, Electorate, GoalState, MeetingState, Role, Side
from lib.services.answers import answer_concern
from lib.services.concerns import erase_concern
from lib.services.meetings import close_meeting
from lib.services.passes import mint_passes, void_pass
from lib.services.people import add_person
from lib.services.places import name_city
from lib.services.planning import translate_candidate, translate_round
from lib.services.publishing import set_aside_round
from lib.services.rounds import close_round, open_round
from lib.services.splitting import split_concern
from lib.storage.engine import using
from lib.storage.transaction import BUSY, writing
from lib.web import result_words
from lib.web.errors import handlers
from lib.web.headers import middleware
from lib.web.languages import ENGLISH, speak
from lib.web.rendering import _city
from lib.web.result_words import outcome_in_words, result_in_words
from lib.web.wrong_codes import REFUSED_AFTER, note_wrong_code
from tests.builders import a_beat, a_category, a_city, a_concern, a_goal, a_meeting, a_partner, a_person, uuid_of
from tests.goal_builders import a_follow_link, a_supporter, due, grown_out_of
from tests.hall import Hall, a_hall
from tests.photo_builders import a_picture
from tests.published import ROUNDS, a_round
from tests.web.conftest import phone_door
from tests.web.shown import english_words, shown
from tests.web.test_ballot import form_of, send

METAS = ("Iluminar el paso de la avenida 23", "Autos más lentos junto a la escuela", "Un gimnasio los viernes")
RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS


@pytest.fixture
def phone(sqlite_database: str) -> Iterator[TestClient]:
    """A Spanish-speaking browser."""
    from lib.web import wrong_codes
    from lib.web.room_state import forget_states

    _city.cache_clear()
    forget_states()
    wrong_codes._tries.clear()
    client = TestClient(phone_door(), headers={"accept-language": "es-MX,es;q=0.9,en;q=0.5"})
    with client:
        yield client
    speak(ENGLISH)


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
    void_pass(actor=hall.facilitator, second=hall.second, meeting_id=hall.meeting_id, serial=1)
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
    older = phone.get("/ballot?change=1").text
    page = phone.get("/ballot?change=1").text
    read(send(phone, page, goal=str(hall.goals[1])), 200, "Su boleta está guardada")
    read(send(phone, older, none="yes"), 409, "Usted votó después", "Cambiar mi voto", "Su código de seguimiento")
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


def test_the_pages_of_mail(phone: TestClient) -> None:
    a_city()
    link = a_follow_link(a_concern(a_beat(), text="Ruido de noche"))
    secret = reader_secret("maya@example.org")
    read(phone.get(f"/follow/{link}"), 200, "Avísenme por correo", "Su dirección se guarda cifrada")
    read(phone.post(f"/follow/{link}/mail", data={"email": "maya"}), 422, "no es una dirección de correo")
    read(phone.post(f"/follow/{link}/mail", data={"email": "maya@example.org"}), 200, "Revise su correo")
    read(phone.get(f"/mail/confirm/{secret}"), 200, "¿Le escribimos?", "Ruido de noche")
    read(phone.get(f"/mail/{secret}"), 200, "todavía espera su sí", "espera su sí")
    read(phone.post(f"/mail/confirm/{secret}"), 200, "Desde ahora le escribimos")
    read(phone.get(f"/mail/confirm/{secret}"), 200, "Esto ya está confirmado")
    read(phone.get(f"/mail/off/{secret}"), 200, "¿No más correo?")
    read(phone.post(f"/mail/off/{secret}"), 200, "Ya no recibirá correo")
    read(phone.get(f"/mail/{secret}"), 404, "los correos se terminaron")


def test_the_pages_between_a_concern_and_its_sending(phone: TestClient) -> None:
    name_city(name="Lakeside", time_zone="UTC", from_command_line=True)
    a_beat()
    page = read(
        phone.get("/report"), 200, "Nunca se escribe aquí", "Violencia o miedo en casa", "El servicio de limpieza"
    )
    read(phone.get("/report?category=domestic_abuse"), 200, "En peligro ahora: llame al 911")
    given = {"category": "noise", "text": "Música fuerte cada viernes", "beat": "K2", "form": form_of(page)}
    read(phone.post("/report", data={**given, "category": "named_suspects"}), 200, "Esto no se escribe aquí")
    urgent = read(phone.post("/report", data={**given, "text": "Está pasando ahora"}), 200, "¿Está pasando ahora?")
    assert 'href="tel:911"' in urgent
    read(phone.post("/report", data={**given, "text": "Mi esposo me pega"}), 200, "puede hablar de violencia en casa")
    held = read(
        phone.post("/report", data={**given, "text": "La señora Ruiz grita"}), 200, "lee estas palabras antes que todos"
    )
    assert "Ruiz" not in held
    a_concern(beat_id=1, category_id=5, reported_at=now(), text="Música fuerte cada viernes")
    again = form_of(phone.get("/report").text)
    read(phone.post("/report", data={**given, "form": again}), 200, "¿Es una de estas?", "palabras parecidas", "hoy")
    picture = {"photo": ("p.jpg", b"no photo", "image/jpeg")}
    read(phone.post("/report", data={**given, "form": again}, files=picture), 422, "No podemos leer esta foto")
    picture = {"photo": ("p.jpg", a_picture(), "image/jpeg")}
    passed = {**given, "form": again, "past": "similar"}
    read(phone.post("/report", data={**passed, "text": ""}, files=picture), 422, "La foto 1 se conserva")
    read(phone.post("/report", data=passed, files=picture), 200, "1 foto espera la revisión")


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


@pytest.mark.parametrize("name", list(ROUNDS))
def test_the_pages_of_every_result(phone: TestClient, name: str) -> None:
    published = a_round(name, titles=METAS)
    with writing() as db:
        db.execute(update(Round).values(question="¿En qué metas trabajamos?", eligibility="Quien vive aquí"))
        db.execute(update(Meeting).values(title="Reunión de primavera"))
    page = read(phone.get(f"/results/{published.uuid}?language=es"), 200, "La regla", "Los dos lados nunca se suman.")
    assert f'href="/results/{published.uuid}/ballots?language=es"' in page
    speak("es")
    tally = round_result(published.uuid).tally
    told = [result_in_words(tally), *(outcome_in_words(outcome, tally) for outcome in tally.outcomes)]
    assert [sentence for sentence in told if sentence not in " ".join(shown(page))] == []
    listed = "Todas las boletas publicadas" if published.trackers else "No hay boletas publicadas."
    read(phone.get(f"/results/{published.uuid}/ballots?language=es"), 200, "Buscar mi boleta", listed)


def test_a_contested_result_with_the_answer_that_is_owed(phone: TestClient) -> None:
    hall = a_hall(residents=6, titles=METAS)
    row = in_spanish(hall)
    for voter in range(4):
        hall.votes(row, voter, 0)
        hall.votes(row, voter, 1, side=OFFICERS)
    hall.counted(row)
    hall.published(row)
    with writing() as db:
        db.execute(update(Meeting).values(title="Reunión de primavera"))
    said = ("Las y los residentes deben una respuesta por escrito", "El lado de agentes debe una respuesta por escrito")
    read(phone.get(f"/results/{row.uuid}?language=es"), 200, "2 en disputa.", *said)


def test_a_long_list_of_ballots(phone: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published_ballots, "ON_ONE_PAGE", 3)
    published = a_round("sealed officers", titles=METAS)
    with writing() as db:
        db.execute(update(Round).values(question="¿En qué metas trabajamos?"))
    address = f"/results/{published.uuid}/ballots"
    page = read(phone.get(f"{address}?language=es"), 200, "Buscar mi boleta")
    for start in re.findall(rf'href="({address}/[^"]+)"', page):
        read(phone.get(unescape(start)), 200, "Boletas desde")
    read(phone.get(f"{address}/no?language=es"), 404, "No existe esa página en la lista de boletas.")


def test_the_follow_page_of_a_round(phone: TestClient) -> None:
    hall = a_spanish_hall()
    row = in_spanish(hall, places=3)
    address = f"/rounds/{row.uuid}/follow?language=es"
    read(phone.get(address), 200, "Qué ha pasado con la votación", "Guarde esta dirección")
    hall.counted(row)
    hall.published(row)
    read(phone.get(address), 200, "Ver el resultado", "Más sobre esta meta", "Hoy")
    read(phone.get("/rounds/nonsense/follow?language=es"), 404, "No hay ninguna votación en esta dirección")


def test_a_result_that_is_nowhere_or_not_yet(phone: TestClient) -> None:
    hall = a_spanish_hall()
    planned = hall.planned(goal_ids=hall.goal_ids[:1])
    nowhere = "/results/00000000-0000-0000-0000-000000000000"
    for address in ("/results/nonsense", "/results/nonsense/ballots"):
        read(phone.get(f"{address}?language=es"), 404, "No hay ninguna votación en esta dirección")
    read(phone.get(f"{nowhere}?language=es"), 404, "Esta votación no existe")
    for address in (f"{nowhere}/ballots", f"/results/{planned.uuid}", f"/results/{planned.uuid}/ballots"):
        read(phone.get(f"{address}?language=es"), 404, "todavía no se publica")
    read(phone.get(f"/results/{planned.uuid}/rule.json?language=es"), 404, "todavía no se ha abierto")


def test_a_spanish_phone_is_led_to_a_spanish_result(phone: TestClient) -> None:
    hall = a_spanish_hall()
    row = in_spanish(hall)
    page = phone.get(f"/b/{hall.tokens[RESIDENTS][0]}").text
    send(phone, page, none="yes")
    assert f"/results/{row.uuid}?language=es" in phone.get("/ballot/in/tracker.txt").text
    hall.counted(row)
    hall.published(row)
    assert f'href="/results/{row.uuid}?language=es"' in phone.get("/ballot").text


def test_every_sentence_of_a_result_is_translated_whole() -> None:
    """No text of a result is put together from pieces: each one is a sentence, or names a number of things."""
    pieces = re.compile(r"^[a-z,;]|[a-z]$")
    tree = ast.parse(Path(result_words.__file__).read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    texts = [
        argument.value
        for call in calls
        if call.func.id in ("_", "ngettext")  # type: ignore[attr-defined]
        for argument in call.args
        if isinstance(argument, ast.Constant)
    ]
    assert len(texts) > 30
    named = re.compile(
        r"%\(number\)s (ballots?|places?)|%\(approvals\)s of .*|only %.*|fewer than three of %.*|No. %\(number\)s"
    )
    assert [text for text in texts if pieces.search(text) and not named.fullmatch(text)] == []


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


def test_what_became_of_a_solved_concern_its_part_and_whom_it_went_to(phone: TestClient) -> None:
    a_city()
    beat = a_beat()
    officer = a_person(beats=(beat,))
    concern = a_concern(beat, text="Música fuerte")
    uuid, link = uuid_of(Concern, concern), a_follow_link(concern)
    part = split_concern(actor=officer, concern_uuid=uuid, category_key="noise", part="Perros", text="Son dos cosas")
    answer_concern(
        actor=officer,
        concern_uuid=part,
        status=ConcernStatus.REFERRED,
        text="Ellos saben",
        partner_id=a_partner("Refugio"),
    )
    read(phone.get(f"/follow/{link}"), 200, "También es parte de esto", "Se pasó a")
    solved_at = now() - timedelta(days=10)
    answer_concern(actor=officer, concern_uuid=uuid, status=ConcernStatus.SOLVED, text="Listo", now=solved_at)
    read(phone.get(f"/follow/{link}"), 200, "se le preguntará aquí si lo está")
    with writing() as db:
        db.get_one(Concern, concern).closed_at = now() - timedelta(days=40)
    read(phone.get(f"/follow/{link}"), 200, "¿Está resuelto?")
    address = f"/follow/{link}/concerns/{uuid}"
    read(phone.post(address, data={"answer": "no"}), 422, "Elija una")
    read(phone.post(address, data={"answer": "worse"}), 200, "Su respuesta está guardada")
    read(phone.post(f"/follow/{a_supporter(concern)}/concerns/{uuid}", data={"answer": "worse"}), 200, "está peor")
    read(phone.post(address, data={"answer": "worse"}), 409, "no se pregunta")
