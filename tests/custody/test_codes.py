import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.core.secret import Secret
from registry.custody.codes import (
    Algorithm,
    TotpSeed,
    Unusable,
    current_code,
    parse_recovery_codes,
    parse_seed,
)

DIGITS = b"1234567890" * 7
RFC_SEEDS = {
    algorithm: TotpSeed(Secret(DIGITS[:length]), algorithm, digits=8)
    for algorithm, length in zip(Algorithm, (20, 32, 64), strict=True)
}
SEED = "JBSWY3DPEHPK3PXP"


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(
    ("seconds", "sha1", "sha256", "sha512"),
    [
        (59, "94287082", "46119246", "90693936"),
        (1111111109, "07081804", "68084774", "25091201"),
        (1111111111, "14050471", "67062674", "99943326"),
        (1234567890, "89005924", "91819424", "93441116"),
        (2000000000, "69279037", "90698825", "38618901"),
        (20000000000, "65353130", "77737706", "47863826"),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds: int, sha1: str, sha256: str, sha512: str) -> None:
    codes = [current_code(RFC_SEEDS[algorithm], at(seconds)).digits for algorithm in Algorithm]
    assert codes == [sha1, sha256, sha512]


def test_a_code_says_how_long_it_holds_and_what_comes_next() -> None:
    seed = RFC_SEEDS[Algorithm.SHA1]
    code = current_code(seed, at(59.9))
    assert code.seconds_left == 1
    assert code.next_digits == current_code(seed, at(60)).digits
    assert current_code(seed, at(60)).seconds_left == 30
    assert code.digits not in repr(code)


def test_a_code_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        current_code(RFC_SEEDS[Algorithm.SHA1], datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    "typed",
    [
        SEED,
        " jbsw y3dp ehpk 3pxp\n",
        "JBSW-Y3DP-EHPK-3PXP",
        "JBSWY3DPEHPK3PXP===",
        "jbsw\u00a0y3dpehpk3pxp",
    ],
)
def test_a_seed_may_be_typed_as_it_is_shown(typed: str) -> None:
    assert parse_seed(typed) == TotpSeed(Secret(base64.b32decode(SEED)))


def test_an_address_carries_its_own_settings() -> None:
    seed = parse_seed(
        f"OTPAUTH://TOTP/Council%3Aoffice%40council.example?secret={SEED.lower()}"
        "&issuer=Council&algorithm=sha-256&digits=8&period=60"
    )
    assert seed == TotpSeed(Secret(base64.b32decode(SEED)), Algorithm.SHA256, 8, 60)
    assert parse_seed(f"otpauth://totp/x?secret={SEED}") == parse_seed(SEED)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Copy the whole"),
        ("JBSWY3DP", "at least 16"),
        ("JBSWY3DPEHPK3PX1", "0, 1 or 8"),
        ("JBSWY3DPEHPK3PX\u0131", "only the letters"),
        ("correct horse battery staple!", "only the letters"),
        (SEED + "J", "missing or too many"),
        ("A" * 500, "at least 16"),
        (f"otpauth://hotp/x?secret={SEED}&counter=1", "counted, not timed"),
        ("otpauth-migration://offline?data=abc", "several codes"),
        (f"otpauth://steam/x?secret={SEED}", "begins with"),
        (f"otpauthx://totp/x?secret={SEED}", "begins with"),
        (f"otpauth:totp?secret={SEED}", "begins with"),
        ("otpauth://totp/x", "holds no seed"),
        ("otpauth://totp/x?secret=", "at least 16"),
        (f"otpauth://totp/x?secret={SEED}&secret={SEED}", "says something twice"),
        (f"otpauth://totp/x?secret={SEED}&SECRET={SEED}", "says something twice"),
        (f"otpauth://totp/x?secret={SEED}&algorithm=MD5", "SHA1, SHA256 or SHA512"),
        (f"otpauth://totp/x?secret={SEED}&digits=5", "6, 7 or 8"),
        (f"otpauth://totp/x?secret={SEED}&digits=9", "6, 7 or 8"),
        (f"otpauth://totp/x?secret={SEED}&digits=six", "6, 7 or 8"),
        (f"otpauth://totp/x?secret={SEED}&digits=٦", "6, 7 or 8"),
        (f"otpauth://totp/x?secret={SEED}&period=0", "one second and a day"),
        (f"otpauth://totp/x?secret={SEED}&period=86401", "one second and a day"),
        (f"otpauth://totp/x?secret={SEED}&period=-30", "one second and a day"),
        ("otpauth://[totp/x?secret=" + SEED, "cannot be read"),
        ("otpauth://totp/x?" + "&".join(f"a{n}=1" for n in range(30)), "cannot be read"),
    ],
)
def test_an_unusable_seed_is_refused_with_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(Unusable, match=sentence) as refusal:
        parse_seed(typed)
    assert SEED not in refusal.value.sentence
    assert refusal.value.sentence.endswith(".")


@given(
    st.binary(min_size=10, max_size=256),
    st.sampled_from(Algorithm),
    st.integers(6, 8),
    st.integers(15, 120),
)
def test_a_seed_comes_back_from_custody_as_it_went_in(
    key: bytes, algorithm: Algorithm, digits: int, period: int
) -> None:
    seed = TotpSeed(Secret(key), algorithm, digits, period)
    assert TotpSeed.from_text(seed.to_text()) == seed
    assert parse_seed(seed.to_text().reveal()) == seed
    code = current_code(seed, at(1_800_000_000))
    assert len(code.digits) == digits
    assert 1 <= code.seconds_left <= period


def test_a_seed_does_not_show_itself() -> None:
    assert SEED not in repr(parse_seed(SEED))
    assert str(parse_seed(SEED).to_text()) == "•••"


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("abcd-1234\nefgh-5678\n\n", ["abcd-1234", "efgh-5678"]),
        ("  abcd1234, efgh5678 ;ijkl9012", ["abcd1234", "efgh5678", "ijkl9012"]),
        ("abcd1234 efgh5678", ["abcd1234", "efgh5678"]),
        ("1234 5678\r\n2345 6789", ["1234 5678", "2345 6789"]),
        ("1234 5678 2345 6789\t3456 7890", ["1234 5678", "2345 6789", "3456 7890"]),
        ("12345678 23456789", ["12345678", "23456789"]),
        ("single0code1", ["single0code1"]),
    ],
)
def test_recovery_codes_are_read_as_platforms_print_them(typed: str, codes: list[str]) -> None:
    assert [code.reveal() for code in parse_recovery_codes(typed)] == codes


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (" \n ,", "one on each line"),
        ("abcd1234\nefgh5678\nabcd-1234", "Items 1 and 3 are the same"),
        ("12345678\n1234 5678", "Items 1 and 2 are the same"),
        ("1. abcd1234", "Item 1 is too short"),
        ("abcd1234 " + "x" * 65, "Item 2 is too short or too long"),
        ("\n".join(f"code{n:04}" for n in range(101)), "at most 100"),
    ],
)
def test_an_unusable_list_of_codes_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(Unusable, match=sentence) as refusal:
        parse_recovery_codes(typed)
    assert "abcd" not in refusal.value.sentence
