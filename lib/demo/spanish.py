"""Spanish words for tonight's ballots of the demonstration: what a facilitator would type when preparing the vote."""

QUESTIONS = {
    "Which goals shall we take on next?": "¿Qué metas tomamos ahora?",
    "And which of these should follow in spring?": "¿Y cuáles de estas deben seguir en primavera?",
}

ELIGIBLE = "Toda persona de 16 años o más que vive o trabaja en el sector; los agentes asignados a él."

GOALS = {
    "No needles on the steps when children pass": (
        "Sin agujas en los escalones cuando pasan los niños",
        "El camino a la guardería de 2nd Avenue South queda libre de agujas a las siete y media de cada "
        "día hábil: un "
        "buzón, una limpieza a las siete y alguien de apoyo que conoce a la gente.",
    ),
    "Thursday evenings for young people on the square": (
        "Tardes de jueves para jóvenes en la plaza",
        "Música, tenis de mesa y comida en Occidental Square cada jueves de cinco a nueve, de mayo a "
        "septiembre, a cargo "
        "del centro juvenil y con dos agentes que participan.",
    ),
    "Somebody to call when a person needs help, not handcuffs": (
        "A quién llamar cuando alguien necesita ayuda y no esposas",
        "Un número que trae a una persona de apoyo en treinta minutos, de mediodía a medianoche, y a un "
        "agente solo si se "
        "pide. Meta: la mitad de esas llamadas las atiende el equipo de apoyo.",
    ),
    "Drivers stop at the crossings on 2nd Avenue South": (
        "Los autos paran en los cruces de 2nd Avenue South",
        "En los dos cruces de 2nd Avenue South ocho de cada diez autos paran ante quien espera, y no "
        "cuatro: pintura, una "
        "señal en medio y controles con un agente de civil.",
    ),
    "Match days without fights in the street": (
        "Días de partido sin peleas en la calle",
        "Familias y aficionados vuelven a casa sin peleas: personal de los clubes, fin de la venta de "
        "latas una hora antes "
        "y agentes en las cuatro esquinas donde empieza.",
    ),
    "A watch group for the stadium lots": (
        "Un grupo de vigilancia para los estacionamientos del estadio",
        "Veinte vecinos y cuidadores, capacitados junto con agentes, vigilan los estacionamientos en "
        "días de partido y una "
        "noche por semana, con línea directa al sector.",
    ),
    "Clean alleys by eight in the morning": (
        "Callejones limpios a las ocho de la mañana",
        "Un segundo intento, con un solo contrato para los once usuarios: recolección a las seis cada "
        "día, lavado los "
        "lunes y costos según la superficie.",
    ),
    "Bar staff and officers train together": (
        "El personal de los bares y los agentes se capacitan juntos",
        "Dos noches al año el personal de los bares, de seguridad y los agentes aprenden a calmar a la "
        "gente, y al final "
        "todos tienen los teléfonos. Meta: participan los once bares.",
    ),
    "Benches that everybody dares to sit on": (
        "Bancas donde cualquiera se anima a sentarse",
        "Las doce bancas de Occidental Square se reparan, se pasan a la luz y las cuidan los cafés "
        "vecinos; el baño abre "
        "hasta las nueve.",
    ),
    "Scooters walk on the waterfront after dusk": (
        "Patinetas a pie en el malecón al anochecer",
        "Una regla: en la acera del malecón las patinetas se empujan al anochecer, con letreros y multa "
        "a la tercera vez.",
    ),
    "Officers on foot at Occidental Square every evening": (
        "Agentes a pie en Occidental Square cada noche",
        "Dos agentes a pie en la plaza de seis a once, todas las noches del año, para que la gente vuelva a usarla.",
    ),
}
"""By the English title: title and summary."""
