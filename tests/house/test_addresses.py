"""Addresses nobody would type: they lead nowhere, and never to a fault."""

import pytest
from flask.testing import FlaskClient

from registry.vocabulary.permissions import Role
from tests.world import World


@pytest.mark.parametrize(
    "address",
    ["/c/%00/", "/c/exampleton%00/people", "/public/%00/", "/c/exampleton/people?q=%00", "/c/exampleton/people?%00=1"],
)
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_an_address_with_a_nul_in_it_leads_nowhere(
    address: str, is_signed_in: bool, world: World, client: FlaskClient
) -> None:
    if is_signed_in:
        world.sign_in(client, world.person("Clerk Example", Role.CLERK))
    assert client.get(address).status_code == 404
