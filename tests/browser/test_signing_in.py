"""Signing in and settling a council, in a real browser."""

import pytest

from registry.identity.actions.links import set_password
from registry.vocabulary.permissions import Role
from tests.browser.walker import Walker, narrow, sign_in, sign_out
from tests.conftest import PASSWORDS
from tests.world import PASSWORD, World

pytestmark = pytest.mark.browser


def test_a_clerk_signs_in_looks_at_people_adds_one_and_signs_out(walker: Walker, world: World) -> None:
    clerk = world.person("Clara Clerk", Role.CLERK)
    with world.house.work(None, None, "test") as work:
        set_password(work, work.session.merge(clerk), PASSWORDS.hash(PASSWORD))
    sign_in(walker, clerk.email, PASSWORD)
    walker.go(world.path("people"))
    walker.press("Add somebody")
    walker.press("Add them")
    walker.sees("Enter their full name")
    walker.fill("Full name", "Newton Newcomer")
    walker.fill("Work email address", "newton@exampleton.example")
    walker.fill_day("First day", 20, 11, 2026)
    walker.press("Add them")
    walker.sees("Newton Newcomer is added")
    walker.press("Give a role")
    walker.pick("Role", "Communications")
    walker.press("Give the role")
    walker.sees("The role is given")
    for path in (
        "people",
        "settings",
        "settings/names",
        "settings/chain",
        "settings/measures",
        "trail",
        "trail/1",
        "messages",
    ):
        walker.go(world.path(path))
        assert narrow(walker.page), f"{path} scrolls sideways on a phone"
    walker.go("/me/sessions")
    sign_out(walker)
    walker.sees("You are signed out")
