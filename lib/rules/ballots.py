"""Codes and fingerprints of the vote: passes, ballot keys, trackers, and the hash of what is frozen at opening.

Every part of a derivation is length-prefixed (4 bytes, big-endian), text in UTF-8, ids as the 16 bytes of their UUID:

    cred    = blake2b(meeting, TOKEN;             size 32, person "beat-cred")     held in memory only
    commit  = blake2b(cred;                       size 32, person "beat-commit")   stored with the pass
    key     = blake2b(cred, round; key=PEPPER,    size 16, person "beat-ballot")   the ballot's primary key in its round
    tracker = crockford(blake2b(round, word, nonce; size 10, person "beat-track"))[:12]
    order   = blake2b(cred, goal;                 size 64, person "beat-order")    sorts the candidates for one voter
    invited = blake2b(code, device;               size 32, person "beat-pulse")    kept of an invitation to the pulse

Randomness (tokens, peppers, nonces) comes from the caller.
"""

import json
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b, sha256
from uuid import UUID

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Douglas Crockford's base 32: no I, L, O or U, so that a printed code cannot be misread."""

TOKEN_BYTES = 10
TOKEN_LENGTH = 16
TRACKER_LENGTH = 12

_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Po"})
"""Spaces, line ends, invisible signs, dashes, dots: nothing that a code contains (Unicode general categories)."""


def crockford(raw: bytes) -> str:
    """Bytes as Crockford base 32, most significant bit first, the last character filled up with zero bits.

    >>> crockford(bytes(5)), crockford(b"\\xff" * 5), crockford(b"\\x01")
    ('00000000', 'ZZZZZZZZ', '04')
    """
    length = -(-len(raw) * 8 // 5)
    number = int.from_bytes(raw, "big") << (length * 5 - len(raw) * 8)
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in reversed(range(length)))


def from_crockford(text: str, size: int) -> bytes | None:
    """The bytes that `crockford` wrote, in capitals or small letters; None for anything that is not so many bytes.

    >>> from_crockford("ZZZZZZZZ", 5), from_crockford("04", 1), from_crockford("", 1), from_crockford("U0", 1)
    (b'\\xff\\xff\\xff\\xff\\xff', b'\\x01', None, None)
    """
    code = text.upper()
    if len(code) != -(-size * 8 // 5) or not set(code) <= set(CROCKFORD):
        return None
    number = 0
    for character in code:
        number = number << 5 | CROCKFORD.index(character)
    return (number >> (len(code) * 5 - size * 8)).to_bytes(size, "big")


def token_from_bytes(raw: bytes) -> str:
    """The code of a pass: 16 characters from 10 random bytes.

    >>> token_from_bytes(bytes(range(10)))
    '000G40R40M30E209'
    """
    return crockford(raw[:TOKEN_BYTES]).rjust(TOKEN_LENGTH, "0")


def normalise_token(text: str) -> str | None:
    """A typed pass code in its one spelling, or None where it is no code.

    Forgiving: case, spaces, hyphens and dots, O for 0, I and L for 1, full-width letters of a phone keyboard.

    >>> normalise_token("abcd efgh-jkmn pqrs"), normalise_token("OOOO-IIII-LLLL-0000")
    ('ABCDEFGHJKMNPQRS', '0000111111110000')
    >>> normalise_token("abcd efgh"), normalise_token("UUUU-UUUU-UUUU-UUUU")
    (None, None)
    """
    return _normalised(text, TOKEN_LENGTH)


def normalise_tracker(text: str) -> str | None:
    """A typed tracker in its one spelling, or None; as forgiving as `normalise_token`."""
    return _normalised(text, TRACKER_LENGTH)


def printed_token(token: str) -> str:
    """A code or tracker as it is printed, in groups of four.

    >>> printed_token("ABCDEFGHJKMNPQRS")
    'ABCD-EFGH-JKMN-PQRS'
    """
    return "-".join(token[start : start + 4] for start in range(0, len(token), 4))


def credential(meeting: UUID, token: str) -> bytes:
    """What a pass proves, 32 bytes, from its normalised token. Never stored, never logged."""
    return _blake(meeting.bytes, token.encode(), size=32, person=b"beat-cred")


def commitment(cred: bytes) -> bytes:
    """What is stored of a pass, 32 bytes: recognises the credential, gives nothing of it away."""
    return _blake(cred, size=32, person=b"beat-commit")


def invitation_digest(code: str, device: str = "") -> bytes:
    """What is kept of an invitation to the pulse, 32 bytes, from its normalised code; for volunteers, who share one
    code, with what their device is known by."""
    return _blake(code.encode(), device.encode(), size=32, person=b"beat-pulse")


def ballot_key(cred: bytes, voting_round: UUID, pepper: bytes) -> bytes:
    """The key of this pass's ballot in one round, 16 bytes. Without the round's pepper (at most 64 bytes) it links to
    nothing."""
    return _blake(cred, voting_round.bytes, size=16, person=b"beat-ballot", key=pepper)


def tracker(voting_round: UUID, word: str, nonce: bytes) -> str:
    """What a voter finds the own ballot by: 12 characters. `word` is what the voter typed, possibly nothing.

    The nonce comes with the form, so a form that is sent twice gives the same tracker.
    """
    return crockford(_blake(voting_round.bytes, word.encode(), nonce, size=10, person=b"beat-track"))[:TRACKER_LENGTH]


def candidate_order(cred: bytes, goals: Iterable[UUID]) -> list[UUID]:
    """The candidates in this voter's own order: the same at each look, another for each voter."""
    return sorted(goals, key=lambda goal: _blake(cred, goal.bytes, size=64, person=b"beat-order"))


def batch_hash(commitments: Iterable[bytes]) -> str:
    """SHA-256 in hex over the sorted commitments of one batch of passes, whatever order they come in.

    Shown at opening, it proves later that no pass was added to the batch.
    """
    return sha256(_framed(*sorted(commitments))).hexdigest()


def canonical_json(content: object) -> str:
    """The one spelling of a JSON value: sorted keys, no spaces, characters as they are (UTF-8 when hashed).

    >>> canonical_json({"places": 3, "after": ["ñ", None, True]})
    '{"after":["ñ",null,true],"places":3}'
    """
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def frozen_hash(content: object) -> str:
    """SHA-256 in hex of the canonical JSON: anybody can compute it again from the download."""
    return sha256(canonical_json(content).encode()).hexdigest()


def short_hash(full: str) -> str:
    """The first 12 characters of a hash, for a screen that is read from afar."""
    return full[:12]


def in_fours(digest: str) -> str:
    """A fingerprint as it is read out: the short hash, four characters at a time.

    >>> in_fours("acea0884305f77")
    'acea 0884 305f'
    """
    short = short_hash(digest)
    return " ".join(short[at : at + 4] for at in range(0, len(short), 4))


def _framed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _blake(*parts: bytes, size: int, person: bytes, key: bytes = b"") -> bytes:
    return blake2b(_framed(*parts), digest_size=size, person=person, key=key).digest()


def _normalised(text: str, length: int) -> str | None:
    folded = unicodedata.normalize("NFKC", text).upper()
    code = "".join(letter for letter in folded if unicodedata.category(letter) not in _SEPARATORS)
    code = code.translate(_FORGIVEN)
    return code if len(code) == length and set(code) <= set(CROCKFORD) else None
