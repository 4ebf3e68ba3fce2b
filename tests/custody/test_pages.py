"""The pages of custody, as those meet them who may and who may not."""

import dataclasses
import logging
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.core.house import House
from registry.core.keyfile import make_key
from registry.custody.actions.entry import enter_credential, told
from registry.custody.models import Credential, Kind
from registry.identity.models import Person
from registry.outbox.models import Message
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from registry.web.filters import moment
from tests.counting import statements
from tests.custody.hall import REASON, SEED, VALUE, Hall, build, with_password
from tests.custody.test_deposit import entries
from tests.custody.test_tamper import meddle, sealed_of, spellings
from tests.world import PASSWORD

ASKED = {"occasion": "post", "words": REASON}


@pytest.fixture
def browser(hall: Hall, client: FlaskClient) -> FlaskClient:
    """A browser in which the account's cleared editor is signed in."""
    hall.world.sign_in(client, hall.ann)
    return client


def tab(hall: Hall) -> str:
    return hall.world.path(f"accounts/{hall.account.id}/custody")


def door(hall: Hall, credential: Credential, name: str) -> str:
    return hall.world.path(f"custody/{credential.id}/{name}")


def token_in(page: TestResponse) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def value_in(page: TestResponse) -> str:
    found = re.search(r'id="secret-value"[^>]*>(.*?)</(?:p|pre)>', page.text, re.DOTALL)
    assert found, page.text
    return unescape(re.sub(r"<[^>]+>", "", found[1]))


def test_an_empty_custody_says_what_belongs_there(hall: Hall, browser: FlaskClient) -> None:
    page = browser.get(tab(hall))
    assert page.status_code == 200
    assert "Nothing is in custody for this account" in page.text
    assert "Deposit a password" in page.text
    assert "Your editor training is good until 8 June 2027." in page.text


def test_an_editor_deposits_a_password_and_finds_it_listed(hall: Hall, browser: FlaskClient) -> None:
    typed = {"label": "Main", "sign_in_name": "web@exampleton.example", "notes": "Shared mailbox", "value": VALUE}
    answer = browser.post(f"{tab(hall)}/deposit/password", data={**typed, "again": VALUE})
    assert answer.headers["Location"] == tab(hall)
    page = browser.get(tab(hall))
    for words in (
        "Password, Main",
        "web@exampleton.example",
        "Shared mailbox",
        "Ann Example deposited it on 20 November",
    ):
        assert words in page.text
    assert "you count as somebody who knows it" in page.text


def test_whoever_deposits_a_second_is_shown_the_first_and_asked_for_a_label(hall: Hall, browser: FlaskClient) -> None:
    value = "a value of its own 77"
    address, typed = f"{tab(hall)}/deposit/password", {"value": value, "again": value, "label": ""}
    assert "already" not in browser.get(address).text
    first = hall.deposit()
    page = browser.get(address).text
    assert "Password, deposited 20 November 2026" in page
    assert door(hall, first, "replace") in page
    refused = browser.post(address, data=typed)
    assert refused.status_code == 422
    assert re.search(r'id="label-error"[^>]*>.*?Enter a label that tells this one', refused.text, re.DOTALL)
    assert value not in refused.text
    assert browser.post(address, data={**typed, "label": "Press office"}).status_code == 302


def test_two_that_are_called_the_same_are_told_apart_by_when_they_came(hall: Hall, browser: FlaskClient) -> None:
    first = hall.deposit()
    hall.world.clock.advance(minutes=2)
    second = hall.deposit(value="another good value")
    with hall.world.work(hall.ann) as work:  # as it could be before labels were asked for
        unnamed, account = enter_credential(work, second.id)
        unnamed.label = ""
        work.record(Event.CREDENTIAL_CHANGED, unnamed, **told(unnamed, account, fields=["label"]))
    page = browser.get(tab(hall)).text
    for each in (first, second):
        when = f", deposited {moment(each.deposited_at)}"
        assert f"Password{when}" in page
        assert when in browser.get(door(hall, each, "reveal")).text
    assert page.count("Give this one a label of its own") == 2


