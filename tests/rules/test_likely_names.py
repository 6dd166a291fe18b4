"""Names that are also words, uncommon, mistyped or without capitals; and ordinary texts in which nobody is named."""

from itertools import product

import pytest

from lib.rules.moderation import Finding
from lib.rules.personal import find_personal

NAMES = {
    "common": (
        *("Michael Torres", "Jennifer", "Maria Lopez", "Kevin", "Ashley Brooks", "Carlos", "Tiffany", "George Walsh"),
        *("Guadalupe", "Héctor", "Brittany", "Jamal Greene", "Danielle", "Rosalía Méndez", "Steve", "Debbie"),
    ),
    "also a word": (
        *("Bill", "Frank", "Rosa", "Mark Young", "Grace", "Jack", "Will Baker", "Luz", "Ángel", "Rose", "John Smith"),
        *("Tom", "Ray King", "Ruby", "Art", "Hope Green"),
    ),
    "uncommon": (
        *("Okonkwo", "Thuy Phan", "Abdi Warsame", "Priya Raghunathan", "Xiomara", "Oluwaseun", "Mehmet Yildiz"),
        *("Zdenek", "Tuilaepa", "Xochitl", "Evaristo Quiroga", "Siobhan", "Hyun-woo", "Wenceslao", "Teuila", "Jaxxon"),
    ),
    "mistyped": (
        *("Micheal", "Jhon", "Jenifer", "Kevn", "Stephany", "Cristopher", "Jesica", "Davd", "Danyel", "Carloss"),
        *("Gorge Walsh", "Alejandr", "Mathhew", "Elizbeth", "Guadaluoe", "Robret"),
    ),
}
SENTENCES = (
    "{} parks on the lawn every night",
    "we told {} to stop but nothing changes",
    "my neighbor {} plays music until three",
    "his name is {} and he sells pills",
    "the ones who shout are friends of {}",
    "mi vecino {} grita toda la noche",
    "se llama {} y vende alcohol",
    "anoche {} rompió el farol",
)
FOUND_OF = {
    ("common", "as written"): (128, 128),
    ("common", "in lower case"): (124, 128),
    ("also a word", "as written"): (117, 128),
    ("also a word", "in lower case"): (60, 128),
    ("uncommon", "as written"): (127, 128),
    ("uncommon", "in lower case"): (80, 128),
    ("mistyped", "as written"): (126, 128),
    ("mistyped", "in lower case"): (108, 128),
}
"""How many of the invented names above are found in how many sentences, as they are written and in lower case."""

POSITIVE = {
    "my neighbour okonkwo drinks on the stairs": ["okonkwo"],
    "my neighbor bill never sleeps": ["bill"],
    "a boy called marcus breaks the swings": ["marcus"],
    "the one with the dog is named jhon": ["jhon"],
    "jhon and micheal race every night": ["jhon", "micheal"],
    "the man's name is mark": ["mark"],
    "mrs green next door shouts": ["green"],
    "el señor raghunathan vende cerveza": ["raghunathan"],
    "se llama luz y vive arriba": ["luz"],
    "el dueño wenceslao no contesta": ["wenceslao"],
    "mary jones sells from the porch": ["mary jones"],
    "george never stops": ["george"],
    "We saw Abdi Warsame with a knife": ["Abdi Warsame"],
    "Everybody knows Frank does it": ["Frank"],
    "Nguyen's dog barks": ["Nguyen"],
    "Okonkwo parks on the lawn": ["Okonkwo"],
    "MY NEIGHBOR XIOMARA PLAYS DRUMS": ["XIOMARA"],
    "His son DeShawn hits cars": ["DeShawn"],
    "ask Thuy, she saw it": ["Thuy"],
    "the dog of Raghunathan bites": ["Raghunathan"],
}

