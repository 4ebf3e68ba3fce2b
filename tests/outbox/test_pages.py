"""What the Clerk sees of messages, and what can be done about one that did not go."""

from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient

from registry.audit.models import Entry
from registry.core.house import House
from registry.outbox.links import Link
from registry.outbox.models import Message
from registry.outbox.sending import send_waiting
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.outbox.conftest import sending_by
from tests.outbox.postoffice import PostOffice
from tests.outbox.test_sending import only, wrote
from tests.world import World


def signed_in(world: World, client: FlaskClient, *roles: Role) -> None:
    world.sign_in(client, world.person("Clara Clerk", *roles))


def page(world: World, client: FlaskClient, rest: str = "messages") -> str:
    return client.get(world.path(rest)).get_data(as_text=True)


def test_without_a_mail_server_the_page_says_who_hands_links_over(world: World, client: FlaskClient) -> None:
    signed_in(world, client, Role.CLERK)
    wrote(world, "one")
    told = page(world, client)
    assert "No mail server is named" in told
    assert "Waiting" in told
    assert "within a minute" not in told


def test_a_message_that_could_not_be_sent_awaits_the_clerk_who_sends_it_again(
    world: World, sender: House, office: PostOffice, client: FlaskClient
) -> None:
    client.application.extensions["house"] = sender
    signed_in(world, client, Role.CLERK)
    office.of_data = ["554 We do not like it"]
    wrote(world, "one")
    send_waiting(sender)
    assert "1 message could not be sent" in page(world, client, "")
    assert "Notice one" in page(world, client, "messages?state=not+sent")
    assert "No message stands like that" in page(world, client, "messages?state=sent")
    path = f"messages/{only(world).id}"
    told = page(world, client, path)
    assert "The mail server said 554: We do not like it" in told
    assert "Tried</dt>" in told
    client.post(world.path(f"{path}/again"))
    assert "Send it again" not in page(world, client, path)
    assert send_waiting(sender).sent == 1
    assert "could not be sent" not in page(world, client, "")
    with world.house.reading() as session:
        again = session.scalars(sa.select(Entry).where(Entry.act == Event.MESSAGE_SENT_AGAIN.value)).one()
    assert again.actor_id


def test_a_message_that_waits_or_went_is_not_sent_again(
    world: World, sender: House, office: PostOffice, client: FlaskClient
) -> None:
    signed_in(world, client, Role.CLERK)
    wrote(world, "one")
    path = world.path(f"messages/{only(world).id}/again")
    assert client.post(path).status_code == 409
    send_waiting(sender)
    assert client.post(path).status_code == 409
    assert len(office.taken) == 1


def test_a_message_whose_link_ran_out_is_not_sent_again(world: World, client: FlaskClient, office: PostOffice) -> None:

    signed_in(world, client, Role.CLERK)
    wrote(world, "link", link=Link("https://register.example/x", world.clock.now() + timedelta(minutes=20)))
    world.clock.advance(minutes=21)
    send_waiting(sending_by(world.house, f"smtp://127.0.0.1:{office.port}"))
    answer = client.post(world.path(f"messages/{only(world).id}/again"))
    assert answer.status_code == 409
    assert "Make a new one" in answer.get_data(as_text=True)


def test_what_is_sent_again_is_tried_as_long_as_a_new_one_and_a_link_while_it_opens(
    world: World, sender: House, office: PostOffice, client: FlaskClient
) -> None:

    signed_in(world, client, Role.CLERK)
    until = world.clock.now() + timedelta(hours=72)
    wrote(world, "link", link=Link("https://register.example/x", until))
    office.of_data = ["554 No"]
    send_waiting(sender)
    client.post(world.path(f"messages/{only(world).id}/again"))
    assert only(world).send_by == until
    assert send_waiting(sender).sent == 1


def test_another_councils_message_is_not_there(world: World, client: FlaskClient) -> None:
    there = world.another()
    wrote(there, "theirs")
    signed_in(world, client, Role.CLERK)
    number = only(world).id
    assert client.get(world.path(f"messages/{number}")).status_code == 404
    assert client.post(world.path(f"messages/{number}/again")).status_code == 404
    with world.house.reading() as session:
        assert session.get_one(Message, number).tries == 0
