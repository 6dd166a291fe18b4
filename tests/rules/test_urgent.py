"""Words that tell of danger at this moment lead to the emergency number first; everyday concerns do not."""

import pytest

from lib.rules.urgent import is_urgent


@pytest.mark.parametrize(
    "text",
    [
        "There is a man at my door right now",
        "It is happening now, at the corner",
        "As I write this they are fighting",
        "a boy with a gun in the park",
        "He has a kitchen knife",
        "We heard gunshots behind the school",
        "Gun shots every night",
        "someone is being beaten",
        "They are breaking in next door",
        "my neighbour threatens to kill his wife",
        "she is not breathing",
        "The building is on fire",
        "HELP ME!",
        "I want to die",
        "Está pasando ahora",
        "Lo están golpeando ahora mismo",
        "en este momento hay una pelea",
        "un hombre con una pistola",
        "trae un cuchillo",
        "se oyen disparos",
        "hubo una balacera",
        "mi esposo amenaza con matarme",
        "no respira",
        "auxilio",
        "están entrando a mi casa",
        "someone is shooting from a car",
        "a man is lying on the ground and does not move",
        "están disparando en la esquina",
        "hay un incendio en el edificio",
        "está en el suelo y no se mueve",
    ],
)
def test_danger_at_this_moment_is_heard(text: str) -> None:
    assert (is_urgent(text), is_urgent(text.upper()), is_urgent(f"Hello.\n{text}")) == (True, True, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Loud music every Friday night",
        "The lamp is broken, not right now but every week",
        "Nothing was done until right now",
        "Cars race past the school at this corner",
        "People are shooting fireworks in July",
        "The gunsmith's shop is loud",
        "Bicycles are stolen; the owner of the shop wants to help",
        "Somebody broke into three cars last week",
        "The fire station is far away",
        "kids play with water guns in the park",
        "Música fuerte todos los viernes",
        "Hasta ahora mismo nadie ha respondido",
        "El farol está roto desde hace meses",
        "Los tiros de cámara de la escuela",
        "La tienda de armas cierra tarde",
        "Roban coches en la noche",
    ],
)
def test_an_everyday_concern_is_not_held_up(text: str) -> None:
    assert is_urgent(text) is False
