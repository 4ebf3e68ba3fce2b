"""What a council settles about itself: shown with its effect, kept from being overwritten, entered in the trail."""

import re
from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient

from registry.audit.models import Entry
from registry.councils.models import Council
from registry.vocabulary.permissions import Role
from tests.world import World


def clerk_at(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))


def council_now(world: World) -> Council:
    with world.house.reading() as session:
        return session.get_one(Council, world.council.id)


def test_the_settings_page_tells_which_way_a_request_goes(client: FlaskClient, world: World) -> None:
    clerk_at(client, world)
    page = client.get(world.path("settings")).text
    assert "Head of Service → Communications → Management Team → Clerk" in page


def test_titles_become_the_councils_own_words_everywhere(client: FlaskClient, world: World) -> None:
    clerk_at(client, world)
    data = {
        "version": "1",
        "name": "Exampleton City Council",
        "time_zone": "Europe/London",
        "title_clerk": "City Clerk",
    }
    assert client.post(world.path("settings/names"), data=data).status_code == 302
    assert "City Clerk" in client.get(world.path("settings")).text


def test_a_council_may_have_its_own_order_but_nobody_twice_in_it(client: FlaskClient, world: World) -> None:
    clerk_at(client, world)
    wrong = {"version": "1", "template": "own", "step_1": "comms", "step_2": "comms"}
    page = client.post(world.path("settings/chain"), data=wrong)
    assert page.status_code == 422
    assert "Each role can decide only once" in page.text
    assert (
        "Choose who decides first"
        in client.post(world.path("settings/chain"), data={"version": "1", "template": "own"}).text
    )
    client.post(
        world.path("settings/chain"), data={"version": "1", "template": "own", "step_1": "comms", "step_2": "clerk"}
    )
    assert council_now(world).chain_roles == (Role.COMMS, Role.CLERK)


def test_an_exception_needs_the_minute_that_allowed_it(client: FlaskClient, world: World) -> None:
    clerk_at(client, world)
    asked = {"version": "1", "own_request_exception": "y"}
    page = client.post(world.path("settings/exceptions"), data=asked)
    assert page.status_code == 422
    assert "Enter the minute that allowed the exception" in page.text
    assert not council_now(world).own_request_exception
    client.post(world.path("settings/exceptions"), data={**asked, "exception_minute": "12/2026"})
    assert council_now(world).own_request_exception


def test_settings_changed_meanwhile_are_not_overwritten_and_both_versions_are_shown(
    client: FlaskClient, world: World
) -> None:
    clerk_at(client, world)
    data = {
        "version": "1", "ideal_editors": "3", "grace_days": "7", "default_cadence_days": "21",
        "review_low": "200", "review_normal": "100", "review_high": "30",
    }  # fmt: skip
    assert client.post(world.path("settings/measures"), data=data).status_code == 302
    page = client.post(world.path("settings/measures"), data={**data, "ideal_editors": "9"})
    assert page.status_code == 409
    assert "9" in page.text
    assert council_now(world).ideal_editors == 3


def test_colours_that_cannot_be_read_are_refused_beside_the_field(client: FlaskClient, world: World) -> None:
    clerk_at(client, world)
    page = client.post(
        world.path("settings/colours"), data={"version": "1", "brand_colour": "#ffee00", "link_colour": "#1a5a8a"}
    )
    assert page.status_code == 422
    assert "White text on the brand colour has a contrast of" in page.text
    client.post(
        world.path("settings/colours"), data={"version": "1", "brand_colour": "#5b2a86", "link_colour": "#5b2a86"}
    )
    assert "#5b2a86" in client.get(f"/public/{world.council.slug}/theme.css").text


def test_every_change_names_its_fields_in_the_trail(client: FlaskClient, world: World) -> None:
    clerk_at(client, world)
    client.post(
        world.path("settings/colours"), data={"version": "1", "brand_colour": "#5b2a86", "link_colour": "#5b2a86"}
    )
    with world.house.reading() as session:
        bodies = [
            e.body for e in session.query(Entry).filter_by(chain=world.council.id, act="council.settings_changed")
        ]
    assert len(bodies) == 1
    assert '"fields":["brand_colour","link_colour"]' in bodies[0]


def test_an_editor_finds_no_settings(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person("Ann Example"))
    assert client.get(world.path("settings")).status_code == 403


def test_only_the_clerk_switches_an_exception_on(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person("Adam Administrator", Role.ADMINISTRATOR))
    assert client.get(world.path("settings/measures")).status_code == 200
    assert "settings/exceptions" not in client.get(world.path("settings")).text
    asked = {"version": "1", "own_request_exception": "y", "exception_minute": "12/2026"}
    assert client.post(world.path("settings/exceptions"), data=asked).status_code == 403
    client.post(world.path("settings/colours"), data={**asked, "brand_colour": "#1d70b8", "link_colour": "#1d70b8"})
    assert not council_now(world).own_request_exception


def test_saving_settings_as_they_are_enters_nothing(client: FlaskClient, world: World) -> None:
    clerk_at(client, world)
    same = {"version": "1", "brand_colour": world.council.brand_colour, "link_colour": world.council.link_colour}
    assert client.post(world.path("settings/colours"), data=same).status_code == 302
    assert council_now(world).version == 1


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="passkey_roles"[^>]*value="(\w+)"[^>]*checked', page))


def test_a_passkey_is_proposed_for_the_roles_of_power_and_asked_of_whom_the_clerk_ticks(
    client: FlaskClient, world: World
) -> None:
    clerk_at(client, world)
    path = world.path("settings/sign-in")
    assert ticked(client.get(path).text) == set()
    assert "Not ticked yet: Clerk, Communications, IT administrator." in client.get(path).text
    assert ticked(client.get(f"{path}?proposed=1").text) == {"clerk", "comms", "administrator"}
    assert council_now(world).passkey_roles == []
    chosen = {"version": "1", "passkey_roles": ["comms", "administrator"]}
    assert client.post(f"{path}?proposed=1", data=chosen).status_code == 302
    assert council_now(world).passkey_roles == ["administrator", "comms"]
    assert "Not ticked yet: Clerk." in client.get(path).text
    assert ticked(client.get(path).text) == {"comms", "administrator"}


def test_no_passkey_is_asked_for_where_none_can_be_made(app: Flask, client: FlaskClient, world: World) -> None:
    """Browsers bind passkeys to a name: whoever ticked their own role at a number would be out for good."""
    clerk_at(client, world)
    house = app.extensions["house"]
    app.extensions["house"] = replace(house, settings=replace(house.settings, base_url="https://192.0.2.7"))
    refused = client.post(world.path("settings/sign-in"), data={"version": "1", "passkey_roles": ["clerk"]})
    assert refused.status_code == 422
    assert "a number, not a name" in refused.text
    assert client.post(world.path("settings/sign-in"), data={"version": "1"}).status_code == 302
