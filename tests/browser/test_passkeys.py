"""A passkey from its making to its use, in a real browser with an authenticator that is not one, under the policy."""

from typing import Any

import pytest
from playwright.sync_api import CDPSession

from registry.core.clock import FixedClock
from registry.vocabulary.permissions import Role
from tests.browser.walker import Walker, sign_out
from tests.world import PASSWORD, World

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """An authenticator of the browser's own, whose user has been recognised until told otherwise."""

    def __init__(self, walker: Walker) -> None:
        self._cdp: CDPSession = walker.page.context.new_cdp_session(walker.page)
        self._cdp.send("WebAuthn.enable", {"enableUI": False})
        self._id: Any = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

    def recognises(self, *, whom: bool) -> None:
        self._cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": whom})


def types_password(walker: Walker, email: str) -> None:
    walker.go("/sign-in")
    walker.fill("Email address", email)
    walker.fill("Password", PASSWORD)
    walker.page.get_by_role("button", name="Sign in", exact=True).click()
    walker.look()


def presses_passkey(walker: Walker, name: str, leads_to: str) -> None:
    """The script asks the authenticator, then sends the form."""
    walker.page.get_by_role("button", name=name).click()
    walker.page.wait_for_url(leads_to)
    walker.look()


def test_a_passkey_is_made_used_alone_used_as_a_second_step_and_to_step_up(
    walker: Walker, world: World, clock: FixedClock
) -> None:
    clerk = world.has_password(world.person("Clara Clerk", Role.CLERK))
    types_password(walker, clerk.email)
    walker.tick("With a passkey")
    walker.sees("passkeys do not work at this address")  # a number is no name to bind a passkey to
    walker.base = walker.base.replace("127.0.0.1", "localhost")
    device = Device(walker)

    # Clara makes one at her first sign-in, before anything else, and keeps her ten codes.
    types_password(walker, clerk.email)
    walker.tick("With a passkey")
    walker.press("Continue")
    walker.fits_a_phone()
    walker.page.get_by_role("button", name="Make the passkey").click()
    walker.sees("Your recovery codes")
    walker.look()
    assert len(walker.page.locator(".app-codes").inner_text().split()) == 10
    walker.press("I have kept them: continue")
    sign_out(walker)

    # With the passkey alone, and after the password.
    presses_passkey(walker, "Sign in with a passkey", "**/c/exampleton/")
    sign_out(walker)
    types_password(walker, clerk.email)
    walker.fits_a_phone()
    presses_passkey(walker, "Use a passkey", "**/c/exampleton/")
    walker.go("/me/sessions")
    walker.sees("Password and passkey")

    # Six minutes later a door wants to know again; nothing is done until she shows it, nor if she is not recognised.
    clock.advance(minutes=6)
    walker.go("/me/two-step")
    walker.sees("This device")
    walker.press("Make new recovery codes")
    device.recognises(whom=False)
    walker.page.get_by_role("button", name="Use a passkey").click()
    walker.sees("That did not work, or was cancelled")
    device.recognises(whom=True)
    walker.page.get_by_role("button", name="Use a passkey").click()
    walker.sees("Carry on where you were")
    walker.press("Carry on")
    assert len(walker.page.locator(".app-codes").inner_text().split()) == 10
    assert not walker.troubles
