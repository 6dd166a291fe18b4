"""What a moderator may do with words and photos that are not public as they came."""

from enum import StrEnum


class TextState(StrEnum):
    """What everybody can read of a concern's words."""

    SHOWN = "shown"
    HELD = "held"
    REDACTED = "redacted"
    WITHHELD = "withheld"


class PhotoState(StrEnum):
    """What everybody can see of a photo: nothing before a moderator has looked."""

    HELD = "held"
    SHOWN = "shown"
    WITHHELD = "withheld"


class Finding(StrEnum):
    """What may name or find a person in words that are meant for everybody."""

    NAME = "name"
    PLATE = "plate"
    PHONE = "phone"
    EMAIL = "email"
    HOUSE = "house"


class Reason(StrEnum):
    """Why something was redacted or withheld, as the public log says it."""

    NAMES_A_PERSON = "names_a_person"
    TELLS_A_HOME = "tells_a_home"
    CONTACT_DETAILS = "contact_details"
    ACCUSES_SOMEBODY = "accuses_somebody"
    SHOWS_A_PERSON = "shows_a_person"
    INSULTS_OR_THREATENS = "insults_or_threatens"
    NOT_FOR_THIS_PLACE = "not_for_this_place"
