"""What the demonstration's services say in Spanish. Some say nothing: theirs is shown as it is written, and marked."""

SPANISH: dict[str, tuple[str, str, str]] = {
    "One number for any question": (
        "Un número para cualquier pregunta",
        "Dice quién ayuda con qué, llama con usted si lo desea y busca intérprete.",
        "todos los días de 7:00 a 22:00",
    ),
    "Somebody to talk to, day and night": (
        "Alguien con quien hablar, de día y de noche",
        "Personas preparadas para escuchar a quien pasa por una crisis o se preocupa por alguien.",
        "a toda hora, todos los días",
    ),
    "Mobile crisis team": (
        "Equipo móvil de crisis",
        "Dos profesionales van a donde está la persona, sin policía si usted no la pide.",
        "todos los días de 8:00 a 24:00",
    ),
    "Street outreach": (
        "Ayuda en la calle",
        "Equipos a pie que saben qué albergue tiene cama esta noche y acompañan hasta allí.",
        "todos los días de 7:00 a 21:00",
    ),
    "Needle collection": (
        "Recogida de jeringas",
        "Recoge jeringas usadas en menos de tres horas y lleva cajas a parques, tiendas y escaleras.",
        "todos los días de 6:00 a 22:00",
    ),
    "Treatment without waiting": (
        "Tratamiento sin espera",
        "Primera cita el mismo día para quien bebe o usa drogas y quiere cambiar algo.",
        "lunes a sábado de 8:00 a 18:00",
    ),
    "Evenings for families": (
        "Tardes para familias",
        "Para quien vive con alguien que bebe o usa drogas: qué ayuda y qué no.",
        "martes de 18:30 a 20:30",
    ),
    "Gyms open in the evening": (
        "Gimnasios abiertos por la tarde",
        "Baloncesto, fútbol sala y baile gratis para jóvenes de 12 a 19 años, con entrenadores que escuchan.",
        "martes a sábado de 17:00 a 21:30",
    ),
    "A bed for tonight, under 21": (
        "Una cama para esta noche, menores de 21",
        "Un lugar seguro para dormir, desayuno y alguien que ayuda con el siguiente paso.",
        "puertas abiertas de 20:00 a 23:00",
    ),
    "Help when home is not safe": (
        "Ayuda cuando el hogar no es seguro",
        "Consejo, un lugar seguro y compañía en el juzgado para quien sufre golpes o amenazas en casa.",
        "a toda hora, todos los días",
    ),
    "A talk between neighbours": (
        "Una conversación entre vecinos",
        "Dos personas voluntarias ayudan a llegar a un arreglo: ruido, estacionamiento, perros, árboles. Gratis.",
        "lunes a viernes de 10:00 a 19:00",
    ),
    "Report a dark lamp": (
        "Avise de una lámpara apagada",
        "Dé el número del poste; se repara en dos semanas. También pone luz en escaleras y paradas.",
        "lunes a viernes de 7:00 a 17:00",
    ),
    "Advice for tenants": (
        "Consejo para inquilinos",
        "Qué tiene que reparar el propietario, también cerraduras y luces, y cómo pedirlo para que se haga.",
        "lunes, miércoles y viernes de 12:00 a 18:00",
    ),
    "Interpreters for talking with the police": (
        "Intérpretes para hablar con la policía",
        "Intérprete por teléfono o a su lado cuando denuncia algo; nadie pide papeles.",
        "todos los días de 8:00 a 20:00",
    ),
}
"""Name, description and hours, by the English name."""
