"""What people need, and the words they have for it in English and Spanish: the thesaurus of the directory.

Words are compared without case and accents and without a plural s, so only other forms stand here. `words` say the
need by themselves; `hints` only lean towards it ("neighbour" may be about noise, or about anything else). A phrase of
several words counts where it is said as a whole.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """`name` and `spanish` are shown as the reason of a match. `categories`: keys of the concerns it goes with."""

    key: str
    name: str
    spanish: str
    words: tuple[str, ...]
    hints: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def called(self, language: str) -> str:
        """What the need is called in a language; English where it has no name."""
        return self.spanish if language == "es" else self.name


GENERAL, YOUTH, CHILDREN, OLDER, VIOLENCE = "general", "youth", "children", "older", "violence_at_home"
"""Keys that are known by name: who is asked when nothing fits, what an age means, and which page is left quickly."""


def _listed(text: str) -> tuple[str, ...]:
    """Words and phrases between commas."""
    return tuple(" ".join(each.split()) for each in text.split(","))


NEEDS: tuple[Need, ...] = (
    Need(
        "alcohol_drugs",
        "alcohol and drugs",
        "alcohol y drogas",
        _listed(
            "alcohol, alcoholic, alcoholism, drink, drinking, drunk, drank, booze, sober, drug, addict, addicted, "
            "addiction, overdose, fentanyl, heroin, meth, crack, cocaine, opioid, pills, dealer, dealing, recovery, "
            "rehab, detox, "
            "bebe, beber, bebiendo, bebido, bebedor, borracho, borracha, alcoholico, alcoholica, alcoholismo, "
            "emborracha, droga, drogadicto, drogadicta, drogado, adicto, adicta, adiccion, sobredosis, fentanilo, "
            "heroina, cocaina, desintoxicacion"
        ),
        _listed("treatment, using, clean, tratamiento, consume, toma"),
        ("drugs_and_alcohol",),
    ),
    Need(
        "needles",
        "used needles",
        "jeringas usadas",
        _listed("needle, syringe, injecting, sharps, jeringa, jeringuilla, aguja"),
        _listed("playground, stairwell"),
        ("drugs_and_alcohol", "parks_and_trees"),
    ),
    Need(
        "crisis",
        "somebody to talk to in a crisis",
        "hablar con alguien en una crisis",
        _listed(
            "suicide, suicidal, want to die, wanna die, wish i was dead, wish i were dead, better off dead, "
            "no reason to live, dont want to live anymore, kill myself, kill himself, kill herself, end my life, "
            "end it all, ending it all, take my life, self harm, hurt myself, hurting myself, harm myself, cut myself, "
            "cutting myself, crisis, panic, despair, depressed, depression, lonely, loneliness, mental health, mental, "
            "psychosis, hearing voices, hear voices, anxiety, anxious, grief, breakdown, "
            "suicidio, suicidarme, suicidarse, quiero morir, quiere morir, morirme, morirse, matarme, matarse, "
            "me quiero matar, se quiere matar, quitarme la vida, quitarse la vida, no quiero vivir mas, "
            "ya no quiero vivir, ganas de vivir, cortarme, hacerme daño, panico, desesperado, desesperada, deprimido, "
            "deprimida, depresion, soledad, salud mental, ansiedad, oye voces, oigo voces, psicosis, duelo"
        ),
        _listed("confused, shouting, talk, sad, afraid, listen, grita, gritos, triste, hablar, miedo, confundido"),
    ),
    Need(
        VIOLENCE,
        "violence at home",
        "violencia en casa",
        _listed(
            "domestic, domestic violence, abuse, abusive, abuser, beaten, beats me, beats her, beats him, hits me, "
            "hits her, hits us, hits my mom, hits my mum, hits my mother, hits my sister, beats us, beats my mom, "
            "beats my mum, beats my mother, dad hits, father hits, husband hits, boyfriend hits, chokes me, "
            "hurts me, hurts her, threatens me, threatened, stalked, stalker, stalking, not safe at home, "
            "scared of my husband, scared of my boyfriend, scared of my partner, afraid of my husband, raped, rape, "
            "sexual assault, strangled, restraining order, "
            "violencia domestica, violencia, maltrato, maltrata, me pega, le pega, nos pega, pega a mi, "
            "pega a su, me golpea, la golpea, nos golpea, golpea a mi, golpea a su, golpes, "
            "me amenaza, amenazada, abuso, abusa, acoso, acosador, violacion, orden de alejamiento"
        ),
        _listed("violence, violent, husband, boyfriend, wife, women, woman, marido, esposo, novio, mujer, mujeres"),
        ("domestic_abuse",),
    ),
    Need(
        "shelter",
        "a place to sleep",
        "un lugar para dormir",
        _listed(
            "homeless, homelessness, shelter, bed, tent, encampment, sleeping outside, sleeping rough, sleeps outside, "
            "sleeping in, nowhere to sleep, nowhere to go, place to stay, place to sleep, runaway, "
            "sin techo, sin hogar, albergue, refugio, cama, carpa, campamento, indigente, duerme en la calle, "
            "dormir, donde dormir, vive en la calle"
        ),
        _listed(
            "cold, sleep, sleeping, outside, tonight, evicted, "
            "frio, duerme, durmiendo, esta noche, desalojado, desalojada"
        ),
    ),
    Need(
        "food_money",
        "food and money for bills",
        "comida y dinero para las cuentas",
        _listed(
            "food, hungry, hunger, food bank, meal, groceries, bills, debt, debts, benefits, poor, broke, "
            "comida, hambre, alimentos, banco de alimentos, deuda, facturas, ayuda economica"
        ),
        _listed("money, pay, dinero, pagar, cuentas"),
    ),
    Need(
        YOUTH,
        "young people",
        "jóvenes",
        _listed(
            "teenager, teen, teenage, youth, young people, young person, adolescent, kids hanging around, bored, "
            "after school, basketball, football, soccer, futsal, skate, skating, apprenticeship, summer job, gang, "
            "adolescente, joven, jovenes, juventud, chavo, chava, muchacho, muchacha, aburrido, aburrida, aburridos, "
            "pandilla, baloncesto, futbol, despues de la escuela, aprendiz"
        ),
        _listed("young, son, daughter, sport, dance, gym, school, kid, hijo, hija, deporte, baile, escuela, chico"),
        ("young_people",),
    ),
    Need(
        CHILDREN,
        "children and parents",
        "niños y padres",
        _listed(
            "child, children, toddler, parenting, childcare, daycare, playgroup, kindergarten, babysitter, "
            "nino, nina, guarderia, crianza, cuidado de ninos"
        ),
        _listed("kid, mother, father, parent, family, playground, madre, padre, familia"),
    ),
    Need(
        OLDER,
        "older people",
        "personas mayores",
        _listed(
            "old people, older, elderly, senior, pensioner, grandmother, grandfather, grandparent, dementia, "
            "alzheimer, carer, anciano, anciana, persona mayor, adulto mayor, abuelo, abuela, jubilado, demencia"
        ),
        _listed("frail, alone, mayor, mayores, solo, sola"),
    ),
    Need(
        "neighbours",
        "a quarrel between neighbours",
        "un pleito entre vecinos",
        _listed(
            "noise, noisy, loud, music, party, parties, barking, quarrel, dispute, mediation, mediator, argue, "
            "arguing, leaf blower, fence, "
            "ruido, ruidoso, ruidosa, musica, fiesta, ladra, ladridos, pelea, pleito, discusion, mediacion, mediador"
        ),
        _listed("neighbour, neighbor, dog, parking, tree, vecino, vecina, perro, estacionamiento, arbol"),
        ("noise",),
    ),
    Need(
        "light_repairs",
        "lights and repairs in the street",
        "luces y arreglos en la calle",
        _listed(
            "lamp, streetlight, street light, lightbulb, dark, unlit, pothole, broken light, "
            "luces, farola, foco, lampara, alumbrado, oscuro, oscura, oscuridad, bache"
        ),
        _listed("light, pole, stairs, luz, poste, escaleras"),
        ("street_lighting",),
    ),
    Need(
        "litter",
        "dumping, litter and graffiti",
        "basura y grafiti",
        _listed(
            "trash, garbage, rubbish, litter, dumping, dumped, mattress, graffiti, tagging, rats, rat, vermin, "
            "bulky waste, clean up, "
            "basura, colchon, grafiti, pintadas, ratas, desechos, escombros, tirado"
        ),
        _listed("waste, dirty, smell, clean, sucio, sucia, huele, limpiar, limpieza"),
        ("waste_and_litter", "parks_and_trees"),
    ),
    Need(
        "roads",
        "traffic and crossings",
        "tráfico y cruces",
        _listed(
            "traffic, speeding, speed, crosswalk, crossing, racing, crash, road safety, cyclist, bicycle lane, "
            "trafico, velocidad, exceso de velocidad, cruce, paso de peatones, peaton, choque, carreras, ciclista"
        ),
        _listed("car, road, street, school, driver, carro, coche, auto, calle, escuela"),
        ("road_safety",),
    ),
    Need(
        "housing",
        "landlords and rent",
        "caseros y alquiler",
        _listed(
            "tenant, landlord, rent, eviction, evict, evicted, lease, mould, mold, heating, "
            "inquilino, inquilina, casero, casera, renta, alquiler, arrendador, desalojo, desalojar, "
            "desalojado, desalojada, moho, calefaccion"
        ),
        _listed("lock, repair, building, apartment, housing, cerradura, edificio, apartamento, vivienda"),
    ),
    Need(
        "fraud",
        "fraud and swindlers",
        "fraudes y estafas",
        _listed(
            "fraud, scam, scammed, scammer, swindle, swindler, phishing, identity theft, fake call, "
            "fraude, estafa, estafado, estafada, estafador, timo, robo de identidad"
        ),
        _listed("bank, caller, letter, phone call, banco, llamada, carta"),
    ),
    Need(
        "theft",
        "theft and break-ins",
        "robos",
        _listed(
            "theft, thief, thieves, stolen, steal, stealing, burglary, burglar, break in, broke in, broken into, "
            "robbed, robbery, shoplifting, smashed, package stolen, catalytic, "
            "robo, robaron, robado, robada, roban, ladron, ladrones, hurto, asalto, asaltaron, allanamiento"
        ),
        _listed("window, lock, parking lot, camera, victim, ventana, cerradura, camara, victima"),
        ("theft_and_break_ins",),
    ),
    Need(
        "newcomers",
        "newcomers and interpreters",
        "recién llegados e intérpretes",
        _listed(
            "interpreter, translate, translator, translation, immigrant, immigration, refugee, asylum, undocumented, "
            "no papers, no english, english class, "
            "interprete, traducir, traductor, traduccion, inmigrante, inmigracion, migrante, refugiado, asilo, "
            "indocumentado, sin papeles, no hablo ingles, clases de ingles"
        ),
        _listed("language, papers, passport, idioma, papeles, pasaporte, ingles"),
    ),
    Need(
        "work",
        "work and training",
        "trabajo y formación",
        _listed(
            "job, unemployed, employment, apprenticeship, resume, job search, "
            "trabajo, empleo, desempleado, desempleada, buscar trabajo, curriculum"
        ),
        _listed("work, money, training, trabajar, dinero, formacion"),
    ),
    Need(
        "after_prison",
        "a new start after prison",
        "un nuevo comienzo después de la cárcel",
        _listed(
            "prison, jail, release, released, probation, parole, ex offender, criminal record, "
            "carcel, prision, preso, libertad condicional, antecedentes"
        ),
    ),
    Need(
        "watch_group",
        "a watch group to join",
        "un grupo de vigilancia",
        _listed(
            "watch group, block watch, neighbourhood watch, neighborhood watch, patrol, watch, evening walk, "
            "block hosts, volunteer, volunteering, get involved, "
            "grupo de vigilancia, vigilancia vecinal, vigilancia, patrulla, voluntario, voluntaria, participar"
        ),
        _listed("walk, group, host, grupo, caminar"),
        ("theft_and_break_ins",),
    ),
    Need(
        "joint_training",
        "training together with officers",
        "formación junto con agentes",
        _listed(
            "joint training, first aid, first help, calming a quarrel, naloxone, narcan, de escalation, "
            "training with officers, primeros auxilios, formacion conjunta, naloxona"
        ),
        _listed("training, course, learn, officer, formacion, curso, aprender, agente, policia"),
    ),
    Need(
        GENERAL,
        "any question",
        "cualquier pregunta",
        _listed(
            "general help, any question, anything else, information line, helpline, where to turn, 211, 311, "
            "who can help, ayuda general, cualquier pregunta, informacion, linea de ayuda, quien puede ayudar, "
            "adonde acudir"
        ),
    ),
)
