"""Words that tell of danger at this moment: whoever writes them is shown the emergency number before anything else.

English and Spanish. Found wrongly it costs one more tap ("It is not happening now: send it"), so it finds generously.
"""

import re

_NOW = (
    r"(?<!not )(?<!until )(?<!up to )right now",
    r"as (?:i|we) (?:write|type|speak)",
    r"(?:happening|going on) (?:right )?now",
    r"(?:is|are|am) (?:currently )?being "
    r"(?:attacked|beaten|robbed|stabbed|followed|chased|assaulted|raped|held)",
    r"at this (?:very )?(?:moment|minute)",
    r"(?:is|are) (?:breaking|trying to break|trying to get) in(?:to|\b)",
    r"(?:está|están|esta|estan) (?:pasando|sucediendo|ocurriendo) (?:ahora|ahorita|ya)",
    r"(?<!hasta )ahora mismo|ahorita mismo|en este (?:preciso )?momento|en estos momentos|mientras escribo",
    r"(?:lo|la|los|las|le|me|nos) est[áa]n? "
    r"(?:golpeando|pegando|atacando|asaltando|robando|apuñalando|siguiendo|matando)",
    r"(?:est[áa]n?) (?:entrando|metiéndose|intentando entrar|tratando de entrar) "
    r"(?:a|en) (?:mi|la|una|su) (?:casa|tienda)",
)
_DANGER = (
    r"(?:with|has|have|had|holding|carrying|waving|pulled|pulls?|point(?:s|ed|ing)) (?:a |an |his |her |the )?"
    r"(?!water |toy )(?:\w+ )?(?:gun|pistol|rifle|knife|machete|weapon)s?",
    r"(?:gun ?shots?|shots (?:were )?fired|shooting at)",
    r"(?:somebody|someone|he|she|they|man|men|boys?|people) (?:is|are|was|were) shooting"
    r"(?! (?:hoops|baskets|photos|films?|videos|fireworks))",
    r"(?:lies|lying|lays|unconscious) (?:\w+ ){0,6}(?:and|who) (?:does not|doesn['’]t|is not|isn['’]t|won['’]t) "
    r"(?:mov(?:e|ing)|wak(?:e|ing) up)",
    r"(?:not|isn['’]t|is not|stopped) breathing|(?:is|are|lies|lying) (?:bleeding|unconscious)|overdos(?:ed|ing)",
    r"(?:house|home|building|apartment|car) is on fire",
    r"(?:going|threaten(?:s|ed|ing)|threat|wants?|tried|trying) to (?:kill|shoot|stab|burn)",
    r"(?:please )?(?:help me|save me)(?: please)?[!.]|call (?:911|the police) (?:now|please)",
    r"(?:want|going) to (?:die|kill myself|end my life)|suicid(?:e|al)",
    r"con (?:un |una |el |la )?(?:arma|pistola|rifle|escopeta|cuchillo|navaja|machete)s?\b|"
    r"(?:tiene|tienen|trae|traen|saca|sacó|lleva|llevan) (?:un |una )?(?:arma|pistola|rifle|cuchillo|navaja|machete)",
    r"(?:se oyen|se escuchan|hay|hubo|escuch[éo]|oí(?:mos)?) (?:unos |varios |muchos )?"
    r"(?:disparos|balazos|tiros)|balacera",
    r"est[áa]n? disparando|hay (?:un )?(?:incendio|fuego) en (?:el|la|mi|una?)|"
    r"no (?:se mueve|despierta)|no respira|est[áa] (?:sangrando|inconsciente)|sobredosis",
    r"(?:casa|edificio|apartamento|coche|carro) (?:se está quemando|en llamas)|est[áa] en llamas",
    r"(?:amenaz[aóo]\w*|quiere|va|intent[aóo]) (?:con |a )?(?:matar|dispar|apuñal|quemar)\w*",
    r"auxilio|soc[oó]rro|ay[úu]d(?:a|en)me",
    r"(?:quiero|voy a) (?:morir|matarme)|suicid\w+",
)
_URGENT = re.compile(rf"(?<!\w)(?:{'|'.join((*_NOW, *_DANGER))})(?!\w)", re.IGNORECASE)


def is_urgent(text: str) -> bool:
    """Whether a text reads as danger to somebody at this moment.

    >>> is_urgent("Someone is breaking into the shop right now"), is_urgent("Está pasando ahora en la esquina")
    (True, True)
    >>> is_urgent("The lamp has been broken for two weeks"), is_urgent("Los coches corren por la noche")
    (False, False)
    """
    return _URGENT.search(" ".join(text.split())) is not None
