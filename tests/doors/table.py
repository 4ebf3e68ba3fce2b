"""Who may press what: the whole table, written by hand and apart from the code that grants it.

Under each set of roles stand the doors that open to exactly these, as METHOD endpoint. A door that is in no
set, or in two, fails the test; so does one that the application does not have.
"""

EVERYONE = "clerk comms manager management_team auditor administrator editor staff"

TABLE: dict[str, str] = {
    EVERYONE: """
        GET home.index  GET editors.mine  GET editors.who_names  GET editors.area_editors  GET editors.account_people
        GET register.accounts  GET register.account  GET register.history  GET register.export
        GET accounts.platforms  GET accounts.platform  GET accounts.service_areas  GET accounts.service_area
        GET requests.index  GET requests.request_page
        GET requests.start  POST requests.start  GET requests.part  POST requests.part
        GET requests.check  POST requests.check  GET requests.withdraw  POST requests.withdraw  POST requests.ask_again
        GET training.mine  GET training.record  POST training.record  GET training.courses
        GET policies.index  GET policies.policy  GET policies.version  GET policies.compare
        GET policies.sign_current  POST policies.sign_current  GET policies.my_signatures
        GET reviews.account  GET reviews.due  GET reviews.review  GET reviews.actions  GET reviews.finish
        GET activity.account  GET closures.index  GET closures.closure  GET closures.step
        POST closures.step  POST closures.drop  POST closures.reopen  POST closures.hand_on
        GET custody.my_share  POST custody.my_share  POST custody.show_share
        GET flags.index  GET flags.rules  GET flags.rule
        GET leavers.device_lost  POST leavers.device_lost
    """,
    "clerk comms": """
        GET accounts.change  POST accounts.change  GET accounts.rename  POST accounts.rename
        GET accounts.add_service_area  POST accounts.add_service_area
        GET accounts.change_service_area  POST accounts.change_service_area
        GET accounts.end_service_area  POST accounts.end_service_area  POST accounts.reopen_service_area
        GET accounts.import_file  POST accounts.import_file  GET accounts.import_columns  POST accounts.import_columns
        GET accounts.import_preview  POST accounts.import_preview  POST accounts.import_discard
        GET accounts.import_template
        POST launch.tick  POST launch.go_live
        GET training.to_confirm  POST training.confirm  GET training.refuse  POST training.refuse
        GET training.add_course  POST training.add_course  GET training.change_course  POST training.change_course
        POST training.retire_course  POST training.bring_back_course
        GET policies.add  POST policies.add  GET policies.change  POST policies.change
        GET policies.start_draft  POST policies.start_draft  GET policies.edit_draft  POST policies.edit_draft
        GET policies.discard_draft  POST policies.discard_draft  GET policies.publish  POST policies.publish
        GET custody.destroy  POST custody.destroy  POST custody.one_holder
        POST reviews.start  GET reviews.answer  POST reviews.answer  GET reviews.complete  POST reviews.complete
        GET reviews.abandon  POST reviews.abandon
        GET closures.start  POST closures.start  GET closures.change  POST closures.change
        GET closures.complete  POST closures.complete  GET closures.abandon  POST closures.abandon
        GET closures.rest  POST closures.rest
    """,
    "clerk comms editor": """
        GET custody.deposit  POST custody.deposit  GET custody.replace  POST custody.replace
        GET custody.describe  POST custody.describe  GET custody.reveal  POST custody.reveal  POST custody.show_once
        POST rotations.tick  POST rotations.finish
        GET custody.reveal_whole  POST custody.reveal_whole  POST custody.pick_up_look  POST custody.withdraw_look
        GET custody.decide_look  POST custody.decide_look  POST custody.give_back  POST custody.codes_hold
        GET custody.add_detail  POST custody.add_detail  GET custody.change_detail  POST custody.change_detail
        POST custody.remove_detail
    """,
    "clerk comms editor manager": """
        GET activity.record  POST activity.record  POST activity.posted_today  POST activity.withdraw
        GET activity.import_file  POST activity.import_file  POST activity.apply_import
        POST reviews.finish
    """,
    "clerk comms editor manager auditor": """
        GET custody.account  GET custody.look  GET custody.waiting  GET rotations.index  GET rotations.rotation
    """,
    "clerk comms manager auditor": "GET leavers.index  GET leavers.leaver",
    "clerk manager": "GET editors.name  POST editors.name  GET editors.stand_down  POST editors.stand_down",
    "clerk comms manager": """
        GET flags.acknowledge  POST flags.acknowledge  POST flags.end_acknowledgement
        GET custody.review_glass  POST custody.review_glass
    """,
    "clerk comms manager management_team": "GET requests.decide  POST requests.decide",
    "clerk comms manager management_team auditor": "GET editors.team  GET policies.signatures",
    "clerk comms manager management_team auditor administrator": "GET identity.people  GET identity.person",
    "clerk": """
        GET councils.exceptions  POST councils.exceptions  GET councils.reveals  POST councils.reveals
        GET custody.unseal  POST custody.unseal  GET custody.make_shares  POST custody.make_shares
        GET councils.sign_in  POST councils.sign_in  GET councils.chain  POST councils.chain
    """,
    "clerk administrator": """
        GET councils.settings  GET councils.names  POST councils.names
        GET councils.keepers  POST councils.keepers
        GET councils.measures  POST councils.measures  GET councils.change_colours  POST councils.change_colours
        GET identity.add_person  POST identity.add_person  GET identity.change_person  POST identity.change_person
        POST identity.send_link  POST identity.withdraw_offer
        GET leavers.leave  POST leavers.leave  GET leavers.suspend  POST leavers.suspend  POST leavers.lift
        GET identity.reset_factors  POST identity.reset_factors  POST identity.agree_reset  POST identity.stop_reset
        GET identity.grant_role  POST identity.grant_role  POST identity.end_role
        POST identity.confirm_role  POST identity.decline_role
        GET outbox.index  GET outbox.message  POST outbox.again
        GET custody.keys  POST custody.seal  POST custody.rotate
    """,
    "clerk comms administrator": "POST jobs.run_now",
    "clerk comms administrator auditor": "GET jobs.index",
    "clerk comms auditor": """
        GET audit.trail  GET audit.entry  GET audit.checkpoints  GET audit.checkpoint  GET audit.note
    """,
    "clerk auditor": "POST audit.verify  POST audit.sign  GET audit.bundle",
}

