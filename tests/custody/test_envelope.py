import hashlib
import struct
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from registry.custody import envelope
from registry.custody.envelope import Fault, Unreadable

INSTALLATION = bytes(range(16))
COUNCIL, ACCOUNT = b"\xc1" * 16, b"\xa1" * 16
KEY, KEY_ID = b"\x11" * 32, b"\x01" * 16
NEW_KEY, NEW_KEY_ID = b"\x22" * 32, b"\x02" * 16
KEYS = {KEY_ID: KEY, NEW_KEY_ID: NEW_KEY}
CONTEXT = envelope.context(INSTALLATION, COUNCIL, ACCOUNT, "password", 3)
TEXT = b"correct horse battery staple"

PUBLISHED_CONTEXT = (
    "060000000d7363722f7365637265742f763100000010000102030405060708090a0b0c0d0e0f00000010"
    "c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c100000010a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"
    "0000000870617373776f72640000000400000003"
)
PUBLISHED_ENVELOPE = (
    "534352310101010101010101010101010101010101f15229896e77c43dc925c47b8a24d3c4645dbe5e60d80f"
    "4ea82188160329bfff31acdb6a65b12fca670943fbc034ea9c7a0b3b2623ae59aa2b708ac6c37e91d37b2ff6"
    "d35c6a2bd484bbe16032fb9e5fa6ece66f72f7281be7876ea51de079a4a74b40463f26943b831bc3c63a82d8"
    "5bbc97baeaffb888606bc81eb8b2bd33da40766564ac326f2676afab5ec9f60869a759b4debd37db3a"
)
PUBLISHED_SHA256 = "cec18902bb7a2c15b1240b085a55f167103d7daee9d38feb7ca65e733873e16a"


def counting(label: bytes = b"v1") -> Callable[[int], bytes]:
    """Give the deterministic bytes of the published vector: SHA-256(label, counter), cut."""
    counter = iter(range(100))
    return lambda n: hashlib.sha256(label + struct.pack(">I", next(counter))).digest()[:n]


def sealed(text: bytes = TEXT) -> bytes:
    return envelope.seal(KEY, KEY_ID, CONTEXT, text, random=counting())


def fault(blob: bytes, context: bytes = CONTEXT) -> Fault:
    with pytest.raises(Unreadable) as refusal:
        envelope.open(KEYS, context, blob)
    return refusal.value.reason


def test_the_published_context() -> None:
    assert CONTEXT.hex() == PUBLISHED_CONTEXT


def test_the_published_envelope() -> None:
    blob = sealed()
    assert blob.hex() == PUBLISHED_ENVELOPE
    assert len(blob) == 173
    assert hashlib.sha256(blob).hexdigest() == PUBLISHED_SHA256
    assert envelope.open(KEYS, CONTEXT, blob) == TEXT


def test_every_single_flipped_bit_is_refused() -> None:
    blob = bytes.fromhex(PUBLISHED_ENVELOPE)
    refused = 0
    for bit in range(len(blob) * 8):
        flipped = bytearray(blob)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unreadable):
            envelope.open(KEYS, CONTEXT, bytes(flipped))
        refused += 1
    assert refused == 1384


@pytest.mark.parametrize(
    "elsewhere",
    [
        (b"\x0f" * 16, COUNCIL, ACCOUNT, "password", 3),
        (INSTALLATION, b"\xc2" * 16, ACCOUNT, "password", 3),
        (INSTALLATION, COUNCIL, b"\xa2" * 16, "password", 3),
        (INSTALLATION, COUNCIL, ACCOUNT, "recovery", 3),
        (INSTALLATION, COUNCIL, ACCOUNT, "password", 2),
    ],
    ids=["installation", "council", "account", "field", "version"],
)
def test_an_envelope_moved_to_another_place_is_refused(
    elsewhere: tuple[bytes, bytes, bytes, str, int],
) -> None:
    assert fault(sealed(), envelope.context(*elsewhere)) == Fault.TAMPERED


def test_the_length_of_a_secret_is_hidden() -> None:
    assert {len(sealed(b"x" * length)) for length in range(63)} == {173}
    assert len(sealed(b"x" * 63)) == 173 + 64


