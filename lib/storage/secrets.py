"""What the installation's secret is used for: sealing small values, and keyed hashes of things we must not keep."""

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken

from lib.errors import Unavailable
from lib.settings import settings


def keyed_digest(purpose: str, value: str, size: int = 32) -> bytes:
    """A hash of `value` that only this installation can compute. `purpose` (16 bytes at most) keeps uses apart."""
    key = hashlib.blake2b(settings().secret.encode(), digest_size=32).digest()
    return hashlib.blake2b(value.encode(), key=key, digest_size=size, person=purpose.encode()).digest()


def seal(value: bytes) -> bytes:
    """Encrypt a small value with the installation's secret (Fernet: AES-128-CBC with HMAC-SHA-256)."""
    return _box().encrypt(value)


def unseal(sealed: bytes) -> bytes:
    """The value again. Raises Unavailable if it was sealed under another secret."""
    try:
        return _box().decrypt(sealed)
    except InvalidToken as cause:
        raise Unavailable("This installation's secret has changed; restore data/secret_key or SECRET_KEY.") from cause


def _box() -> Fernet:
    return _box_of(settings().secret)


@lru_cache(maxsize=4)
def _box_of(secret: str) -> Fernet:
    key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"beat-seal").digest()
    return Fernet(base64.urlsafe_b64encode(key))
