"""The device that says "me too": what its rows keep of it, and its own follow link.

Both are the device's keyed hash, enciphered under a key of each concern (AES-128, one block), the link under another
key than the row. So the rows and the links of one device on two concerns look unrelated; only with the installation's
secret can they be told to be one, which is done where two concerns are merged and for whoever brings a link. Nobody can
make the link of a row.
"""

from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from lib.rules.ballots import crockford, from_crockford
from lib.storage.secrets import keyed_digest

BYTES = 16


def device_on(concern_uuid: UUID, device: str) -> bytes:
    """What a concern's row of support keeps of a device; `device` is its own random text."""
    sealing = _cipher(concern_uuid, "support row").encryptor()
    return sealing.update(keyed_digest("support device", device, BYTES)) + sealing.finalize()


def device_behind(concern_uuid: UUID, kept: bytes) -> bytes:
    """A keyed hash of the device behind a row of support, the same for each concern; of rows that were kept in another
    way, or under another secret, bytes that equal no others."""
    opening = _cipher(concern_uuid, "support row").decryptor()
    return opening.update(kept) + opening.finalize()


def device_as_once_kept(concern_uuid: UUID, device: str) -> bytes:
    """What rows from before keep instead: a keyed hash for each concern, which leads to no device."""
    return keyed_digest("support", f"{concern_uuid}|{device}", BYTES)


def link_of_device(concern_uuid: UUID, device: str) -> str:
    """The secret of a device's follow link to a concern: the same each time. `device` is its own random text."""
    sealing = _cipher(concern_uuid, "support link").encryptor()
    return crockford(sealing.update(keyed_digest("support device", device, BYTES)) + sealing.finalize()).lower()


def device_of_link(concern_uuid: UUID, secret: str) -> bytes | None:
    """A keyed hash of the device behind the link, the same for each of its concerns; None for what is no such link."""
    raw = from_crockford(secret.strip(), BYTES)
    if raw is None:
        return None
    opening = _cipher(concern_uuid, "support link").decryptor()
    return opening.update(raw) + opening.finalize()


def _cipher(concern_uuid: UUID, purpose: str) -> Cipher[ECB]:
    # One block of what is random already: there is nothing for a mode to chain.
    return Cipher(AES(keyed_digest(purpose, str(concern_uuid), BYTES)), ECB())  # noqa: S305
