"""At the door: strangers sign in, the wrong hat is refused and noted, another council is not there."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.audit.models import Entry
from registry.vocabulary.permissions import Role
from registry.web import context
from tests.world import World

DOOR_SHUT = "Your roles in this council do not open this page."
WHO_MAY = "It opens to: Clerk, IT administrator. If your work needs it, ask one of them."


def last_entry(world: World) -> dict[str, object]:
    with world.house.reading() as session:
        entry = session.query(Entry).filter_by(chain=world.council.id).order_by(Entry.seq.desc()).first()
        assert entry is not None
        return dict(json.loads(entry.body))


def test_a_stranger_is_asked_to_sign_in_and_led_back(client: FlaskClient, world: World) -> None:
    answer = client.get(world.path("people?q=ann"))
    assert answer.headers["Location"] == f"/sign-in?next=%2Fc%2F{world.council.slug}%2Fpeople%3Fq%3Dann"
    assert client.post(world.path("settings/names")).headers["Location"] == "/sign-in"


def test_a_stranger_cannot_tell_whether_a_council_exists(client: FlaskClient, world: World) -> None:
    here, nowhere = client.get(world.path("people")), client.get("/c/nowhere/people")
    assert here.status_code == nowhere.status_code == 302


def test_the_wrong_hat_is_refused_with_a_reason_and_an_entry(client: FlaskClient, world: World) -> None:
    person = world.person("Ann Example")
    world.sign_in(client, person)
    answer = client.get(world.path("settings"))
    assert answer.status_code == 403
    assert DOOR_SHUT in answer.text
    assert WHO_MAY in answer.text
    entry = last_entry(world)
    assert (entry["act"], entry["actor"], entry["outcome"]) == ("door.refused", person.id, "refused")


def test_a_refusal_is_json_where_json_was_asked_for(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person("Ann Example"))
    answer = client.get(world.path("settings"), headers={"Accept": "application/json"})
    assert answer.json == {"error": 403, "reasons": [DOOR_SHUT, WHO_MAY]}


def test_another_council_and_a_missing_one_are_equally_not_there(client: FlaskClient, world: World) -> None:
    other = world.another()
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    theirs, nowhere = client.get(other.path("people")), client.get("/c/nowhere/people")
    assert theirs.status_code == nowhere.status_code == 404
    assert without_keys(theirs.text) == without_keys(nowhere.text)


def without_keys(page: str) -> str:
    """A page without what differs every time: the keys and tokens of its forms, the number of its request."""
    return re.sub(r'name="(?:form_key|csrf_token)" value="[^"]+"|app-mono">[0-9a-f]{16}<', "", page)


def test_a_joint_officer_changes_councils_by_the_switcher_and_wears_other_hats_there(
    client: FlaskClient, world: World
) -> None:
    other = world.another()
    person = other.joins(world.person("Joint Officer", Role.CLERK))
    world.sign_in(client, person)
    assert other.council.name in client.get(world.path("people")).text
    assert client.get(world.path("settings")).status_code == 200
    assert client.get(other.path("settings")).status_code == 403


def test_a_hat_counts_only_on_its_days(client: FlaskClient, world: World) -> None:
    person = world.person("Clara Clerk", Role.CLERK)
    world.sign_in(client, person)
    assert client.get(world.path("settings")).status_code == 200
    from registry.identity.actions.people import end_role
    from registry.identity.models import RoleGrant

    with world.work() as work:
        end_role(work, work.session.query(RoleGrant).filter_by(person_id=person.id).one().id)
    assert client.get(world.path("settings")).status_code == 403


def test_looking_can_never_open_work(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(RuntimeError, match="tried to change something on GET"):
        context.work()


def test_outside_a_council_there_is_no_council_to_ask(app: Flask) -> None:
    from registry.core.errors import NotFound

    with app.test_request_context("/"), pytest.raises(NotFound):
        context.council()


def test_every_page_carries_the_strict_headers(client: FlaskClient, world: World) -> None:
    for path in ("/sign-in", "/nowhere", f"/public/{world.council.slug}/", "/static/js/app.js"):
        with client.get(path) as answer:
            asked = set(answer.headers["Content-Security-Policy"].split("; "))
        assert {"default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= asked
        assert not [one for one in asked if "unsafe" in one or "*" in one]
    head = client.get("/sign-in").headers
    assert head["Referrer-Policy"] == "same-origin"
    assert head["Cache-Control"] == "no-store"
    assert head["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in head


def test_a_form_without_its_token_is_refused(app: Flask, client: FlaskClient, world: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    world.sign_in(client, world.person("Ann Example"))
    assert client.post("/sign-out").status_code == 400
    assert client.get("/me/sessions").status_code == 200


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/sign-out", 405)])
def test_errors_are_pages_of_our_own(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert "<h1" in answer.text