SIGNED_IN = {
    "GET identity.sessions", "POST identity.end_session", "POST identity.end_other_sessions", "POST identity.sign_out",
    "GET identity.two_step", "GET identity.passkey_needed", "GET identity.another_way",
    "POST identity.my_passkey_challenge", "POST identity.begin_app",
    "GET identity.add_app", "POST identity.add_app", "GET identity.add_passkey", "POST identity.add_passkey",
    "GET identity.rename_factor", "POST identity.rename_factor", "POST identity.remove_factor",
    "POST identity.new_codes",
    "GET identity.outside_accounts", "GET identity.outside_connect", "GET identity.outside_confirm",
    "POST identity.outside_disconnect",
    "POST identity.keep_factors",
    "GET identity.offer", "POST identity.offer", "POST identity.decline_offer",
    "GET identity.change_password", "POST identity.change_password", "GET identity.confirm", "POST identity.confirm",
    "GET identity.confirmed",
}  # fmt: skip
"""Doors outside any council, open to whoever is signed in."""


def doors() -> dict[str, frozenset[str]]:
    """Every door of a council with the roles to which it opens."""
    found: dict[str, frozenset[str]] = {}
    for roles, listed in TABLE.items():
        words = listed.split()
        for method, endpoint in zip(words[::2], words[1::2], strict=True):
            door = f"{method} {endpoint}"
            assert door not in found, f"{door} stands twice in the table"
            found[door] = frozenset(roles.split())
    return found