def test_two_different_passwords_are_refused_and_never_sent_back(hall: Hall, browser: FlaskClient) -> None:
    typed = {"label": "Main", "notes": "Shared mailbox", "value": VALUE, "again": "something else"}
    page = browser.post(f"{tab(hall)}/deposit/password", data=typed)
    assert page.status_code == 422
    assert "The two passwords are not the same" in page.text
    assert "Shared mailbox" in page.text
    assert 'value="Main"' in page.text
    assert not any(spelling in page.text for spelling in spellings(VALUE))


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("password", "", "Enter the password"),
        ("totp", "0188 0188 0188", "A seed has only the letters A to Z"),
        ("recovery_codes", "Canary-12, Canary-12", "are the same recovery code"),
        ("api_token", "", "Enter the token"),
    ],
)
def test_what_will_not_do_is_said_at_the_field(
    hall: Hall, browser: FlaskClient, kind: str, typed: str, said: str
) -> None:
    page = browser.post(f"{tab(hall)}/deposit/{kind}", data={"value": typed})
    assert page.status_code == 422
    assert said in page.text
    assert not typed or typed not in page.text


def test_there_is_no_fifth_kind(hall: Hall, browser: FlaskClient) -> None:
    assert browser.get(f"{tab(hall)}/deposit/diary").status_code == 404


def test_a_weak_password_is_taken_with_a_warning_that_does_not_show_it(hall: Hall, browser: FlaskClient) -> None:
    browser.post(f"{tab(hall)}/deposit/password", data={"value": "letmein1", "again": "letmein1"})
    page = browser.get(tab(hall))
    assert "Replace it soon. It is shorter than 12 characters." in page.text
    assert "letmein1" not in page.text


@pytest.mark.parametrize(("asked", "pattern"), [("characters", r"\S{24}"), ("words", r"(\w+-){8}\d"), ("x", r"\S{24}")])
def test_the_generator_offers_a_password_and_keeps_what_was_typed(
    hall: Hall, browser: FlaskClient, asked: str, pattern: str
) -> None:
    address = f"{tab(hall)}/deposit/password"
    page = browser.post(address, data={"label": "Main", "value": "", "generate": asked})
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert 'value="Main"' in page.text
    offered = re.search(r'id="value" name="value" type="text" value="([^"]+)"', page.text)
    assert offered
    assert re.fullmatch(pattern, unescape(offered[1]))
    taken = {"label": "x" * 121, "value": unescape(offered[1]), "generated": "yes"}
    assert offered[1] in browser.post(address, data=taken).text
    assert browser.post(address, data={**taken, "label": "Main"}).status_code == 302
    (credential_id,) = ids(hall)
    browser.post(hall.world.path(f"custody/{credential_id}/reveal"), data=ASKED)
    assert len(entries(hall, "custody.reveal_granted")) == 1


def test_an_offered_password_stays_in_its_page_while_whoever_has_it_confirms_beside(
    hall: Hall, browser: FlaskClient
) -> None:
    """The platform may have it by now, and nobody else: not the session, not an address, not another page."""
    hall.world.has_password(hall.ann)
    held, address = hall.deposit(), f"{tab(hall)}/deposit/password"
    taken = {"label": "Second", "value": "offered-Long-77", "generated": "yes"}
    for at, data in (
        (address, taken),
        (door(hall, held, "replace"), {**taken, "version": "1", "value": "two-Long-77"}),
    ):
        hall.world.clock.advance(minutes=6)
        late = browser.post(at, data=data)
        assert late.status_code == 422
        assert "It is not in custody yet: first confirm that it is you" in late.text
        assert f'name="value" type="text" value="{data["value"]}"' in late.text
        assert 'href="/confirm?next=/confirm/done" target="_blank"' in late.text
        with browser.session_transaction() as cookie:
            assert data["value"] not in str(dict(cookie))
        beside = browser.post("/confirm?next=/confirm/done", data={"password": PASSWORD}, follow_redirects=True)
        assert "Go back to the other tab" in beside.text
        assert browser.post(at, data=data).status_code == 302
    assert len(entries(hall, "custody.deposited")) == 2
    assert len(entries(hall, "custody.replaced")) == 1


def test_whatever_is_not_the_generators_is_asked_for_on_the_page_that_confirms(
    hall: Hall, browser: FlaskClient
) -> None:
    hall.world.clock.advance(minutes=6)
    offered = {"value": "offered-Long-77", "generated": "yes"}
    for data in ({"value": VALUE, "again": VALUE}, {**offered, "value": ""}, {**offered, "generate": "words"}):
        page = browser.post(f"{tab(hall)}/deposit/password", data=data).text
        assert "except passwords and other secrets: those are asked for again" in page
        assert not any(spelling in page for spelling in (*spellings(VALUE), "offered-Long-77"))
    assert entries(hall, "custody.deposited") == []


