"""The categories that a new city starts with: what a coordinator changes later on the page Admin."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CategoryWords:
    """A category in one language: its name, who is responsible for it, and for one that never becomes public the advice
    that stands in place of the form."""

    name: str
    responsible: str = ""
    advice: str = ""


@dataclass(frozen=True)
class StandardCategory:
    """`key` is also the icon's name; `colour` is one of the palette's eight."""

    key: str
    colour: str
    english: CategoryWords
    spanish: CategoryWords
    is_public: bool = True


STANDARD_CATEGORIES: tuple[StandardCategory, ...] = (
    StandardCategory(
        "road_safety",
        "#2F6BDE",
        CategoryWords("Road safety", "The city’s transport department; officers of the beat for speeding and parking"),
        CategoryWords("Seguridad vial", "El departamento de transporte; los agentes del sector por velocidad y autos"),
    ),
    StandardCategory(
        "street_lighting",
        "#D0782A",
        CategoryWords(
            "Street lighting", "The city’s lighting service; officers of the beat where dark spots are unsafe"
        ),
        CategoryWords("Alumbrado público", "El servicio de alumbrado; los agentes del sector donde no es seguro"),
    ),
    StandardCategory(
        "young_people",
        "#2AA58E",
        CategoryWords("Young people", "Officers of the beat together with youth services"),
        CategoryWords("Jóvenes", "Los agentes del sector junto con los servicios para jóvenes"),
    ),
    StandardCategory(
        "drugs_and_alcohol",
        "#86124B",
        CategoryWords("Drugs and alcohol", "Officers of the beat together with outreach and treatment"),
        CategoryWords("Drogas y alcohol", "Los agentes del sector junto con los equipos de ayuda y tratamiento"),
    ),
    StandardCategory(
        "noise",
        "#4B2A9B",
        CategoryWords("Noise", "Officers of the beat; the city’s licence office for bars and building sites"),
        CategoryWords("Ruido", "Los agentes del sector; la oficina de licencias por bares y obras"),
    ),
    StandardCategory(
        "parks_and_trees",
        "#3A4A04",
        CategoryWords("Parks and trees", "The city’s parks department; officers of the beat after dark"),
        CategoryWords("Parques y árboles", "El departamento de parques; los agentes del sector por la noche"),
    ),
    StandardCategory(
        "waste_and_litter",
        "#97614F",
        CategoryWords("Waste and litter", "The city’s cleaning service"),
        CategoryWords("Basura y residuos", "El servicio de limpieza"),
    ),
    StandardCategory(
        "theft_and_break_ins",
        "#696D88",
        CategoryWords("Theft and break-ins", "Officers of the beat"),
        CategoryWords("Robos y allanamientos", "Los agentes del sector"),
    ),
    StandardCategory(
        "domestic_abuse",
        "#86124B",
        CategoryWords(
            "Violence or fear at home",
            "People who are trained to help, in confidence",
            "What happens at home does not belong on a public page, and writing it here could put you in danger. Talk "
            "to people who help in confidence, whatever your papers and whatever language you speak. If you share "
            "this phone or computer with somebody you are afraid of, call from another one and delete this page "
            "from its history.",
        ),
        CategoryWords(
            "Violencia o miedo en casa",
            "Personas preparadas para ayudar, de manera confidencial",
            "Lo que pasa en casa no va en una página pública, y escribirlo aquí podría ponerle en peligro. Hable con "
            "personas que ayudan de manera confidencial, sin importar sus papeles ni su idioma. Si comparte este "
            "teléfono con alguien a quien teme, llame desde otro y borre esta página del historial.",
        ),
        is_public=False,
    ),
    StandardCategory(
        "named_suspects",
        "#696D88",
        CategoryWords(
            "I know who did it",
            "The police, never this page",
            "Naming somebody in public can put you in danger and harm somebody who did nothing. Tell the police what "
            "you know: call, or speak to an officer of your beat. They can take it down without your name.",
        ),
        CategoryWords(
            "Sé quién lo hizo",
            "La policía, nunca esta página",
            "Nombrar a alguien en público puede ponerle en peligro y dañar a quien no hizo nada. Cuente a la policía "
            "lo que sabe: llame o hable con un agente de su sector. Pueden anotarlo sin el nombre de usted.",
        ),
        is_public=False,
    ),
)
