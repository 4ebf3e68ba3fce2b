"""The main story, as a new user would: from a council's spreadsheet to an account that rests, publicly said so."""

import hmac
from base64 import b32decode
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from registry.core.clock import FixedClock
from registry.identity.models import Person
from registry.vocabulary.permissions import Role
from tests.browser.habits import (
    asks_to_see,
    becomes,
    decides,
    deposits_the_password,
    fill_the_request,
    let_in,
    runs_the_sweep,
    shown_secret,
    without_script,
)
from tests.browser.walker import Walker
from tests.world import World

pytestmark = pytest.mark.browser

REGISTER = Path(__file__).parents[2] / "examples" / "register-districts.csv"
NAME, NEGLECTED = "Example Bins in Pictures", "Community Protection Team"
SECRET, SEED = "Siebzehn-Raben-tanzen-44", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
POLICY = """# Social media policy

## Who may act

Nobody uses an account of the council who is not named, trained and signed up to this policy.
"""


class Cast:
    """Who plays in this story."""

    def __init__(self, world: World) -> None:
        self.clerk = world.person("Clara Clerk", Role.CLERK)
        self.comms = world.person("Colin Comms", Role.COMMS)
        self.manager = world.person("Mary Manager", Role.MANAGER)
        self.team = world.person("Tom Team", Role.MANAGEMENT_TEAM)
        self.asker, self.editor = world.person("Wanda Waste"), world.person("Edith Editor")
        let_in(world, *vars(self).values())


def test_from_a_spreadsheet_to_an_account_that_rests(
    walker: Walker, world: World, clock: FixedClock, browser: Browser
) -> None:
    cast = Cast(world)
    becomes(walker, cast.clerk)
    the_clerk_imports_the_register(walker)
    the_clerk_settles_manager_course_and_policy(walker)
    an_account_is_asked_for_and_agreed(walker, cast)
    an_editor_is_named_and_kept_out_with_reasons(walker, cast)
    she_trains_and_signs(walker, cast)
    custody = she_keeps_and_reveals_the_credentials(walker)
    with without_script(browser, walker, cast.editor) as plain:
        she_gets_the_code_of_the_moment(plain, custody, clock.now())
    it_goes_live(walker, cast)
    clock.advance(days=40)
    a_neglected_account_is_found(walker, cast)
    it_is_mothballed(walker, cast.comms, clock)
    the_public_is_told(walker)


def the_clerk_imports_the_register(walker: Walker) -> None:
    walker.sees("The register has no account in use yet")
    walker.press("Import a spreadsheet")
    walker.press("Upload")
    walker.sees("Choose a CSV or XLSX file")
    walker.attach("Spreadsheet", str(REGISTER))
    walker.press("Upload")
    walker.sees("What does each column hold?")
    walker.fits_a_phone()
    walker.press("Look at the rows")
    walker.sees("11 accounts can be imported")
    walker.fits_a_phone()
    walker.press("Import 11 accounts")
    walker.sees_not("11 accounts are in the register")
    walker.tick("Create 7 new service areas")
    walker.press("Import 11 accounts")
    walker.sees("11 accounts are in the register")
    assert walker.page.get_by_role("row").count() == 12
    walker.fits_a_phone()


def the_clerk_settles_manager_course_and_policy(walker: Walker) -> None:
    walker.page.get_by_role("main").get_by_role("link", name="Service areas").click()
    walker.follow("Waste", exact=True)
    walker.press("Change")
    walker.pick("Manager", "Mary Manager")
    walker.press("Save")
    walker.sees("The service area is changed")

    walker.menu("Training")
    walker.tab("Courses", "Training")
    walker.follow("Add a course")
    walker.fill("Name", "Speaking for the council online")
    walker.choose("What is it for?", "Editor training")
    walker.fill("For how many months does it hold?", "12")
    walker.press("Add the course")
    walker.sees("The course is added")

    walker.menu("Policies")
    walker.follow("Add a policy")
    walker.fill("Title", "Social media policy")
    walker.tick("People must sign this policy before they may use an account")
    walker.press("Add the policy")
    walker.press("Draft a version")
    walker.fill("Version", "1.0")
    walker.fill("Text", POLICY)
    walker.press("Save the draft")
    walker.sees("This draft has no effect.")
    walker.press("Publish")
    walker.fill("Approved by", "Policy and Resources Committee")
    walker.fill("Minute reference", "PR 31/2026")
    walker.tick("I have checked the text")
    walker.press("Publish version 1.0")
    walker.sees("20 November 2026 (today)")
    walker.fits_a_phone()


