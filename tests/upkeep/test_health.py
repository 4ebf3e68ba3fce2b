"""Whoever watches the service is told words and no details; figures are told on this machine alone, without names."""

from collections.abc import Iterator
from urllib.request import urlopen

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import generate_latest

from registry.audit.models import ChainHead
from registry.core.database import Database
from registry.core.house import House
from registry.core.tenants import Beyond
from registry.jobs.figures import Jobs
from registry.upkeep import metrics
from tests.upkeep.test_doctor import set_to
from tests.upkeep.town import Town
from tests.world import World

WORDS = {"database", "schema", "trail", "outbox", "disk", "scheduler"}


@pytest.fixture
def away(app: Flask, house: House) -> Iterator[House]:
    """The house while its database is not there."""
    gone = Database("sqlite:////no/such/folder/register.sqlite")
    app.extensions["house"] = away = House(**{**vars(house), "database": gone})
    yield away
    app.extensions["house"] = house


def test_a_live_process_says_so_whatever_stands_behind_it(client: FlaskClient, away: House) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "process: well\n")
    assert "Set-Cookie" not in answer.headers


def test_a_register_that_can_serve_says_a_word_for_each_thing_it_stands_on(client: FlaskClient, world: World) -> None:
    answer = client.get("/readyz", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert set(answer.json or {}) == WORDS
    assert set((answer.json or {}).values()) <= {"well", "warning"}
    assert client.get("/readyz").text.startswith("database: well\n")
    assert client.get("/readyz", headers={"Accept": "text/html"}).content_type.startswith("text/plain")


def test_without_its_database_a_register_is_not_ready(client: FlaskClient, away: House) -> None:
    answer = client.get("/readyz?custody=1", headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["database"] == answer.json["trail"] == "broken"
    assert "custody" not in answer.json


def test_a_trail_that_lost_its_end_is_not_ready(client: FlaskClient, world: World) -> None:
    with world.house.behind.writer(Beyond.KEEPER) as session:
        session.execute(sa.update(ChainHead).values(seq=ChainHead.seq + 1))
        session.commit()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "trail: broken" in answer.text


def test_sealed_custody_is_told_apart_for_those_who_ask(
    app: Flask, client: FlaskClient, world: World, tmp_path
) -> None:
    assert "custody: open" in client.get("/readyz?custody=1").text
    app.extensions["house"] = set_to(world.house, root_key_file=tmp_path / "none")
    assert client.get("/readyz").status_code == 200
    answer = client.get("/readyz?custody=1")
    assert (answer.status_code, "custody: sealed" in answer.text) == (503, True)


def test_figures_are_counted_from_the_register_and_tell_no_names(client: FlaskClient, world: World) -> None:
    town = Town(world)
    client.get("/sign-in")
    told = generate_latest(metrics.registry_of(metrics.Register(world.house), Jobs(world.house))).decode()
    lines = dict(line.rsplit(" ", 1) for line in told.splitlines() if not line.startswith("#"))
    assert float(lines["register_reveals_total"]) == 1
    assert float(lines["register_flags_open"]) >= 1
    assert float(lines["register_outbox_waiting"]) >= 1
    assert float(lines["register_outbox_not_sent"]) == 0
    assert float(lines["register_database_answers"]) == 1
    assert float(lines["register_trail_entries"]) > 20
    assert float(lines['register_requests_total{endpoint="identity.sign_in",method="GET",status="200"}']) >= 1
    assert float(lines['register_job_last_success_seconds{job="sweep"}']) == world.clock.now().timestamp()
    for name in ("Example", "Exampleton", world.council.slug, town.ann.email):
        assert name not in told


def test_figures_of_a_register_without_its_database_say_only_that(away: House) -> None:
    told = generate_latest(metrics.registry_of(metrics.Register(away), Jobs(away))).decode()
    assert "register_database_answers 0.0" in told
    assert "register_trail_entries" not in told


def test_the_address_that_people_use_tells_no_figures(client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 404


def test_figures_are_served_on_this_machine_s_own_address_alone(house: House) -> None:
    server, thread = metrics.serve(0, metrics.Register(house))
    try:
        host, port = server.server_address[:2]
        assert host == "127.0.0.1"
        with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            assert b"register_database_answers 1.0" in answer.read()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
