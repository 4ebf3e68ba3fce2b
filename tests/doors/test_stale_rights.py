"""Rights that ended between the page and the post: what was still shown is refused, and nothing is changed."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from registry.accounts.models import Account, ServiceArea
from registry.core.work import Work
from registry.editors.models import Editorship
from registry.identity.actions import people
from registry.identity.actions.absence import suspend
from registry.identity.models import RoleGrant
from registry.policies.models import PolicyVersion
from registry.training.models import TrainingRecord
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.doors.filled import forms_of
from tests.doors.held import Held, changes
from tests.doors.table import doors
from tests.doors.test_mass_assignment import on_sqlite
from tests.world import World

USES_AN_ACCOUNT = {
    "custody.add_detail", "custody.change_detail", "custody.deposit", "custody.describe", "custody.remove_detail",
    "custody.replace", "custody.reveal",
}  # fmt: skip
"""Doors where an editor acts for the account."""
NAMES_EDITORS = {"editors.name", "editors.stand_down"}


def roles_end(_held: Held, work: Work, person_id: int) -> None:
    """Every hat is taken away."""
    for grant in work.session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == person_id)).all():
        people.end_role(work, grant.id)


def leaves(_held: Held, work: Work, person_id: int) -> None:
    """They leave."""
    people.leave(work, person_id, work.today - timedelta(days=1))


def is_suspended(_held: Held, work: Work, person_id: int) -> None:
    """They are suspended."""
    suspend(work, person_id, "To be looked into")


def is_stood_down(_held: Held, work: Work, person_id: int) -> None:
    """They are no editor of the service area any more."""
    named = work.session.scalars(sa.select(Editorship).where(Editorship.person_id == person_id)).one()
    named.ends_on = named.starts_on


def account_moves(held: Held, work: Work, _person_id: int) -> None:
    """The account goes to another service area."""
    other = work.session.scalars(sa.select(ServiceArea.id).where(ServiceArea.name == "Third area")).one()
    work.session.get_one(Account, held.mine["account_id"]).service_area_id = other


def training_lapses(held: Held, work: Work, person_id: int) -> None:
    """Their training ran out yesterday."""
    for record in work.session.scalars(sa.select(TrainingRecord).where(TrainingRecord.person_id == person_id)).all():
        record.expires_on = held.world.day(-1)


def policy_is_reissued(held: Held, work: Work, _person_id: int) -> None:
    """The version in force gives way to a new one, and the days of grace are over."""
    old = work.session.scalars(sa.select(PolicyVersion).where(PolicyVersion.text_hash != "x")).first()
    assert old is not None
    facts = {name: getattr(old, name) for name in ("council_id", "policy_id", "state", "saved_at", "published_on")}
    days = {"effective_on": held.world.day(-3), "sign_by_on": held.world.day(-1), "review_due_on": held.world.day(90)}
    work.session.add(PolicyVersion(**facts, **days, version="9", text="# New", text_hash="9" * 64))


HATS_MATTER = {
    door.split()[1] for door, roles in doors().items() if door.startswith("POST ") and not roles & {"staff", "editor"}
}
ENDINGS = (
    (roles_end, "who", HATS_MATTER, {403}),
    (leaves, "who", None, {302}),
    (is_suspended, "who", None, {302}),
    (is_stood_down, "owner", USES_AN_ACCOUNT, {403}),
    (account_moves, "owner", USES_AN_ACCOUNT, {403, 404}),
    (training_lapses, "owner", USES_AN_ACCOUNT, {403}),
    (policy_is_reissued, "owner", USES_AN_ACCOUNT, {403}),
)
"""What ends, for whom, at which doors it matters (at all of them if None), and how those answer then."""


@on_sqlite
def test_rights_that_ended_between_page_and_post_are_refused(app: Flask, world: World) -> None:
    held = Held(app, world)
    owner, wrong = held.mine["owner"], []
    for ends, whose, at, expected in ENDINGS:
        who = owner if whose == "owner" else held.who
        held.put_back(who)
        keeper = world.person("Second Keeper", Role.CLERK)
        with world.work(keeper) as work:
            ends(held, work, who.id)
            work.record(Event.DEMO_MADE)
        before = held.state()
        for (endpoint, _), form in held.forms.items():
            if at is None or endpoint in at:
                answer = held.post(form, held.sent(endpoint, form))
                if answer.status_code not in expected or "/sign-in" not in answer.headers.get("Location", "/sign-in"):
                    wrong.append(f"{ends.__name__}: {endpoint} gave {answer.status_code}")
        for key in changes(before, held.state()):
            wrong.append(f"{ends.__name__} changed {key}")
    assert "\n".join(wrong) == ""


@on_sqlite
def test_while_they_may_the_same_forms_are_taken(app: Flask, world: World) -> None:
    held = Held(app, world)
    taken = set()
    for (endpoint, _), form in held.forms.items():
        if endpoint in USES_AN_ACCOUNT:
            held.put_back(held.mine["owner"])
            before = held.state()
            assert held.post(form, held.sent(endpoint, form)).status_code in (200, 302)
            taken |= {endpoint} if changes(before, held.state()) else set()
    assert taken == USES_AN_ACCOUNT


@on_sqlite
def test_a_manager_whose_service_area_went_to_another_names_nobody_there(app: Flask, world: World) -> None:
    held = Held(app, world)
    manager = world.person("Area Manager", Role.MANAGER)
    forms = {endpoint: form for (endpoint, _), form in held.forms.items() if endpoint in NAMES_EDITORS}
    assert forms.keys() == NAMES_EDITORS
    for manages, expected in ((held.who.id, 403), (manager.id, 302)):
        with world.work() as work:
            work.session.get_one(ServiceArea, held.mine["area_id"]).manager_id = manages
            work.record(Event.DEMO_MADE)
        world.sign_in(held.client, manager)
        before = held.state()
        assert {held.post(form, held.sent(door, form)).status_code for door, form in forms.items()} == {expected}
        assert bool(changes(before, held.state())) == (expected == 302)


@on_sqlite
def test_a_policy_reissued_since_it_was_read_is_not_signed(app: Flask, world: World) -> None:
    held = Held(app, world)
    world.policy("2", effective_on=world.today)
    address = world.path("policies/sign")
    (form,) = (form for form in forms_of(held.client.get(address).text, address) if "text_hash" in form.boxes)
    world.policy("3", effective_on=world.today)
    before = held.state()
    assert held.post(form, form.sent({})).status_code == 409
    assert changes(before, held.state()) == {}
