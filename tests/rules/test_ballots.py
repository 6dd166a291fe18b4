"""Test vectors of the vote's derivations. Each literal is also derived here with bare hashlib, without the product."""

import base64
from hashlib import blake2b, sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.rules.ballots import (
    CROCKFORD,
    ballot_key,
    batch_hash,
    candidate_order,
    canonical_json,
    commitment,
    credential,
    crockford,
    frozen_hash,
    normalise_token,
    normalise_tracker,
    printed_token,
    short_hash,
    token_from_bytes,
    tracker,
)

MEETING = UUID("5f1d7a84-0c3e-4a58-9f0b-6b1f2d3c4e5a")
ROUND = UUID("c0ffee00-1234-4abc-8def-0123456789ab")
TOKEN = "ABCDEFGHJKMNPQRS"
PEPPER = bytes(range(32))
NONCE = bytes(range(16))
CRED = bytes.fromhex("2b59602eb29c5416d6c4acb6c60c9c27b020196c5cabd79943dcd8664ed6d552")
GOALS = [UUID(int=number) for number in range(1, 6)]

RFC_4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def framed(*parts: bytes) -> bytes:
    joined = b""
    for part in parts:
        joined += len(part).to_bytes(4, "big") + part
    return joined


def test_the_credential_comes_from_the_meeting_and_the_token() -> None:
    by_hand = blake2b(framed(MEETING.bytes, b"ABCDEFGHJKMNPQRS"), digest_size=32, person=b"beat-cred").digest()
    assert by_hand == CRED
    assert credential(MEETING, TOKEN) == CRED


def test_the_commitment_comes_from_the_credential_alone() -> None:
    expected = bytes.fromhex("d217999aa63f5534e66357218e57762e87da31bd65a5421ff0ca24bd78ca4587")
    assert blake2b(framed(CRED), digest_size=32, person=b"beat-commit").digest() == expected
    assert commitment(CRED) == expected


def test_the_key_of_a_ballot_needs_the_pepper_of_its_round() -> None:
    expected = bytes.fromhex("75277e337d9b5d74963f06c05b98f2ff")
    by_hand = blake2b(framed(CRED, ROUND.bytes), digest_size=16, person=b"beat-ballot", key=PEPPER).digest()
    assert by_hand == expected
    assert ballot_key(CRED, ROUND, PEPPER) == expected
    assert ballot_key(CRED, ROUND, bytes(32)) != expected
    assert ballot_key(CRED, MEETING, PEPPER) != expected


def test_the_tracker_comes_from_the_round_the_word_and_the_form() -> None:
    by_hand = blake2b(framed(ROUND.bytes, "año nuevo".encode(), NONCE), digest_size=10, person=b"beat-track").digest()
    in_base32 = base64.b32encode(by_hand).decode().translate(str.maketrans(RFC_4648, CROCKFORD))
    assert in_base32[:12] == "NGQETPCYWGAM"
    assert tracker(ROUND, "año nuevo", NONCE) == "NGQETPCYWGAM"
    assert tracker(ROUND, "", NONCE) == "340G1E1DAJKC"


def test_parts_are_framed_so_that_moving_a_letter_between_them_changes_the_result() -> None:
    assert tracker(ROUND, "ab", b"c" + NONCE) != tracker(ROUND, "abc", NONCE)


def test_each_voter_sees_the_candidates_in_an_order_of_their_own() -> None:
    by_hand = sorted(
        GOALS, key=lambda goal: blake2b(framed(CRED, goal.bytes), person=b"beat-order", digest_size=64).digest()
    )
    assert candidate_order(CRED, GOALS) == by_hand == candidate_order(CRED, reversed(GOALS))
    orders = {tuple(candidate_order(bytes([voter]) * 32, GOALS)) for voter in range(40)}
    assert len(orders) > 30


def test_the_hash_of_a_batch_is_over_its_sorted_commitments() -> None:
    expected = "90f505115f96c7cef63310e6ff398dfaebd56cf55fa6a078f50d4949e555079e"
    assert sha256(framed(b"\x01" * 32, b"\x02" * 32)).hexdigest() == expected
    assert batch_hash([b"\x02" * 32, b"\x01" * 32]) == expected


def test_what_is_frozen_is_hashed_as_canonical_json() -> None:
    content = {"texts": {"es": "Iluminar el paseo ñ", "en": "Light the path"}, "rule": "two_keys_turns", "places": 3}
    spelled = '{"places":3,"rule":"two_keys_turns","texts":{"en":"Light the path","es":"Iluminar el paseo ñ"}}'
    expected = "3347f06e54425cb3e7b87fe66c2f738aab2ed9c7c18cebbdd5a3713c590925e9"
    assert canonical_json(content) == spelled
    assert sha256(spelled.encode("utf-8")).hexdigest() == expected
    assert frozen_hash(content) == expected
    assert short_hash(expected) == "3347f06e5442"


def test_not_a_number_has_no_canonical_spelling() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"share": float("nan")})


@pytest.mark.parametrize(
    "typed",
    [
        "0123ABCDEFGHJKMN",
        "0123abcdefghjkmn",
        " 0123 abcd efgh jkmn ",
        "0123-ABCD-EFGH-JKMN",
        "0123–ABCD—EFGH·JKMN",
        "O123.ABCD.EFGH.JKMN",
        "oi23abcdefghjkmn",
        "0l23abcdefghjkmn",
        "０１２３ＡＢＣＤＥＦＧＨＪＫＭＮ",
        "0123\u200bABCD\u00a0EFGH\tJKMN\n",
    ],
)
def test_a_typed_code_is_forgiven_case_spaces_hyphens_and_look_alikes(typed: str) -> None:
    assert normalise_token(typed) == "0123ABCDEFGHJKMN"


@pytest.mark.parametrize(
    "typed", ["", "0123", "0123ABCDEFGHJKM", "0123ABCDEFGHJKMN0", "U123ABCDEFGHJKMN", "0123ABCDEFGHJKM$", "é" * 16]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert normalise_token(typed) is None


def test_a_tracker_is_typed_as_forgivingly() -> None:
    assert normalise_tracker("ngqe-tpcy wgam") == "NGQETPCYWGAM"
    assert normalise_tracker("ngqe-tpcy-wga") is None


@given(st.binary(min_size=10, max_size=10))
def test_every_token_survives_printing_and_typing(raw: bytes) -> None:
    token = token_from_bytes(raw)
    assert len(token) == 16
    assert normalise_token(printed_token(token).lower()) == token
    assert token == base64.b32encode(raw).decode().translate(str.maketrans(RFC_4648, CROCKFORD))


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_different_bytes_of_one_length_have_different_spellings(first: bytes, second: bytes) -> None:
    if len(first) == len(second):
        assert (crockford(first) == crockford(second)) == (first == second)


@given(st.text(max_size=40))
def test_any_typed_text_is_a_code_or_none(text: str) -> None:
    code = normalise_token(text)
    assert code is None or normalise_token(code) == code
