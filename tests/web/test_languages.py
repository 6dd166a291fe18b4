"""The phone pages speak every language whole: nothing is left out, nothing falls back to English unnoticed."""

import doctest
import re
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from starlette.testclient import TestClient

from lib import languages as spoken_languages
from lib.rules.concerns import STATUS_SENTENCES, Frequency, frequency_words
from lib.rules.lifecycle import ConcernStatus
from lib.rules.results import rule_sentence
from lib.rules.states import words
from lib.rules.voting import RoundMode, RoundRule
from lib.web import forms, quiet, sentences
from lib.web import languages as language_choice
from lib.web.languages import ENGLISH, LOCALES, accepted_language, catalogue, languages, speak
from lib.web.sentences import rule_in_words, translated
from tests.builders import a_city
from tests.web.raised import FIGURE, sentences_told_to
from tests.web.shown import english_words

WEB = LOCALES.parent
RULES = WEB.parent / "rules"
NO_PAGES = ("geography",)
"""Modules of this door that answer programs."""

DEFECTS = ("lib.rules.tally:", "lib.rules.counting:")
"""What is said of votes that cannot be counted: opening refuses them, so no published one is."""

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
OTHERS = [code for code in languages() if code != ENGLISH]


@pytest.fixture(scope="module")
def said() -> Catalog:
    """Everything that the phone pages and mails say, as `pybabel extract` finds it."""
    found = Catalog()
    with (LOCALES / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, "marked": None}
    for folder in (WEB, RULES):
        for file, line, text, _comments, _context in extract_from_dir(folder, methods, options, keywords=keywords):
            found.add(text, locations=[(file, line)])
    return found


def written(code: str) -> Catalog:
    return read_po(BytesIO((LOCALES / code / "LC_MESSAGES" / "phone.po").read_bytes()), locale=code)


def placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text)))


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_of_the_phone_pages_has_a_translation(said: Catalog, code: str) -> None:
    known = {message.id: message for message in written(code) if message.id}
    wanted = {message.id: message.locations for message in said if message.id}
    missing = {text: places for text, places in wanted.items() if text not in known}
    assert {"missing": missing, "left over": set(known) - set(wanted)} == {"missing": {}, "left over": set()}
    for source, message in known.items():
        assert not message.fuzzy, source
        one, many = (source, source) if isinstance(source, str) else source
        forms = (message.string,) if isinstance(message.string, str) else message.string
        for form in forms:
            assert form.strip(), source
            assert placeholders(form) in (placeholders(one), placeholders(many)), source
            assert "<" not in form, f"{source}: a text is never HTML"


def test_spanish_is_there_from_the_start() -> None:
    assert languages() == ("en", "es")
    assert catalogue("es").gettext("Cast my vote") == "Enviar mi voto"


def test_a_language_is_added_by_its_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tl" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "tl" / "LC_MESSAGES" / "phone.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Cast my vote"\nmsgstr "Ipadala ang boto ko"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr("lib.languages.LOCALES", tmp_path)
    for kept in (languages, catalogue, accepted_language):
        kept.cache_clear()
    try:
        assert (languages(), accepted_language("fil,tl;q=0.9")) == (("en", "tl"), "tl")
        assert catalogue("tl").gettext("Cast my vote") == "Ipadala ang boto ko"
        assert catalogue("tl").gettext("Goals") == "Goals"
    finally:
        for kept in (languages, catalogue, accepted_language):
            kept.cache_clear()


def test_every_sentence_that_the_layers_below_can_say_is_known_here() -> None:
    """Read from the sources: whoever adds a refusal that a phone can meet adds its sentence to `sentences.py`."""
    door = [file for file in WEB.glob("*.py") if not file.name.startswith(NO_PAGES)]
    told = sentences_told_to(door)
    assert len(told) > 30
    speak("es")
    unknown = {sentence: place for sentence, place in told.items() if not is_known(sentence)}
    assert {sentence: place for sentence, place in unknown.items() if not place.startswith(DEFECTS)} == {}


def is_known(sentence: str) -> bool:
    """Whether a sentence is translated, with whatever is filled in."""
    filled = [sentence.replace(FIGURE, figure) for figure in ("7", "1 second", "7 seconds")]
    return any(translated(text) != text for text in filled)


@pytest.fixture(autouse=True)
def english_again() -> None:
    speak(ENGLISH)


