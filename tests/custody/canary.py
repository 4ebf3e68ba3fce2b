"""Secrets to look for afterwards, in every spelling in which one might slip out."""

import base64
import gzip
import html
import json
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, quote_plus

CANARY = "Zeisigkanne ŵ7<&'\"%/+ Distelfalter"
SECOND = "Haubentaucher=93; Moorschnucke \\ ŷ"
WRONG = "Klappergrasmücke vertippt 4!"
EVERY = (CANARY, SECOND, WRONG)


def spellings(value: str) -> frozenset[bytes]:
    """A value as itself, in parts, backwards, escaped, quoted, and in other encodings and alphabets."""
    raw = value.encode()
    texts = {
        value,
        value[::-1],
        html.escape(value),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        repr(value)[1:-1],
        repr(raw)[2:-1],
        quote(value),
        quote(value, safe=""),
        quote_plus(value),
        raw.hex(),
        raw.hex().upper(),
        raw.hex(" "),
        base64.b32encode(raw).decode().rstrip("="),
        base64.b85encode(raw).decode(),
    }
    long = {word for word in value.split() if len(word) >= 10}
    found = {text.encode() for text in texts | long | {word[::-1] for word in long}}
    found |= {value.encode(form) for form in ("utf-16-le", "utf-16-be", "utf-32-le")}
    return frozenset(found | _in_base64(raw))


def _in_base64(raw: bytes) -> set[bytes]:
    """What stays the same of it inside a longer text in base64, wherever it begins there."""
    found = set()
    for before in range(3):
        text = base64.b64encode(b"\0" * before + raw)
        middle = text[4 if before else 0 : len(text) - 4]
        found |= {middle, middle.replace(b"+", b"-").replace(b"/", b"_")}
    return found


PATTERNS = {value: spellings(value) for value in EVERY}


def found_in(blob: bytes | str) -> list[tuple[str, bytes]]:
    """Every canary in a piece of output, with the spelling in which it was met; archives are looked into."""
    raw = blob.encode("utf-8", "surrogatepass") if isinstance(blob, str) else blob
    return [
        (value, pattern)
        for layer in layers(raw)
        for value, patterns in PATTERNS.items()
        for pattern in patterns
        if pattern in layer
    ]


def layers(raw: bytes) -> Iterable[bytes]:
    """Something, and what is packed into it."""
    yield raw
    if raw.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if raw.startswith(b"\x1f\x8b"):
        yield gzip.decompress(raw)


def files_with_canaries(folder: Path) -> list[Path]:
    """The files under a folder in which any canary lies."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and found_in(path.read_bytes())]
