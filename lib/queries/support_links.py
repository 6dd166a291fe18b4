"""The follow link of a device that says "me too": its secret, and the device behind it.

The secret is the device's own keyed hash, enciphered under a key of each concern (AES-128, one block). So the links of
one device on two concerns look unrelated and nothing that is stored joins them, yet whoever brings a link can be
counted once for a goal that grew out of both.
"""

from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from lib.rules.ballots import crockford, from_crockford
from lib.storage.secrets import keyed_digest

BYTES = 16


def link_of_device(concern_uuid: UUID, device: str) -> str:
    """The secret of a device's follow link to a concern: the same each time. `device` is its own random text."""
    sealing = _cipher(concern_uuid).encryptor()
    return crockford(sealing.update(keyed_digest("support device", device, BYTES)) + sealing.finalize()).lower()


def device_of_link(concern_uuid: UUID, secret: str) -> bytes | None:
    """A keyed hash of the device behind the link, the same for each of its concerns; None for what is no such link."""
    raw = from_crockford(secret.strip(), BYTES)
    if raw is None:
        return None
    opening = _cipher(concern_uuid).decryptor()
    return opening.update(raw) + opening.finalize()


def _cipher(concern_uuid: UUID) -> Cipher[ECB]:
    # One block of what is random already: there is nothing for a mode to chain.
    return Cipher(AES(keyed_digest("support link", str(concern_uuid), BYTES)), ECB())  # noqa: S305
