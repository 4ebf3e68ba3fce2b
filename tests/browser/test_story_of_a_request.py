"""A request that is returned, put right, refused, asked again and at last agreed."""

import pytest
from playwright.sync_api import Browser

from registry.vocabulary.permissions import Role
from tests.browser.habits import becomes, decides, fill_the_request, let_in, without_script
from tests.browser.walker import Walker
from tests.world import World

pytestmark = pytest.mark.browser

NAME = "Example Bins in Pictures"


def test_a_request_is_returned_then_refused_then_asked_again_and_agreed(
    walker: Walker, world: World, browser: Browser
) -> None:
    clerk, comms = world.person("Clara Clerk", Role.CLERK), world.person("Colin Comms", Role.COMMS)
    manager, team = world.person("Mary Manager", Role.MANAGER), world.person("Tom Team", Role.MANAGEMENT_TEAM)
    asker = world.person("Wanda Waste")
    world.area("Waste", manager)
    let_in(world, clerk, comms, manager, team, asker)

    # Wanda stops half-way, finds her draft at home, and submits too early before she submits.
    becomes(walker, asker)
    walker.follow("Ask for an account")
    walker.sees("Head of Service, then Communications, then Management Team, then Clerk")
    walker.press("Start now")
    walker.sees("0 of 6 parts are complete")
    walker.follow("Why it is needed")
    walker.press("Save and finish later")
    walker.sees("Your answers are kept")
    walker.menu("Home")
    walker.take("Finish your request for a new account", "Go on")
    walker.press("Check your answers")
    walker.press("Submit")
    walker.sees("Choose the platform")
    walker.follow("Choose the platform")
    walker.follow("Back")
    walker.follow("Back to the parts")
    fill_the_request(walker, NAME, "@ExampleBins", "Instagram", "Waste", asker)
    walker.sees("6 of 6 parts are complete")
    walker.fits_a_phone()
    walker.press("Check your answers")
    walker.sees("Fewer than two editors are proposed")
    walker.fits_a_phone()
    walker.press("Submit")
    walker.sees("Your request is submitted")
    walker.sees("Head of Service: Mary Manager")

    # Mary returns it; she does so in a browser in which no script runs.
    with without_script(browser, walker, manager) as plain:
        plain.take(f"Decide on {NAME}", "Decide")
        plain.sees("Not every proposed editor could be let in today")
        plain.choose("Your decision", "Return with comments")
        plain.press("Record the decision")
        plain.sees("Say what must change")
        plain.fill("What must change", "Name a second editor, so that somebody is there in your leave.")
        plain.press("Record the decision")
        plain.sees("Recorded: returned with comments")

    # Wanda reads why, puts it right, and it starts again at the first step.
    becomes(walker, asker)
    walker.take(f"Your request for {NAME} was returned with comments", "Change it")
    walker.sees("Head of Service returned your request")
    walker.sees("Name a second editor")
    walker.follow("Who will run it")
    walker.pick("Second editor", "Mary Manager (Officer)")
    walker.press("Save and continue")
    walker.press("Check your answers")
    walker.sees_not("Fewer than two editors are proposed")
    walker.press("Submit")
    walker.sees("Earlier rounds")

    # Mary agrees; Colin refuses for good and says why; nobody else is asked.
    decides(walker, manager, NAME, "Agree")
    walker.go(world.path("requests/1/decide"))
    walker.sees("It is the turn of Communications")
    decides(walker, comms, NAME, "Refuse", words="The main account has an album for this already.")
    becomes(walker, team)
    walker.sees_not(NAME)
    becomes(walker, asker)
    walker.menu("Requests")
    walker.follow(NAME)
    walker.sees("The request was refused")
    walker.sees("has an album for this already")

    # She asks again with the same answers and a better reason; what she confirmed, she confirms afresh.
    walker.press("Ask again")
    walker.follow("Why it is needed")
    walker.fill("Why is the council’s main account not enough?", "The album is ended, and those who looked ask for it.")
    walker.press("Save and continue")
    walker.press("Check your answers")
    walker.sees("These answers are still missing")
    walker.follow("Who will run it: council mailbox")
    walker.tick("It is a council address, and more than one person can open it")
    walker.press("Save and continue")
    walker.follow("Checks: terms read")
    walker.tick("I have read the platform’s terms and conditions")
    walker.press("Save and continue")
    walker.press("Submit")
    walker.sees("Your request is submitted")

    # This time everybody agrees.
    decides(walker, manager, NAME, "Agree")
    decides(walker, comms, NAME, "Agree with conditions", words="The album is taken down first.")
    decides(walker, team, NAME, "Agree")
    decides(walker, clerk, NAME, "Agree")
    walker.sees("The account is in the register")
    walker.fits_a_phone()
    walker.follow("See the account")
    walker.sees("Before it goes live")
    walker.sees("Condition: The album is taken down first.")
    walker.tab("History")
    walker.fits_a_phone()
    walker.menu("Trail")
    walker.sees("Colin Comms refused the account request 1 as Communications")
