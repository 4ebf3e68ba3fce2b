"""Measure verifying a long chain: `python3 -m bench.trail [entries] [database url]`. Memory must stay flat.

The entries are real ones, appended as acts append them, some with sealed details. Without an address, SQLite.
"""

import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from registry.application import make_house
from registry.audit.appending import append
from registry.audit.chain import verify
from registry.audit.people import PersonKeys
from registry.core import migrations
from registry.core.database import Database
from registry.core.house import House
from registry.core.keyfile import make_key
from registry.core.settings import Settings
from registry.core.tenants import Beyond

CHAIN, AT_ONCE, SEALED = 7, 10_000, 10
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def body(number: int) -> dict[str, object]:
    """An entry of the usual size; every tenth has something sealed."""
    detail = {"reason": "Scheduled post"} if number % SEALED == 0 else {"fields": ["description", "public_note"]}
    return {
        "at": AT,
        "act": "account.changed",
        "actor": number % 50 + 1,
        "council": CHAIN,
        "door": "accounts.change",
        "kind": "Account",
        "id": number % 300,
        "account": number % 300,
        "outcome": "ok",
        "detail": detail,
        "rows": {"accounts/1a2b3c4d": {str(number % 300): os.urandom(16).hex()}},
    }


def fill(house: House, entries: int) -> None:
    """Append so many entries."""
    people = PersonKeys({person: os.urandom(32) for person in range(1, 51)})
    for start in range(0, entries, AT_ONCE):
        session = house.database.writer(CHAIN)
        append(session, CHAIN, [body(n) for n in range(start, min(start + AT_ONCE, entries))], people)
        session.commit()
        session.close()


def main(entries: int, url: str, folder: Path) -> None:
    """Fill, verify, tell."""
    settings = Settings(
        instance=folder,
        secret_key="bench only: 0123456789abcdefghijklmnop",
        database_url=url or f"sqlite:///{folder}/bench.sqlite",
        auth_key_file=folder / "auth.key",
    )
    make_key(settings.auth_key_file)
    migrations.upgrade(Database(settings.database_url))
    house = make_house(settings)
    begun = time.perf_counter()
    fill(house, entries)
    print(f"{house.database.engine.dialect.name}: {entries:,} entries appended in {time.perf_counter() - begun:.1f} s")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for fast in (False, True):
        begun, used = time.perf_counter(), time.process_time()
        with house.reading(Beyond.KEEPER) as session:
            proof = verify(session, CHAIN, fast=fast)
        taken, used = time.perf_counter() - begun, time.process_time() - used
        assert proof.broken is None
        assert proof.length == entries
        name = "fast" if fast else "whole"
        print(f"  {name}: {taken:.1f} s ({used:.1f} s of processor), {entries / taken:,.0f} a second")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"  memory grew by {grown:.0f} MiB while verifying")


if __name__ == "__main__":
    entries, url = [*sys.argv[1:], "", ""][:2]
    with tempfile.TemporaryDirectory() as place:
        main(int(entries or 1_000_000), url, Path(place))
