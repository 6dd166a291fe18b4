"""The pulse on a phone: a few questions under an invitation's code, and a page for each thing that can be wrong."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest
from httpx import Response
from sqlalchemy import update
from starlette.testclient import TestClient

from lib.clock import now
from lib.model import PulseSurvey
from lib.model.pulse import Sample
from lib.rules.ballots import printed_token
from lib.rules.instrument import INSTRUMENTS, PRESENT
from lib.storage.transaction import writing
from lib.web import wrong_codes
from tests.builders import a_category
from tests.pulse_builders import EVERYTHING, Asked, a_wave_asked, stored, used
from tests.web.conftest import phone_door
from tests.web.shown import english_words, shown

BUDGET = 15 * 1024


@pytest.fixture(autouse=True)
def no_memory() -> Iterator[None]:
    wrong_codes._tries.clear()
    yield
    wrong_codes._tries.clear()


def asked(sample: Sample = Sample.RANDOM) -> Asked:
    """A wave that is open now."""
    return a_wave_asked(sample=sample, now=now())


def moved(asked_wave: Asked, days: int) -> None:
    """Put the wave so many days later, or earlier."""
    with writing() as db:
        wave = db.get_one(PulseSurvey, asked_wave.wave.survey_id)
        shift = timedelta(days=days)
        values = {"wave_on": wave.wave_on + shift, "closes_on": wave.closes_on + shift}
        db.execute(update(PulseSurvey).where(PulseSurvey.id == wave.id).values(values))


def send(phone: TestClient, code: str, **given: str) -> Response:
    return phone.post(f"/pulse/{code}", data=given)


def heading(page: Response) -> str:
    found = re.search(r"<h1>([^<]+)</h1>", page.text)
    assert found, page.text
    return found[1]


FILLED = {key: str(value) for key, value in EVERYTHING.items()}


def test_every_question_stands_on_the_form_with_every_answer(database: str, phone: TestClient) -> None:
    wave = asked()
    page = phone.get(f"/pulse/{wave.codes[0]}")
    assert page.status_code == 200
    for question in INSTRUMENTS[PRESENT].questions:
        assert question.words["en"].ask in page.text
        values = re.findall(rf'type="radio" name="{question.key}" value="(-?\d+)"', page.text)
        assert values == [str(value) for value in question.values]
    assert "<script" not in page.text
    assert "checked" not in page.text
    assert page.headers["cache-control"] == "no-store"


def test_an_answer_is_counted_and_thanked_for(database: str, phone: TestClient) -> None:
    wave = asked()
    answer = send(phone, printed_token(wave.codes[0]).lower(), **FILLED)
    assert (answer.status_code, answer.headers["location"]) == (303, "/pulse/thanks?beat=K2")
    assert stored() == [EVERYTHING | {"took_part": True}]
    thanks = phone.get(answer.headers["location"])
    assert (thanks.status_code, heading(thanks)) == (200, "Thank you")


def test_the_number_one_issue_can_become_a_concern_and_stands_in_no_address(database: str, phone: TestClient) -> None:
    wave = asked()
    a_category()
    issue = 'Ñandú & "dark" streets; every <b>night</b> 漢'
    answer = send(phone, wave.codes[0], top_issue=issue)
    thanks = phone.get(answer.headers["location"])
    link = re.search(r'href="(/report\?from=pulse[^"]*)"', thanks.text)
    assert link
    assert "streets" not in answer.headers["location"] + thanks.text
    form = phone.get(link[1].replace("&amp;", "&"))
    assert "Ñandú &amp; &#34;dark&#34; streets; every &lt;b&gt;night&lt;/b&gt; 漢</textarea>" in form.text
    assert '<option value="K2" selected>' in form.text
    assert "Ñandú" not in phone.get("/report?beat=K2").text


def test_without_an_issue_the_page_of_thanks_offers_an_empty_form(database: str, phone: TestClient) -> None:
    wave = asked()
    answer = send(phone, wave.codes[0], safety="4", top_issue="  ")
    assert "from=pulse" not in phone.get(answer.headers["location"]).text
    assert "/report?beat=K2" in phone.get(answer.headers["location"]).text
    assert phone.get("/pulse/thanks").status_code == 200


def test_a_used_invitation_has_a_page_of_its_own(database: str, phone: TestClient) -> None:
    wave = asked()
    send(phone, wave.codes[0], safety="4")
    for answer in (phone.get(f"/pulse/{wave.codes[0]}"), send(phone, wave.codes[0], safety="9")):
        assert (answer.status_code, heading(answer)) == (409, "Your answer is in")
    assert len(stored()) == 1


@pytest.mark.parametrize(("days", "status", "said"), [(3, 409, "You are early"), (-30, 410, "This survey is closed")])
def test_a_wave_that_is_not_open_has_a_page_of_its_own(
    database: str, phone: TestClient, days: int, status: int, said: str
) -> None:
    wave = asked()
    moved(wave, days)
    for answer in (phone.get(f"/pulse/{wave.codes[0]}"), send(phone, wave.codes[0], safety="9")):
        assert (answer.status_code, heading(answer)) == (status, said)
    assert (stored(), used()) == ([], 0)


@pytest.mark.parametrize("code", ["0000000000000000", "nonsense", "UUUUUUUUUUUUUUUU", "%00", "é" * 16])
def test_an_unknown_code_leads_to_the_form_to_type_it(sqlite_database: str, phone: TestClient, code: str) -> None:
    asked()
    for answer in (phone.get(f"/pulse/{quote(code, safe='%')}"), phone.post("/pulse", data={"code": code})):
        assert answer.status_code == 404
        assert 'action="/pulse"' in answer.text
        assert "not known here" in answer.text


def test_a_typed_code_or_link_leads_to_the_questions(sqlite_database: str, phone: TestClient) -> None:
    wave = asked()
    assert phone.get("/pulse").status_code == 200
    for typed in (printed_token(wave.codes[0]).lower(), f"https://beat.example/pulse/{wave.codes[0]}"):
        answer = phone.post("/pulse", data={"code": typed})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/pulse/{wave.codes[0]}")


def test_wrong_codes_are_slowed_down_and_a_right_one_always_passes(
    sqlite_database: str, phone: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = asked()
    monkeypatch.setattr(wrong_codes, "LONGEST_WAIT", 0.01)
    statuses = [phone.get(f"/pulse/{number:016d}").status_code for number in range(wrong_codes.REFUSED_AFTER + 1)]
    assert (set(statuses[:-1]), statuses[-1]) == ({404}, 429)
    assert phone.get(f"/pulse/{wave.codes[0]}").status_code == 200
    assert send(phone, wave.codes[0], safety="3").status_code == 303


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"after_dark": "9"},
        {"safety": "eleven"},
        {"safety": "٣"},
        {"compared": "--1"},
        {"top_issue": "x" * 161},
        {"took_part": "yes"},
    ],
)
def test_what_is_no_answer_comes_back_with_what_was_chosen(
    sqlite_database: str, phone: TestClient, given: dict[str, str]
) -> None:
    wave = asked()
    chosen = {"by_day": "2", "top_issue": "Parking <here>"} if given else {}
    answer = send(phone, wave.codes[0], **{**chosen, **given})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    if chosen:
        assert 'name="by_day" value="2" checked' in answer.text
        assert "<here>" not in answer.text
    assert (stored(), used()) == ([], 0)


def test_another_sites_form_is_refused(sqlite_database: str, phone: TestClient) -> None:
    wave = asked()
    answer = phone.post(f"/pulse/{wave.codes[0]}", data={"safety": "1"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert stored() == []


def test_a_volunteers_device_answers_once(database: str, phone: TestClient) -> None:
    wave = asked(Sample.VOLUNTEER)
    (code,) = wave.codes
    refused = send(phone, code, safety="1")
    assert (refused.status_code, "kept no cookie" in refused.text) == (422, True)
    page = phone.get(f"/pulse/{code}")
    assert "The results say that volunteers answered" in page.text
    assert send(phone, code, safety="1").status_code == 303
    for answer in (phone.get(f"/pulse/{code}"), send(phone, code, safety="2")):
        assert (answer.status_code, heading(answer)) == (409, "Your answer is in")
    phone.cookies.clear()
    assert phone.get(f"/pulse/{code}").status_code == 200
    assert send(phone, code, safety="2").status_code == 303
    assert len(stored()) == 2


def test_an_invited_persons_phone_keeps_nothing(sqlite_database: str, phone: TestClient) -> None:
    wave = asked()
    assert "set-cookie" not in phone.get(f"/pulse/{wave.codes[0]}").headers
    assert "set-cookie" not in send(phone, wave.codes[0], safety="1").headers


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("sample", list(Sample))
def test_every_page_is_within_the_budget(sqlite_database: str, language: str, sample: Sample) -> None:
    wave = asked(sample)
    with TestClient(phone_door(), headers={"accept-language": language}, follow_redirects=True) as phone:
        pages = [phone.get(f"/pulse/{wave.codes[0]}"), send(phone, wave.codes[0], after_dark="9", top_issue="x" * 160)]
        pages += [send(phone, wave.codes[0], **FILLED), phone.get(f"/pulse/{wave.codes[0]}"), phone.get("/pulse")]
        for answer in pages:
            files = set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', answer.text))
            spent = len(answer.content) + sum(len(phone.get(file).content) for file in files)
            assert spent <= BUDGET
            assert len(files) <= 2


def test_every_page_speaks_spanish(sqlite_database: str) -> None:
    wave = asked()
    with TestClient(phone_door(), headers={"accept-language": "es"}, follow_redirects=True) as phone:

        def read(answer: Response, status: int, *said: str) -> None:
            assert answer.status_code == status
            for words in said:
                assert words in " ".join(shown(answer.text))
            assert english_words(" ".join(shown(answer.text)).replace("Common Beat", "")) == set(), answer.text

        read(phone.get("/pulse"), 200, "El código de su invitación")
        read(phone.get("/pulse/nonsense"), 404, "no se conoce aquí")
        read(
            phone.get(f"/pulse/{wave.codes[0]}"),
            200,
            "¿Qué tan seguro se siente?",
            "por esta zona de noche",
            "Muy seguro",
        )
        read(send(phone, wave.codes[0]), 422, "Responda al menos una")
        read(send(phone, wave.codes[0], top_issue="x" * 161), 422, "«Problema número uno» es demasiado")
        read(send(phone, wave.codes[0], safety="1", top_issue="Calles oscuras"), 200, "Gracias", "Plantearlo")
        read(phone.get(f"/pulse/{wave.codes[0]}"), 409, "Su respuesta ya está")
        moved(wave, 3)
        read(phone.get(f"/pulse/{wave.codes[1]}"), 409, "todavía no empieza")
        moved(wave, -30)
        read(phone.get(f"/pulse/{wave.codes[1]}"), 410, "Esta encuesta está cerrada")