ORDINARY = (
    "The streetlight on Dexter has been out since thanksgiving",
    "Cars race between Dexter and Thomas, and on Henderson too",
    "Corner of Jefferson and 12th: nobody stops at the sign",
    "12th and Jefferson floods, near Yesler and Boren it is the same",
    "A white Honda Civic and a Toyota Tacoma do donuts behind Safeway",
    "People drink outside the 7-Eleven and the Starbucks after midnight",
    "Amazon and UPS vans block the bike lane, Lyft and Uber drivers too",
    "My package from FedEx was stolen, it was on Nextdoor and Facebook",
    "Every Halloween and on Christmas Eve there are fireworks",
    "The Vietnamese bakery and the Ethiopian restaurant were broken into",
    "Spanish and Somali speaking neighbours get no answer",
    "my neighbor plays drums and my neighbor may call you",
    "my neighbor will not stop, the landlord refuses to anser",
    "The neighbor alwys leaves his trash out, its discusting",
    "our neighbors across the street have 3 loud dogs",
    "someone called the police and was called names",
    "It is called off every time. A meeting is called for may.",
    "thier music is to loud, recieve no anser, definately every nite",
    "ppl r smoking weed in teh park evry day, its realy bad",
    "MY NEIGHBOR PLAYS DRUMS ALL NIGHT AND NOBODY CARES",
    "LOUD MUSIC ON FRIDAYS, CARS WITHOUT MUFFLERS, SPD NEVER COMES",
    "Loud Music And Fireworks Every Night, Please Help",
    "Grace Period For Parking Is Over And Nobody Checks",
    "Homeless encampment near I-5, RVs on Airport Way, needles everywhere",
    "No ADA ramp at the crosswalk, a man in a wheelchair fell",
    "Speeding through the school zone at Meany Middle School",
    "The bus shelter by Trader Joes and the Walgreens is smashed",
    "Graffiti on the mural at Powell Barnett Park and under the Jose Rizal Bridge",
    "Kids on e-scooters and skateboarders use the plaza as a track",
    "In April and May it is worse, in June it stops, by August it is back",
    "Please mark the crossing, will you? We hope for an answer soon.",
    "The rose garden is trampled, the iris beds too, and the holly hedge burns",
    "Drug dealers in a grey van, a guy with a red jacket, two teenagers on bikes",
    "My son and my daughter were chased by a dog without a leash",
    "The owner of the lot does nothing, his brother neither",
    "Sergeant at the desk said to write here. Officer friendly never came.",
    "Doctor visits are hard because the sidewalk is blocked",
    "Rent went up, the manager ignores us, the janitor quit",
    "Water leaks from the hydrant, since monday, mud everywhere",
    "Tagged walls: crew names in blue paint, 3 ft high",
    "I am 71 years old and afraid to walk to the mailbox after dark",
    "Sirens, helicopters, car alarms. Can't sleep. Wi-Fi pole hums.",
    "Gunshots? Or fireworks? Around 2 am on Saturdays, south of Jackson",
    "Thank you! You're doing great work. Merry Christmas and happy New Year.",
    "FYI: the Comcast box is open, PSE was told, ETA unknown",
    "The QFC lot on Broadway, Tuesday nights, street racing by Mustang clubs",
    "Garbage trucks at 5am, leaf blowers at 6, construction at 7",
    "Junkie vans, chop shops, catalytic converters stolen (Prius)",
    "Turn signals at MLK and Alaska are too short for seniors",
    "west of Aurora, north of Denny, the sidewalks end",
    "El farol de la esquina no sirve desde hace tres semanas",
    "Mi vecino pone la música a todo volumen y mi vecina no puede dormir",
    "Los perros ladran toda la noche en la colonia Roma, cerca de Insurgentes",
    "Se llama a la policía y nadie viene; se llaman entre ellos y gritan",
    "El señor de la tienda y la señora mayor tienen miedo",
    "Don de mando no hay. Hay basura entre Hidalgo y Morelos",
    "Venden droga frente al Oxxo y detrás del Walmart, los fines de semana",
    "Carros sin placas corren en la avenida Insurgentes y en Reforma",
    "En Semana Santa y en Navidad tiran cohetes, los niños se asustan",
    "aki venden drogas xq nadie vijila, ase falta luz",
    "vimos a unos muchachos rompiendo los vidrios del parque Benito Juárez",
    "Fugas de agua, baches, topes mal puestos; el camión se va de lado",
    "Mi hijo y mi hija cruzan ahí; el dueño del taller no contesta",
    "HAY MUCHO RUIDO Y NADIE HACE NADA, LA VECINA GRITA",
)


def names_in(text: str) -> list[str]:
    return [text[found.start : found.end] for found in find_personal(text) if found.kind is Finding.NAME]


@pytest.mark.parametrize("text", POSITIVE)
def test_a_likely_name_is_found(text: str) -> None:
    assert names_in(text) == POSITIVE[text]


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_text_is_left_alone(text: str) -> None:
    assert [(found.kind, text[found.start : found.end]) for found in find_personal(text)] == []


def test_how_many_of_a_list_of_invented_names_are_found() -> None:
    found = {}
    for kind, how in product(NAMES, ("as written", "in lower case")):
        texts = [sentence.format(name) for name in NAMES[kind] for sentence in SENTENCES]
        texts = texts if how == "as written" else [text.lower() for text in texts]
        found[kind, how] = (sum(bool(names_in(text)) for text in texts), len(texts))
    assert found == FOUND_OF


def test_the_citys_own_places_are_no_persons() -> None:
    text = "Everybody knows that Wedgwood is worse"
    assert names_in(text) == ["Wedgwood"]
    assert find_personal(text, known_places=frozenset({"wedgwood"})) == ()
    assert names_in("Everybody in Wedgwood knows") == []
