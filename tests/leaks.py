"""After every test: none of its secrets in a file it left, in its database, or in what it logged or printed.

Looked for are the secrets that tests share, in every spelling, and whatever the register itself held or drew as a
secret while the test ran. Whoever let one slip out has failed. A test of this file plants one of each.
"""

import base64
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from tests.custody.canary import PATTERNS, layers, spellings
from tests.custody.hall import CODES, SEED, VALUE
from tests.hearing import drawn
from tests.laid_out import Served, owner_of
from tests.world import PASSWORD

SHARED = (VALUE, SEED, PASSWORD, *CODES.split("\n"))
EVERY_SPELLING = frozenset().union(*PATTERNS.values(), *map(spellings, SHARED))
FORMS = {pattern.rstrip(b"\0") for pattern in EVERY_SPELLING}
LOOKED_FOR = tuple(one for one in FORMS if not any(other in one for other in FORMS - {one}))
"""The shortest of them: what holds a longer one holds one of these."""
OWN_FILES = frozenset({".key", ".secret"})
"""Keys (those of before are root.key.ITS-ID) and a provider's secret lie in files of their own, and have to."""
EMPTINESS = b"\0" * 32
"""What most of a database's pages are."""

untouched: list[bytes] = []
"""The database that every test begins with, in which nothing can be."""
FOUND, FAILED = pytest.StashKey[list[str]](), pytest.StashKey[bool]()


@lru_cache(maxsize=256)
def forms_of(secret: str | bytes) -> tuple[bytes, ...]:
    """The spellings of a secret in which a program would let it slip, not a person."""
    raw = secret.encode() if isinstance(secret, str) else secret
    in_letters = base64.b32encode(raw).rstrip(b"=")
    grouped = b"-".join(in_letters.lower()[at : at + 4] for at in range(0, len(in_letters), 4))
    within = base64.b64encode(raw)[: len(raw) // 3 * 4]
    return raw, raw.hex().encode(), in_letters, in_letters.lower(), grouped, within, within.translate(URL_SAFE)


URL_SAFE = bytes.maketrans(b"+/", b"-_")


def found_in(blob: bytes) -> list[bytes]:
    """Every spelling of any secret in something."""
    dense = b"\0".join(blob.split(EMPTINESS))
    looked_for = {*LOOKED_FOR, *(form for secret in drawn for form in forms_of(secret))}
    return [form for form in looked_for if form in dense]


def in_files(folder: Path) -> Iterator[str]:
    """What the files under a folder hold, besides those that are there to hold a secret."""
    for path in folder.rglob("*"):
        if path.is_file() and not OWN_FILES.intersection(path.suffixes):
            blob = path.read_bytes()
            for layer in layers(blob) if blob not in untouched else ():
                yield from (f"{path.name} holds {form!r}" for form in found_in(layer))


def in_database(url: str) -> Iterator[str]:
    """What the rows of a PostgreSQL database hold, as it writes them out itself."""
    tables = Served(owner_of(url)).rows()
    if found_in("\n".join(row for rows in tables.values() for row in rows).encode()):
        for table, rows in tables.items():
            yield from (f"{table} holds {form!r}" for row in rows for form in found_in(row.encode()))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Look through a test's own folder before it goes; its database is looked through as it is emptied."""
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    item.stash[FOUND] = list(in_files(folder)) if folder else []
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[None]:
    """Fail whoever let a secret slip out. What a failed test says of itself may tell what it typed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    if call.when == "teardown":
        found = [*item.stash.get(FOUND, []), *(() if item.stash[FAILED] else in_output(report.sections))]
        drawn.clear()
        if found and not report.failed:
            report.outcome, report.longrepr = "failed", "\n".join(["A secret slipped out:", *found])
    return report


def in_output(sections: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What a test logged and printed."""
    for title, text in sections:
        yield from (f"{title} holds {form!r}" for form in found_in(text.encode()))
