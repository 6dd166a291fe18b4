"""What may name a person or find a home in a text, in English and Spanish; what is found wrongly is tested as hard as
what is missed."""

import tomllib
from pathlib import Path

import pytest

from lib.rules.moderation import Finding, is_redaction
from lib.rules.personal import Found, find_personal, kinds_found, without
from lib.settings import ROOT

NAME, PLATE, PHONE, EMAIL, HOUSE = Finding.NAME, Finding.PLATE, Finding.PHONE, Finding.EMAIL, Finding.HOUSE

FOUND: dict[str, list[tuple[Finding, str]]] = {
    # names
    "Kevin Doyle sells pills at the corner": [(NAME, "Kevin Doyle")],
    "It is always kevin from the second floor": [(NAME, "kevin")],
    "the noise comes from john smith": [(NAME, "john smith")],
    "The noise comes from John Smith every night": [(NAME, "John Smith")],
    "Ask Mark Johnson about the dog": [(NAME, "Mark Johnson")],
    "Mrs Okonkwo next door shouts": [(NAME, "Okonkwo")],
    "Mr. Van Houten leaves his truck here": [(NAME, "Van Houten")],
    "Officer Brandt never called back": [(NAME, "Brandt")],
    "his name is Tayshawn and he races at night": [(NAME, "Tayshawn")],
    "My neighbor Xiomara lets the dog out": [(NAME, "Xiomara")],
    "a boy named Zeb breaks the swings": [(NAME, "Zeb")],
    "we saw Xochitl Barrera and Teuila Garcia there": [(NAME, "Xochitl Barrera"), (NAME, "Teuila Garcia")],
    "MARIA LOPEZ has parties": [(NAME, "MARIA LOPEZ")],
    "La señora Ruiz grita toda la noche": [(NAME, "Ruiz")],
    "Don Ramón vende alcohol a menores": [(NAME, "Ramón")],
    "El vecino se llama Evaristo y tiene tres perros": [(NAME, "Evaristo")],
    "Vimos a José Luis Hernández romper el farol": [(NAME, "José Luis Hernández")],
    "mi vecina Guadalupe Torres no puede dormir": [(NAME, "Guadalupe Torres")],
    "maría pone la música muy fuerte": [(NAME, "maría")],
    "Jean-Luc Martinez parks on the walk": [(NAME, "Jean-Luc Martinez")],
    # number plates
    "A grey van, BXR 4471, waits there": [(PLATE, "BXR 4471")],
    "plate 7ABC123 was racing": [(PLATE, "7ABC123")],
    "the car ABC-1234 blocks the walk": [(PLATE, "ABC-1234")],
    "license plate starts with 8kz4": [(PLATE, "8kz4")],
    "abc1234 is parked on the sidewalk": [(PLATE, "abc1234")],
    "El coche 4821 KLM se salta el semáforo": [(PLATE, "4821 KLM")],
    "con placas JKL-12-34 cada noche": [(PLATE, "JKL-12-34")],
    "matrícula: M-482-QR": [(PLATE, "M-482-QR")],
    # phone numbers
    "call me at 206-555-0142": [(PHONE, "206-555-0142")],
    "call (206) 555-0142 please": [(PHONE, "(206) 555-0142")],
    "my cell 2065550142": [(PHONE, "2065550142")],
    "+52 55 5555 1234 es mi número": [(PHONE, "+52 55 5555 1234")],
    "or 555-0142 after six": [(PHONE, "555-0142")],
    "escríbame al +34 612 34 56 78": [(PHONE, "+34 612 34 56 78")],
    # mail addresses
    "write to maya.lind+beat@example.org": [(EMAIL, "maya.lind+beat@example.org")],
    "zorro at gmail dot com knows more": [(EMAIL, "zorro at gmail dot com")],
    "vecinos arroba correo punto mx": [(EMAIL, "vecinos arroba correo punto mx")],
    # houses
    "they sell from 4127 Rainier Ave": [(HOUSE, "4127 Rainier Ave")],
    "4127 Rainier Ave S, upstairs": [(HOUSE, "4127 Rainier Ave")],
    "at 4127 rainier ave every night": [(HOUSE, "4127 rainier ave")],
    "the yard of 815 23rd Avenue": [(HOUSE, "815 23rd Avenue")],
    "12 S Jackson St has no lamp": [(HOUSE, "12 S Jackson St")],
    "the people in apt 5B": [(HOUSE, "apt 5B")],
    "Apartment #12 is loud": [(HOUSE, "Apartment #12")],
    "house number 33 has a dog": [(HOUSE, "house number 33")],
    "look at No. 12": [(HOUSE, "No. 12")],
    "it is #1204 again": [(HOUSE, "#1204")],
    "venden en calle Mayor 12": [(HOUSE, "calle Mayor 12")],
    "en la Av. Juárez #45, segundo piso": [(HOUSE, "Av. Juárez #45")],
    "C/ Mayor, 12": [(HOUSE, "C/ Mayor, 12")],
    "avenida de los Reyes núm. 8": [(HOUSE, "avenida de los Reyes núm. 8")],
    "en el depto. 4 hay peleas": [(HOUSE, "depto. 4")],
    "la casa número 7 está abandonada": [(HOUSE, "casa número 7")],
    # several at once
    "Kevin at 4127 Rainier Ave, BXR 4471": [(NAME, "Kevin"), (HOUSE, "4127 Rainier Ave"), (PLATE, "BXR 4471")],
}