def test_an_offered_password_is_taken_as_the_page_holds_it(hall: Hall, browser: FlaskClient) -> None:
    """A browser sends every field of a name, and the first counts."""
    address = f"{tab(hall)}/deposit/password"
    page = browser.post(address, data={"generate": "characters"}).text
    marks = re.findall(r'name="generated"[^>]* value="(\w*)"', page)
    offered = re.search(r'id="value" name="value" type="text" value="([^"]+)"', page)
    assert offered
    assert browser.post(address, data={"value": unescape(offered[1]), "generated": marks}).status_code == 302


def test_a_password_typed_after_an_offered_one_is_typed_twice_again(hall: Hall, browser: FlaskClient) -> None:
    page = browser.post(f"{tab(hall)}/deposit/password", data={"value": "", "generated": "yes"}).text
    assert "The same password again" in page
    assert re.findall(r'name="generated"[^>]* value="(\w*)"', page) == [""]


def ids(hall: Hall) -> list[int]:
    with hall.world.house.reading() as session:
        return list(session.scalars(sa.select(Credential.id)))


def test_the_value_is_shown_once_alone_and_nowhere_kept(hall: Hall, browser: FlaskClient) -> None:
    credential = hall.deposit(label="Main")
    asked = browser.get(door(hall, credential, "reveal"))
    assert "Why you may" in asked.text
    assert "You are named as an editor for its service area." in asked.text
    ready = browser.post(door(hall, credential, "reveal"), data=ASKED)
    assert ready.status_code == 200
    assert VALUE not in unescape(ready.text)
    shown = browser.post(door(hall, credential, "show"), data={"token": token_in(ready)})
    assert value_in(shown) == VALUE
    assert shown.headers["Cache-Control"] == "no-store"
    assert 'data-hide-after="30"' in shown.text
    assert f'href="{tab(hall)}"' in shown.text
    beside = re.sub(r'id="secret-value"[^>]*>.*?</p>', "", shown.text)
    assert not any(spelling in beside for spelling in spellings(VALUE))
    assert "It holds at least one space" in shown.text
    again = browser.post(door(hall, credential, "show"), data={"token": token_in(ready)})
    assert again.status_code == 409
    assert "Ask again" in again.text
    assert browser.get(door(hall, credential, "show")).status_code == 405
    assert "Ann Example saw it on 20 November 2026, 10:00am" in browser.get(tab(hall)).text


def test_whoever_has_not_proved_lately_that_it_is_them_is_asked_and_keeps_the_reason(
    hall: Hall, browser: FlaskClient
) -> None:
    credential = hall.deposit()
    hall.world.clock.advance(minutes=6)
    for name in ("reveal", "replace"):
        assert "/confirm?next=" in browser.get(door(hall, credential, name)).headers["Location"]
    asked = browser.post(door(hall, credential, "reveal"), data=ASKED)
    assert "Confirm that it is you" in asked.text
    assert REASON in asked.text
    typed = browser.post(f"{tab(hall)}/deposit/password", data={"value": VALUE, "again": VALUE, "notes": "Kept"})
    assert "Kept" in typed.text
    assert not any(spelling in typed.text for spelling in spellings(VALUE))
    assert entries(hall, "custody.reveal_granted") == []


def test_a_reason_must_be_picked_and_typed(hall: Hall, browser: FlaskClient) -> None:
    credential = hall.deposit()
    page = browser.post(door(hall, credential, "reveal"), data={"words": "short", "password": PASSWORD})
    assert page.status_code == 422
    assert "Choose what you need it for" in page.text
    page = browser.post(door(hall, credential, "reveal"), data={**ASKED, "words": "short"})
    assert "Say in 10 to 200 characters" in page.text


@pytest.mark.parametrize(("second", "shows_next"), [(5, False), (19, False), (20, True), (29, True)])
def test_a_two_step_code_comes_without_its_seed(
    hall: Hall, browser: FlaskClient, second: int, shows_next: bool
) -> None:
    hall.world.clock.moment = datetime(2026, 11, 20, 10, 0, second, tzinfo=UTC)
    credential = hall.deposit(Kind.TOTP, SEED)
    ready = browser.post(door(hall, credential, "reveal"), data=ASKED)
    shown = browser.post(door(hall, credential, "show"), data={"token": token_in(ready)})
    assert re.fullmatch(r"\d{6}", value_in(shown))
    assert f"Code for the next {30 - second} seconds" in shown.text
    assert ("Then:" in shown.text) is shows_next
    assert SEED not in shown.text
    assert "saw it" not in browser.get(tab(hall)).text


