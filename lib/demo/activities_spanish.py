"""What the demonstration's activities say in Spanish. Places keep their names, as people say them."""

from datetime import date

from lib.rules.partners import JOINT_TRAINING, WATCH_GROUP, YOUTH_EVENING

DESCRIPTIONS = {
    YOUTH_EVENING: (
        "Deporte, música y comida caliente para jóvenes de 12 a 19 años. Venga como esté; un agente también juega."
    ),
    WATCH_GROUP: (
        "Vecinos recorren juntos el sector, anotan lo que está oscuro, roto o abandonado, y avisan a los agentes. "
        "Quien llega por primera vez es bienvenido."
    ),
    JOINT_TRAINING: (
        "Residentes y agentes del sector aprenden lado a lado, en parejas, con alguien de fuera que enseña."
    ),
}
"""By kind of activity."""

NAMES = {
    "Open gym {beat}": "Gimnasio abierto {beat}",
    "Open court {beat}": "Cancha abierta {beat}",
    "Beats and ball": "Ritmo y balón",
    "{beat} watch group": "Grupo de vigilancia de {beat}",
    "{beat} evening walk": "Caminata de la tarde en {beat}",
    "Block hosts of {beat}": "Anfitriones de cuadra de {beat}",
    "Calming a quarrel, together": "Calmar una pelea, juntos",
    "First help for an overdose, together": "Primera ayuda en una sobredosis, juntos",
    "What to see, what to say: a joint evening": "Qué ver, qué decir: una tarde en común",
}
"""By the English name, with the beat's name where it stands in it."""

_WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")


def name_in_spanish(name: str, beat: str) -> str:
    """
    >>> name_in_spanish("Leschi evening walk", "Leschi")
    'Caminata de la tarde en Leschi'
    """
    return NAMES[name.replace(beat, "{beat}")].format(beat=beat)


def rhythm_in_spanish(day: date, hour: float, *, is_monthly: bool) -> str:
    """How often it is, on the weekday of its next day; `hour` with its fraction.

    >>> rhythm_in_spanish(date(2026, 11, 26), 17.5, is_monthly=True)
    'cuarto jueves del mes, 17:30'
    """
    at, weekday = f"{int(hour)}:{round(hour % 1 * 60):02d}", _WEEKDAYS[day.weekday()]
    if not is_monthly:
        return f"cada {weekday}, {at}"
    which = ("primer", "segundo", "tercer", "cuarto", "último")[(day.day - 1) // 7]
    return f"{which} {weekday} del mes, {at}"
