"""The log tells what happened by number, in one line each, and nothing that anybody typed."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.core import logs
from tests.world import World

TYPED = "Typed/by ŵ somebody 8+=<&>"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the log wrote."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    written = io.StringIO()
    logs.start(written)
    yield written
    root.handlers[:] = kept
    root.setLevel(level)


def read(lines: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_each_request_is_one_line_of_numbers_and_an_id_that_the_answer_carries(
    world: World, client: FlaskClient, lines: io.StringIO
) -> None:
    person = world.person("Ann Example")
    world.sign_in(client, person)
    answer = client.get(world.path("accounts?q=" + "somebody"), headers={"X-Request-ID": "forged"})
    (line,) = (each for each in read(lines) if each["event"] == "answered")
    assert line["request"] == answer.headers["X-Request-ID"] != "forged"
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(0)
    assert (line["endpoint"], line["method"], line["status"]) == ("register.accounts", "GET", 200)
    assert (line["person"], line["council"]) == (person.id, world.council.id)
    assert "somebody" not in lines.getvalue()
    assert "Ann" not in lines.getvalue()
    assert world.council.slug not in lines.getvalue()


def test_no_token_of_an_address_and_nothing_typed_comes_into_the_log(
    app: Flask, client: FlaskClient, lines: io.StringIO
) -> None:
    client.get("/new-password/a-token-that-opens")
    client.post("/sign-in", data={"email": "ann@exampleton.example", "password": TYPED})
    client.get("/nowhere/" + "a-token-that-opens")
    assert [line["endpoint"] for line in read(lines)] == ["identity.new_password", "identity.sign_in", "none"]
    for secret in ("a-token-that-opens", "ann@", TYPED, "Canary"):
        assert secret not in lines.getvalue()


def test_a_fault_is_told_by_its_kind_and_its_way_and_not_by_its_words(
    app: Flask, client: FlaskClient, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> str:
        local = TYPED
        try:
            raise KeyError(local)
        except KeyError as error:
            raise ValueError(f"cannot use {local}") from error

    monkeypatch.setitem(app.view_functions, "identity.sign_in", fails)
    fails.__needs__ = {"GET": "public"}  # type: ignore[attr-defined]
    from registry.web.guard import public

    public(fails)
    answer = client.get("/sign-in")
    assert answer.status_code == 500
    fault = next(line for line in read(lines) if line.get("fault"))
    assert fault["fault"] == "ValueError from KeyError"
    assert any("test_logs.py" in str(step) and "fails" in str(step) for step in fault["way"])  # type: ignore[union-attr]
    assert fault["request"] == answer.headers["X-Request-ID"]
    assert answer.headers["X-Request-ID"] in answer.text
    assert TYPED not in lines.getvalue()
    assert "cannot use" not in lines.getvalue()


@pytest.mark.parametrize("text", ["one\r\ntwo", "a\x1b[31mred", "line\u2028separator", "nul\0"])
def test_nobody_writes_a_second_line_by_what_they_send(lines: io.StringIO, text: str) -> None:
    logging.getLogger("registry").warning("said %s", text)
    assert lines.getvalue().count("\n") == 1
    assert json.loads(lines.getvalue())["event"] == f"said {text}"


def test_on_a_terminal_a_line_is_a_line_too_and_nothing_colours_it() -> None:
    screen = Terminal()
    handler = logging.StreamHandler(screen)
    handler.setFormatter(logs.formatter(for_eyes=True))
    logger = logging.Logger("registry.screen")
    logger.addHandler(handler)
    logger.warning("said %s", "one\r\ntwo\x1b[31m", extra={"council": 7})
    assert screen.getvalue().count("\n") == 1
    assert "\x1b" not in screen.getvalue()
    assert "said one␤␤two␤[31m" in screen.getvalue()
    assert "council=7" in screen.getvalue()


def test_an_exception_from_outside_tells_where_it_was_met(lines: io.StringIO) -> None:
    try:
        json.loads("{")
    except ValueError:
        logging.getLogger("elsewhere").exception("could not read", extra={"n": 1})
    (line,) = read(lines)
    assert line["fault"] == "JSONDecodeError"
    assert "Expecting" not in lines.getvalue()


def test_what_we_stand_on_speaks_up_only_in_need(lines: io.StringIO) -> None:
    for name in logs.QUIET:
        logging.getLogger(name).info("chatter")
    assert lines.getvalue() == ""
