"""Nobody changes more in a minute than is done by hand."""

import json
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from registry.accounts.models import ServiceArea
from registry.audit.models import Entry
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.world import World


@pytest.fixture
def clerk(app: Flask, client: FlaskClient, world: World) -> FlaskClient:
    """A Clerk signed in, where three changes a minute are many."""
    house = app.extensions["house"]
    app.extensions["house"] = replace(house, settings=replace(house.settings, acts_a_minute=3))
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    return client


def adds(client: FlaskClient, world: World, *names: str) -> list[int]:
    path = world.path("service-areas/new")
    return [client.post(path, data={"name": name}).status_code for name in names]


def areas(world: World) -> int | None:
    with world.house.reading() as session:
        return session.scalar(select(func.count()).select_from(ServiceArea))


def test_a_script_with_a_stolen_session_is_slowed_and_the_trail_has_it(clerk: FlaskClient, world: World) -> None:
    assert adds(clerk, world, "A", "B", "C", "D", "E") == [302, 302, 302, 429, 429]
    assert areas(world) == 3
    with world.house.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.act == Event.PACE_REACHED.value)).one()
    assert json.loads(entry.body)["detail"]["most"] == 3
    assert entry.council_id == world.council.id
    world.clock.advance(seconds=61)
    assert adds(clerk, world, "D") == [302]


def test_whoever_is_asked_to_wait_loses_nothing_but_secrets(clerk: FlaskClient, world: World) -> None:
    adds(clerk, world, "A")
    world.clock.advance(seconds=20)
    adds(clerk, world, "B", "C")
    typed = {"name": "D & more", "password": "not to be shown", "form_key": "k"}
    refused = clerk.post(world.path("service-areas/new?then=1"), data=typed)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "40"
    assert 'name="name" value="D &amp; more"' in refused.text
    assert f'action="{world.path("service-areas/new?then=1")}"' in refused.text
    assert "not to be shown" not in refused.text
    as_data = clerk.post(world.path("service-areas/new"), data=typed, headers={"Accept": "application/json"})
    assert as_data.status_code == 429
    assert as_data.is_json
    world.clock.advance(seconds=40)
    assert clerk.post(world.path("service-areas/new"), data=typed).status_code == 302


def test_each_person_has_a_pace_of_their_own_and_what_was_refused_counts_for_nothing(
    app: Flask, clerk: FlaskClient, world: World
) -> None:
    world.area("Waste")
    assert adds(clerk, world, "Waste", "Waste", "Waste", "A", "B", "C", "D") == [422] * 3 + [302] * 3 + [429]
    other = app.test_client()
    world.sign_in(other, world.person("Carl Clerk", Role.CLERK))
    assert adds(other, world, "D") == [302]


def test_the_pace_costs_one_look(clerk: FlaskClient, world: World) -> None:
    with statements(world.house) as sent:
        adds(clerk, world, "A")
    assert sum("forms_sent" in statement and statement.startswith("SELECT") for statement in sent) == 1
