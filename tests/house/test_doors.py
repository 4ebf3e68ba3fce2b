"""The house's rules for doors: every one says what it needs, and looking changes nothing."""

import pytest
from flask import Flask

from registry.vocabulary.permissions import GRANTABLE, GRANTS, Permission, Role
from registry.web.guard import Open, Unmarked, assert_marked, is_fresh, need_of, unmarked_doors

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

FRESH_DOORS = {
    "what custody holds is seen, kept, changed or let go": """
        custody.reveal custody.reveal_whole custody.pick_up_look custody.deposit custody.replace custody.destroy
        custody.add_detail custody.change_detail custody.remove_detail""",
    "a second person's word opens something": """
        custody.decide_look custody.review_glass requests.decide training.confirm identity.confirm_role
        identity.decline_role identity.agree_reset identity.stop_reset""",
    "somebody gains what they had not": """
        identity.add_person identity.send_link identity.grant_role identity.end_role identity.reset_factors
        editors.name leavers.lift""",
    "another council comes to employ one": "identity.offer identity.decline_offer",
    "the council settles who may what, who must agree, and who outside watches": """
        councils.chain councils.exceptions councils.reveals councils.sign_in councils.measures councils.keepers
        custody.one_holder policies.publish""",
    "the keys": "custody.seal custody.unseal custody.rotate custody.make_shares custody.my_share custody.show_share",
    "jobs that work for every council here are among them": "jobs.run_now",
    "the register leaves the house": "register.export audit.bundle",
    "one's own ways in": """
        identity.change_password identity.add_app identity.begin_app identity.add_passkey identity.remove_factor
        identity.rename_factor identity.new_codes identity.keep_factors identity.outside_accounts
        identity.outside_disconnect identity.end_session identity.end_other_sessions""",
}
"""Every door that wants fresh proof, by the reason: an open session that its owner left alone must not do this."""

WITHOUT_FRESH_PROOF = {
    "it ends or stops something, and nothing may stand in its way on a bad day": """
        leavers.leave leavers.suspend leavers.device_lost editors.stand_down identity.sign_out identity.withdraw_offer
        training.refuse custody.withdraw_look custody.give_back""",
    "what it opens was decided with fresh proof before": "launch.go_live accounts.change_service_area",
    "words and colours, seen by all and put back by anybody who may": "councils.names councils.change_colours",
    "it proves by itself, or leads to a door that asks": "identity.confirm identity.my_passkey_challenge",
}
"""Doors of which one might think so, and why they want none."""


def named(doors: dict[str, str]) -> set[str]:
    return {name for names in doors.values() for name in names.split()}


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


def test_these_doors_and_no_others_want_fresh_proof(app: Flask) -> None:
    doors = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert {door for door in doors if is_fresh(app, door)} == named(FRESH_DOORS)
    assert named(WITHOUT_FRESH_PROOF) <= doors - named(FRESH_DOORS)


def test_every_door_that_only_the_clerk_opens_to_settle_something_wants_fresh_proof(app: Flask) -> None:
    clerks = {Permission.COUNCIL_EXCEPTIONS, Permission.CUSTODY_WAYS, Permission.ROLES_GRANT, Permission.KEYS_UNSEAL}
    asked = {door for door, needs in needs_of(app).items() if needs & clerks}
    assert {door for door in asked if not is_fresh(app, door)} == set()


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
