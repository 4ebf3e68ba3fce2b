"""Training lapses at midnight and the vault closes; training done again opens it."""

import pytest
from playwright.sync_api import Browser, Error

from registry.core.clock import FixedClock
from registry.vocabulary.permissions import Role
from tests.browser.habits import (
    asks_to_see,
    becomes,
    deposits_the_password,
    let_in,
    shown_secret,
    without_script,
)
from tests.browser.walker import Walker
from tests.world import World

pytestmark = pytest.mark.browser

SECRET = "Vierzehn-Amseln-singen-27"


def test_training_lapses_at_midnight_and_the_vault_opens_again_once_it_is_confirmed(
    walker: Walker, world: World, clock: FixedClock, browser: Browser
) -> None:
    clock.advance(hours=13, minutes=50)  # ten minutes before midnight
    comms, editor = world.person("Colin Comms", Role.COMMS), world.person("Edna Editor")
    area = world.area("Waste")
    account = world.account(area)
    custody = world.path(f"accounts/{account.id}/custody")
    world.editor(area, editor)
    world.trained(editor, until=world.today)
    world.signed(editor)
    let_in(world, comms, editor)

    # Today the vault opens to Edna, and the register warns her.
    becomes(walker, editor)
    walker.sees("Your editor training lapses on 20 November 2026 today")
    walker.follow("My standing")
    walker.sees("until 20 November 2026 (today)")
    walker.fits_a_phone()
    walker.go(custody)
    deposits_the_password(walker, SECRET)
    walker.press("Reveal")
    walker.sees("Your editor training is good until 20 November 2026.")
    asks_to_see(walker, "Friday’s notice about road works")
    walker.press("Show it")
    assert shown_secret(walker) == SECRET
    walker.fits_a_phone()
    walker.press("I am done")

    # She opens the form once more and is called away; when she comes back it is past midnight.
    walker.press("Reveal")
    clock.advance(minutes=15)
    asks_to_see(walker, "Saturday’s notice about road works")
    walker.sees("There is a problem")
    walker.sees("Your editor training lapsed on 20 November 2026.")
    walker.sees("(002 §19.2, §11.4)")
    walker.fits_a_phone()

    # The way out is on the page: she records the course she took, and it counts once it is confirmed.
    walker.follow("Record training")
    walker.sees("lapsed on 20 November 2026 (yesterday)")
    walker.press("Record training")
    walker.pick("Course", "editor course")
    walker.fill_day("Day it was completed", 20, 11, 2026)
    walker.fill("What shows it", "Certificate 4711")
    walker.press("Record it")
    walker.sees("It counts once it is confirmed")
    walker.fits_a_phone()
    walker.go(custody)
    walker.sees("Why you may not use them")
    walker.sees("Your editor training lapsed on 20 November 2026.")
    assert walker.page.get_by_role("button", name="Reveal").count() == 0

    becomes(walker, comms)
    walker.take("Confirm 1 training record", "Confirm")
    walker.sees("Certificate 4711")
    walker.press("Confirm")
    walker.sees("The training of Edna Editor is confirmed")

    # It opens again, in a browser without script as well; there the value stays until she closes the page.
    with without_script(browser, walker, editor) as plain:
        plain.go(custody)
        plain.press("Reveal")
        plain.sees("Your editor training is good until 20 November 2027.")
        asks_to_see(plain, "Saturday’s notice about road works")
        plain.press("Show it")
        assert shown_secret(plain) == SECRET
        plain.sees("Close this page within 30 seconds")
        plain.press("I am done")
        plain.sees("saw it on 20 November 2026, 11:50pm, 2 times, last on 21 November 2026, 12:07am")
        with pytest.raises(Error, match="CACHE_MISS"):  # the browser has not kept the page to go back to
            plain.page.go_back()

    # The refusal stands in the trail, beside what was shown.
    walker.menu("Trail")
    walker.sees("Edna Editor was refused: Your editor training lapsed on 20 November 2026.")
    assert walker.page.get_by_text("Edna Editor revealed the password").count() == 2
    assert SECRET not in walker.page.content()
