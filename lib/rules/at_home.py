"""Words that tell of violence at home: what is raised becomes public, and reading it there can bring the next blow.

English and Spanish. Whoever writes them is shown whom to talk to before anything is sent; sent all the same, they wait
for a moderator. Found wrongly it costs one more tap, so it finds generously.
"""

import re

_KIN = (
    r"(?:ex[- ]?)?(?:husband|wife|boyfriend|girlfriend|fianc[ée]e?|spouse|partner)|ex|"
    r"(?:step|grand)?(?:father|mother|dad|mom|mum|son|daughter)|(?:step)?(?:brother|sister)|uncle|aunt|cousin|in-laws|"
    r"kids?|child(?:ren)?|baby|famil(?:y|ies)"
)
_HURTS = (
    r"(?:beats?|beat up|beating|hit|hits|hitting|hurts?|hurting|punch(?:es|ed|ing)?|slap(?:s|ped|ping)?|"
    r"kick(?:s|ed|ing)?|chok(?:es?|ed|ing)|strangl(?:es?|ed|ing)|batter(?:s|ed|ing)?|rap(?:es?|ed|ing)|"
    r"abus(?:es?|ed|ing)|molest(?:s|ed|ing)?|threaten(?:s|ed|ing)?|stalk(?:s|ed|ing)?|"
    r"lock(?:s|ed|ing)? up|controls)"
)
_WHOM = rf"(?:me|us|her|him|them|the (?:kids|children|baby)|(?:my|his|her|their|our) (?:own )?(?:{_KIN}))"
_PARIENTE = (
    r"(?:ex[- ]?)?(?:marido|espos[oa]|mujer|novi[oa]|pareja|conviviente|compañer[oa] de casa)|ex|"
    r"(?:padr|madr)(?:e|astro|astra)|pap[áa]|mam[áa]|hij[oa]s?|hijastr[oa]s?|herman[oa]|t[íi][oa]|prim[oa]|abuel[oa]|"
    r"suegr[oa]|cuñad[oa]|niñ[oa]s?|bebé|familia"
)
_LASTIMA = (
    r"(?:peg(?:a|an|ó|aba)|golpe(?:a|an|ó|aba)|maltrat(?:a|an|ó|aba)|lastim(?:a|an|ó|aba)|amenaz(?:a|an|ó|aba)|"
    r"viol(?:a|ó)|ahorc(?:a|ó)|estrangul(?:a|ó)|patea|pateó|insulta|acosa|acosó|encierra|encerró|abusa)"
)
_AT_HOME = re.compile(
    rf"(?<!\w)(?:"
    rf"(?:my|his|her|their|(?:neighbou?r['’]?s?['’]?)) (?:{_KIN})(?: [\w'’]+){{0,3}} {_HURTS} {_WHOM}"
    rf"|{_HURTS} (?:up )?(?:on )?(?:his|her|their) (?:own )?(?:{_KIN})"
    rf"|(?:rapes?|raped|raping|abus(?:es|ed|ing)|molest(?:s|ed|ing)|strangl(?:es|ed|ing)|chok(?:es|ed|ing)) "
    rf"(?:my|our) (?:{_KIN})"
    rf"|(?:being|been|am|was|is|get|gets|got) (?:beaten|hit|hurt|abused|raped|threatened|strangled|choked|stalked) "
    rf"(?:up )?(?:\w+ )?by (?:my|his|her|their) (?:{_KIN})"
    rf"|(?:afraid|scared|frightened|terrified|fear) of (?:my|his|her|their) (?:own )?(?:{_KIN})"
    rf"|(?:my|her|his) ex(?:[- ]\w+)?(?: [\w'’]+){{0,2}} (?:follow|stalk|threaten|wait)(?:s|ed|ing)?"
    rf"|(?:he|she) (?:\w+ ){{0,2}}(?:beats|hits|hurts|punches|slaps|kicks|chokes|strangles|rapes|abuses) (?:up )?me"
    rf"|(?:me|nos) (?:pega|golpea|maltrata|viola|ahorca)(?! (?:el sol|el viento|la luz))"
    rf"|(?:domestic|family) (?:violence|abuse)|(?:child|wife|elder) (?:abuse|beating)"
    rf"|(?:hurts?|hits?|beats?|abuses?|threatens|rapes) me at home|not safe at home|afraid to go home"
    rf"|(?:mi|su|sus|mis) (?:{_PARIENTE})(?: [\w]+){{0,3}}? (?:me|nos|la|le|lo|les) "
    rf"(?:\w+ )?(?:{_LASTIMA}|est[áa]n? (?:pegando|golpeando|maltratando|amenazando))"
    rf"|{_LASTIMA} (?:de |a )?(?:a )?(?:su|sus|l[oa]s) (?:propi[oa]s? )?(?:{_PARIENTE})"
    rf"|(?:viola|violó|maltrata|maltrató|abusa de) a? ?(?:mi|mis) (?:{_PARIENTE})"
    rf"|miedo (?:a|de|con) (?:mi|su) (?:{_PARIENTE})|miedo (?:de|a) (?:volver|regresar|ir) a (?:mi )?casa"
    rf"|violencia (?:doméstica|domestica|familiar|intrafamiliar|de género|de pareja|en (?:mi|la|su) casa)"
    rf"|(?:maltrato|abuso) (?:infantil|familiar)"
    rf")(?!\w)",
    re.IGNORECASE,
)


def tells_of_home(text: str) -> tuple[int, int] | None:
    """Where a text tells of violence at home: first and last character, None where it does not.

    >>> tells_of_home("My husband beats me."), tells_of_home("Mi marido me pega")
    ((0, 19), (0, 17))
    >>> tells_of_home("Drivers threaten people on the crossing") is None
    True
    """
    found = _AT_HOME.search(text)
    return found.span() if found else None
