"""Recording that somebody leaves: on a day to come, or this minute."""

import pytest
from flask.testing import FlaskClient

from registry.identity.models import Employment, Person
from registry.vocabulary.permissions import Role
from tests.world import World


@pytest.fixture
def leaver(client: FlaskClient, world: World) -> Person:
    """Somebody whose leaving a Clerk, who is signed in, records."""
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    return world.person("Lena Leaver")


def last_day_of(world: World, person: Person) -> object:
    with world.house.reading() as session:
        return session.get_one(Employment, (world.council.id, person.id)).ends_on


def leave(client: FlaskClient, world: World, person: Person, **typed: object):
    return client.post(world.path(f"people/{person.id}/leave"), data=typed, follow_redirects=True)


def test_somebody_leaves_at_once(client: FlaskClient, world: World, leaver: Person) -> None:
    assert "Lena Leaver can do nothing here from now on" in leave(client, world, leaver, when="now").text
    assert last_day_of(world, leaver) == world.day(-1)


def test_somebody_leaves_after_a_last_day(client: FlaskClient, world: World, leaver: Person) -> None:
    day = world.day(10)
    answer = leave(client, world, leaver, when="day", last_day=[day.day, day.month, day.year])
    assert "Lena Leaver can do nothing here after that day" in answer.text
    assert last_day_of(world, leaver) == day


def test_whoever_began_today_is_here_until_the_day_is_over(client: FlaskClient, world: World, leaver: Person) -> None:
    newcomer = world.person("Newton Newcomer", starts_on=world.today)
    assert "after that day" in leave(client, world, newcomer, when="now").text
    assert last_day_of(world, newcomer) == world.today


def test_a_last_day_is_asked_for(client: FlaskClient, world: World, leaver: Person) -> None:
    answer = leave(client, world, leaver, when="day")
    assert answer.status_code == 422
    assert "Enter their last day" in answer.text
    assert last_day_of(world, leaver) is None