def an_account_is_asked_for_and_agreed(walker: Walker, cast: Cast) -> None:
    becomes(walker, cast.asker)
    walker.follow("Ask for an account")
    walker.press("Start now")
    fill_the_request(walker, NAME, "@ExampleBins", "Instagram", "Waste", cast.editor)
    walker.press("Check your answers")
    walker.press("Submit")
    walker.sees("Your request is submitted")
    for decider in (cast.manager, cast.comms, cast.team, cast.clerk):
        decides(walker, decider, NAME, "Agree")
    walker.sees("The account is in the register")


def an_editor_is_named_and_kept_out_with_reasons(walker: Walker, cast: Cast) -> None:
    becomes(walker, cast.manager)
    to_account(walker)
    walker.tab("People")
    walker.follow("Name or stand down editors")
    walker.press("Name an editor")
    walker.pick("Who", "Edith Editor, Officer")
    walker.press("Name them")
    walker.sees("Edith Editor is named. Their page “My standing” says what is still missing.")

    becomes(walker, cast.editor)
    to_account(walker)
    walker.tab("Custody")
    walker.sees("Why you may not use them")
    for reason, clause, mends in (
        ("You have no confirmed editor training.", "(002 §19.2, §11.4)", "Record training"),
        ("You have not signed the social media policy that is in force.", "(002 §19.2", "Read and sign"),
    ):
        line = walker.page.get_by_role("listitem").filter(has_text=reason)
        assert clause in line.inner_text()
        assert line.get_by_role("link", name=mends).count() == 1
    assert walker.page.get_by_role("link", name="Deposit").count() == 0
    walker.fits_a_phone()


def she_trains_and_signs(walker: Walker, cast: Cast) -> None:
    walker.follow("Record training")
    walker.press("Record training")
    walker.pick("Course", "Speaking for the council online")
    walker.fill_day("Day it was completed", 18, 11, 2026)
    walker.fill("What shows it", "Attendance list of 18 November")
    walker.press("Record it")
    walker.sees("It counts once it is confirmed")
    becomes(walker, cast.comms)
    walker.take("Confirm 1 training record", "Confirm")
    walker.press("Confirm")
    walker.sees("The training of Edith Editor is confirmed")

    becomes(walker, cast.editor)
    walker.take("Sign Social media policy, version 1.0", "Read and sign")
    walker.sees("Nobody uses an account of the council who is not named")
    walker.press("Sign version 1.0")
    walker.sees("Tick that you have read the policy and agree to it")
    walker.tick("I have read it and agree")
    walker.press("Sign version 1.0")
    walker.sees("You have signed the policy")
    walker.follow("My standing")
    walker.sees("Cleared")


def she_keeps_and_reveals_the_credentials(walker: Walker) -> str:
    """Gives the address of the account's custody."""
    to_account(walker)
    walker.tab("Custody")
    custody = walker.page.url
    deposits_the_password(walker, SECRET)
    walker.follow("Deposit a two-step seed")
    walker.fill("Seed", SEED)
    walker.press("Keep it in custody")
    walker.press("Reveal")
    asks_to_see(walker, "First pictures of the new bins")
    walker.sees("Is anybody looking over your shoulder?")
    walker.press("Show it")
    assert shown_secret(walker) == SECRET
    walker.fits_a_phone()
    walker.press("I am done")
    walker.sees("saw it on 20 November 2026")
    walker.press("Get the code")
    asks_to_see(walker, "First pictures of the new bins")
    walker.press("Show the code")
    walker.sees("Code for the next 30 seconds")
    walker.press("I am done")
    return custody


def she_gets_the_code_of_the_moment(walker: Walker, custody: str, at: datetime) -> None:
    walker.page.goto(custody)
    walker.press("Get the code")
    asks_to_see(walker, "First pictures of the new bins")
    walker.press("Show the code")
    assert shown_secret(walker) == code_of(SEED, at)
    walker.press("I am done")
    assert SEED not in walker.page.content()


