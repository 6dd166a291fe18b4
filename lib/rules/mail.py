"""What mails are for, and how far each one got."""

from enum import StrEnum


class MailKind(StrEnum):
    """What a mail is for."""

    CONFIRMATION = "confirmation"
    DIGEST = "digest"
    SIGN_UP = "sign_up"
    RELAY = "relay"


class MailState(StrEnum):
    """How far a mail got. `sending`: handed over, and nobody knows whether it arrived there."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    GIVEN_UP = "given_up"
