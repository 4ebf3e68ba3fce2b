"""The first level of every page marks the part that the page is in, and no other."""

import re

from flask.testing import FlaskClient

from registry.vocabulary.permissions import Role
from tests.world import World


def marked(page: str) -> tuple[list[str], list[str]]:
    """What is marked as the present part of the main navigation, and what as the present page elsewhere."""
    main = re.findall(r'aria-current="true">\s*(?:<strong[^>]*>)?([^<]+)<', page)
    return main, re.findall(r'aria-current="page">([^<]+)</a>', page)


PAGES = (
    ("", "Home", None),
    ("accounts/{account}", "Register", "Overview"),
    ("accounts/{account}/people", "Register", "People"),
    ("accounts/{account}/custody", "Register", "Custody"),
    ("accounts/{account}/reviews", "Register", "Reviews"),
    ("platforms", "Register", "Platforms"),
    ("people", "People", "Working here"),
    ("leavers", "People", "Leavers"),
    ("keys", None, "Keys of custody"),
    ("jobs", None, "Nightly jobs"),
    ("messages", None, "Messages"),
    ("standing", None, "My standing"),
)


def test_a_public_page_is_no_part_of_it(world: World, client: FlaskClient) -> None:
    world.sign_in(client, world.person("Cleo Clerk", Role.CLERK))
    for page in ("", "is-this-ours"):
        assert marked(client.get(f"/public/{world.council.slug}/{page}").text)[0] == []


def test_each_page_marks_the_part_it_is_in(world: World, client: FlaskClient) -> None:
    clerk = world.person("Cleo Clerk", Role.CLERK)
    account = world.account(world.area("Waste", clerk))
    world.sign_in(client, clerk)
    for address, part, page in PAGES:
        main, elsewhere = marked(client.get(world.path(address.format(account=account.id))).text)
        assert main == ([part] if part else []), address
        assert (page in elsewhere) if page else elsewhere == [], address
