"""Where several councils share an installation, a provider speaks for those it is set for and for no other; and one
that is down costs nobody but those who ask for it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from registry.core.errors import Refused
from registry.identity.actions import offers, people
from registry.identity.actions import outside as acts
from registry.identity.actions.links import make_link
from registry.identity.models import LinkPurpose, Person, SignInSession
from registry.identity.outside import knowledge
from registry.identity.outside.idtoken import Recognised
from registry.upkeep.check import Level
from tests.identity.outside import Outside, outside, provider_process, reset
from tests.identity.test_outside_sign_in import ONCE, connected, half_in, is_in, whys
from tests.upkeep.test_doctor import told
from tests.world import World, code_now

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


@pytest.fixture
def joint(world: World, outside: Outside, otherham: World) -> Person:
    """An officer of both who set nothing up here, and is connected at the provider of the one."""
    return otherham.joins(connected(world, outside, world.person("Ann Example")))


def test_whoever_runs_one_councils_provider_sets_up_no_first_second_step_of_a_joint_officer(
    client: FlaskClient, world: World, outside: Outside, joint: Person
) -> None:
    assert half_in(outside.signs_in(client))
    for address in ("", "/app", "/passkey"):
        refused = client.get(f"/sign-in/set-up{address}")
        assert refused.status_code == 403
        assert "does not speak for" in refused.text
    assert client.post("/sign-in/set-up", data={"kind": "app"}).status_code == 403
    assert not is_in(client)


def test_nor_of_somebody_whom_the_other_council_expects_from_a_later_day(
    client: FlaskClient, world: World, outside: Outside, otherham: World
) -> None:
    ann = connected(world, outside, world.person("Ann Example"))
    joiner = people.Joiner(ann.name, ann.email, "Officer", starts_on=world.day(9))
    with otherham.work() as work:
        people.add_person(work, joiner)
    outside.behaves()
    assert half_in(outside.signs_in(client))
    assert client.get("/sign-in/set-up").status_code == 403


def way_to_home(app: Flask, client: FlaskClient) -> str:
    """The link that connects an account at the other council's provider."""
    (work,) = app.extensions["house"].settings.providers
    councils = frozenset({"otherham"})
    reset(app, work, replace(work, key="home", issuer="https://home.example", councils=councils))
    (found,) = re.findall(r'href="(/me/accounts/connect/home[^"]+)"', client.get("/me/accounts").text)
    return str(found).replace("&amp;", "&")


def test_a_session_by_one_councils_provider_counts_in_its_councils_alone(
    app: Flask, client: FlaskClient, world: World, outside: Outside, otherham: World, joint: Person
) -> None:
    world.has_app(joint)
    client.post(outside.signs_in(client).headers["Location"], data={"code": code_now(joint.email, world.clock)})
    assert client.get(world.path()).status_code == 200
    led = client.get(otherham.path("accounts")).headers["Location"]
    assert led == "/me/another-way?next=/c/otherham/accounts"
    page = client.get(led).text
    other = way_to_home(app, client)
    assert "does not go by its word" in page
    assert "sign in with your password" in page
    for address in ("/me/two-step/app", "/me/two-step/passkey", other):
        assert client.get(address).status_code == 403
    for address in ("app/begin", "codes"):
        assert client.post(f"/me/two-step/{address}").status_code == 403


def test_with_ones_own_passkey_it_counts_everywhere(
    client: FlaskClient, world: World, outside: Outside, otherham: World, joint: Person
) -> None:
    world.has_app(joint)
    client.post(outside.signs_in(client).headers["Location"], data={"code": code_now(joint.email, world.clock)})
    with world.house.work(None, None, "test") as work:
        work.session.execute(sa.update(SignInSession).values(by_passkey=True))
    assert client.get(otherham.path("accounts")).status_code == 200
    assert client.get("/me/two-step/app").status_code == 302
    assert client.post("/me/two-step/app/begin").headers["Location"] == "/me/two-step/app"


def test_a_provider_that_is_set_no_more_vouches_for_nobody(
    app: Flask, client: FlaskClient, world: World, outside: Outside
) -> None:
    connected(world, outside, world.person("Ann Example"))
    outside.signs_in(client)
    assert client.get(world.path()).status_code == 200
    reset(app)
    assert client.get(world.path()).headers["Location"].startswith("/me/another-way")


def test_whoever_has_no_more_than_a_providers_word_sets_up_their_own_step_before_they_join_another(
    client: FlaskClient, world: World, outside: Outside, otherham: World
) -> None:
    ann = connected(world, outside, world.person("Ann Example"))
    with otherham.work() as work:
        number = offers.offer(work, people.Joiner(ann.name, ann.email, "Officer", world.day(0)), "{token}").id
    outside.signs_in(client)
    refused = client.post(f"/me/offers/{number}", data={"name": ann.name})
    assert refused.status_code == 403
    assert "Set up two-step sign-in" in refused.text
    world.has_app(ann)
    assert client.post(f"/me/offers/{number}", data={"name": ann.name}).headers["Location"] == "/"