def test_what_other_layers_say_of_concerns_is_known_here() -> None:
    speak("es")
    shown = [*STATUS_SENTENCES.values(), *map(words, ConcernStatus), *map(frequency_words, Frequency)]
    assert [text for text in shown if translated(text) == text] == []


def test_a_sentence_with_figures_keeps_them() -> None:
    speak("es")
    assert translated("What happens is too long: 2,000 characters are possible, this has 10,000.") == (
        "«Qué pasa» es demasiado largo: caben 2,000 caracteres y esto tiene 10,000."
    )
    assert translated("Too many wrong tries. Please wait 8 seconds, then try again.") == (
        "Demasiados intentos fallidos. Espere 8 segundos e inténtelo de nuevo, por favor."
    )
    assert translated("Nobody translated this.") == "Nobody translated this."


@pytest.mark.parametrize("places", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("rule", list(RoundRule))
@pytest.mark.parametrize("mode", list(RoundMode))
def test_the_rule_on_the_phone_is_the_rule_that_is_read_out(places: int, rule: RoundRule, mode: RoundMode) -> None:
    assert rule_in_words(rule, places, mode) == rule_sentence(rule, places, mode)
    speak("es")
    spanish = rule_in_words(rule, places, mode)
    assert (english_words(spanish), str(places) in spanish) == (set(), str(places) in rule_sentence(rule, places, mode))


@pytest.mark.parametrize(
    ("asked", "code"), [("es-MX,es;q=0.9,en;q=0.8", "es"), ("en-US,en;q=0.9,es;q=0.8", "en"), ("fr", "en"), ("", "en")]
)
def test_the_browser_chooses_the_language(phone: TestClient, sqlite_database: str, asked: str, code: str) -> None:
    a_city()
    page = phone.get("/join", headers={"accept-language": asked}).text
    assert f'<html lang="{code}">' in page
    assert ("Vote con su tarjeta" in page) is (code == "es")


def test_a_link_switches_the_language_and_leads_back_to_the_same_page(phone: TestClient, sqlite_database: str) -> None:
    a_city()
    page = phone.get("/report?beat=K2").text
    assert '<a href="?beat=K2&amp;language=es" lang="es" hreflang="es">Español</a>' in page
    answer = phone.get("/report?beat=K2&language=es")
    assert (answer.status_code, answer.headers["location"]) == (303, "/report?beat=K2")
    assert "beat_language=es" in answer.headers["set-cookie"]
    again = phone.get("/report?beat=K2", headers={"accept-language": "en"}).text
    assert ('<html lang="es">' in again, 'lang="en" hreflang="en">English</a>' in again) == (True, True)
    assert phone.get("/report?beat=K2&language=en").headers["location"] == "/report?beat=K2"
    assert '<html lang="en">' in phone.get("/report").text


@pytest.mark.parametrize("path", ["/join?language=xx", "/nope?language=es", "//evil.example/?language=es"])
def test_switching_leads_nowhere_else(phone: TestClient, sqlite_database: str, path: str) -> None:
    a_city()
    answer = phone.get("http://testserver" + path)
    assert answer.status_code == 303
    assert re.fullmatch(r"/[a-z][a-z./]*", answer.headers["location"])
    assert ("set-cookie" in answer.headers) is ("xx" not in path)


def test_a_refused_form_offers_no_link_that_would_lose_it(phone: TestClient, sqlite_database: str) -> None:
    a_city()
    assert "Español" not in phone.post("/report", data={"text": "x"}).text


def test_a_public_page_is_the_same_for_everybody(phone: TestClient, sqlite_database: str) -> None:
    a_city()
    path = "/results/00000000-0000-0000-0000-000000000000"
    answer = phone.get(path, headers={"accept-language": "es", "cookie": "beat_language=es"})
    assert (answer.status_code, '<html lang="en">' in answer.text) == (404, True)


def test_every_known_sentence_is_still_said_by_somebody() -> None:
    """A sentence that no layer raises any more is taken out of `sentences.py`."""
    door = [file for file in WEB.glob("*.py") if not file.name.startswith(NO_PAGES)]
    told = set(sentences_told_to(door)) | set(STATUS_SENTENCES.values())
    assert sentences.SENTENCES - told == set()


@pytest.mark.parametrize(
    "module",
    [forms, spoken_languages, language_choice, quiet],
    ids=["forms", "spoken languages", "languages", "quiet"],
)
def test_the_examples_in_the_doors_own_files_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0
