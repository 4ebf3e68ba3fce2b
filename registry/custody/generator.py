"""Good passwords to offer, and what is weak about the ones people bring.

Nothing here is refused: a weak value is pointed out to the person who deposits it, because a
platform's present password must be taken into custody before it can be changed.
"""

import re
import secrets
from collections.abc import Iterable
from enum import StrEnum

from zxcvbn import zxcvbn

from registry.core.secret import Secret
from registry.custody.wordlist import COMMON, WORDS

LENGTH, COUNT = 24, 8
"""Characters, or words, of a generated password."""
SHORTEST_GOOD = 12
GOOD_ENOUGH, LOOKED_AT = 3, 72
SHORTEST_NAME, LEAST_BESIDE_A_NAME = 4, 8

# Without letters and digits that are read for one another: 0 O o, 1 l I i, 2 Z, 5 S, 8 B.
_CLASSES = ("ACDEFGHJKLMNPQRTUVWXY", "abcdefghjkmnpqrstuvwxyz", "34679", "-+=?!#%@")
_ALPHABET = "".join(_CLASSES)
_LEET = str.maketrans("0134578@$!", "oieastbasi")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890", "abcdefghijklmnopqrstuvwxyz")


class Weakness(StrEnum):
    """One way in which a value is weak: kept as a fact beside it, since it is not opened to look again."""

    SHORT = "short"
    COMMON = "common"
    REPEATS = "repeats"
    RUNS = "runs"
    NAME = "name"
    GUESSABLE = "guessable"


WEAK = {
    Weakness.SHORT: f"It is shorter than {SHORTEST_GOOD} characters.",
    Weakness.COMMON: "It is a password that many people use.",
    Weakness.REPEATS: "It repeats itself.",
    Weakness.RUNS: "It runs along the keyboard, the alphabet or the digits.",
    Weakness.NAME: "It is little more than the name of the account or the council.",
    Weakness.GUESSABLE: "It is easy to guess for a program that tries common words, names and dates.",
}
"""What is said of each; never with the value."""


def generate_password() -> Secret[str]:
    """Make a password of random characters, each class among them, easy to read aloud."""
    while True:  # drawing again, rather than planting a digit, keeps every password equally likely
        password = "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))
        if all(set(password) & set(members) for members in _CLASSES):
            return Secret(password)


def generate_words() -> Secret[str]:
    """Make a password of random words, for those who must type it on a phone or a television."""
    words = "-".join(secrets.choice(WORDS) for _ in range(COUNT))
    return Secret(f"{words.capitalize()}-{secrets.choice(_CLASSES[2])}")


def weakness(value: Secret[str], context_words: Iterable[str] = ()) -> list[Weakness]:
    """Find what is weak about a password; an empty list when nothing is.

    `context_words` are what everybody knows: the handle, the account's and the council's names.
    """
    password = value.reveal()
    bare = _bare(password)
    names = tuple(context_words)
    found = {
        Weakness.SHORT: len(password) < SHORTEST_GOOD,
        Weakness.COMMON: _is_common(password),
        Weakness.REPEATS: _repeats(bare),
        Weakness.RUNS: _runs(bare),
        Weakness.NAME: any(_is_little_more_than(word, password) for word in names),
    }
    plain = [each for each, holds in found.items() if holds]
    return plain or ([Weakness.GUESSABLE] if _is_guessable(password, names) else [])


def _is_guessable(password: str, names: tuple[str, ...]) -> bool:
    """Whether a program with lists of common passwords, words, names and dates finds it (zxcvbn, USENIX 2016)."""
    return int(zxcvbn(password[:LOOKED_AT], user_inputs=list(names))["score"]) < GOOD_ENOUGH


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


def _letters(text: str) -> str:
    """Read a word as people disguise it: `P@55w0rd` is `password`."""
    return _bare(text.casefold().translate(_LEET))


def _is_common(password: str) -> bool:
    stem = re.sub(r"[\W\d_]+$", "", password)
    return any(_letters(text) in COMMON for text in (password, stem))


def _repeats(bare: str) -> bool:
    return len(set(bare)) < min(5, len(bare)) or re.fullmatch(r"(.+?)\1+", bare) is not None


def _runs(bare: str) -> bool:
    """Whether most of it is one stretch of a keyboard row, either way round."""
    shortest = max(4, len(bare) * 2 // 3)
    stretches = (bare[start : start + shortest] for start in range(len(bare) - shortest + 1))
    rows = _ROWS + tuple(row[::-1] for row in _ROWS)
    return any(stretch in row for stretch in stretches for row in rows)


def _is_little_more_than(word: str, password: str) -> bool:
    name, text = _letters(word.removeprefix("@")), _letters(password)
    return len(name) >= SHORTEST_NAME and name in text and len(text) - len(name) < LEAST_BESIDE_A_NAME