def test_a_recovery_code_is_shown_alone_and_the_whole_list_only_on_request(hall: Hall, browser: FlaskClient) -> None:
    hall.allow_alone()
    credential = hall.deposit(Kind.RECOVERY_CODES, "1234 5678, abcd-efgh")
    ready = browser.post(door(hall, credential, "reveal"), data=ASKED)
    shown = browser.post(door(hall, credential, "show"), data={"token": token_in(ready)})
    assert value_in(shown).replace(" ", "") == "12345678"
    assert "abcd" not in shown.text
    assert "Recovery code 1" in shown.text
    page = browser.get(tab(hall))
    assert "1 of 2 left" in page.text
    assert "Code 1: Ann Example, 20 November 2026, 10:00am. Posting or scheduling: The notice" in page.text
    assert "Only 1 recovery code left." in page.text
    ready = browser.post(door(hall, credential, "reveal/whole"), data=ASKED)
    shown = browser.post(door(hall, credential, "show"), data={"token": token_in(ready)})
    assert value_in(shown) == "1234 5678\nabcd-efgh"
    assert "2 codes, each good for one use" in shown.text


def test_replacing_by_page_makes_the_next_version(hall: Hall, browser: FlaskClient) -> None:
    credential = hall.deposit()
    page = browser.get(door(hall, credential, "replace"))
    assert "Version 1 is in force now" in page.text
    same = browser.post(door(hall, credential, "replace"), data={"version": 1, "value": VALUE, "again": VALUE})
    assert same.status_code == 422
    assert "Change it on the platform first" in same.text
    new = {"version": "1", "value": "A second, better value", "again": "A second, better value"}
    assert browser.post(door(hall, credential, "replace"), data=new).status_code == 302
    stale = browser.post(door(hall, credential, "replace"), data={**new, "value": "Third one", "again": "Third one"})
    assert stale.status_code == 409
    nonsense = browser.post(door(hall, credential, "replace"), data={**new, "version": "²"})
    assert nonsense.status_code == 409
    assert len(entries(hall, "custody.replaced")) == 1


def test_notes_are_changed_by_page_and_a_stale_page_keeps_both(hall: Hall, browser: FlaskClient) -> None:
    credential = hall.deposit(label="Main")
    page = browser.get(door(hall, credential, "notes"))
    lock = re.search(r'name="lock"[^>]*value="(\d+)"', page.text)
    assert lock
    data = {"lock": lock[1], "label": "Main", "sign_in_name": "web@exampleton.example", "notes": ""}
    assert browser.post(door(hall, credential, "notes"), data=data).status_code == 302
    stale = browser.post(door(hall, credential, "notes"), data={**data, "notes": "My own words"})
    assert stale.status_code == 409
    assert "My own words" in stale.text
    long = browser.post(door(hall, credential, "notes"), data={**data, "label": "x" * 121})
    assert long.status_code == 422


def test_the_clerk_destroys_by_typing_the_handle(hall: Hall, client: FlaskClient) -> None:
    credential = hall.deposit()
    hall.world.sign_in(client, hall.world.person("Clerk", Role.CLERK))
    page = client.get(door(hall, credential, "destroy"))
    assert "Nobody can bring it back." in page.text
    nothing = client.post(door(hall, credential, "destroy"), data={"handle": "ExampleWaste"})
    assert nothing.status_code == 422
    assert "Say why it is not needed any more" in nothing.text
    wrong = client.post(door(hall, credential, "destroy"), data={"handle": "Other", "reason": "Given up"})
    assert "Type ExampleWaste to confirm" in wrong.text
    done = client.post(door(hall, credential, "destroy"), data={"handle": "ExampleWaste", "reason": "Given up"})
    assert done.headers["Location"] == tab(hall)
    page = client.get(tab(hall))
    assert "Password, version 1, on 20 November 2026" in page.text
    assert client.get(door(hall, credential, "reveal")).status_code == 404


def test_an_ended_account_lets_its_credential_go_without_a_reason(hall: Hall, client: FlaskClient) -> None:
    credential = hall.deposit()
    with hall.world.house.behind.engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.text("UPDATE accounts SET state = 'closed', ended_on = '2026-11-01'"))
    hall.world.sign_in(client, hall.world.person("Clerk", Role.CLERK))
    assert client.post(door(hall, credential, "destroy"), data={"handle": "@ExampleWaste"}).status_code == 302


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MANAGER])
def test_auditor_and_manager_see_the_list_and_open_nothing(hall: Hall, client: FlaskClient, role: Role) -> None:
    credential = hall.deposit()
    hall.world.sign_in(client, with_password(hall.world, hall.world.person("Reader", role)))
    page = client.get(tab(hall))
    assert page.status_code == 200
    assert "They do not open any credential." in page.text
    assert "Reveal" not in page.text
    assert_shut(hall, client, credential)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MANAGEMENT_TEAM, None])
