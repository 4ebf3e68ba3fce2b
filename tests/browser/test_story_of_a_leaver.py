"""Somebody leaves this minute: they are out, what they saw is known, and somebody else takes their place."""

import pytest
from playwright.sync_api import Browser

from registry.core.clock import FixedClock
from registry.vocabulary.permissions import Role
from tests.browser.habits import (
    asks_to_see,
    becomes,
    beside,
    deposits_the_password,
    let_in,
    runs_the_sweep,
    shown_secret,
    without_script,
)
from tests.browser.walker import Walker, sign_in
from tests.world import PASSWORD, World

pytestmark = pytest.mark.browser

SECRET = "Neunzehn-Reiher-warten-31"
DUE = "Its password must be rotated: somebody knows it with whom it is not safe any more."
FEW = "It has too few cleared editors: 1, and the council wants 2."


def test_a_leaver_is_out_at_the_next_click_and_is_replaced(
    walker: Walker, world: World, clock: FixedClock, browser: Browser
) -> None:
    clerk, manager = world.person("Clara Clerk", Role.CLERK), world.person("Mary Manager", Role.MANAGER)
    area = world.area("Waste", manager)
    account = world.account(area, name="Example Bins", last_posted_on=world.today, next_review_on=world.day(60))
    custody = world.path(f"accounts/{account.id}/custody")
    leaver, stays = world.cleared(area, "Lena Leaver"), world.cleared(area, "Edna Editor")
    successor = world.person("Nora Next")
    world.trained(successor)
    world.signed(successor)
    let_in(world, clerk, manager, leaver, stays, successor)

    # Edna keeps the password in custody, and Lena looks at it in the morning.
    becomes(walker, stays)
    walker.go(custody)
    deposits_the_password(walker, SECRET)
    with beside(browser, walker, leaver) as lena:
        lena.go(custody)
        lena.press("Reveal")
        asks_to_see(lena, "Notice about the depot’s open day")
        lena.press("Show it")
        assert shown_secret(lena) == SECRET
        lena.press("I am done")

        # The Clerk records that she leaves at once; her next click leads her to the door, which stays shut.
        clock.advance(minutes=5)
        becomes(walker, clerk)
        walker.menu("People")
        walker.follow("Lena Leaver")
        walker.press("They are leaving")
        walker.choose("When is it over?", "At once")
        walker.fits_a_phone()
        walker.press("Record it")
        walker.sees("Lena Leaver can do nothing here from now on")
        lena.press("Reveal")
        lena.sees("Sign in")
        sign_in(lena, leaver.email, PASSWORD)
        lena.sees("The email address or the password is wrong")

    # The page that follows says what she saw, that it is unchanged, and that her area lacks an editor.
    walker.sees("0 of 1 value changed")
    walker.sees("They are named as an editor nowhere")
    walker.sees("has 1 cleared editor; the council wants 2.")
    walker.fits_a_phone()
    runs_the_sweep(walker)
    walker.menu("Flags")
    walker.sees(DUE)
    walker.sees(FEW)
    walker.fits_a_phone()

    # Mary names Nora in her place.
    becomes(walker, manager)
    walker.go(world.path(f"service-areas/{area.id}/editors"))
    walker.fits_a_phone()
    walker.press("Name an editor")
    walker.pick("Who", "Nora Next, Officer")
    walker.press("Name them")
    walker.sees("Nora Next is named.")
    walker.sees("2 of 2 editors are cleared.")

    # What Lena saw is still known, until Nora changes it: then nobody who left knows what is in force.
    becomes(walker, successor)
    walker.go(custody)
    walker.sees("Lena Leaver saw it on 20 November 2026")
    walker.fits_a_phone()
    walker.follow("Rotate this credential")
    walker.sees("Lena Leaver left on 19 November 2026")
    walker.fits_a_phone()
    walker.press("Keep the new one")
    walker.fill("Password", SECRET[::-1])
    walker.fill("The same password again", SECRET[::-1])
    walker.press("Keep the new one")
    walker.sees("Only you know it now")
    walker.sees_not("Lena Leaver saw it")

    # The new value alone is not the end: where no script runs, Nora ticks the checklist, and the flags heal.
    with without_script(browser, walker, successor) as plain:
        plain.go(custody)
        plain.follow("Finish the checklist")
        plain.sees("It cannot be finished yet.")
        for _ in range(3):
            plain.press("This is done")
        plain.press("Finish the rotation")
        plain.sees("The rotation is finished.")
    clock.advance(minutes=5)
    becomes(walker, clerk)
    runs_the_sweep(walker)
    walker.menu("Flags")
    walker.sees_not(DUE)
    walker.sees_not(FEW)
