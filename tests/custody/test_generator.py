import pytest

from registry.core.secret import Secret
from registry.custody.generator import WEAK, generate_password, generate_words, weakness
from registry.custody.wordlist import COMMON, WORDS

NAMES = ("@ExampleCouncil", "Example Borough Council", "Bin", "")


def weak(password: str) -> str:
    return " ".join(WEAK[each] for each in weakness(Secret(password), NAMES))


def test_a_generated_password_has_every_class_and_no_look_alikes() -> None:
    passwords = {generate_password().reveal() for _ in range(300)}
    assert len(passwords) == 300
    for password in passwords:
        assert len(password) == 24
        assert any(c.isupper() for c in password)
        assert any(c.islower() for c in password)
        assert any(c.isdigit() for c in password)
        assert any(not c.isalnum() for c in password)
        assert not set(password) & set("0Oo1lIi2Z5S8B|'\"`\\ <>&")


def test_a_generated_password_is_not_short() -> None:
    assert len(generate_password().reveal()) == 24


def test_a_password_of_words_is_words_and_a_digit() -> None:
    *words, digit = generate_words().reveal().split("-")
    assert len(words) == 8
    assert {word.lower() for word in words} <= set(WORDS)
    assert digit.isdigit()


def test_every_word_adds_eight_bits() -> None:
    assert len(set(WORDS)) == 256
    assert all(word.isascii() and word.isalpha() and word.islower() for word in WORDS)


def test_the_deny_list_can_be_met() -> None:
    assert len(COMMON) >= 200
    assert all(word.isascii() and word.isalpha() and word.islower() for word in COMMON)


def test_generated_passwords_are_not_weak() -> None:
    for _ in range(200):
        assert weak(generate_password().reveal()) == ""
        assert weak(generate_words().reveal()) == ""


@pytest.mark.parametrize("password", ["Tern-7-heath", "dGf9!kPw3#zq", "ŵylan tŷ coch llan"])
def test_a_fair_password_is_left_alone(password: str) -> None:
    assert weak(password) == ""


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("Dragonfly1999", "easy to guess"),
        ("dGf9!kPw3#z", "shorter than 12"),
        ("", "shorter than 12"),
        ("Password2026!", "many people use"),
        ("P@55w0rd", "many people use"),
        ("CouncilTax!!2026", "many people use"),
        ("Welcome-123456", "many people use"),
        ("passwordpassword", "many people use"),
        ("aaaaaaaaaaaaaaa", "repeats itself"),
        ("Kx9Kx9Kx9Kx9Kx9", "repeats itself"),
        ("12121212131313", "repeats itself"),
        ("abcdefghijklmn", "alphabet"),
        ("0987654321x", "digits"),
        ("qwertyuiop12", "keyboard"),
        ("ExampleCouncil1", "the name of the account"),
        ("Ex@mple Council 2026", "the name of the account"),
        ("xx-example-borough-council", "the council"),
    ],
)
def test_a_weak_password_is_pointed_out(password: str, sentence: str) -> None:
    assert sentence in weak(password)


def test_a_name_in_a_long_password_does_no_harm() -> None:
    assert weak("examplecouncil over seven quiet lanes") == ""
    assert "name" not in weak("Bin-dGf9!kPw3#zq")