def test_administrator_management_team_and_staff_do_not_even_see_the_list(
    hall: Hall, client: FlaskClient, role: Role | None
) -> None:
    credential = hall.deposit()
    person = hall.world.person("Somebody", *([role] if role else []))
    hall.world.sign_in(client, person)
    assert client.get(tab(hall)).status_code == 403
    assert_shut(hall, client, credential)


def assert_shut(hall: Hall, client: FlaskClient, credential: Credential) -> None:
    for name in ("reveal", "replace", "notes", "destroy"):
        assert client.get(door(hall, credential, name)).status_code == 403
        assert client.post(door(hall, credential, name), data=ASKED).status_code == 403
    assert client.post(door(hall, credential, "show")).status_code == 403
    assert client.get(f"{tab(hall)}/deposit/password").status_code == 403
    assert entries(hall, "custody.reveal_granted") == []


def test_an_editor_of_another_service_area_is_told_why_not(hall: Hall, client: FlaskClient) -> None:
    credential = hall.deposit()
    other = build(hall.world, "ExampleParks", "Pat Example", "Parks")
    hall.world.sign_in(client, other.ann)
    page = client.get(tab(hall))
    assert "not named as an editor" in page.text
    assert "Replace" not in page.text
    asked = client.get(door(hall, credential, "reveal"))
    assert "Why you may not" in asked.text
    assert 'name="password"' not in asked.text
    refused = client.post(door(hall, credential, "reveal"), data=ASKED)
    assert refused.status_code == 403
    assert ASKED["words"] in refused.text
    typed = {"value": VALUE, "again": VALUE, "notes": "Set on a Tuesday", "label": "Mine"}
    closed = client.get(f"{tab(hall)}/deposit/password")
    assert "You cannot do this yet" in closed.text
    assert 'name="value"' not in closed.text
    refused = client.post(f"{tab(hall)}/deposit/password", data=typed)
    assert refused.status_code == 403
    assert "not named as an editor" in refused.text
    assert "Set on a Tuesday" in refused.text
    assert VALUE not in refused.text


def test_days_of_grace_and_acting_by_role_are_told_in_the_ticks(hall: Hall, client: FlaskClient) -> None:
    comms = hall.world.person("Comms", Role.COMMS)
    hall.world.trained(comms)
    hall.world.signed(comms)
    hall.world.policy("2", hall.world.day(-3), sign_by_on=hall.world.day(4))
    hall.world.sign_in(client, comms)
    page = client.get(tab(hall))
    assert "You have until 24 November 2026 to sign the new version of the policy." in page.text
    assert "Your role lets you act for every account." in page.text


def test_another_councils_credentials_are_not_there(hall: Hall, browser: FlaskClient) -> None:
    elsewhere = build(hall.world.another(), "ExampleElse", "Olu Example")
    credential = elsewhere.deposit()
    for address in (
        f"accounts/{elsewhere.account.id}/custody",
        f"accounts/{elsewhere.account.id}/custody/deposit/totp",
    ):
        assert browser.get(hall.world.path(address)).status_code == 404
    for name in ("reveal", "replace", "notes"):
        assert browser.get(door(hall, credential, name)).status_code == 404
        assert browser.post(door(hall, credential, name), data=ASKED).status_code == 404
    assert browser.post(door(hall, credential, "show"), data={"token": "x"}).status_code == 404


def test_a_tampered_value_is_told_and_entered_in_the_trail(hall: Hall, browser: FlaskClient) -> None:
    credential = hall.deposit()
    sealed = bytearray(sealed_of(hall, credential))
    sealed[-1] ^= 1
    meddle(hall, credential, bytes(sealed))
    ready = browser.post(door(hall, credential, "reveal"), data=ASKED)
    shown = browser.post(door(hall, credential, "show"), data={"token": token_in(ready)})
    assert shown.status_code == 403
    assert "was altered, or moved from where it belongs" in shown.text
    assert "altered" in entries(hall, "act.refused")[-1]["detail"]["reasons"][0]


