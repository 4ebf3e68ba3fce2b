"""What people of several stories do alike: come in, ask for an account, decide, look whether all is well."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from playwright.sync_api import Browser

from registry.identity.models import Person
from tests.browser.walker import DESKTOP, Walker, sign_in, sign_out
from tests.chromium import window
from tests.world import PASSWORD, World


def let_in(world: World, *people: Person) -> None:
    """Give people the password and the authenticator app that `becomes` signs them in with."""
    for person in people:
        world.has_app(world.has_password(person))


def becomes(walker: Walker, person: Person) -> None:
    """Whoever sat at the window goes, and somebody else signs in by the page."""
    if walker.page.get_by_role("button", name="Sign out").count():
        sign_out(walker)
    sign_in(walker, person.email, PASSWORD)
    walker.sees(person.name)


@contextmanager
def beside(browser: Browser, walker: Walker, person: Person, *, has_script: bool = True) -> Iterator[Walker]:
    """Somebody at a window of their own, while the walker keeps theirs."""
    with window(browser, java_script_enabled=has_script, viewport=DESKTOP) as page:
        other = Walker(page, walker.base, walker.clock, has_script=has_script)
        becomes(other, person)
        yield other


def without_script(browser: Browser, walker: Walker, person: Person) -> AbstractContextManager[Walker]:
    """Somebody at a window of their own in which no script runs."""
    return beside(browser, walker, person, has_script=False)


def fill_the_request(walker: Walker, name: str, handle: str, platform: str, area: str, editor: Person) -> None:
    """Answer all six parts of a new request, from the page that lists them."""
    walker.follow("What and where")
    walker.pick("Platform", platform)
    walker.fill("Proposed handle or address", handle)
    walker.fill("Name shown on the page", name)
    walker.pick("Service area", area)
    walker.choose("Language", "English")
    walker.press("Save and continue")
    walker.follow("Why it is needed")
    walker.fill("What is the account for?", "Pictures of what goes into which bin, and of crews at work.")
    walker.fill("Why is the council’s main account not enough?", "People who look for pictures do not read it.")
    walker.fill("How will you tell that it works?", "300 followers in a year; fewer calls about wrong bins.")
    walker.press("Save and continue")
    walker.follow("Who it is for")
    walker.fill("Who is the audience?", "Residents who sort their waste at home.")
    walker.choose("Will you address children or young people under 18?", "No")
    walker.press("Save and continue")
    walker.follow("How it will be run")
    walker.choose("How far will you engage?", "Answer questions in working hours")
    walker.fill("How many days at most between posts?", "14")
    walker.fill("What time and means will it take?", "Two hours a week; the two editors stand in for each other.")
    walker.choose("How long will it live?", "No end is planned")
    walker.fill("What happens when it is no longer needed?", "Followers are told for a month, then it is mothballed.")
    walker.fill("Who watches it, and how often?", "The editors, every working day.")
    walker.fill("How will comments be moderated?", "By the house rules; what is removed is kept by Communications.")
    walker.press("Save and continue")
    walker.follow("Who will run it")
    walker.pick("First editor", f"{editor.name} (Officer)")
    walker.fill("Mailbox the account will be signed in with", "bins@exampleton.example")
    walker.tick("It is a council address, and more than one person can open it")
    walker.press("Save and continue")
    walker.follow("Checks")
    walker.choose("What harm could somebody do who took the account over?", "Some")
    walker.fill("How will advertisements around your posts be checked?", "We pay for none, and look once a month.")
    walker.tick("I have read the platform’s terms and conditions")
    walker.press("Save and continue")


def decides(walker: Walker, person: Person, request: str, answer: str, *, words: str = "") -> None:
    """Somebody comes, finds the request waiting on their first page, and decides on it."""
    becomes(walker, person)
    walker.take(f"Decide on {request}", "Decide")
    walker.choose("Your decision", answer)
    if words:
        walker.fill({"Agree with conditions": "Conditions", "Refuse": "Reason"}[answer], words)
    walker.press("Record the decision")
    walker.sees("Recorded:")


def deposits_the_password(walker: Walker, value: str) -> None:
    """Put a password into custody, from the custody page of an account."""
    walker.follow("Deposit a password")
    confirms(walker)
    walker.fill("Password", value)
    walker.fill("The same password again", value)
    walker.press("Keep it in custody")
    walker.sees("It is in custody, and you count as somebody who knows it")


def asks_to_see(walker: Walker, why: str) -> None:
    """Give a reason, on the page that asks for it; and one's own password first, where it was not asked of late."""
    confirms(walker)
    walker.choose("What do you need it for?", "Posting or scheduling")
    walker.fill("In a few words", why)
    walker.press("Ask to see it")
    confirms(walker)


def confirms(walker: Walker) -> None:
    """Prove that it is still oneself, if the page asks for it."""
    if walker.page.get_by_role("heading", name="Confirm that it is you").count():
        walker.fill("Your password", PASSWORD)
        walker.press("Confirm")
        if walker.page.get_by_role("button", name="Carry on").count():
            walker.press("Carry on")


def shown_secret(walker: Walker) -> str:
    """The value alone on the page, as somebody would copy it."""
    return (walker.page.locator("#secret-value").text_content() or "").strip()


def runs_the_sweep(walker: Walker) -> None:
    """Go to the jobs from the flags, run the sweep, and look again until it is done."""
    walker.menu("Flags")
    walker.follow("When the register last looked")
    walker.press("Run “Sweep” now")
    confirms(walker)
    walker.sees("“Sweep” has been started")
    again = walker.page.get_by_role("main").get_by_role("link", name="Look again")
    while again.count():
        again.click()
        walker.look()
    assert "Finished" in walker.page.get_by_role("heading", name="Sweep").inner_text()
