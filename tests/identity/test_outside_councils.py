"""Where several councils share an installation, a provider speaks for those it is set for and for no other; and one
that is down costs nobody but those who ask for it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.core.errors import Refused
from registry.identity.actions import outside as acts
from registry.identity.actions.links import make_link
from registry.identity.models import LinkPurpose, Person
from registry.identity.outside import knowledge
from registry.identity.outside.idtoken import Recognised
from registry.upkeep.check import Level
from tests.identity.outside import Outside, outside, provider_process, reset
from tests.identity.test_outside_sign_in import ONCE, connected, half_in, is_in, whys
from tests.upkeep.test_doctor import told
from tests.world import World

__all__ = ["outside", "provider_process"]

pytestmark = ONCE


@pytest.fixture(autouse=True)
def otherham(app: Flask, world: World, outside: Outside) -> World:
    """Another council; the provider is Exampleton's, trusted with both steps, and says that it asked for both."""
    set_for(app, councils=frozenset({"exampleton"}), trust_two_steps=True)
    outside.behaves(claims={"amr": ["mfa"]})
    return world.another()


def set_for(app: Flask, **changes: Any) -> None:
    reset(app, replace(app.extensions["house"].settings.providers[0], **changes))


def page_of_link(client: FlaskClient, world: World, person: Person) -> str:
    with world.house.work(None, None, "test") as work:
        token = make_link(work, work.session.get_one(Person, person.id), LinkPurpose.SET_UP)
    return client.get(f"/new-password/{token}").text


def test_it_lets_in_whoever_works_for_its_council(client: FlaskClient, world: World, outside: Outside) -> None:
    connected(world, outside, world.person("Ann Example"))
    assert outside.signs_in(client).headers["Location"] == "/"
    assert is_in(client)


def test_it_lets_in_nobody_of_another_council(
    client: FlaskClient, world: World, outside: Outside, otherham: World
) -> None:
    connected(world, outside, otherham.person("Bert Example"))
    refused = outside.signs_in(client)
    assert refused.status_code == 403
    assert "not the sign-in of a council that you work for" in refused.text
    assert whys(world) == ["for other councils"]
    assert not is_in(client)


def test_its_two_steps_do_not_count_for_a_council_that_would_rely_on_them_unasked(
    client: FlaskClient, world: World, outside: Outside, otherham: World
) -> None:
    ann = connected(world, outside, world.has_password(world.person("Ann Example")))
    otherham.joins(ann)
    assert half_in(outside.signs_in(client))
    world.sign_in(client, ann)
    assert client.get("/confirm/with/work").status_code == 404
    assert "Confirm with" not in client.get("/confirm").text


def test_whoever_joins_another_council_in_between_confirms_nothing_by_it(
    client: FlaskClient, world: World, outside: Outside, otherham: World
) -> None:
    ann = connected(world, outside, world.person("Ann Example"))
    world.sign_in(client, ann)
    answer = outside.goes(client, "/confirm/with/work")
    otherham.joins(ann)
    assert outside.returns(client, answer).status_code == 403
    assert whys(world) == ["in one step only"]


def test_nobody_of_another_council_connects_it(
    client: FlaskClient, world: World, outside: Outside, otherham: World
) -> None:
    ann, bert = world.person("Ann Example"), otherham.person("Bert Example")
    assert "Example Work" in page_of_link(client, world, ann)
    assert "Example Work" not in page_of_link(client, world, bert)
    world.sign_in(client, bert)
    assert "Connect Example Work" not in client.get("/me/accounts").text
    who = Recognised(outside.issuer, "s", "", in_two_steps=True, signed_in_at=None)
    provider = outside_provider(client)
    with pytest.raises(Refused, match="not the sign-in of a council"), otherham.work(bert) as work:
        acts.connect(work, bert.id, who, provider)


def outside_provider(client: FlaskClient) -> Any:
    return client.application.extensions["house"].settings.providers[0]


@pytest.mark.parametrize(
    ("councils", "said"),
    [
        ((), "lets in people of every council here"),
        (("exampleton", "elsewhere"), "elsewhere, which is no council here"),
    ],
)
def test_the_doctor_asks_for_whom_each_speaks(app: Flask, outside: Outside, councils: tuple[str], said: str) -> None:
    set_for(app, councils=frozenset(councils))
    well, (level, sentence) = told(app.extensions["house"], "providers")
    assert well[0] is Level.WELL
    assert level is Level.WARNING
    assert said in sentence


def test_a_provider_that_is_down_is_asked_again_after_half_a_minute_only(
    app: Flask, client: FlaskClient, world: World, outside: Outside
) -> None:
    set_for(app, issuer="http://127.0.0.1:9")
    assert [client.get("/sign-in/with/work").status_code for _ in range(3)] == [502] * 3
    assert whys(world) == ["not reachable"]  # asked once, entered once
    world.clock.advance(seconds=31)
    assert client.get("/sign-in/with/work").status_code == 502
    assert whys(world) == ["not reachable"] * 2
    set_for(app, issuer=outside.issuer)
    assert client.get("/sign-in/with/work").status_code == 302


@pytest.fixture
def asked_by_another(app: Flask, outside: Outside, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody is asking the provider, and it takes its time."""
    monkeypatch.setattr(knowledge, "PATIENCE", 0.01)
    with app.extensions["providers"]._of(outside_provider(app.test_client())).asking:
        yield


@pytest.mark.usefixtures("asked_by_another")
def test_while_one_waits_for_a_provider_others_do_not(client: FlaskClient, world: World) -> None:
    assert client.get("/sign-in/with/work").status_code == 502
    assert whys(world) == []