NOT_FOUND = (
    "",
    "Loud music every Friday night",
    "Cars race on Rainier Avenue between 23rd Avenue and 31st Avenue",
    "The lamp near Martin Luther King Jr Way is broken since May",
    "At Garfield High School and Cal Anderson Park, every day after 3 pm",
    "Corner of Thomas and Dexter; also on Virginia Street and James Street",
    "On Saint Helens Avenue, behind the library on Henry Street",
    "The park behind Isaac Stevens School; the Kelly Joyce Library is closed",
    "Will somebody look at this? May I ask when the lamp is repaired?",
    "Mark my words, nobody cares. Grace period is over. I hope summer is better.",
    "Bill of 40 dollars for a tow from Rose Street. Jack hammers at 6 am.",
    "The Officer said it is legal. The doctor is away. Father and son fight.",
    "Dr. office on the corner gets broken into",
    "My neighbor plays drums. Our landlord, The City, does nothing.",
    "the neighbor Monday to Friday leaves bins out",
    "bus 48 on Rainier Avenue is always late; routes 7 and 106 too",
    "3 cars, 12 young people and 200 bottles on the lawn",
    "there are 10 street lights out on Pine Street and 4 way stops are ignored",
    "about 500 feet of broken fence; 2 blocks from the school",
    "between 12th and 14th Avenue from 10 to 2",
    "the 1200 block of Pine Street",
    "since 2019 it is the number 1 issue, our #1 problem",
    "There is no 24 hour patrol, and no 2 nights are quiet",
    "I-90 and SR 520, exit 3, highway 99, Seattle WA 98104",
    "a 2014 BMW and a 2020 GMC race at 60 mph",
    "since COVID-19 the H1 lot and gate B12 are closed; 23RD and 5TH too, 10PM to 2AM",
    "5,000 dollars of damage, 120-1500 people, 24/7, from 10-12, on 5/12/2026 at 10:30",
    "report 2026-123456 was never answered",
    "It is 90 percent of the time, 7 days a week",
    "Música a todo volumen en la calle Mayor a las 12 de la noche",
    "En la calle 12 y en la avenida Rainier 3 veces por semana",
    "Los domingos en el parque Benito Juárez y en la calle Juan Pérez hay basura",
    "En San José y Santa María, cerca de la escuela Gabriela Mistral",
    "El camión 45 pasa por la avenida Hidalgo; la ruta 7 no",
    "No hay luz en la plaza Miguel Hidalgo desde hace 3 semanas",
    "La luz rosa del bar, el mercedes negro, los dolores de cabeza, el ángel de la fuente",
    "Los niños del 4 al 8 juegan en la calle; faltan 2 faroles y 3 topes",
    "Don de gentes no tienen. Alguien del edificio tira basura.",
    "1. Lamp broken\n2. Trash\n3. Cars",
)


@pytest.mark.parametrize("text", FOUND)
def test_what_may_name_a_person_or_find_a_home_is_found(text: str) -> None:
    assert [(found.kind, text[found.start : found.end]) for found in find_personal(text)] == FOUND[text]


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_names_nobody_is_left_alone(text: str) -> None:
    assert [(found.kind, text[found.start : found.end]) for found in find_personal(text)] == []


def texts_of(file: Path) -> list[str]:
    """Every text of what the demonstration city's residents wrote."""

    def strings(value: object) -> list[str]:
        if isinstance(value, dict):
            return [text for each in value.values() for text in strings(each)]
        if isinstance(value, list):
            return [text for each in value for text in strings(each)]
        return [value] if isinstance(value, str) else []

    return strings(tomllib.loads(file.read_text(encoding="utf-8")))


def test_hardly_anything_is_held_of_what_a_whole_city_writes_about_its_corners() -> None:
    """Street corners, parks and schools of a real city, many of which bear the names of people."""
    folder = ROOT / "lib" / "demo" / "texts"
    texts = [text for file in sorted(folder.glob("co*.toml")) for text in texts_of(file)]
    held = [text for text in texts if find_personal(text)]
    assert len(texts) > 1000
    assert held == ["Don Armeni Boat Ramp"]


def test_a_number_without_a_country_belongs_to_the_citys_country() -> None:
    said = "call 020 7946 0018"
    assert (find_personal(said, region="GB"), find_personal(said)) == ((Found(PHONE, 5, len(said)),), ())


def test_what_was_found_is_taken_out_and_nothing_else() -> None:
    said = "Kevin at 4127 Rainier Ave drives BXR 4471, write to zeb@example.org"
    found = find_personal(said)
    assert kinds_found(found) == ["name", "plate", "email", "house"]
    public = without(said, found)
    assert public == "[…] at […] drives […], write to […]"
    assert is_redaction(said, public)
    assert find_personal(public) == ()


@pytest.mark.parametrize("text", ["x" * 2000, "1 " * 1000, "A. " * 600, "calle Mayor " * 160, "a@" * 1000, "(2" * 1000])
def test_no_text_of_the_longest_length_takes_long(text: str) -> None:
    from time import perf_counter

    started = perf_counter()
    find_personal(text)
    assert perf_counter() - started < 0.5


@pytest.mark.parametrize(
    ("public", "is_one"),
    [
        ("[…] sells pills at […].", True),
        ("Kevin sells pills at […].", True),
        ("[…] pills […]", True),
        ("  […]  sells\npills at […].", True),
        ("Kevin sells pills at the corner.", False),
        ("[…] sells flowers at […].", False),
        ("[…] pills sells […]", False),
        ("[…]", False),
        ("[…] […]", False),
        ("", False),
        ("Kevin sells pills at the corner. […]", True),
    ],
)
def test_a_redaction_takes_out_and_never_puts_in(public: str, is_one: bool) -> None:
    assert is_redaction("Kevin sells pills at the corner.", public) is is_one
