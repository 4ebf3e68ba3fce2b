"""No page asks the database more because the register has grown: every door that lists, small and large."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.doors.objects import one_of_everything
from tests.doors.test_matrix import knocks
from tests.world import World

MOST = 25
MOST_OF = {"GET home.index": 33}
"""Statements of a page at most; the first page asks every room what awaits somebody who wears every hat."""
ROLES = (Role.CLERK, Role.COMMS, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR, Role.MANAGEMENT_TEAM)


@pytest.fixture
def first(world: World) -> dict[str, Any]:
    """One of everything."""
    return one_of_everything(world, "First area")


def counted(app: Flask, client: FlaskClient, world: World, things: dict[str, Any]) -> dict[str, int]:
    """How many statements every page issues for somebody who may see everything."""
    found = {}
    for door, method, address in knocks(app, world, things):
        if method == "GET":
            client.get(address)  # once to warm what is kept
            with statements(world.house) as issued:
                answer = client.get(address)
            assert answer.status_code < 500, door
            found[door] = len(issued)
    return found


def test_no_page_asks_more_of_the_database_for_a_larger_register(
    app: Flask, client: FlaskClient, world: World, first: dict[str, Any]
) -> None:
    world.sign_in(client, world.person("Every Hat", *ROLES))
    small = counted(app, client, world, first)
    for number in range(6):
        one_of_everything(world, f"Area {number}")
    large = counted(app, client, world, first)
    assert {door: (small[door], large[door]) for door in small if large[door] > small[door]} == {}
    assert {door: asked for door, asked in small.items() if asked > MOST_OF.get(door, MOST)} == {}
