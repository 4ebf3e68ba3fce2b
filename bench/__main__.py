"""Measure the hot paths against their floors: `python3 dev.py bench [accounts]`.

Everything is a ratio of medians taken in one process, floor and product in turn, so that a slow machine slows both.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import jinja2
from flask import Flask

from bench.synth import synth
from registry.accounts.identify import identify
from registry.application import create_app, make_house
from registry.audit.chain import verify
from registry.core import migrations
from registry.core.database import Database
from registry.core.keyfile import make_key
from registry.core.settings import Settings
from registry.councils.models import Council
from registry.flags.sweep import sweep
from registry.identity.actions.sign_in import admit
from registry.identity.models import Person

ROUNDS = 9
FLOOR_SQL = (
    "SELECT id, name, handle, state, last_posted_on FROM accounts WHERE council_id = ? ORDER BY sort_name, id LIMIT 50"
)
FLOOR_PAGE = jinja2.Template(
    "<table>{% for r in rows %}<tr><td>{{ r[1] }}</td><td>{{ r[2] }}</td><td>{{ r[3] }}</td></tr>{% endfor %}</table>"
)


def median(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Milliseconds that an act takes, the median of some rounds after one to warm up."""
    act()
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def tell(what: str, product: float, floor: float, note: str = "") -> None:
    """One line: what, the product's time, the floor's, and the ratio."""
    print(f"{what:<46} {product:9.2f} ms   floor {floor:9.2f} ms   {product / floor:7.1f} ×   {note}")


def main(accounts: int) -> None:
    """Measure with so many accounts."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            instance=Path(folder),
            secret_key="bench only: 0123456789abcdefghijklmnop",
            database_url=f"sqlite:///{folder}/bench.sqlite",
            root_key_file=Path(folder) / "root.key",
            auth_key_file=Path(folder) / "auth.key",
        )
        for path in (settings.root_key_file, settings.auth_key_file):
            make_key(path)
        migrations.upgrade(Database(settings.database_url))
        app = create_app(settings)
        begun = time.perf_counter()
        council, clerk = synth(app.extensions["house"], accounts)
        print(f"{accounts:,} accounts made in {time.perf_counter() - begun:.1f} s\n")
        measure_pages(app, council, clerk)
        measure_sweep(settings)
        measure_trail(app, council)
        measure_identify()


def measure_pages(app: Flask, council: Council, clerk: Person) -> None:
    """The register's list, first and deep, against raw SQL and a plain template."""
    house, client = app.extensions["house"], app.test_client()
    with house.work(None, None, "bench") as work:
        admitted = admit(work, work.session.get_one(Person, clerk.id), "bench", confirmed=True)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = admitted.token

    def floor() -> None:
        with house.database.engine.connect() as connection:
            FLOOR_PAGE.render(rows=connection.exec_driver_sql(FLOOR_SQL, (council.id,)).all())

    base = median(floor, 30)
    address = f"/c/{council.slug}/accounts"
    tell("register, first page", median(lambda: client.get(address), 15), base)
    deep = address
    for _ in range(6):
        page = client.get(deep).text
        if 'rel="next"' not in page:
            break
        deep = address + page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    tell("register, page 7", median(lambda: client.get(deep), 15), base)
    tell("register, search", median(lambda: client.get(f"{address}?q=account+00012"), 15), base)
    tell("what awaits you", median(lambda: client.get(f"/c/{council.slug}/"), 15), base)
    tell(
        "public: is this ours?",
        median(lambda: client.get(f"/public/{council.slug}/is-this-ours?q=x:synth0000006"), 15),
        base,
    )


def measure_sweep(settings: Settings) -> None:
    """The nightly sweep: the first time, and again when nothing has changed."""
    house = make_house(settings)
    begun = time.perf_counter()
    sweep(house)
    first = (time.perf_counter() - begun) * 1000
    tell("sweep, nothing changed", median(lambda: sweep(house), 3), first, "floor: the first run")


def measure_trail(app: Flask, council: Council) -> None:
    """Verifying the council's chain, per entry."""
    with app.extensions["house"].reading(council) as session:
        begun = time.perf_counter()
        proof = verify(session, council.id)
        taken = time.perf_counter() - begun
    print(f"verify: {proof.length:,} entries at {proof.length / taken:,.0f} a second")


def measure_identify() -> None:
    """Recognising pasted addresses."""
    texts = ["https://m.facebook.com/ExampleCouncil/?ref=1", "x:@ExampleWaste", "https://youtube.com/@example"] * 1000
    begun = time.perf_counter()
    for text in texts:
        identify(text)
    print(f"identify: {len(texts) / (time.perf_counter() - begun):,.0f} a second")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
