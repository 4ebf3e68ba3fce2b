"""Addresses nobody would type: they lead nowhere, and never to a fault."""

import base64
import json
from typing import Any

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


@pytest.mark.parametrize(
    ("page", "position"),
    [
        ("trail", [-(2**70)]),
        ("trail", [2**70]),
        ("requests", [-(2**70)]),
        ("messages", [-(2**70)]),
        ("training/to-confirm", ["2026-11-20T10:00:00", 1]),
        ("training/to-confirm", ["0001-01-01T00:00:00+05:00", 1]),
        ("training/to-confirm", ["0001-01-01", 1]),
    ],
)
def test_a_position_that_no_list_has_leads_nowhere(
    page: str, position: list[Any], world: World, client: FlaskClient
) -> None:
    world.sign_in(client, world.person("Clerk Example", Role.CLERK))
    token = base64.urlsafe_b64encode(json.dumps(position).encode()).decode()
    assert client.get(world.path(f"{page}?after={token}")).status_code in (200, 404)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
@pytest.mark.parametrize("end", ["since", "until"])
def test_the_trail_does_not_begin_or_end_at_the_edge_of_time(
    day: str, end: str, world: World, client: FlaskClient
) -> None:
    world.sign_in(client, world.person("Clerk Example", Role.CLERK))
    assert client.get(world.path(f"trail?{end}={day}")).status_code == 422
