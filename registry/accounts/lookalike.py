"""Letters that look alike: for fake accounts with a name close to the council's, and fake hosts.

A skeleton is what a hurried reader sees: two names with one skeleton are told apart by a computer
and by nobody else. The table is our own short one (Latin, Cyrillic, Greek, Armenian, 0 and 1).
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from registry.accounts.platforms import PLATFORMS

_LOOKS_LIKE: Final = {
    "a": "аαɑ",
    "b": "Ьь",
    "c": "сϲ",
    "d": "ԁ",
    "e": "еєҽ",
    "g": "ɡԍ",
    "h": "һհ",
    "j": "јϳ",
    "k": "кκ",
    "l": "1iı|!ιіӏ∣",
    "m": "м",
    "n": "пηո",
    "o": "0οоօ",
    "p": "рρ",
    "q": "ԛ",
    "r": "г",
    "s": "ѕꜱ",
    "t": "тτ",
    "u": "υս",
    "v": "ѵν",
    "w": "ԝω",
    "x": "хχ",
    "y": "уγү",
    "z": "ᴢ",
}
_FOLD: Final = str.maketrans({odd: plain for plain, odds in _LOOKS_LIKE.items() for odd in odds})
_PAIRS: Final = (("rn", "m"), ("vv", "w"))
_NOT_SEEN: Final = re.compile(r"[\W_]+")
_DRESSING: Final = ("official", "real", "the", "uk", "gov", "help", "support", "team", "page")
_SHORTEST_NEAR_MISS: Final = 6


def skeleton(text: str) -> str:
    """What a hurried reader sees: case, accents, separators and look-alike letters folded away.

    `@Chi1tern_C0uncil` and `ChilternCouncil` share theirs. For comparing, never for showing.
    """
    while (folded := _folded(text)) != text:
        text = folded
    return text


def _folded(text: str) -> str:
    composed = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(filter(_is_no_accent, unicodedata.normalize("NFKD", composed)))
    seen = _NOT_SEEN.sub("", letters.translate(_FOLD))
    for pair, single in _PAIRS:
        seen = seen.replace(pair, single)
    return seen


def _is_no_accent(letter: str) -> bool:
    return not unicodedata.combining(letter)


def similar(a: str, b: str) -> bool:
    """Whether one name could be taken for the other, so that a person must look twice.

    True for one skeleton; for one letter more, less or other in a name of six or more; and for a
    name dressed up with a word such as "official" or "UK".
    """
    first, second = skeleton(a), skeleton(b)
    if not first or not second:
        return False
    if first == second or _undressed(first) == _undressed(second):
        return True
    return min(len(first), len(second)) >= _SHORTEST_NEAR_MISS and _within_one_edit(first, second)


_WORDS: Final = tuple(map(skeleton, _DRESSING))


def _undressed(name: str) -> str:
    """The name without the words that dress it up, as long as a name remains."""
    while (barer := next(_barer(name), name)) != name:
        name = barer
    return name


def _barer(name: str) -> Iterator[str]:
    for word in _WORDS:
        for bare in (name.removeprefix(word), name.removesuffix(word)):
            if len(name) > len(bare) >= _SHORTEST_NEAR_MISS:
                yield bare


def _within_one_edit(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    if len(long) - len(short) > 1:
        return False
    pairs = enumerate(zip(short, long, strict=False))
    same = next((place for place, (x, y) in pairs if x != y), len(short))
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]


_HOSTS: Final = frozenset(host for platform in PLATFORMS for host in platform.hosts)
_BARE_HOSTS: Final = sorted({host.removeprefix("www.") for host in _HOSTS})
_BY_SKELETON: Final = {skeleton(host): host for host in _BARE_HOSTS}
_BRANDS: Final = {skeleton(platform.brand): f"{platform.brand}.com" for platform in PLATFORMS if platform.brand}
_LONGEST_HOST: Final = 253


def looks_like_platform_host(host: str) -> str | None:
    """The platform host this one could be taken for, or None; a platform's own is no look-alike.

    Knows `facebook.com.evil.example`, `notfacebook.com`, `faceb00k.com`, letters of other
    alphabets and their punycode.
    """
    if host in _HOSTS or len(host) > _LONGEST_HOST:
        return None
    host = ".".join(map(_as_seen, host.casefold().split(".")))
    if any(f".{host}".endswith(f".{own}") for own in _BARE_HOSTS):
        return None
    for own in _BARE_HOSTS:
        if f".{own}." in f".{host}":
            return own
    labels = host.split(".")
    for count in (2, 3):
        if twin := _BY_SKELETON.get(skeleton(".".join(labels[-count:]))):
            return twin
    seen = [skeleton(label) for label in labels]
    return next((_BRANDS[brand] for brand in _BRANDS for label in seen if brand in label), None)


def _as_seen(label: str) -> str:
    """A label as a browser might show it: punycode as the letters it stands for."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
