"""An overdue security review: flagged, made, what it left to do is done, and the flag heals."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from registry.core.clock import FixedClock
from registry.vocabulary.permissions import Role
from tests.browser.habits import becomes, let_in, runs_the_sweep, without_script
from tests.browser.walker import Walker
from tests.world import World

pytestmark = pytest.mark.browser

OVERDUE = "Its security settings were due for review on 10 November 2026."
CODES = "Are the recovery codes in custody, complete and unused?"
ADVICE = "Make new recovery codes and deposit them"


def test_an_overdue_review_is_flagged_and_made_and_what_it_left_to_do_is_done(
    walker: Walker, world: World, clock: FixedClock, browser: Browser
) -> None:
    comms = world.person("Colin Comms", Role.COMMS)
    area = world.area("Waste", world.person("Mary Manager", Role.MANAGER))
    editor = world.cleared(area, "Edna Editor")
    due_on = world.day(-10)
    world.account(
        area,
        name="Example Bins",
        responsible_id=editor.id,
        last_posted_on=world.today,
        last_reviewed_on=due_on - timedelta(days=90),
        next_review_on=due_on,
    )
    let_in(world, comms, editor)

    # Colin runs the sweep; what it found stands among the flags, and on his first page with the way to mend it.
    becomes(walker, comms)
    walker.sees_not(OVERDUE)
    runs_the_sweep(walker)
    walker.fits_a_phone()
    walker.menu("Flags")
    walker.sees(OVERDUE)
    walker.fits_a_phone()
    walker.menu("Home")
    walker.take(OVERDUE, "Review the security settings")
    walker.sees("The next review is 10 days late")
    walker.sees("Overdue")

    # He begins where no script runs, and keeps what he has.
    with without_script(browser, walker, comms) as plain:
        plain.menu("Reviews")
        plain.press("Start")
        plain.choose("Is two-step sign-in on?", "Met")
        plain.press("Save and come back later")
        plain.sees("A review was begun")

    # He goes on: all is well but the recovery codes; that becomes an action for Edna, with a day.
    walker.tab("Reviews")
    walker.press("Continue the review")
    walker.fits_a_phone()
    walker.press("Save and finish")
    walker.sees("The review cannot be completed yet")
    walker.follow("Back to the questions")
    for met in walker.page.get_by_label("Met", exact=True).all():
        met.check()
    walker.choose(CODES, "Not met")
    walker.press("Save and finish")
    walker.sees("Say in the note what is wrong")
    walker.fill(f"Note on: {CODES}", "They are from 2023.")
    walker.press("Save and finish")
    walker.sees("1 setting is not as it should be")
    walker.fits_a_phone()
    walker.fill("What is to be done?", ADVICE)
    walker.pick("Who does it?", "Edna Editor")
    walker.fill_day("By which day?", 25, 11, 2026)
    walker.press("Complete the review")
    walker.sees("The review is complete. It left 1 action.")
    walker.sees("The next review was set for 18 February 2027")

    # The next sweep heals the flag.
    clock.advance(minutes=1)
    runs_the_sweep(walker)
    walker.menu("Flags")
    walker.sees_not(OVERDUE)
    walker.menu("Trail")
    walker.sees("The flag healed")

    # Edna finds her action on her first page, and does it.
    becomes(walker, editor)
    walker.take(ADVICE, "Mark as done")
    walker.press("Mark it done")
    walker.sees("Say what was done")
    walker.fill("What was done?", "New codes are in custody since today.")
    walker.press("Mark it done")
    walker.sees("The action is marked done")
    walker.menu("Home")
    walker.sees_not(ADVICE)
