"""May this role press such buttons? The whole answer on one screen.

Whether a person may do it *to this thing now* is a rule's question, asked by the action.
"""

from enum import StrEnum


class Role(StrEnum):
    """A hat a person wears in a council. Titles shown to people are the council's own words."""

    CLERK = "clerk"
    COMMS = "comms"
    MANAGER = "manager"
    MANAGEMENT_TEAM = "management_team"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    EDITOR = "editor"  # worn by whoever is named for a service area today; never granted
    STAFF = "staff"  # worn by everyone employed; never granted


GRANTABLE = tuple(role for role in Role if role not in (Role.EDITOR, Role.STAFF))


class Permission(StrEnum):
    """A button, named thing first."""

    COUNCIL_SETTINGS = "council.settings"
    COUNCIL_EXCEPTIONS = "council.exceptions"
    PEOPLE_READ = "people.read"
    PEOPLE_MANAGE = "people.manage"
    LEAVERS_READ = "leavers.read"
    ROLES_GRANT = "roles.grant"
    OWN_STANDING = "own.standing"
    TEAM_STANDING = "team.standing"
    MESSAGES_READ = "messages.read"
    MESSAGES_SEND = "messages.send"
    REGISTER_READ = "register.read"
    ACCOUNT_EDIT = "account.edit"
    ACCOUNT_GO_LIVE = "account.go_live"
    ACCOUNTS_IMPORT = "accounts.import"
    SERVICE_AREAS_MANAGE = "service_areas.manage"
    REQUEST_MAKE = "request.make"
    REQUEST_READ = "request.read"
    REQUEST_DECIDE = "request.decide"
    TRAINING_RECORD = "training.record"
    TRAINING_CONFIRM = "training.confirm"
    COURSES_MANAGE = "courses.manage"
    POLICY_READ = "policy.read"
    POLICY_SIGN = "policy.sign"
    POLICY_MANAGE = "policy.manage"
    EDITOR_NAME = "editor.name"
    CUSTODY_READ = "custody.read"
    CUSTODY_DEPOSIT = "custody.deposit"
    CUSTODY_REVEAL = "custody.reveal"
    CUSTODY_DESTROY = "custody.destroy"
    KEYS_MANAGE = "keys.manage"
    KEYS_UNSEAL = "keys.unseal"
    CUSTODY_OVERSEE = "custody.oversee"
    CUSTODY_REVIEW = "custody.review"
    CUSTODY_WAYS = "custody.ways"
    REVIEW_READ = "review.read"
    REVIEW_MAKE = "review.make"
    REVIEW_ACTION_DONE = "review.action_done"
    ACTIVITY_READ = "activity.read"
    ACTIVITY_RECORD = "activity.record"
    CLOSURE_READ = "closure.read"
    CLOSURE_MANAGE = "closure.manage"
    CLOSURE_STEP_DONE = "closure.step_done"
    FLAG_READ = "flag.read"
    FLAG_ACKNOWLEDGE = "flag.acknowledge"
    JOBS_READ = "jobs.read"
    JOBS_RUN = "jobs.run"
    TRAIL_READ = "trail.read"
    TRAIL_VERIFY = "trail.verify"


P = Permission

_EVERYONE = {
    P.OWN_STANDING, P.REGISTER_READ, P.REQUEST_MAKE, P.REQUEST_READ, P.POLICY_READ, P.POLICY_SIGN,
    P.TRAINING_RECORD, P.REVIEW_READ, P.ACTIVITY_READ, P.CLOSURE_READ, P.CLOSURE_STEP_DONE,
    P.FLAG_READ,
}  # fmt: skip
_WORKS_AN_ACCOUNT = {
    P.CUSTODY_READ, P.CUSTODY_DEPOSIT, P.CUSTODY_REVEAL, P.ACTIVITY_RECORD, P.REVIEW_ACTION_DONE,
}  # fmt: skip
_KEEPS_THE_REGISTER = {
    P.PEOPLE_READ, P.LEAVERS_READ, P.TEAM_STANDING, P.ACCOUNT_EDIT, P.ACCOUNT_GO_LIVE, P.ACCOUNTS_IMPORT,
    P.SERVICE_AREAS_MANAGE, P.REQUEST_DECIDE, P.TRAINING_CONFIRM, P.COURSES_MANAGE, P.POLICY_MANAGE,
    P.CUSTODY_DESTROY, P.CUSTODY_OVERSEE, P.CUSTODY_REVIEW, P.REVIEW_MAKE, P.CLOSURE_MANAGE, P.FLAG_ACKNOWLEDGE,
    P.JOBS_READ, P.JOBS_RUN, P.TRAIL_READ,
}  # fmt: skip

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.STAFF: frozenset(_EVERYONE),
    Role.EDITOR: frozenset(_WORKS_AN_ACCOUNT),
    Role.MANAGER: frozenset(
        {P.PEOPLE_READ, P.LEAVERS_READ, P.TEAM_STANDING, P.REQUEST_DECIDE, P.EDITOR_NAME, P.ACTIVITY_RECORD,
         P.FLAG_ACKNOWLEDGE, P.REVIEW_ACTION_DONE, P.CUSTODY_READ, P.CUSTODY_REVIEW}
    ),
    Role.MANAGEMENT_TEAM: frozenset({P.PEOPLE_READ, P.REQUEST_DECIDE, P.TEAM_STANDING}),
    Role.COMMS: frozenset(_WORKS_AN_ACCOUNT | _KEEPS_THE_REGISTER),
    Role.CLERK: frozenset(
        _WORKS_AN_ACCOUNT | _KEEPS_THE_REGISTER
        | {P.COUNCIL_SETTINGS, P.COUNCIL_EXCEPTIONS, P.PEOPLE_MANAGE, P.ROLES_GRANT, P.EDITOR_NAME, P.TRAIL_VERIFY,
           P.MESSAGES_READ, P.MESSAGES_SEND, P.KEYS_MANAGE, P.KEYS_UNSEAL, P.CUSTODY_WAYS}
    ),
    Role.AUDITOR: frozenset(
        {P.PEOPLE_READ, P.LEAVERS_READ, P.TEAM_STANDING, P.CUSTODY_READ, P.JOBS_READ, P.TRAIL_READ, P.TRAIL_VERIFY}
    ),
    Role.ADMINISTRATOR: frozenset(
        {P.COUNCIL_SETTINGS, P.PEOPLE_READ, P.PEOPLE_MANAGE, P.ROLES_GRANT, P.JOBS_READ, P.JOBS_RUN, P.MESSAGES_READ,
         P.MESSAGES_SEND, P.KEYS_MANAGE}
    ),
}  # fmt: skip


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """The hats that let a person press this button."""
    return tuple(role for role in Role if permission in GRANTS[role])


def permits(roles: frozenset[Role], permission: Permission) -> bool:
    """Tell whether any of these hats lets a person press this button."""
    return any(permission in GRANTS[role] for role in roles)
