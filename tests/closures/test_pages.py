"""The pages about an account's end, as people meet them."""

from datetime import date
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from registry.accounts.models import AccountState
from registry.closures import actions
from registry.closures.queries import open_closure
from registry.closures.tasks import Ending, tasks_for
from registry.vocabulary.permissions import Role
from tests.closures.making import scene
from tests.counting import statements
from tests.world import World


def boxes(day: date) -> list[int]:
    return [day.day, day.month, day.year]


def typed(world: World, **facts: Any) -> dict[str, Any]:
    return {
        "reason": "Nobody follows it",
        "minute_ref": "Minute 12",
        "last_day_on": boxes(world.day(28)),
        "instead": "www.exampleton.example",
        **facts,
    }


def test_an_account_is_ended_in_three_pages_and_the_public_sentence_can_be_reworded(
    world: World, client: FlaskClient
) -> None:
    s = scene(world)
    world.sign_in(client, s.comms)
    door = world.path(f"accounts/{s.account.id}/close")
    page = client.get(door).text
    assert all(ending.label in page for ending in Ending)
    assert "somebody else may take the name" in page
    page = client.get(f"{door}?ending=mothball").text
    assert "Day to look at it again" in page
    assert 'value="18"' in page
    assert "To whom" not in page
    said = typed(world, review_on=boxes(world.day(300)))
    page = client.post(f"{door}?ending=mothball", data=said).text
    assert "has not used or monitored this account since 18 December 2026. Please use www.exampleton.example." in page
    carried = {**said, "last_day_on": world.day(28).isoformat(), "review_on": world.day(300).isoformat()}
    page = client.post(f"{door}?ending=mothball", data={**carried, "back": "yes"}).text
    assert "Nobody follows it" in page
    assert 'value="18"' in page
    answer = client.post(f"{door}?ending=mothball", data={**carried, "public_message": "It rests."})
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).text
    assert "It rests." in page
    assert f"0 of {len(tasks_for(Ending.MOTHBALL))} steps done; last day 18 December 2026 (in 4 weeks)" in page
    assert client.get(door).headers["Location"] == answer.headers["Location"]
    again = client.post(f"{door}?ending=close", data={**carried, "public_message": "Twice."})
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("ending", "change", "said"),
    [
        ("close", {"reason": ""}, "Enter why the account ends"),
        ("close", {"last_day_on": [19, 11, 2026]}, "The last day must be today or later"),
        ("close", {"last_day_on": [31, 12, 2190]}, "within 12 months"),
        ("mothball", {}, "Enter the day to look at the account again"),
        ("mothball", {"review_on": [1, 1, 2029]}, "within 12 months of the last day"),
        ("hand_over", {}, "Enter to whom the account is handed over"),
        ("close", {"public_message": ""}, "Enter what the public register will say"),
    ],
)
def test_what_cannot_stand_is_said_at_its_field_and_what_was_typed_stays(
    world: World, client: FlaskClient, ending: str, change: dict[str, Any], said: str
) -> None:
    s = scene(world)
    world.sign_in(client, s.comms)
    answer = client.post(world.path(f"accounts/{s.account.id}/close?ending={ending}"), data=typed(world, **change))
    assert answer.status_code == 422
    assert said in answer.text
    assert "Minute 12" in answer.text
    assert not s.fresh(s.account).under_closure


def test_no_ending_chosen_and_none_possible_are_both_said(world: World, client: FlaskClient) -> None:
    s = scene(world)
    gone = world.account(s.area, "facebook", "Gone", state=AccountState.CLOSED)
    rests = world.account(s.area, "facebook", "Rests", state=AccountState.MOTHBALLED, mothball_review_on=world.day(9))
    world.sign_in(client, s.comms)
    answer = client.get(world.path(f"accounts/{s.account.id}/close?ending="))
    assert answer.status_code == 422
    assert "Choose how the account should end" in answer.text
    assert "cannot be closed" in client.get(world.path(f"accounts/{gone.id}/close")).text
    page = client.get(world.path(f"accounts/{rests.id}/close")).text
    assert 'value="close"' in page
    assert 'value="mothball"' not in page


def test_the_planned_end_is_proposed_as_the_last_day(world: World, client: FlaskClient) -> None:
    s = scene(world, planned_end_on=world.day(11))
    world.sign_in(client, s.comms)
    page = client.get(world.path(f"accounts/{s.account.id}/close?ending=close")).text
    assert 'name="last_day_on" type="text" value="1"' in page