def test_rewrapping_leaves_the_sealed_data_as_it_is() -> None:
    blob = sealed()
    rewrapped = envelope.rewrap(KEYS, NEW_KEY_ID, CONTEXT, blob)
    assert envelope.key_id(blob) == KEY_ID
    assert envelope.key_id(rewrapped) == NEW_KEY_ID
    assert rewrapped[81:] == blob[81:]
    assert envelope.open({NEW_KEY_ID: NEW_KEY}, CONTEXT, rewrapped) == TEXT


def test_a_refusal_says_what_is_wrong() -> None:
    blob = sealed()
    assert fault(b"SCR2" + blob[4:]) == Fault.NOT_AN_ENVELOPE
    assert fault(blob[:172]) == Fault.NOT_AN_ENVELOPE
    assert fault(b"") == Fault.NOT_AN_ENVELOPE
    assert fault(blob[:4] + b"\x02" + blob[5:]) == Fault.UNKNOWN_ALGORITHM
    assert fault(blob[:5] + b"\x09" * 16 + blob[21:]) == Fault.UNKNOWN_KEY
    assert fault(blob[:5] + NEW_KEY_ID + blob[21:]) == Fault.TAMPERED
    assert fault(blob + b"\x00") == Fault.TAMPERED
    assert str(Unreadable(Fault.UNKNOWN_KEY)) == Fault.UNKNOWN_KEY.value


@pytest.mark.parametrize("padded", [b"\x00\x3f" + b"x" * 62, b"\x00\x01" + b"x" * 62])
def test_padding_that_no_register_wrote_is_refused(padded: bytes) -> None:
    random = counting()
    data_key, wrap_nonce, data_nonce = random(32), random(12), random(12)
    header = b"SCR1\x01"
    wrapped = AESGCM(KEY).encrypt(wrap_nonce, data_key, header + b"W" + KEY_ID + CONTEXT)
    data = AESGCM(data_key).encrypt(data_nonce, padded, header + b"D" + CONTEXT)
    assert fault(header + KEY_ID + wrap_nonce + wrapped + data_nonce + data) == Fault.TAMPERED


def test_wrong_sizes_are_refused_before_sealing() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        envelope.context(b"short", COUNCIL, ACCOUNT, "password", 1)
    with pytest.raises(ValueError, match="16 bytes"):
        envelope.seal(KEY, b"short", CONTEXT, TEXT)
    with pytest.raises(ValueError, match="at most 65535 bytes"):
        envelope.seal(KEY, KEY_ID, CONTEXT, b"x" * 65536)


def test_the_longest_secret_fits() -> None:
    longest = b"x" * envelope.MAX_PLAINTEXT
    assert envelope.open(KEYS, CONTEXT, sealed(longest)) == longest


@given(st.binary(max_size=400), st.text(max_size=20), st.integers(0, 2**32 - 1))
def test_what_is_sealed_opens_in_its_place(secret: bytes, field: str, version: int) -> None:
    place = envelope.context(INSTALLATION, COUNCIL, ACCOUNT, field, version)
    blob = envelope.seal(KEY, KEY_ID, place, secret)
    assert envelope.open(KEYS, place, blob) == secret
    assert envelope.seal(KEY, KEY_ID, place, secret) != blob
    assert envelope.open(KEYS, place, envelope.rewrap(KEYS, NEW_KEY_ID, place, blob)) == secret


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_no_two_lists_pack_alike(one: list[bytes], other: list[bytes]) -> None:
    assert (envelope.pack(*one) == envelope.pack(*other)) == (one == other)


def test_the_library_agrees_with_gcm_test_case_16() -> None:
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
    plaintext = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    ciphertext = AESGCM(key).encrypt(bytes.fromhex("cafebabefacedbaddecaf888"), plaintext, aad)
    assert ciphertext[-16:].hex() == "76fc6ece0f4e1768cddf8853bb2d551b"


def test_the_library_agrees_with_rfc_5869_case_1() -> None:
    derived = HKDF(
        algorithm=SHA256(),
        length=42,
        salt=bytes(range(13)),
        info=bytes(range(0xF0, 0xFA)),
    ).derive(b"\x0b" * 22)
    assert derived.hex() == ("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