def code_of(seed: str, at: datetime) -> str:
    """The six digits that an authenticator app would show (RFC 6238)."""
    digest = hmac.digest(b32decode(seed), (int(at.timestamp()) // 30).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def it_goes_live(walker: Walker, cast: Cast) -> None:
    becomes(walker, cast.comms)
    to_account(walker)
    walker.sees("2 of 5 done")
    walker.sees("It cannot go live yet.")
    walker.fits_a_phone()
    walker.follow("Complete the first security review")
    walker.press("Start a review")
    for met in walker.page.get_by_label("Met", exact=True).all():
        met.check()
    walker.press("Save and finish")
    walker.press("Complete the review")
    walker.sees("It left nothing to do")
    to_account(walker)
    walker.press("This is done")
    walker.sees("the council’s website links to the account")
    walker.sees("1 of 2 editors are cleared.")
    walker.press("Record it as live")
    walker.sees(f"{NAME} is live. The public register says so from now on.")
    walker.follow("Is this account ours?")
    walker.fill("Address or name of the account", "https://www.instagram.com/examplebins/?hl=en")
    walker.press("Check")
    walker.sees("Yes. @ExampleBins on Instagram is an account of Exampleton Council.")


def a_neglected_account_is_found(walker: Walker, cast: Cast) -> None:
    becomes(walker, cast.editor)
    walker.take(f"Was anything posted on {NAME}?", "Record a post")
    walker.press("Posted today")
    walker.sees("posted today.")
    becomes(walker, cast.comms)
    runs_the_sweep(walker)
    walker.menu("Flags")
    walker.fits_a_phone()
    walker.pick("Rule", "Neglected")
    walker.press("Apply filters")
    walker.sees("Nothing has been posted since 6 November 2026; agreed is a post at least every 14 days.")
    walker.sees_not(NAME)
    walker.take(NEGLECTED, NEGLECTED)
    walker.sees("Nothing has been posted since 6 November 2026")


def it_is_mothballed(walker: Walker, comms: Person, clock: FixedClock) -> None:
    walker.press("Close, mothball or hand it over")
    walker.sees("How should it end?")
    walker.fits_a_phone()
    walker.choose("Choose the ending", "Mothball it")
    walker.press("Continue")
    walker.fill("Why does it end?", "Nobody has posted since the team was merged.")
    walker.fill("Where should people go instead?", "@ExampleSafety")
    walker.press("Continue")
    walker.sees("Exampleton Council has not used or monitored this account since 27 January 2027.")
    walker.press("Begin")
    walker.sees(f"{NEGLECTED} is being ended")
    walker.fits_a_phone()
    closure = walker.page.url
    musts = walker.page.locator(".app-task").filter(has_not_text="can be left out").get_by_role("link")
    for title in musts.all_inner_texts():
        walker.follow(title, exact=True)
        if title != "Choose where followers should go":  # it holds what was said at the beginning
            walker.fill("What shows that it was done?", "Seen by Colin Comms; a picture is in the shared folder.")
        walker.press("This step is done")
    walker.sees("Its last day is 27 January 2027; until then it is in use.")
    clock.advance(days=28)
    becomes(walker, comms)
    walker.page.goto(closure)
    walker.sees("Everything that must be done is done, and its last day has come.")
    walker.press("Complete it")
    walker.sees("This cannot be undone.")
    walker.press("Complete it")
    walker.sees(f"{NEGLECTED} is mothballed. The public register says so.")


def the_public_is_told(walker: Walker) -> None:
    walker.press("Sign out")
    walker.go("/public/exampleton/")
    walker.fits_a_phone()
    entry = walker.page.get_by_role("listitem").filter(has_text=NEGLECTED)
    assert "Mothballed" in entry.inner_text()
    assert "does not use or monitor it at present" in entry.inner_text()
    assert "Please use @ExampleSafety." in entry.inner_text()
    walker.press("Is this account ours?")
    walker.fill("Address or name of the account", "@ExampleProtect")
    walker.press("Check")
    walker.sees("nobody uses or monitors it at present")


def to_account(walker: Walker) -> None:
    """Find the new account in the register, as anybody would."""
    walker.menu("Register")
    walker.follow(NAME)
