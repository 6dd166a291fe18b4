"""What a moderator may do with words and photos that are not public as they came."""

from collections.abc import Mapping
from enum import StrEnum

from lib.rules.mail_words import marked


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
    """What may name, find or endanger a person in words that are meant for everybody."""

    NAME = "name"
    PLATE = "plate"
    PHONE = "phone"
    EMAIL = "email"
    HOUSE = "house"
    AT_HOME = "at_home"


class Reason(StrEnum):
    """Why something was redacted or withheld, as the public log says it."""

    NAMES_A_PERSON = "names_a_person"
    TELLS_A_HOME = "tells_a_home"
    CONTACT_DETAILS = "contact_details"
    ACCUSES_SOMEBODY = "accuses_somebody"
    SHOWS_A_PERSON = "shows_a_person"
    INSULTS_OR_THREATENS = "insults_or_threatens"
    NOT_FOR_THIS_PLACE = "not_for_this_place"


MARK = "[…]"
"""What stands where something was taken out of a text."""

REASON_WORDS: Mapping[Reason, str] = {
    Reason.NAMES_A_PERSON: marked("It names a person."),
    Reason.TELLS_A_HOME: marked("It tells where somebody lives."),
    Reason.CONTACT_DETAILS: marked("It holds contact details."),
    Reason.ACCUSES_SOMEBODY: marked("It accuses somebody who can be recognised."),
    Reason.SHOWS_A_PERSON: marked("It shows a person, a number plate or a home."),
    Reason.INSULTS_OR_THREATENS: marked("It insults or threatens somebody."),
    Reason.NOT_FOR_THIS_PLACE: marked("It does not belong here."),
}
"""Each reason as a sentence for everybody."""

FINDING_WORDS: Mapping[Finding, str] = {
    Finding.NAME: "a name",
    Finding.PLATE: "a number plate",
    Finding.PHONE: "a phone number",
    Finding.EMAIL: "an e-mail address",
    Finding.HOUSE: "a house number",
    Finding.AT_HOME: "violence at home",
}
"""What was found, as a person says it."""

USUAL_REASON: Mapping[Finding, Reason] = {
    Finding.NAME: Reason.NAMES_A_PERSON,
    Finding.PLATE: Reason.NAMES_A_PERSON,
    Finding.PHONE: Reason.CONTACT_DETAILS,
    Finding.EMAIL: Reason.CONTACT_DETAILS,
    Finding.HOUSE: Reason.TELLS_A_HOME,
    Finding.AT_HOME: Reason.NOT_FOR_THIS_PLACE,
}
"""Why a finding is usually taken out."""

STATE_SENTENCES: Mapping[TextState, str] = {
    TextState.HELD: "A moderator reads these words first.",
    TextState.WITHHELD: "A moderator withheld these words.",
}
"""What stands in place of words that nobody can read."""

WORDS_REASONS: frozenset[Reason] = frozenset(Reason) - {Reason.SHOWS_A_PERSON}
"""Reasons that fit words; every reason fits a photo."""


def is_redaction(original: str, public: str) -> bool:
    """Whether a text is the original with parts replaced by marks: a moderator takes out and never puts in.

    Spaces may differ. Something must be left, and something taken out.

    >>> is_redaction("Kevin sells pills at the corner.", "[…] sells pills at the corner.")
    True
    >>> is_redaction("Kevin sells pills.", "[…] buys pills."), is_redaction("Kevin", "[…]")
    (False, False)
    """
    parts = [" ".join(part.split()) for part in public.split(MARK)]
    if len(parts) < 2 or not any(parts):
        return False
    whole = " ".join(original.split())
    if not whole.startswith(parts[0]) or not whole.endswith(parts[-1]):
        return False
    at = len(parts[0])
    for part in parts[1:-1]:
        found = whole.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return at <= len(whole) - len(parts[-1])


def readable(text: str, state: TextState) -> str:
    """What everybody reads: the text, or why there is none; "" for one that its reporter took back.

    >>> readable("Loud music", TextState.SHOWN), readable("", TextState.WITHHELD), readable("", TextState.SHOWN)
    ('Loud music', 'A moderator withheld these words.', '')
    """
    return text or STATE_SENTENCES.get(state, "")