def test_a_step_is_done_on_its_own_page_with_words_to_copy_and_taken_up_again(
    world: World, client: FlaskClient
) -> None:
    s = scene(world)
    closure = s.begun(instead="www.exampleton.example")
    world.sign_in(client, s.comms)
    door = world.path(f"closures/{closure.id}/steps/tell_first")
    page = client.get(door).text
    assert "This account will close on 18 December 2026. After that you will find us at www.exampleton.example." in page
    assert "readonly" in page
    refused = client.post(door, data={"proof": ""})
    assert refused.status_code == 422
    assert "this step must be proven" in refused.text
    assert client.post(door, data={"proof": "https://x.com/a/1"}).status_code == 302
    page = client.get(door).text
    assert "https://x.com/a/1" in page
    assert "20 November 2026 (today), by Cora Comms" in page
    assert "1 of" in client.get(world.path(f"closures/{closure.id}")).text
    assert client.post(f"{door}/reopen").status_code == 302
    assert "This step is done" in client.get(door).text
    assert client.get(world.path(f"closures/{closure.id}/steps/nothing")).status_code == 404


def test_a_step_may_be_not_needed_with_a_reason_or_handed_on(world: World, client: FlaskClient) -> None:
    s, olga = scene(world), world.person("Olga Owner")
    closure = s.begun()
    world.sign_in(client, s.comms)
    door = world.path(f"closures/{closure.id}/steps/print")
    refused = client.post(f"{door}/not-needed", data={"why": ""})
    assert refused.status_code == 422
    assert "Enter why the step is not needed" in refused.text
    handed = {"lock": "1", "owner_id": olga.id, "due_on": boxes(world.day(3))}
    refused = client.post(f"{door}/hand-on", data={**handed, "due_on": boxes(world.day(-3))})
    assert refused.status_code == 422
    assert "today or later" in refused.text
    assert client.post(f"{door}/hand-on", data=handed).status_code == 302
    assert "Olga Owner" in client.get(door).text
    assert client.post(f"{door}/not-needed", data={"why": "Never printed"}).status_code == 302
    assert "Never printed" in client.get(door).text
    must = world.path(f"closures/{closure.id}/steps/archive")
    assert "It is not needed" not in client.get(must).text
    assert client.post(f"{must}/not-needed", data={"why": "No"}).status_code == 403


def test_an_owner_without_any_hat_does_their_step_and_no_other(world: World, client: FlaskClient) -> None:
    s, olga = scene(world), world.person("Olga Owner")
    gone = world.person("Gone Soon", ends_on=world.day(2))
    closure = s.begun()
    with world.work(s.comms) as work:
        actions.hand_on_step(work, closure.id, "links", 1, olga.id, world.day(20))
        actions.hand_on_step(work, closure.id, "archive", 1, gone.id, world.day(20))
    world.clock.advance(days=5)
    world.sign_in(client, olga)
    own, other = (world.path(f"closures/{closure.id}/steps/{key}") for key in ("links", "archive"))
    assert client.post(own, data={"proof": "Footer changed"}).status_code == 302
    assert "You cannot change this step" in client.get(other).text
    refused = client.post(other, data={"proof": "Mine was quicker"})
    assert refused.status_code == 403
    assert "Mine was quicker" in refused.text
    assert client.get(world.path(f"closures/{closure.id}/complete")).status_code == 403
    world.sign_in(client, s.comms)
    assert "Gone Soon (left)" in client.get(other).text


def test_completing_is_explained_then_done_and_said_in_public(world: World, client: FlaskClient) -> None:
    s = scene(world)
    closure = s.begun(last_day_on=world.today, instead="www.exampleton.example")
    world.sign_in(client, s.comms)
    here, door = world.path(f"closures/{closure.id}"), world.path(f"closures/{closure.id}/complete")
    page = client.get(here).text
    assert "It cannot be completed yet" in page
    assert "steps that must be done are open" in page
    assert client.post(door).status_code == 403
    s.finished(closure)
    assert "Complete it" in client.get(here).text
    assert "This cannot be undone" in client.get(door).text
    assert client.post(door).headers["Location"] == here
    account = s.fresh(s.account)
    assert account.state is AccountState.CLOSED
    assert account.public_note == (
        "Exampleton Council closed this account on 20 November 2026. Please use www.exampleton.example."
    )
    page = client.get(here).text
    assert "It is closed" in page
    assert "Not done" in page
    world.clock.advance(days=26)
    world.sign_in(client, s.comms)
    assert page.count("To do") == 2
    assert client.get(here).text.count("1 day late") == 1
    assert client.post(door).status_code == 409
    assert client.get(door).status_code == 409


def test_an_editor_sees_that_all_is_done_and_who_completes_it(world: World, client: FlaskClient) -> None:
    s = scene(world)
    closure = s.begun(last_day_on=world.today)
    s.finished(closure)
    world.sign_in(client, world.cleared(s.area))
    assert "Communications or the Clerk can complete it now" in client.get(world.path(f"closures/{closure.id}")).text


