"""Nobody finds a password by trying: not at the door, not from a session left open."""

from flask.testing import FlaskClient

from registry.audit.models import Entry
from registry.vocabulary.events import Event
from tests.identity.test_sign_in import enter, with_password
from tests.world import PASSWORD, World

NEW = "another quite long password"


def change(client: FlaskClient, old: str) -> int:
    return client.post("/me/password", data={"old": old, "password": NEW}).status_code


def test_a_session_left_open_does_not_let_its_finder_try_passwords_without_end(
    client: FlaskClient, world: World
) -> None:
    person = with_password(world)
    world.sign_in(client, person)
    assert [change(client, "wrong wrong wrong") for _ in range(10)] == [422] * 10
    assert change(client, PASSWORD) == 403
    assert enter(client, person.email, PASSWORD).status_code == 429
    world.clock.advance(minutes=6)
    assert change(client, PASSWORD) == 302


def test_a_wrong_present_password_is_entered_in_the_trail(client: FlaskClient, world: World) -> None:
    world.sign_in(client, with_password(world))
    assert change(client, "wrong wrong wrong") == 422
    with world.house.reading() as session:
        assert session.query(Entry).filter_by(act=Event.SIGN_IN_FAILED.value).count() == 1
