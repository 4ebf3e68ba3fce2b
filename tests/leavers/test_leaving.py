"""Somebody goes: everything ends in one transaction, and one page says exactly what they saw and what is left."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from registry.accounts.models import Account
from registry.core.errors import Conflict, Refused
from registry.custody.actions.holding import set_one_holder
from registry.custody.models import Credential, Kind
from registry.custody.models_looking import CheckOut
from registry.editors.models import Editorship
from registry.editors.queries import is_named_from
from registry.identity.actions import absence
from registry.identity.models import DeviceLoss, Employment, Person, SignInSession
from registry.leavers import actions
from registry.outbox.models import Message
from registry.rotations.models import Rotation
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.custody.hall import Hall
from tests.custody.test_deposit import entries

ADDRESS = "https://register.exampleton.example/leaver"


@pytest.fixture
def clerk(hall: Hall) -> Person:
    return hall.world.person("Clara Clerk", Role.CLERK)


@pytest.fixture
def office(hall: Hall, client: FlaskClient, clerk: Person) -> FlaskClient:
    """A browser in which the Clerk is signed in."""
    hall.world.sign_in(client, clerk)
    return client


def leaves(hall: Hall, person: Person, by: Person) -> None:
    with hall.world.work(by) as work:
        actions.leave_now(work, person.id, ADDRESS)


def page_of(hall: Hall, person: Person, rest: str = "leaver") -> str:
    return hall.world.path(f"people/{person.id}/{rest}")


def rows(hall: Hall, table: type) -> list:
    with hall.world.house.reading() as session:
        return list(session.scalars(sa.select(table).order_by(table.id)))


def test_nobody_leaves_by_a_form_that_was_sent_as_it_came(hall: Hall, office: FlaskClient, colleague: Person) -> None:
    page = office.get(page_of(hall, colleague, "leave")).text
    assert " checked" not in page
    answer = office.post(page_of(hall, colleague, "leave"), data={})
    assert answer.status_code == 422
    assert "Choose when it is over" in answer.text
    answer = office.post(page_of(hall, colleague, "leave"), data={"when": "day"})
    assert "Enter their last day" in answer.text


def test_leaver_next_request_is_refused(hall: Hall, app, client: FlaskClient, colleague: Person, clerk: Person) -> None:
    theirs = app.test_client()
    hall.world.sign_in(theirs, colleague)
    assert theirs.get(hall.world.path("")).status_code == 200
    leaves(hall, colleague, clerk)
    assert "/sign-in" in theirs.get(hall.world.path("")).headers["Location"]
    assert all(each.ended_at for each in rows(hall, SignInSession) if each.person_id == colleague.id)


def test_leaver_flags_exact_versions(
    hall: Hall, seen: Credential, colleague: Person, clerk: Person, office: FlaskClient
) -> None:
    """What Bob saw and is in force is due; what he saw and has changed is told; what he never saw is not there."""
    token = hall.deposit(Kind.API_TOKEN, "a token of the platform")
    hall.look(token, colleague)
    hall.replace(token, "another token of the platform")
    hall.deposit(Kind.PASSWORD, "never shown to Bob 77", label="Second")
    leaves(hall, colleague, clerk)
    assert [(r.credential_id, r.person_id) for r in rows(hall, Rotation)] == [(seen.id, colleague.id)]
    text = office.get(page_of(hall, colleague)).text
    assert "0 of 1 value changed" in text
    assert "Not changed" in text
    assert "API token" in text
    assert "Second" not in text
    assert "They are signed in nowhere" in text
    assert "Waste</a> has 1 cleared editor; the council wants 2." in text


def test_all_of_leaving_lands_in_one_transaction_or_none_of_it(
    hall: Hall, seen: Credential, colleague: Person, clerk: Person
) -> None:
    def fails() -> None:
        with hall.world.work(clerk) as work:
            actions.leave_now(work, colleague.id, ADDRESS)
            work.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert not rows(hall, Message)
    assert not rows(hall, Rotation)
    leaves(hall, colleague, clerk)
    ended = [e for e in rows(hall, Editorship) if e.person_id == colleague.id]
    assert [(e.ends_on, e.ended_by) for e in ended] == [(hall.world.day(-1), clerk.id)]
    assert len(rows(hall, Rotation)) == 1
    assert len(entries(hall, "editor.stood_down")) == 1


def test_the_office_and_the_manager_are_told_once_and_not_of_themselves(hall: Hall, clerk: Person) -> None:
    world = hall.world
    manager, comms = world.person("Mary Manager", Role.MANAGER), world.person("Cora Comms", Role.COMMS)
    events = world.area("Events", manager)
    editor = world.cleared(events, "Eve Events")
    world.editor(world.area("Later"), editor, starts_on=world.day(30))
    with world.work(clerk) as work:
        actions.leave(work, editor.id, world.day(9), ADDRESS)
    assert {m.person_id for m in rows(hall, Message)} == {clerk.id, comms.id, manager.id}
    assert all(ADDRESS in m.body and "29 November 2026" in m.body for m in rows(hall, Message))
    theirs = [e.ends_on for e in rows(hall, Editorship) if e.person_id == editor.id]
    assert theirs == [world.day(9)]
    with world.house.reading() as session:
        assert not is_named_from(session, world.council.id, events.id, editor.id, world.day(10))
    carl = world.person("Carl Clerk", Role.CLERK)
    with world.work(clerk) as work:
        actions.leave(work, carl.id, world.day(9), ADDRESS)
    assert carl.id not in {m.person_id for m in rows(hall, Message)}


def test_a_suspension_ends_everything_until_it_is_lifted(
    hall: Hall, app, seen: Credential, colleague: Person, office: FlaskClient
) -> None:
    theirs = app.test_client()
    hall.world.sign_in(theirs, colleague)
    assert "From this moment" in office.get(page_of(hall, colleague, "suspend")).text
    assert office.post(page_of(hall, colleague, "suspend"), data={}).status_code == 422
    answer = office.post(page_of(hall, colleague, "suspend"), data={"why": "An enquiry"}, follow_redirects=True)
    assert "Nothing opens to Bob Example here from now on" in answer.text
    assert "An enquiry" not in answer.text
    assert "/sign-in" in theirs.get(hall.world.path("")).headers["Location"]
    assert "An enquiry" in office.get(hall.world.path(f"people/{colleague.id}")).text
    assert "An enquiry" not in str(entries(hall, "person.suspended"))
    assert len(rows(hall, Rotation)) == 1
    listed = office.get(hall.world.path("leavers")).text
    assert "Bob Example" in listed
    assert "1 value" in listed
    assert office.post(page_of(hall, colleague, "suspend"), data={"why": "Again"}).status_code == 409
    lifted = office.post(page_of(hall, colleague, "lift-suspension"), follow_redirects=True)
    assert "can work here again" in lifted.text
    assert office.post(page_of(hall, colleague, "lift-suspension")).status_code == 409
    assert rows(hall, Rotation)[0].closed_at is None
    hall.look(seen, colleague)


def test_whoever_is_suspended_in_one_council_goes_on_in_the_other(hall: Hall, colleague: Person, app) -> None:
    other = hall.world.another()
    other.joins(colleague)
    theirs = app.test_client()
    hall.world.sign_in(theirs, colleague)
    with hall.world.work(hall.ann) as work:
        absence.suspend(work, colleague.id, "An enquiry")
    assert theirs.get(other.path("")).status_code == 200
    assert theirs.get(hall.world.path("")).status_code == 404


@pytest.mark.parametrize("how", ["leaves", "is suspended"])
def test_what_somebody_has_to_themselves_comes_back_when_they_go(
    hall: Hall, seen: Credential, colleague: Person, clerk: Person, how: str
) -> None:
    """Else nobody could use it any more, not even past the broken glass."""
    with hall.world.work(clerk) as work:
        set_one_holder(work, seen.id, on=True)
    hall.look(seen, colleague)
    with pytest.raises(Refused, match="has it checked out"):
        hall.look(seen)
    with hall.world.work(clerk) as work:
        if how == "leaves":
            actions.leave_now(work, colleague.id, ADDRESS)
        else:
            actions.suspend(work, colleague.id, "An enquiry", ADDRESS)
    assert [out.ended_by for out in rows(hall, CheckOut)] == [clerk.id]
    assert len(entries(hall, "custody.checked_in")) == 1
    assert [each.person_id for each in rows(hall, Rotation)] == [colleague.id]
    hall.look(seen)


def test_the_page_names_other_accounts_with_a_value_they_know(
    hall: Hall, seen: Credential, colleague: Person, clerk: Person, office: FlaskClient
) -> None:
    tip = hall.world.account(hall.area, handle="ExampleTip", name="Example Tip")
    hall.deposit(account=tip)
    leaves(hall, colleague, clerk)
    assert (
        "The same value is in force for Example Tip: change it there too." in office.get(page_of(hall, colleague)).text
    )
    hall.replace(seen, "quite another value 81")
    text = office.get(page_of(hall, colleague)).text
    assert "In force elsewhere" in text
    assert "is in force for Example Tip" in text


def test_nobody_suspends_themselves_or_who_left(hall: Hall, colleague: Person, clerk: Person) -> None:
    with pytest.raises(Refused, match="Nobody suspends themselves"), hall.world.work(clerk) as work:
        absence.suspend(work, clerk.id, "Tired")
    leaves(hall, colleague, clerk)
    with pytest.raises(Refused, match="do not work for the council now"), hall.world.work(clerk) as work:
        absence.suspend(work, colleague.id, "Too late")
    with pytest.raises(Conflict), hall.world.work(clerk) as work:
        absence.lift_suspension(work, colleague.id)


def test_a_lost_device_signs_out_and_makes_due_what_was_known(
    hall: Hall, client: FlaskClient, seen: Credential
) -> None:
    hall.world.sign_in(client, hall.ann)
    assert "I lost" not in client.get(page_of(hall, hall.ann, "device-lost")).text
    answer = client.post(page_of(hall, hall.ann, "device-lost"), data={"device": "Phone, on a train"})
    assert answer.headers["Location"].endswith("/sign-in")
    assert "/sign-in" in client.get(hall.world.path("")).headers["Location"]
    assert [(loss.person_id, loss.device) for loss in rows(hall, DeviceLoss)] == [(hall.ann.id, "Phone, on a train")]
    assert [r.person_id for r in rows(hall, Rotation)] == [hall.ann.id]


def test_a_lost_device_is_nobody_elses_to_report_but_the_offices(
    hall: Hall, client: FlaskClient, colleague: Person, clerk: Person
) -> None:
    hall.world.sign_in(client, hall.ann)
    assert client.get(page_of(hall, colleague, "device-lost")).status_code == 404
    with pytest.raises(Refused, match="reported by whoever lost it"), hall.world.work(hall.ann) as work:
        absence.lose_device(work, colleague.id, "Phone")
    hall.world.sign_in(client, clerk)
    posted = client.post(page_of(hall, colleague, "device-lost"), data={"device": "Tablet"}, follow_redirects=True)
    assert "Bob Example is signed out everywhere" in posted.text
    assert "They have seen nothing" in posted.text


def test_the_page_follows_each_value_to_its_end(
    hall: Hall, seen: Credential, colleague: Person, clerk: Person, office: FlaskClient
) -> None:
    from registry.rotations import actions as rotations
    from registry.rotations.models import Item

    assert "what they know" in office.get(page_of(hall, colleague)).text
    leaves(hall, colleague, clerk)
    (task,) = rows(hall, Rotation)
    assert f"rotations/{task.id}" in office.get(page_of(hall, colleague)).text
    hall.replace(seen, "quite another value 81")
    assert "Checklist open" in office.get(page_of(hall, colleague)).text
    with hall.world.work(hall.ann) as work:
        for item in Item:
            rotations.tick(work, task.id, item, done=True)
        rotations.close(work, task.id)
    assert "1 of 1 value changed" in office.get(page_of(hall, colleague)).text
    assert "Nothing</td>" in office.get(hall.world.path("leavers")).text


def test_what_lies_on_their_desk_and_where_only_the_platform_helps(
    hall: Hall, colleague: Person, clerk: Person, office: FlaskClient
) -> None:
    world = hall.world
    world.account(hall.area, platform="facebook", handle="ExampleBins")
    with world.work() as work:
        work.session.get_one(Account, hall.account.id).responsible_id = colleague.id
        work.record(actions.people.Event.DEMO_MADE)
    world.area("Bins", colleague)
    leaves(hall, colleague, clerk)
    text = office.get(page_of(hall, colleague)).text
    for words in ("Responsible for ExampleWaste", "Manager of Bins", "Where only the platform can shut them out"):
        assert words in text


def test_a_quiet_leaver_stands_in_the_list_for_a_while(hall: Hall, office: FlaskClient, clerk: Person) -> None:
    assert "Nobody has left anything to do" in office.get(hall.world.path("leavers")).text
    quiet = hall.world.person("Quentin Quiet")
    leaves(hall, quiet, clerk)
    assert "Quentin Quiet" in office.get(hall.world.path("leavers")).text
    with hall.world.work() as work:
        work.session.get_one(Employment, (hall.world.council.id, quiet.id)).ends_on = hall.world.day(-61)
        work.record(actions.people.Event.DEMO_MADE)
    assert "Quentin Quiet" not in office.get(hall.world.path("leavers")).text
    with hall.world.work(clerk) as work:
        absence.suspend(work, hall.ann.id, "An enquiry")
    assert "Is kept from the accounts" in office.get(hall.world.path("leavers")).text


def test_the_page_asks_no_more_for_more_seen(
    hall: Hall, seen: Credential, colleague: Person, office: FlaskClient
) -> None:
    def count() -> int:
        with statements(hall.world.house) as sent:
            office.get(page_of(hall, colleague))
        return len(sent)

    count()
    before = count()
    for index in range(3):
        hall.look(hall.deposit(Kind.API_TOKEN, f"token number {index}", label=str(index)), colleague)
    assert count() == before
