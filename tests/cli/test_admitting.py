"""Letting in from the command line, where no message reaches anybody: a lost link, and a further council."""

import re

from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from registry.audit.models import Entry
from registry.cli.admitting import councils, people
from registry.identity.queries import has_role
from registry.vocabulary.permissions import Role
from tests.world import World


def run(app: Flask, *arguments: str) -> Result:
    for group in (people, councils):
        app.cli.add_command(group)
    return app.test_cli_runner().invoke(args=[*arguments])


def sets_a_password(client: FlaskClient, said: str) -> int:
    found = re.search(r"/new-password/\S+", said)
    assert found
    given = {"password": "nine lives of a tabby", "again": "nine lives of a tabby"}
    return client.post(found[0], data=given).status_code


def test_a_link_handed_over_sets_a_password_once(app: Flask, world: World, client: FlaskClient) -> None:
    person = world.person("Ann Example")
    earlier, later = (run(app, "people", "link", person.email.upper()).output for _ in range(2))
    assert "Within 72 hours, Ann Example sets a password here" in later
    assert sets_a_password(client, earlier) == 409
    assert sets_a_password(client, later) == 302
    assert sets_a_password(client, later) == 409
    world.clock.advance(minutes=1)
    another = run(app, "people", "link", person.email).output
    assert "Within 20 minutes, Ann Example sets a password here" in another
    assert sets_a_password(client, another) == 302


def test_no_link_is_made_for_a_stranger_or_somebody_who_left(app: Flask, world: World) -> None:
    left = world.person("Larry Left", ends_on=world.day(-1))
    for email in ("stranger@exampleton.example", left.email):
        told = run(app, "people", "link", email)
        assert told.exit_code == 1
        assert f"Nobody who works for a council here has the address {email}" in told.output


def test_a_further_council_begins_with_its_clerk(app: Flask, world: World, client: FlaskClient) -> None:
    told = run(
        app, "councils", "add", "--council", "Otherham Town Council", "--clerk", "Otto", "--email", "o@o.example"
    )
    assert "is added, under /c/otherham-town/." in told.output
    assert sets_a_password(client, told.output) == 302
    again = run(
        app, "councils", "add", "--council", "Otherham Town Council", "--clerk", "Eve", "--email", "e@o.example"
    )
    assert again.exit_code == 1
    assert "There is already a council with this short name" in again.output


def test_a_joint_team_shares_one_clerk(app: Flask, world: World, client: FlaskClient) -> None:
    clerk = world.has_password(world.person("Clara Clerk", Role.CLERK))
    told = run(app, "councils", "add", "--council", "Otherham", "--clerk", clerk.name, "--email", clerk.email)
    assert told.exit_code == 0
    assert "Clara Clerk is in this register already, and signs in as always" in told.output
    assert "/new-password/" not in told.output
    world.sign_in(client, clerk)
    assert client.get("/c/otherham/settings").status_code == 200
    assert client.get(world.path("settings")).status_code == 200


def test_where_no_clerk_is_left_the_keeper_appoints_one_and_the_trail_says_so(app: Flask, world: World) -> None:
    person, stranger = world.person("Ann Example"), world.another().person("Far Example")
    told = run(app, "people", "appoint", person.email, "--council", world.council.slug)
    assert told.exit_code == 0
    assert f"Ann Example is Clerk of {world.council.name}" in told.output
    with world.house.reading() as session:
        assert has_role(session, world.council.id, person.id, (Role.CLERK,), world.today)
        last = session.query(Entry).filter_by(chain=world.council.id).order_by(Entry.seq.desc()).first()
    assert last is not None
    assert (last.act, last.actor_id) == ("role.granted", None)
    assert '"door":"people appoint"' in last.body
    for email, slug in (
        (person.email, world.council.slug),
        (stranger.email, world.council.slug),
        (person.email, "nowhere"),
    ):
        assert run(app, "people", "appoint", email, "--council", slug).exit_code == 1
