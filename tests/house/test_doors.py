"""The house's rules for doors: every one says what it needs, and looking changes nothing."""

import pytest
from flask import Flask

from registry.vocabulary.permissions import GRANTABLE, GRANTS, Permission, Role
from registry.web.guard import Open, Unmarked, assert_marked, need_of, unmarked_doors

PUBLIC_DOORS = {
    "councils.theme",
    "identity.demo_people",
    "identity.demo_sign_in",
    "identity.forgotten",
    "identity.new_password",
    "identity.passkey_challenge",
    "identity.outside_answer",
    "identity.outside_set_up",
    "identity.outside_sign_in",
    "identity.sign_in",
    "identity.sign_in_by_passkey",
    "identity.start",
    "static",
    "upkeep.alive",
    "upkeep.ready",
}


def needs_of(app: Flask) -> dict[str, set[object]]:
    found: dict[str, set[object]] = {}
    for rule in app.url_map.iter_rules():
        for method in rule.methods or ():
            found.setdefault(rule.endpoint, set()).add(need_of(app, rule.endpoint, method))
    return found


def test_every_door_says_what_it_needs(app: Flask) -> None:
    assert unmarked_doors(app) == ()


def test_a_door_without_a_mark_keeps_the_register_from_starting() -> None:
    app = Flask("a house with a forgotten door", static_folder=None)
    app.add_url_rule("/forgotten-door", "forgotten_door", lambda: "in")
    with pytest.raises(Unmarked, match="GET /forgotten-door"):
        assert_marked(app)


def test_only_these_doors_are_open_to_anyone(app: Flask) -> None:
    public = {endpoint for endpoint, needs in needs_of(app).items() if Open.PUBLIC in needs}
    assert {endpoint for endpoint in public if not endpoint.startswith("public.")} == PUBLIC_DOORS


def test_no_door_that_changes_something_asks_only_for_reading(app: Flask) -> None:
    changing = {
        rule.endpoint: need_of(app, rule.endpoint, "POST")
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
    }
    assert [e for e, need in changing.items() if isinstance(need, Permission) and need.value.endswith(".read")] == []


def test_every_permission_opens_a_door_and_is_granted_to_somebody(app: Flask) -> None:
    needed = {need for needs in needs_of(app).values() for need in needs if isinstance(need, Permission)}
    granted = set().union(*GRANTS.values())
    assert needed == set(Permission)
    assert granted == set(Permission)


def test_who_keeps_the_machines_can_neither_approve_nor_reveal() -> None:
    assert not GRANTS[Role.ADMINISTRATOR] & {
        Permission.REQUEST_DECIDE,
        Permission.CUSTODY_REVEAL,
        Permission.CUSTODY_DEPOSIT,
        Permission.CUSTODY_READ,
        Permission.EDITOR_NAME,
    }


def test_an_auditor_reads_and_changes_nothing() -> None:
    assert {p for p in GRANTS[Role.AUDITOR] if not p.value.endswith((".read", ".verify", ".standing"))} == set()


def test_editors_and_staff_are_never_granted_but_follow_from_the_facts() -> None:
    assert Role.EDITOR not in GRANTABLE
    assert Role.STAFF not in GRANTABLE
    assert set(GRANTS) == set(Role)


def test_the_server_answers_no_automatic_options(app: Flask) -> None:
    assert app.test_client().options("/sign-in").status_code == 405
    assert app.test_client().open("/sign-in", method="TRACE").status_code == 405