def close_custody(app: Flask, house: House, key_file: Path) -> None:
    settings = dataclasses.replace(house.settings, root_key_file=key_file)
    app.extensions["house"] = dataclasses.replace(house, settings=settings)


@pytest.mark.parametrize("foreign", [False, True])
def test_closed_custody_still_lists_and_says_what_the_administrator_must_do(
    app: Flask, hall: Hall, browser: FlaskClient, tmp_path: Path, foreign: bool
) -> None:
    credential = hall.deposit()
    token = token_in(browser.post(door(hall, credential, "reveal"), data=ASKED))
    key_file = tmp_path / "root.key"
    if foreign:
        make_key(key_file)
    close_custody(app, hall.world.house, key_file)
    said = "Put the first key back" if foreign else "Put it back from its safe place"
    page = browser.get(tab(hall))
    assert page.status_code == 200
    assert "Custody is closed" in page.text
    assert said in page.text
    assert "Reveal" not in page.text
    typed = {"value": "never kept at all", "again": "never kept at all", "version": "1"}
    doors = [(f"{tab(hall)}/deposit/password", typed), (door(hall, credential, "replace"), typed)]
    doors += [(door(hall, credential, "reveal"), ASKED), (door(hall, credential, "show"), {"token": token})]
    for address, data in doors:
        answer = browser.post(address, data=data)
        assert answer.status_code == 503
        assert said in answer.text
    assert key_file.exists() is foreign
    assert hall.exposures(credential) == [(1, hall.ann.id, "typed", 1)]
    assert len(ids(hall)) == 1


def test_a_value_never_reaches_a_page_the_trail_the_log_or_the_outbox(
    hall: Hall, browser: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []

    def see(answer: TestResponse) -> TestResponse:
        seen.append(answer.text + repr(answer.headers) + repr(answer.request.url))
        return answer

    typed = {"value": VALUE, "again": VALUE, "label": "Main"}
    see(browser.post(f"{tab(hall)}/deposit/password", data={**typed, "again": "x"}))
    see(browser.post(f"{tab(hall)}/deposit/password", data={**typed, "label": "x" * 121}))
    see(browser.post(f"{tab(hall)}/deposit/password", data=typed))
    see(browser.get(tab(hall)))
    (credential_id,) = ids(hall)
    here = hall.world.path(f"custody/{credential_id}")
    see(browser.post(f"{here}/replace", data={**typed, "version": "1"}))
    see(browser.post(f"{here}/replace", data={**typed, "version": "9"}))
    ready = see(browser.post(f"{here}/reveal", data=ASKED))
    assert value_in(browser.post(f"{here}/show", data={"token": token_in(ready)})) == VALUE
    see(browser.post(f"{here}/show", data={"token": token_in(ready)}))
    for name in ("reveal", "replace", "notes"):
        see(browser.get(f"{here}/{name}"))
    see(browser.get(tab(hall)))
    with browser.session_transaction() as cookie:
        seen.append(repr(dict(cookie)))
    with hall.world.house.reading() as session:
        seen.extend(message.body for message in session.scalars(sa.select(Message)))
    seen.append(repr(entries_of_everything(hall)))
    seen.append(caplog.text)
    everything = "\n".join(seen) + unescape("\n".join(seen))
    assert "Main" in everything
    assert [spelling for spelling in spellings(VALUE) if spelling in everything] == []


def entries_of_everything(hall: Hall) -> list[str]:
    from registry.audit.models import Entry

    with hall.world.house.reading() as session:
        return list(session.scalars(sa.select(Entry.body)))


def test_the_list_asks_as_often_for_nine_credentials_as_for_one(hall: Hall, browser: FlaskClient) -> None:
    def cost() -> int:
        with statements(hall.world.house) as sent:
            assert browser.get(tab(hall)).status_code == 200
        return len(sent)

    hall.deposit()
    browser.get(tab(hall))
    few = cost()
    for number in range(8):
        hall.deposit(value=f"another good value {number}", by=another_editor(hall, number))
    assert cost() == few


def another_editor(hall: Hall, number: int) -> Person:
    return hall.world.cleared(hall.area, f"Editor {number}")


def test_a_value_shared_by_two_accounts_is_shown_as_shared(hall: Hall, browser: FlaskClient) -> None:
    other = hall.world.account(hall.area, handle="ExampleTip", name="Example Tip")
    hall.deposit(value="the very same value")
    hall.deposit(value="the very same value", account=other)
    assert "The same value is in custody for Example Tip." in browser.get(tab(hall)).text
