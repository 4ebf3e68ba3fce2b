"""The pages of a rotation: why, what to do, and that nothing but a new value and the whole checklist ends it."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from registry.core.errors import Conflict, Invalid, Refused
from registry.custody.models import Credential
from registry.flags.rule import Severity
from registry.identity.models import Person
from registry.rotations import actions
from registry.rotations.models import Item, Rotation
from registry.vocabulary.permissions import Role
from tests.custody.hall import VALUE, Hall
from tests.custody.test_deposit import entries
from tests.flags.looking import found

NEW = "quite another value 81"


@pytest.fixture
def due(hall: Hall, seen: Credential, colleague: Person) -> int:
    """A password that became due because Bob, who saw it, left."""
    hall.world.leaves(colleague, hall.world.person("Clara Clerk", Role.CLERK))
    with hall.world.house.reading() as session:
        return session.scalars(sa.select(Rotation.id)).one()


@pytest.fixture
def browser(hall: Hall, client: FlaskClient) -> FlaskClient:
    """A browser in which Ann, the other cleared editor, is signed in."""
    hall.world.sign_in(client, hall.ann)
    return client


def page(hall: Hall, due: int, rest: str = "") -> str:
    return hall.world.path(f"rotations/{due}{rest}")


def test_a_rotation_appears_says_why_and_clears_only_as_a_whole(
    hall: Hall, seen: Credential, browser: FlaskClient, due: int
) -> None:
    text = browser.get(page(hall, due)).text
    for words in ("Bob Example", "left on 19 November 2026", "0 of 5 done", "Keep the new one", "Due"):
        assert words in text
    assert "Rotate this credential" in browser.get(hall.world.path(f"accounts/{hall.account.id}/custody")).text
    flag = found(hall.world, "rotation_due")[0]
    assert (flag.severity, flag.subject_id, flag.since_on) == (Severity.WARNING, due, hall.world.today)
    assert found(hall.world, "rotation_due", hall.world.day(7))[0].severity == Severity.BREACH
    assert "Bob" not in flag.message

    refused = browser.post(page(hall, due, "/tick"), data={"item": "sessions", "done": "yes"})
    assert refused.status_code == 403
    assert "The value is still the one that became due" in refused.text
    with pytest.raises(Invalid):
        hall.replace(seen, VALUE)
    hall.replace(seen, NEW)

    text = browser.get(page(hall, due)).text
    assert "Value changed, checklist open" in text
    assert "2 of 5 done" in text
    assert not found(hall.world, "rotation_due")
    assert not found(hall.world, "rotation_unfinished", hall.world.day(7))
    assert found(hall.world, "rotation_unfinished", hall.world.day(8))[0].since_on == hall.world.day(8)
    assert browser.post(page(hall, due, "/finish")).status_code == 403
    for item in Item:
        assert (
            "Ticked"
            in browser.post(
                page(hall, due, "/tick"), data={"item": item.value, "done": "yes"}, follow_redirects=True
            ).text
        )
    assert "Ann Example, 20 November 2026" in browser.get(page(hall, due)).text
    assert "The rotation is finished" in browser.post(page(hall, due, "/finish"), follow_redirects=True).text
    assert "This rotation is finished" in browser.get(page(hall, due)).text
    assert not found(hall.world, "rotation_unfinished", hall.world.day(8))
    assert browser.post(page(hall, due, "/finish")).status_code == 409
    assert "Nothing is due" in browser.get(hall.world.path("rotations")).text
    told = [len(entries(hall, f"custody.rotation_{act}")) for act in ("due", "ticked", "closed")]
    assert told == [1, 3, 1]


@pytest.mark.parametrize("missing", list(Item))
def test_no_rotation_is_finished_with_an_unticked_item(hall: Hall, seen: Credential, due: int, missing: Item) -> None:
    hall.replace(seen, NEW)
    with hall.world.work(hall.ann) as work:
        for item in Item:
            actions.tick(work, due, item, done=True)
    with hall.world.work(hall.ann) as work:
        actions.tick(work, due, missing, done=False)
        actions.tick(work, due, missing, done=False)
    with pytest.raises(Refused, match="Nobody has ticked"), hall.world.work(hall.ann) as work:
        actions.close(work, due)
    with hall.world.work(hall.ann) as work:
        actions.tick(work, due, missing, done=True)
        actions.tick(work, due, missing, done=True)
        actions.close(work, due)
    with pytest.raises(Conflict), hall.world.work(hall.ann) as work:
        actions.tick(work, due, missing, done=False)


def test_a_new_value_that_becomes_due_before_the_checklist_is_done_begins_it_again(
    hall: Hall, seen: Credential, due: int
) -> None:
    hall.replace(seen, NEW)
    with hall.world.work(hall.ann) as work:
        actions.tick(work, due, Item.SESSIONS, done=True)
    hall.world.leaves(hall.ann, hall.ann)
    with hall.world.house.reading() as session:
        (rotation,) = session.scalars(sa.select(Rotation))
        assert (rotation.id, rotation.person_id) == (due, hall.ann.id)
        assert not actions.ticks_of(session, rotation)
        assert not actions.progress_of(session, rotation).is_changed


def test_the_list_and_the_page_are_for_those_who_see_custody(
    hall: Hall, client: FlaskClient, due: int, colleague: Person
) -> None:
    auditor = hall.world.person("Ida Auditor", Role.AUDITOR)
    hall.world.sign_in(client, auditor)
    listed = client.get(hall.world.path("rotations"))
    assert "ExampleWaste" in listed.text
    assert "left on 19 November 2026" in listed.text
    seen_by_auditor = client.get(page(hall, due))
    assert "can do this" in seen_by_auditor.text
    assert "Keep the new one</a>" not in seen_by_auditor.text
    assert client.post(page(hall, due, "/finish")).status_code == 403


def test_unknown_items_and_rotations_are_not_there(hall: Hall, browser: FlaskClient, due: int) -> None:
    assert browser.post(page(hall, due, "/tick"), data={"item": "moon"}).status_code == 404
    assert browser.get(page(hall, 987)).status_code == 404


def test_weak_and_reused_values_are_flagged_without_being_shown(hall: Hall, browser: FlaskClient) -> None:
    weak = hall.deposit(value="Dragonfly1999")
    other = hall.world.account(hall.area, handle="ExampleBins")
    hall.deposit(value="Dragonfly1999", account=other)
    flags = found(hall.world, "credential_weak")
    assert {flag.account_id for flag in flags} == {hall.account.id, other.id}
    assert len(found(hall.world, "credential_reused")) == 2
    text = browser.get(hall.world.path(f"accounts/{hall.account.id}/custody")).text
    assert "It is easy to guess" in text
    assert "Dragonfly" not in text + flags[0].message
    hall.replace(weak, NEW)
    assert [flag.account_id for flag in found(hall.world, "credential_weak")] == [other.id]
    assert not found(hall.world, "credential_reused")
