"""The keys of custody beside those who use it: agreed to, sealed, unsealed, renewed while somebody looks."""

import pytest
from flask import Flask
from playwright.sync_api import Browser

from registry.councils.queries import get_installation
from registry.custody.actions import root
from registry.custody.models import Credential, Kind
from registry.vocabulary.permissions import Role
from tests.browser.habits import becomes, beside, let_in, shown_secret
from tests.browser.walker import Walker
from tests.custody.hall import Hall
from tests.custody.test_rotation_of_keys import own_root_key, rotate_root
from tests.custody.test_sealing import CHEAP, WORDS
from tests.world import World

pytestmark = pytest.mark.browser

CODES, SECRET = "1111-aaaa\n2222-bbbb\n3333-cccc", "Elf-Kraniche-ziehen-58"


@pytest.fixture
def hall(served: tuple[Flask, str], world: World) -> Hall:
    """An account and its first editor, in a register whose custody has a passphrase and is open."""
    area = world.area("Waste")
    hall = Hall(world, area, world.account(area, name="Example Bins"), world.cleared(area, "Edna Editor"))
    own_root_key(hall)
    with world.house.reading() as session:
        installation = get_installation(session).public_id
    rotate_root(hall, root.by_passphrase(world.house.settings, installation, WORDS, CHEAP))
    served[0].extensions["house"] = world.house
    return hall


def test_custody_is_agreed_to_sealed_unsealed_and_its_key_renewed_while_somebody_looks(
    walker: Walker, world: World, hall: Hall, browser: Browser
) -> None:
    clerk, edna = world.person("Clara Clerk", Role.CLERK), hall.ann
    password, codes = hall.deposit(value=SECRET), hall.deposit(Kind.RECOVERY_CODES, CODES)
    let_in(world, clerk, edna)
    becomes(walker, clerk)
    with beside(browser, walker, edna) as editor:
        she_sees_the_codes_once_the_clerk_agrees(editor, walker, hall, codes)

        # Custody is sealed: she is told on every page, and at its door who opens it.
        walker.follow("Keys of custody")
        walker.sees("a passphrase: on paper only")
        walker.press("Seal custody")
        walker.sees("Custody is sealed. Nothing can be put in or taken out")
        editor.go(world.path())
        editor.sees("No credential can be put in or taken out; everything else works.")
        answer = editor.page.goto(editor.base + world.path(f"custody/{password.id}/reveal"))
        assert answer
        assert answer.status == 503
        editor.troubles.clear()  # the browser grumbles at a 503, as it should
        editor.sees("It opens when the Clerk unseals it with the passphrase. Ask them, and then open the page again.")
        editor.fits_a_phone()

        # Clara types the words on her paper, wrong and then right.
        walker.press("Unseal custody")
        walker.fill("Passphrase", "six words that are not it")
        walker.press("Unseal")
        walker.sees("This is not the passphrase")
        walker.clock.advance(minutes=1)
        walker.fill("Passphrase", WORDS.reveal())
        walker.press("Unseal")
        walker.sees("Custody is open again.")

        # Edna has leave to look when Clara renews the council's key; what she then sees is the same.
        editor.go(world.path(f"custody/{password.id}/reveal"))
        says_why(editor)
        editor.press("Ask to see it")
        walker.press("Renew the council’s key")
        walker.sees("The renewal is complete.")
        walker.sees("2 values")
        walker.fits_a_phone()
        editor.press("Show it")
        assert shown_secret(editor) == SECRET
        editor.press("I am done")
        editor.sees("Edna Editor saw it on 20 November 2026")
    walker.menu("Trail")
    walker.sees("Edna Editor revealed the password of Example Bins")
    assert not any(value in walker.page.content() for value in (SECRET, *CODES.split("\n")))


def she_sees_the_codes_once_the_clerk_agrees(editor: Walker, clerk: Walker, hall: Hall, codes: Credential) -> None:
    """What takes two people, in two windows."""
    editor.go(hall.world.path(f"custody/{codes.id}/reveal/whole"))
    editor.sees("A second person has to agree")
    says_why(editor)
    editor.press("Ask a second person")
    editor.sees("Waits for a second person")
    clerk.go(hall.world.path())
    clerk.take("May Edna Editor see the whole list of recovery codes of Example Bins?", "Decide")
    clerk.choose("Do you agree?", "Yes, they may see it once")
    clerk.press("Record the decision")
    clerk.sees("Your decision is recorded")
    editor.go(hall.world.path())
    editor.take("You may see the whole list of recovery codes of Example Bins once", "See it")
    editor.press("See it now")
    editor.press("Show it")
    editor.sees("2222-bbbb")
    editor.fits_a_phone()
    editor.press("I am done")
    editor.sees("Edna Editor saw it on 20 November 2026")


def says_why(editor: Walker) -> None:
    editor.choose("What do you need it for?", "Signing in on a new device")
    editor.fill("In a few words", "The team has a new telephone")