def test_a_closure_is_changed_or_abandoned(world: World, client: FlaskClient) -> None:
    s = scene(world)
    closure = s.begun(Ending.HAND_OVER)
    world.sign_in(client, s.comms)
    here = world.path(f"closures/{closure.id}")
    said = {"last_day_on": boxes(world.day(40)), "successor": "Bin Fans", "public_message": "Theirs now."}
    assert client.post(f"{here}/change", data={**said, "successor": ""}).status_code == 422
    assert client.post(f"{here}/change", data=said).status_code == 302
    page = client.get(here).text
    assert "Bin Fans" in page
    assert "Theirs now." in page
    assert client.post(f"{here}/abandon", data={"why": ""}).status_code == 422
    assert client.post(f"{here}/abandon", data={"why": "The committee thinks again."}).status_code == 302
    page = client.get(here).text
    assert "The committee thinks again." in page
    assert "Not done" in page
    assert client.get(f"{here}/abandon").status_code == 409
    late = client.post(f"{here}/abandon", data={"why": "I think so too."})
    assert (late.status_code, "I think so too." in late.text) == (409, True)


def test_the_list_tells_how_far_each_is_what_rests_and_what_is_over(world: World, client: FlaskClient) -> None:
    s = scene(world)
    world.sign_in(client, s.comms)
    for show, said in (
        ("open", "No account is being ended"),
        ("mothballed", "No account is mothballed"),
        ("past", "No closure is over yet"),
        ("nonsense", "No account is being ended"),
    ):
        assert said in client.get(world.path(f"closures?show={show}")).text
    rests = world.account(s.area, "facebook", "Rests", state=AccountState.MOTHBALLED, mothball_review_on=world.day(-9))
    closure = s.begun(last_day_on=world.day(3))
    assert "Due today" in client.get(world.path("closures")).text
    assert "Stalled" not in client.get(world.path("closures")).text
    world.clock.advance(days=8)
    world.sign_in(client, s.comms)
    page = client.get(world.path("closures")).text
    assert "Stalled" in page
    assert "steps are late" in page
    assert f"accounts/{rests.id}/mothball-review" in client.get(world.path("closures?show=mothballed")).text
    assert "days late" in client.get(world.path(f"closures/{closure.id}")).text
    with world.work(s.comms) as work:
        actions.abandon(work, closure.id, "Not yet")
    assert "Abandoned" in client.get(world.path("closures?show=past")).text


def test_lists_ask_the_database_as_often_for_many_as_for_few(world: World, client: FlaskClient) -> None:
    s = scene(world)
    s.begun()
    world.sign_in(client, s.comms)
    client.get(world.path("closures"))  # what is asked once in the life of the application
    with statements(world.house) as few:
        client.get(world.path("closures"))
    accounts = [world.account(s.area, "x", f"Example{n}") for n in range(60)]
    with world.work(s.comms) as work:
        for account in accounts:
            actions.start(work, account.id, s.plan())
    with statements(world.house) as many:
        page = client.get(world.path("closures")).text
    assert len(many) == len(few)
    assert 'rel="next"' in page
    following = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "11 shown" in client.get(world.path("closures") + following).text


def test_a_mothballed_account_is_decided_on_again(world: World, client: FlaskClient) -> None:
    s = scene(world)
    s.completed(Ending.MOTHBALL)
    world.sign_in(client, s.comms)
    door = world.path(f"accounts/{s.account.id}/mothball-review")
    assert "Wake it, let it rest, or end it" in client.get(door).text
    version = s.fresh(s.account).version
    refused = client.post(door, data={"until": boxes(world.day(366)), "version": version})
    assert refused.status_code == 422
    assert "within 12 months" in refused.text
    assert client.post(door, data={"until": boxes(world.day(365)), "version": version}).status_code == 302
    assert s.fresh(s.account).mothball_review_on == world.day(365)
    live = world.account(s.area, "facebook", "Live")
    assert "There is nothing to decide here" in client.get(world.path(f"accounts/{live.id}/mothball-review")).text


def test_other_councils_and_other_roles_stay_outside(world: World, client: FlaskClient) -> None:
    s, other = scene(world), world.another()
    closure = s.begun()
    world.sign_in(client, other.person("Eve Elsewhere", Role.COMMS))
    for rest in ("closures/{0}", "closures/{0}/steps/archive", "closures/{0}/complete", "closures/{0}/change"):
        assert client.get(other.path(rest.format(closure.id))).status_code == 404
    assert client.get(other.path(f"accounts/{s.account.id}/close")).status_code == 404
    world.sign_in(client, world.person("Ann Example"))
    assert client.get(world.path(f"closures/{closure.id}")).status_code == 200
    for rest in (f"closures/{closure.id}/abandon", f"accounts/{s.account.id}/close"):
        assert client.get(world.path(rest)).status_code == 403


def test_the_banner_tells_how_far_an_end_is(world: World, client: FlaskClient, app: Flask) -> None:
    s = scene(world)
    s.begun(last_day_on=world.day(10))
    source = '{% from "closures/_banner.html" import closure_banner with context %}{{ closure_banner(going) }}'
    with app.test_request_context(world.path("closures")):
        app.preprocess_request()
        for days, said in ((0, f"0 of {len(tasks_for(Ending.CLOSE))} steps done"), (8, "It has stalled")):
            with world.house.reading() as session:
                going = open_closure(session, world.council.id, s.account.id, world.day(days))
            assert said in render_template_string(source, going=going)
        assert render_template_string(source, going=None).strip() == ""
