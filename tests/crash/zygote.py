"""A process that holds the register ready and, for each line it reads, becomes one more real server of it.

Starting Python and loading the register takes seconds; forking takes none, so that a machine can crash and come back
two hundred times while one waits. Reads `{"do": "serve", …}` or `{"do": "wait", "pid": …}`, and
answers in JSON, a line each.
"""

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import waitress

from registry.application import create_app, make_house
from registry.core.errors import Conflict
from registry.core.failpoint import VARIABLE
from registry.core.tenants import Beyond
from registry.councils.queries import get_council_by_id
from registry.custody.actions.rotation import begin_rotation, step
from registry.custody.models_keys import Renewal
from registry.outbox.sending import send_waiting
from tests.conftest import PASSWORDS, settings_for
from tests.outbox.conftest import sending_by


def main() -> None:
    """Serve until nobody asks any more."""
    first = json.loads(sys.stdin.readline())
    settings = settings_for(first["url"], Path(first["root_key"]), Path(first["instance"]))
    app = create_app(settings, passwords=PASSWORDS)
    with app.test_client() as client:
        client.get("/sign-in")  # compiles the layout once for all servers to come
    app.extensions["house"].database.engine.dispose()
    answer({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["do"] == "wait":
            answer({"status": os.waitpid(asked["pid"], 0)[1]})
            continue
        pid = os.fork()
        if pid == 0:
            {"serve": serve, "rotate": rotate, "send": send}[asked["do"]](app, settings, asked)
        answer({"pid": pid})


def serve(app: Any, settings: Any, asked: dict[str, Any]) -> None:
    """Be the server, in a house of its own: a connection to a database survives no fork."""
    os.environ[VARIABLE] = asked["failpoint"]
    app.extensions["house"] = make_house(settings)
    waitress.serve(app, host="127.0.0.1", port=asked["port"], threads=6, ident=None, _quiet=True)
    os._exit(0)


def rotate(_app: Any, settings: Any, asked: dict[str, Any]) -> None:
    """Be whoever renews the council's key, again and again, while others work."""
    os.environ[VARIABLE] = asked["failpoint"]
    house = make_house(settings)
    with house.reading(Beyond.INSTALLATION) as session:
        council = get_council_by_id(session, asked["council"])
    while True:
        with suppress(Conflict), house.work(asked["actor"], council, "crash test") as work:
            begin_rotation(work, settings, Renewal.COUNCIL)
        goes_on = True
        while goes_on:
            with house.work(asked["actor"], council, "crash test") as work:
                goes_on = step(work, settings)


def send(_app: Any, settings: Any, asked: dict[str, Any]) -> None:
    """Be whoever sends messages, until there are none."""
    os.environ[VARIABLE] = asked["failpoint"]
    sender = sending_by(make_house(settings), asked["mail"])
    while send_waiting(sender).sent:
        pass
    os._exit(0)


def answer(said: dict[str, Any]) -> None:
    """Say something to whoever asked."""
    print(json.dumps(said), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
