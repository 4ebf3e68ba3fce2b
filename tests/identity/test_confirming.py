"""Doors that want fresh proof: nobody passes on a sign-in of an hour ago, and nothing typed is lost on the way."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.core.clock import FixedClock
from registry.custody.forms import SecretArea
from registry.identity.views.confirming import NEVER_CARRIED
from registry.web import guard
from registry.web.fields import PasswordField
from registry.web.forms import Form
from tests.world import PASSWORD, World


@pytest.fixture(autouse=True)
def _guarded_settings(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """One plain door of the register, marked for the test as one that wants fresh proof."""
    monkeypatch.setattr(app.view_functions["identity.change_password"], guard.FRESH, True, raising=False)


def test_a_recent_proof_lets_pass_for_five_minutes(client: FlaskClient, world: World, clock: FixedClock) -> None:
    world.sign_in(client, world.has_password(world.person("Ann Example")))
    clock.moment += timedelta(minutes=5)
    assert client.get("/me/password").status_code == 200


def test_after_five_minutes_it_is_asked_again_and_leads_on(
    client: FlaskClient, world: World, clock: FixedClock
) -> None:
    world.sign_in(client, world.has_password(world.person("Ann Example")))
    clock.moment += timedelta(minutes=5, seconds=1)
    asked = client.get("/me/password")
    assert asked.headers["Location"] == "/confirm?next=%2Fme%2Fpassword"
    assert client.post(asked.headers["Location"], data={"password": "not the password"}).status_code == 422
    led = client.post(asked.headers["Location"], data={"password": PASSWORD})
    assert led.headers["Location"] == "/me/password"
    assert client.get("/me/password").status_code == 200


def test_whatever_any_form_keeps_out_of_its_page_is_not_carried_either() -> None:
    """A password, a passphrase, a share, codes: what is never sent back to its own page is not sent to another."""
    kinds, secret = [Form], set[str]()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if not kind.__module__.startswith("registry."):
            continue  # a form that some test made for itself
        declared = {name: field for name, field in vars(kind).items() if hasattr(field, "field_class")}
        secret |= {
            name for name, field in declared.items() if issubclass(field.field_class, PasswordField | SecretArea)
        }
    assert {"passphrase", "share", "value", "password"} <= secret <= NEVER_CARRIED


def test_a_form_on_its_way_is_carried_on_without_its_secrets(
    client: FlaskClient, world: World, clock: FixedClock
) -> None:
    world.sign_in(client, world.has_password(world.person("Ann Example")))
    clock.moment += timedelta(minutes=6)
    asked = client.post("/me/password", data={"old": PASSWORD, "password": "another long one", "why": "a <reason>"})
    assert "carried-why" in asked.text
    assert "a &lt;reason&gt;" in asked.text
    assert PASSWORD not in asked.text
    assert "another long one" not in asked.text
    kept = {"carried-": "form", "carried-why": "a <reason>", "carried-password": "smuggled"}
    led = client.post("/confirm?next=/me/password", data={"password": PASSWORD, **kept})
    assert 'action="/me/password"' in led.text
    assert 'name="why" value="a &lt;reason&gt;"' in led.text
    assert "smuggled" not in led.text
