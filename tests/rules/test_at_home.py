"""Words that tell of violence at home are heard in both languages; what happens in the street is not taken for it."""

import time

import pytest

from lib.rules.at_home import tells_of_home
from lib.rules.moderation import Finding
from lib.rules.personal import find_personal
from lib.rules.text import STORY_LENGTH


@pytest.mark.parametrize(
    "text",
    [
        "my husband beats me every night and I am afraid",
        "My dad hurts me at home",
        "the man upstairs beats his kids",
        "my neighbour hits his wife, the children scream",
        "my neighbor's boyfriend choked her last night",
        "I was beaten up by my partner",
        "My ex is following me and stands outside my door",
        "My ex-boyfriend keeps threatening me",
        "somebody molested my daughter",
        "I am afraid of my husband",
        "it is domestic violence, everybody knows",
        "mi marido me pega",
        "Mi esposo me golpea cada noche",
        "mi padrastro nos maltrata",
        "Mi hermana sufre: su novio la amenaza",
        "el vecino golpea a su esposa",
        "abusa de mi hija",
        "me pega cuando toma",
        "He always beats me when he is drunk",
        "my husband Kevin beats me",
        "mi esposo Juan me pega",
        "tengo miedo de mi pareja",
        "violencia doméstica en el piso de arriba",
    ],
)
def test_violence_at_home_is_heard(text: str) -> None:
    assert [tells_of_home(each) is not None for each in (text, text.upper(), f"Hello.\n{text}")] == [True] * 3
    assert Finding.AT_HOME in {found.kind for found in find_personal(text)}


@pytest.mark.parametrize(
    "text",
    [
        "my son was hit by a car",
        "A driver hit my daughter on the crossing",
        "someone kicked my son off his bike",
        "teenagers threatened my son for his phone",
        "my kids are scared of the dog",
        "Dogs bark at my wife",
        "Cars hit the curb near my family home",
        "people threaten us at the bus stop",
        "Un carro golpeó a mi hijo",
        "los niños patean la pelota",
        "en la parada nos pega el sol",
        "He hits the wall with a ball until midnight",
        "mi hijo le tiene miedo al parque",
    ],
)
def test_what_happens_in_the_street_is_not_taken_for_it(text: str) -> None:
    assert tells_of_home(text) is None


def test_the_longest_text_is_looked_through_at_once() -> None:
    began = time.process_time()
    assert tells_of_home(("my husband " * STORY_LENGTH)[:STORY_LENGTH]) is None
    assert time.process_time() - began < 0.2
