"""The pages of the second person, of emergencies, check-outs and recovery details, as people meet them."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from registry.custody.actions.destroy import destroy
from registry.custody.actions.emergency import review
from registry.custody.models import Kind, SecretVersion
from registry.custody.models_looking import BreakGlass
from registry.custody.models_recovery import RecoveryDetail
from registry.identity.models import Person
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.custody.hall import CODES, REASON, SEED, Hall
from tests.custody.test_deposit import entries
from tests.custody.test_looking import rows
from tests.custody.test_pages import ASKED, browser, door, tab, token_in, value_in
from tests.custody.test_second_person import asks

__all__ = ["browser"]


@pytest.fixture
def clerk(hall: Hall) -> Person:
    return hall.world.person("Clara Clerk", Role.CLERK)


def as_somebody(app: Flask, hall: Hall, person: Person) -> FlaskClient:
    client = app.test_client()
    hall.world.sign_in(client, person)
    return client


def test_asking_agreeing_and_looking_go_from_page_to_page(
    app: Flask, hall: Hall, browser: FlaskClient, clerk: Person
) -> None:
    codes = hall.deposit(Kind.RECOVERY_CODES, CODES)
    page = browser.get(door(hall, codes, "reveal"))
    assert "A second person has to agree" in page.text
    assert "break the glass" in page.text
    look = browser.post(door(hall, codes, "reveal"), data=ASKED).headers["Location"]
    mine = browser.get(look)
    assert "Waits for a second person" in mine.text
    assert "Withdraw the request" in mine.text
    assert "A second person to agree" in browser.get(hall.world.path()).text
    assert "Another person must" in browser.get(f"{look}/decide").text
    other = as_somebody(app, hall, clerk)
    assert "May Ann Example see the next recovery code of ExampleWaste?" in other.get(hall.world.path()).text
    assert REASON in other.get(f"{look}/decide").text
    assert "Say why not" in other.post(f"{look}/decide", data={"agrees": "no"}).text
    assert other.post(f"{look}/decide", data={"agrees": "yes"}).headers["Location"] == look
    assert "a second person agreed" in other.get(tab(hall)).text
    assert "You may see the next recovery code of ExampleWaste once" in browser.get(hall.world.path()).text
    assert "See it now" in browser.get(look).text
    ready = browser.post(f"{look}/pick-up")
    shown = browser.post(door(hall, codes, "show"), data={"token": token_in(ready)})
    assert value_in(shown) == "wryneck-one"
    assert "Seen once" in browser.get(look).text
    assert browser.post(f"{look}/pick-up").status_code == 409
    assert "Nobody waits for a second person" in browser.get(hall.world.path("custody/waiting")).text


def test_a_request_is_refused_withdrawn_or_runs_out(
    app: Flask, hall: Hall, browser: FlaskClient, clerk: Person
) -> None:
    codes = hall.deposit(Kind.RECOVERY_CODES, CODES)
    look = browser.post(door(hall, codes, "reveal"), data=ASKED).headers["Location"]
    other = as_somebody(app, hall, clerk)
    other.post(f"{look}/decide", data={"agrees": "no", "words": "Use the app"})
    assert "You may not see the next recovery code of ExampleWaste: Use the app" in browser.get(hall.world.path()).text
    assert "Not agreed" in browser.get(look).text
    look = browser.post(door(hall, codes, "reveal"), data=ASKED).headers["Location"]
    assert browser.post(f"{look}/withdraw").headers["Location"] == tab(hall)
    look = browser.post(door(hall, codes, "reveal/whole"), data=ASKED).headers["Location"]
    assert "the whole list of recovery codes of ExampleWaste" in browser.get(hall.world.path("custody/waiting")).text
    hall.world.clock.advance(hours=25)
    hall.world.sign_in(browser, hall.ann)
    assert "Ran out" in browser.get(look).text


def test_who_cannot_decide_is_told_why(app: Flask, hall: Hall, browser: FlaskClient) -> None:
    look = browser.post(door(hall, hall.deposit(Kind.RECOVERY_CODES, CODES), "reveal"), data=ASKED).headers["Location"]
    stranger = hall.world.cleared(hall.world.area("Parks"), "Pat Example")
    assert "Only somebody who may use this account" in as_somebody(app, hall, stranger).get(look).text


def test_by_exception_one_sees_alone_and_the_page_says_so(hall: Hall, browser: FlaskClient) -> None:
    hall.settle(custody_exception=True, exception_minute="2026/14")
    codes = hall.deposit(Kind.RECOVERY_CODES, CODES)
    page = browser.get(door(hall, codes, "reveal"))
    assert "Seen by one person, by exception" in page.text
    assert "break the glass" not in page.text
    ready = browser.post(door(hall, codes, "reveal"), data=ASKED)
    shown = browser.post(door(hall, codes, "show"), data={"token": token_in(ready)})
    assert value_in(shown) == "wryneck-one"
    assert "the exception of a one-officer council stood in" in browser.get(hall.world.path("custody/looks/1")).text


def test_a_broken_glass_is_on_the_first_page_of_whoever_reviews_it(
    app: Flask, hall: Hall, browser: FlaskClient, clerk: Person
) -> None:
    codes = hall.deposit(Kind.RECOVERY_CODES, CODES)
    ready = browser.post(door(hall, codes, "reveal"), data={**ASKED, "cannot_wait": "y"})
    shown = browser.post(door(hall, codes, "show"), data={"token": token_in(ready)})
    assert value_in(shown) == "wryneck-one"
    assert "Ann Example broke the glass to see it on" in browser.get(tab(hall)).text
    other = as_somebody(app, hall, clerk)
    assert "Review that Ann Example broke the glass for ExampleWaste" in other.get(hall.world.path()).text
    page = other.get(hall.world.path("custody/break-glass/1"))
    assert "Review due" in page.text
    assert other.post(hall.world.path("custody/break-glass/1"), data={"needed": "yes"}).status_code == 422
    said = {"needed": "no", "words": "The codes were replaced the same day"}
    assert other.post(hall.world.path("custody/break-glass/1"), data=said).status_code == 302
    assert "It was not needed. The codes were replaced" in other.get(hall.world.path("custody/break-glass/1")).text


def test_one_holder_has_it_and_the_others_are_told(app: Flask, hall: Hall, browser: FlaskClient, clerk: Person) -> None:
    password, other = hall.deposit(), as_somebody(app, hall, clerk)
    other.post(door(hall, password, "one-holder"), data={"on": "yes"})
    page = browser.get(door(hall, password, "reveal"))
    assert "For how long do you need it to yourself?" in page.text
    ready = browser.post(door(hall, password, "reveal"), data={**ASKED, "hours": "2"})
    browser.post(door(hall, password, "show"), data={"token": token_in(ready)})
    assert "You have it checked out until 20 November 2026, 12:00pm" in browser.get(tab(hall)).text
    assert "Give back what you checked out of ExampleWaste" in browser.get(hall.world.path()).text
    assert "Ann Example has it checked out until" in other.get(tab(hall)).text
    hall.world.clock.advance(minutes=4)
    bob = as_somebody(app, hall, hall.world.cleared(hall.area, "Bob Example"))
    taken = bob.get(door(hall, password, "reveal"))
    assert "Ann Example has it checked out until" in taken.text
    assert "Ask to see it" not in taken.text
    refused = bob.post(door(hall, password, "reveal"), data={**ASKED, "hours": "2"})
    assert (refused.status_code, "Ann Example has it checked out" in refused.text) == (403, True)
    hall.world.clock.advance(hours=3)
    hall.world.sign_in(other, clerk)
    assert "should have given it back by" in other.get(tab(hall)).text
    assert "Overdue" in other.get(hall.world.path("custody/waiting")).text
    other.post(door(hall, password, "give-back"))
    assert "Ann Example gave it back after having it checked out" in other.get(tab(hall)).text
    other.post(door(hall, password, "one-holder"), data={"on": "no"})
    assert "For how long" not in browser.get(door(hall, password, "reveal")).text


def test_codes_in_doubt_are_confirmed_at_one_press(hall: Hall, browser: FlaskClient) -> None:
    codes, password = hall.deposit(Kind.RECOVERY_CODES, CODES), hall.deposit()
    hall.replace(password, "a second, better value")
    assert "these codes may be void" in browser.get(tab(hall)).text
    browser.post(door(hall, codes, "codes-hold"))
    assert "these codes may be void" not in browser.get(tab(hall)).text


def test_a_list_beyond_its_end_says_so_and_leads_back(hall: Hall, browser: FlaskClient) -> None:
    hall.allow_alone()
    codes = hall.deposit(Kind.RECOVERY_CODES, "wryneck-one")
    with hall.world.work() as work:
        work.session.execute(sa.update(SecretVersion).values(items=None))
        work.record(Event.DEMO_MADE)
    assert "Not counted" in browser.get(tab(hall)).text
    for _ in range(2):
        ready = browser.post(door(hall, codes, "reveal"), data=ASKED)
        shown = browser.post(door(hall, codes, "show"), data={"token": token_in(ready)})
    assert shown.headers["Location"] == tab(hall)


def test_a_seed_typed_by_hand_may_say_what_its_platform_says(hall: Hall, browser: FlaskClient) -> None:
    hall.allow_alone()
    said = {"value": SEED, "algorithm": "SHA512", "digits": "8", "period": "3600"}
    assert browser.post(f"{tab(hall)}/deposit/totp", data={**said, "period": "0"}).status_code == 422
    assert browser.post(f"{tab(hall)}/deposit/totp", data=said).status_code == 302
    (seed,) = rows(hall, SecretVersion)
    here = hall.world.path(f"custody/{seed.credential_id}")
    ready = browser.post(f"{here}/reveal/whole", data=ASKED)
    shown = browser.post(f"{here}/show", data={"token": token_in(ready)})
    assert value_in(shown) == f"otpauth://totp/?secret={SEED}&algorithm=SHA512&digits=8&period=3600"
    ready = browser.post(f"{here}/reveal", data=ASKED)
    shown = browser.post(f"{here}/show", data={"token": token_in(ready)})
    assert len(value_in(shown).replace(" ", "")) == 8
    assert 'data-hide-after="120"' in shown.text


def test_recovery_details_are_shown_in_full_to_the_gates_people_only(
    app: Flask, hall: Hall, browser: FlaskClient
) -> None:
    hall.settle(website="https://www.exampleton.example")
    typed = {"kind": "email", "value": "someone@gmail.com", "holder_id": str(hall.ann.id)}
    assert browser.post(f"{tab(hall)}/details/add", data={**typed, "holder_id": ""}).status_code == 422
    assert browser.post(f"{tab(hall)}/details/add", data=typed).status_code == 302
    page = browser.get(tab(hall))
    assert "Email address: someone@gmail.com" in page.text
    assert "looks like a private mailbox" in page.text
    reader = as_somebody(app, hall, hall.world.person("Ada Auditor", Role.AUDITOR))
    assert "s…@gmail.com" in reader.get(tab(hall)).text
    (detail,) = rows(hall, RecoveryDetail)
    here = hall.world.path(f"custody/details/{detail.id}")
    assert 'value="someone@gmail.com"' in browser.get(here).text
    stranger = as_somebody(app, hall, hall.world.cleared(hall.world.area("Parks"), "Pat Example"))
    assert "someone@gmail.com" not in stranger.get(here).text
    assert "You cannot do this yet" in stranger.get(here).text
    changed = {**typed, "kind": "sim", "value": "SIM 7", "lock": "1", "place": "Safe"}
    assert browser.post(here, data=changed).status_code == 302
    assert "SIM card: SIM 7" in browser.get(tab(hall)).text
    both = browser.post(here, data={**changed, "value": "SIM 8", "lock": "1"})
    assert both.status_code == 409
    assert all(words in both.text for words in ("SIM 7", "SIM 8", "changed this recovery detail"))
    assert browser.post(f"{here}/remove").status_code == 302
    assert "SIM 7" not in browser.get(tab(hall)).text
    assert len(entries(hall, "custody.recovery_detail_removed")) == 1


def test_the_clerk_settles_what_takes_two(app: Flask, hall: Hall, clerk: Person) -> None:
    client, here = as_somebody(app, hall, clerk), hall.world.path("settings/custody")
    page = client.get(here)
    assert "may be seen" in page.text
    ways = dict.fromkeys(("password", "api_token", "recovery_code", "recovery_list", "seed"), "approval")
    posted = {f"way_{look}": way for look, way in ways.items()} | {"daily_reveals": "5"}
    with hall.world.house.reading() as session:
        version = session.scalar(sa.text("SELECT version FROM councils"))
    assert client.post(here, data={**posted, "version": version}).status_code == 302
    settings = client.get(hall.world.path("settings")).text
    assert "A password, An API token, The next recovery code" in settings
    exceptions = {"custody_exception": "y", "exception_minute": "", "version": version + 1}
    assert client.post(hall.world.path("settings/exceptions"), data=exceptions).status_code == 422


def test_what_waits_asks_as_often_for_many_as_for_one(hall: Hall, browser: FlaskClient) -> None:
    def cost() -> int:
        with statements(hall.world.house) as sent:
            assert browser.get(hall.world.path("custody/waiting")).status_code == 200
            assert browser.get(tab(hall)).status_code == 200
        return len(sent)

    costs = []
    for number in range(2):
        codes = hall.deposit(Kind.RECOVERY_CODES, f"wryneck-one-{number}")
        browser.post(door(hall, codes, "reveal"), data=ASKED)
        browser.post(door(hall, codes, "reveal/whole"), data={**ASKED, "cannot_wait": "y"})
        costs.append(cost())
    assert costs[0] == costs[1]


def test_an_auditors_first_page_tells_of_what_nobody_agreed_to(app: Flask, hall: Hall, browser: FlaskClient) -> None:
    codes, page = hall.deposit(Kind.RECOVERY_CODES, CODES), hall.world.path()
    auditor = as_somebody(app, hall, hall.world.person("Ada Auditor", Role.AUDITOR))
    assert "ExampleWaste" not in auditor.get(page).text
    asks(hall, codes, hall.ann, cannot_wait=True)
    waiting = asks(hall, codes, hall.ann).look
    hall.settle(custody_exception=True, exception_minute="2026/14")
    assert "lets you go on alone by now" in browser.get(hall.world.path(f"custody/looks/{waiting.id}")).text
    asks(hall, codes, hall.ann)
    told = auditor.get(page).text
    assert "Somebody to review that Ann Example broke the glass for ExampleWaste" in told
    alone = "Ann Example alone could see the next recovery code of ExampleWaste"
    assert alone in told
    assert auditor.get(hall.world.path(f"custody/looks/{waiting.id}")).status_code == 200
    assert alone not in browser.get(page).text
    clerk = hall.world.person("Clara Clerk", Role.CLERK)
    with hall.world.work(clerk) as work:
        destroy(work, codes.id, "ExampleWaste", "Replaced")
    told = auditor.get(page).text
    assert alone in told
    assert tab(hall) in told
    with hall.world.work(clerk) as work:
        review(work, rows(hall, BreakGlass)[0].id, "Fine", was_needed=True)
    hall.world.clock.advance(days=8)
    other = as_somebody(app, hall, hall.world.person("Al Auditor", Role.AUDITOR))
    assert "ExampleWaste" not in other.get(page).text
