"""Numbers that nothing has: in an address, and in a form that says what its reader saw."""

import pytest
from flask.testing import FlaskClient

from registry.vocabulary.permissions import Role
from tests.world import World

ENDLESS = "9" * 5_000


@pytest.mark.parametrize("page", ["accounts/{}", "requests/{}", "people/{}", "trail/{}", "policies/versions/{}"])
def test_a_number_that_no_row_can_have_leads_nowhere(page: str, world: World, client: FlaskClient) -> None:
    world.sign_in(client, world.person("Clerk Example", Role.CLERK))
    assert client.get(world.path(page.format("9" * 30))).status_code == 404


@pytest.mark.parametrize("seen", ["", "abc", ENDLESS])
def test_settings_saved_without_the_version_that_was_seen_are_refused(
    seen: str, world: World, client: FlaskClient
) -> None:
    world.sign_in(client, world.person("Clerk Example", Role.CLERK))
    colours = {"brand_colour": "#123456", "link_colour": "#1a5a8a", "version": seen}
    assert client.post(world.path("settings/colours"), data=colours).status_code == 409


def test_signing_a_version_that_cannot_be_leads_nowhere(world: World, client: FlaskClient) -> None:
    world.policy()
    world.sign_in(client, world.person("Reader Example"))
    typed = {"version_id": ENDLESS, "text_hash": "x", "agree": "y"}
    assert client.post(world.path("policies/sign"), data=typed).status_code == 404
