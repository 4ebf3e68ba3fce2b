"""Everything that can happen in the register, each with the sentence the trail tells.

A sentence may use {who}, {what} (the subject, linked) and any key of the entry's details.
"""

from enum import StrEnum
from typing import Self


class Event(StrEnum):
    """One thing that can happen: its value is what stands in the chain, its `sentence` what people read of it."""

    sentence: str

    def __new__(cls, value: str, sentence: str = "") -> Self:
        """One member, equal to its value."""
        event = str.__new__(cls, value)
        event._value_, event.sentence = value, sentence
        return event

    INSTALLATION_MADE = "installation.made", "The register was set up"
    REFUSED = "act.refused", "{who} was refused: {reasons}"
    DOOR_REFUSED = "door.refused", "{who} was refused at a door their roles do not open ({door})"

    COUNCIL_ADDED = "council.added", "{who} added the council {name}"
    COUNCIL_SETTINGS_CHANGED = "council.settings_changed", "{who} changed the council's settings ({fields})"

    PERSON_ADDED = "person.added", "{who} added {what}"
    JOINING_ASKED = "joining.asked", "{who} asked somebody who is in the register already to work for the council"
    JOINING_ACCEPTED = "joining.accepted", "{who} agreed to work for the council"
    JOINING_DECLINED = "joining.declined", "Somebody who was asked to work for the council declined"
    JOINING_WITHDRAWN = "joining.withdrawn", "{who} no longer asks somebody to work for the council"
    PERSON_CHANGED = "person.changed", "{who} changed the record of {what} ({fields})"
    PERSON_LEFT = "person.left", "{who} recorded that {what} leaves on {on}"
    PERSON_SUSPENDED = "person.suspended", "{who} suspended {what}’s work"
    SUSPENSION_LIFTED = "person.suspension_lifted", "{who} lifted the suspension of {what}"
    DEVICE_LOST = "person.device_lost", "{who} reported that {what} lost a device ({device})"
    ROLE_GRANTED = "role.granted", "{who} gave {what} the role of {role}"
    ROLE_ENDED = "role.ended", "{who} ended {what}’s role of {role}"
    ROLE_PROPOSED = "role.proposed", "{who} gave {what} the role of {role}, which waits for a second person"
    ROLE_DECLINED = "role.declined", "{who} said no to {what}’s role of {role}"
    SETUP_LINK_MADE = "sign_in.setup_link_made", "{who} made a set-up link for {what}"
    PASSWORD_SET = "sign_in.password_set", "{who} set a new password"
    PASSWORD_RESET_ASKED = "sign_in.reset_asked", "A password reset was asked for {what}"
    FIRST_STEP_PASSED = "sign_in.first_step_passed", "The first step of signing in as {what} was passed ({how})"
    SIGNED_IN = "sign_in.signed_in", "{who} signed in"
    SIGN_IN_FAILED = "sign_in.failed", "A sign-in failed ({error})"
    OUTSIDE_CONNECTED = "sign_in.outside_connected", "{who} connected their account at {provider}"
    OUTSIDE_DISCONNECTED = "sign_in.outside_disconnected", "{who} disconnected their account at {provider}"
    OUTSIDE_RECOGNISED = "sign_in.outside_recognised", "{who} was recognised by {provider}"
    OUTSIDE_REFUSED = "sign_in.outside_refused", "A sign-in by {provider} came to nothing ({why})"
    LANE_FULL = (
        "sign_in.lane_full",
        "The last of {most} tries within {minutes} minutes was used: {what} ({lane}); more must wait",
    )
    PACE_REACHED = "act.pace_reached", "{who} made {most} changes within a minute; more must wait"
    SIGNED_OUT = "sign_in.signed_out", "{who} signed out"
    SESSION_ENDED = "sign_in.session_ended", "{who} ended a sign-in session of {what} ({why})"
    PROVED = "sign_in.proved", "{who} confirmed that it is them ({how})"
    FACTOR_ADDED = "two_step.added", "{who} added {factor} as a second step at sign-in"
    FACTOR_RENAMED = "two_step.renamed", "{who} gave {factor} another name"
    FACTOR_REMOVED = "two_step.removed", "{who} removed {factor} from their sign-in"
    RECOVERY_CODES_MADE = "two_step.codes_made", "{who} made {codes} new recovery codes; earlier ones stopped working"
    RECOVERY_CODE_USED = "two_step.code_used", "{who} used a recovery code; {left} are left"
    RESET_ASKED = "two_step.reset_asked", "{who} asked to take the two-step sign-in of {what} off them"
    RESET_AGREED = (
        "two_step.reset_agreed",
        "{who} agreed to take the two-step sign-in of {what} off them, in {hours} hours",
    )
    RESET_STOPPED = "two_step.reset_stopped", "{who} stopped taking the two-step sign-in of {what} off them"
    TWO_STEP_RESET = "two_step.reset", "The two-step sign-in of {what} was taken off them ({how})"

    SERVICE_AREA_ADDED = "service_area.added", "{who} added the service area {what}"
    SERVICE_AREA_CHANGED = "service_area.changed", "{who} changed the service area {what} ({fields})"
    ACCOUNT_ADDED = "account.added", "{who} entered {what} in the register ({how})"
    ACCOUNT_CHANGED = "account.changed", "{who} changed {what} ({fields})"
    ACCOUNT_RENAMED = "account.renamed", "{who} recorded that {before} is now {after}"
    ACCOUNT_WENT_LIVE = "account.went_live", "{who} recorded {what} as live"
    ACCOUNTS_IMPORTED = "accounts.imported", "{who} imported {rows} accounts from {file}"

    REQUEST_STARTED = "request.started", "{who} began a request for a new account"
    REQUEST_SAVED = "request.saved", "{who} saved the request’s {part}"
    REQUEST_SUBMITTED = "request.submitted", "{who} submitted {what}"
    REQUEST_AGREED = "request.agreed", "{who} agreed to {what} as {role}"
    REQUEST_APPROVED = "request.approved", "{who} gave the last agreement to {what} as {role}"
    REQUEST_RETURNED = "request.returned", "{who} returned {what} as {role}"
    REQUEST_REFUSED = "request.refused", "{who} refused {what} as {role}"
    REQUEST_WITHDRAWN = "request.withdrawn", "{who} withdrew {what}"

    COURSE_ADDED = "course.added", "{who} added the course {what}"
    COURSE_CHANGED = "course.changed", "{who} changed the course {what} ({fields})"
    TRAINING_RECORDED = "training.recorded", "{who} recorded training for {person}: {course}, {completed_on}"
    TRAINING_CONFIRMED = "training.confirmed", "{who} confirmed training of {person}: {course}"
    TRAINING_REJECTED = "training.rejected", "{who} did not accept training of {person}: {course}"

    POLICY_ADDED = "policy.added", "{who} added the policy {what}"
    POLICY_CHANGED = "policy.changed", "{who} changed the policy {what} ({fields})"
    POLICY_DRAFTED = "policy.drafted", "{who} saved a draft of version {version} of {policy}"
    POLICY_DRAFT_DISCARDED = "policy.draft_discarded", "{who} discarded the draft of version {version} of {policy}"
    POLICY_PUBLISHED = "policy.published", "{who} published version {version} of {policy}, in force from {effective_on}"
    POLICY_SIGNED = "policy.signed", "{who} signed version {version} of {policy}"

    EDITOR_NAMED = "editor.named", "{who} named {person} as an editor for {area}"
    EDITOR_STOOD_DOWN = "editor.stood_down", "{who} stood down {person} as an editor for {area}"

    KEEPER_NAMED = "keys.keeper_named", "{who} named {name} to keep the keys that serve every council here"
    ROOT_KEY_MADE = "keys.root_made", "The root key {key} counts from now on (kept as: {provider})"
    ROOT_KEY_RETIRED = "keys.root_retired", "{who} retired the root key {key}"
    UNSEAL_TRIED = "keys.unseal_tried", "{who} typed a passphrase to unseal custody"
    CUSTODY_UNSEALED = "keys.unsealed", "{who} unsealed custody"
    CUSTODY_SEALED = "keys.sealed", "{who} sealed custody"
    KEY_ROTATION_STARTED = "keys.rotation_started", "{who} began to renew the {kind} keys"
    KEYS_REWRAPPED = "keys.rewrapped", "The register put {rows} sealed values under the council’s new key"
    VALUES_RESEALED = "keys.resealed", "The register sealed {rows} values afresh"
    KEY_ROTATION_FINISHED = "keys.rotation_finished", "The renewal of the {kind} keys is complete ({rows} values)"
    COUNCIL_KEYS_DESTROYED = (
        "keys.council_destroyed",
        "{who} destroyed the council’s keys and with them everything in its custody",
    )
    SHARES_MADE = "keys.shares_made", "{who} made {holders} recovery shares, of which any {needed} recover the keys"
    SHARE_SHOWN = "keys.share_shown", "Recovery share {number} was shown, once, for {what}"
    SHARE_CONFIRMED = "keys.share_confirmed", "Recovery share {number} of {what} was typed back"
    SHARES_COUNT = "keys.shares_count", "The recovery shares count from now on: {needed} holders have typed theirs back"
    SHARE_REHEARSED = "keys.share_rehearsed", "Recovery share {number} of {what} was rehearsed"
    RECOVERY_REHEARSED = "keys.recovery_rehearsed", "Recovery was rehearsed with {needed} shares, and they work"
    KEYS_RECOVERED = "keys.recovered", "The keys were recovered with {needed} shares"
    CUSTODY_KEY_MADE = "custody.key_made", "A custody key was made for the council"
    CREDENTIAL_DEPOSITED = "custody.deposited", "{who} deposited the {kind} of {account}"
    CREDENTIAL_REPLACED = "custody.replaced", "{who} replaced the {kind} of {account}"
    CREDENTIAL_CHANGED = "custody.changed", "{who} changed the notes on the {kind} of {account}"
    REVEAL_GRANTED = "custody.reveal_granted", "{who} asked to see the {kind} of {account} for: {reason}"
    CREDENTIAL_REVEALED = "custody.revealed", "{who} revealed the {kind} of {account} for: {reason}"
    CODE_ISSUED = "custody.code_issued", "{who} was given the current code of {account} for: {reason}"
    RECOVERY_CODE_TAKEN = (
        "custody.recovery_code_taken",
        "{who} took recovery code {position} of {account} for: {reason}",
    )
    RECOVERY_CODES_CONFIRMED = (
        "custody.recovery_codes_confirmed",
        "{who} found that the recovery codes of {account} still hold",
    )
    LOOK_ASKED = (
        "custody.look_asked",
        "{who} asked a second person’s agreement to see the {look} of {account} for: {reason}",
    )
    LOOK_APPROVED = "custody.look_approved", "{who} agreed that {person} may see the {look} of {account} once"
    LOOK_REFUSED = "custody.look_refused", "{who} did not agree that {person} may see the {look} of {account}: {words}"
    LOOK_WITHDRAWN = "custody.look_withdrawn", "{who} no longer asks to see the {look} of {account}"
    LOOK_BY_EXCEPTION = (
        "custody.look_by_exception",
        "{who} may see the {look} of {account} alone, by exception ({minute}), for: {reason}",
    )
    BROKE_GLASS = "custody.broke_glass", "{who} broke the glass to see the {look} of {account} at once, for: {reason}"
    BREAK_GLASS_REVIEWED = (
        "custody.break_glass_reviewed",
        "{who} reviewed that {person} broke the glass for {account}: {found}",
    )
    ONE_HOLDER_SET = "custody.one_holder_set", "{who} changed how the {kind} of {account} is used: {how}"
    CHECKED_OUT = "custody.checked_out", "{who} checked out the {kind} of {account} until {until} for: {reason}"
    CHECKED_IN = "custody.checked_in", "{who} ended the check-out of the {kind} of {account} by {person}"
    RECOVERY_DETAIL_ADDED = (
        "custody.recovery_detail_added",
        "{who} entered a recovery {detail} of {account}, held by {holder}",
    )
    RECOVERY_DETAIL_CHANGED = (
        "custody.recovery_detail_changed",
        "{who} changed a recovery {detail} of {account} ({fields})",
    )
    RECOVERY_DETAIL_REMOVED = "custody.recovery_detail_removed", "{who} removed a recovery {detail} of {account}"
    CREDENTIAL_DESTROYED = "custody.destroyed", "{who} destroyed the {kind} of {account}"

    ROTATION_DUE = "custody.rotation_due", "The {kind} of {account} must be rotated: {person} {why}"
    ROTATION_TICKED = "custody.rotation_ticked", "{who} ticked for {account}: {item}"
    ROTATION_UNTICKED = "custody.rotation_unticked", "{who} took a tick back for {account}: {item}"
    ROTATION_CLOSED = "custody.rotation_closed", "{who} finished the rotation of the {kind} of {account}"

    REVIEW_STARTED = "review.started", "{who} began a security review of {account}"
    REVIEW_ANSWERED = "review.answered", "{who} saved answers in the security review of {account}"
    REVIEW_COMPLETED = "review.completed", "{who} completed the security review of {account}; next due {next_due_on}"
    REVIEW_ABANDONED = "review.abandoned", "{who} abandoned the security review of {account}"
    REVIEW_ACTION_DONE = "review.action_done", "{who} finished a review action on {account}"

    ACTIVITY_OBSERVED = "activity.observed", "{who} recorded that {account} posted on {posted_on}"
    ACTIVITY_IMPORTED = "activity.imported", "{who} imported activity from {file} (days in it: {rows})"
    ACTIVITY_WITHDRAWN = "activity.withdrawn", "{who} withdrew the record that {account} posted on {posted_on}"

    CLOSURE_STARTED = "closure.started", "{who} began to {ending} {account}"
    CLOSURE_CHANGED = "closure.changed", "{who} changed the closure of {account} ({fields})"
    CLOSURE_STEP_DONE = "closure.step_done", "{who} finished “{step}” for {account}"
    CLOSURE_STEP_REOPENED = "closure.step_reopened", "{who} reopened “{step}” for {account}"
    CLOSURE_STEP_CHANGED = "closure.step_changed", "{who} changed who does “{step}” for {account}, or by when"
    CLOSURE_COMPLETED = "closure.completed", "{who} completed the closure: {account} is {state}"
    CLOSURE_ABANDONED = "closure.abandoned", "{who} abandoned the closure of {account}"
    MOTHBALL_EXTENDED = (
        "closure.mothball_extended",
        "{who} reviewed the mothballed {account} and keeps it so until {until}",
    )

    FLAG_RAISED = "flag.raised", "The register flagged: {message}"
    FLAG_CLEARED = "flag.cleared", "The flag healed: {message}"
    FLAG_ACKNOWLEDGED = "flag.acknowledged", "{who} acknowledged until {until}: {message}"
    FLAG_ACKNOWLEDGEMENT_ENDED = "flag.acknowledgement_ended", "{who} ended an acknowledgement: {message}"
    MESSAGES_GIVEN_UP = "mail.given_up", "The register could not send {messages} of its messages ({error})"
    MESSAGE_SENT_AGAIN = "mail.sent_again", "{who} asked for a message to be sent once more"
    JOB_ASKED = "job.asked", "{who} asked for {job} to run now"
    JOB_FAILED = "job.failed", "The job {job} failed"
    TIDIED = "job.tidied", "The register cleared away {rows} spent records: sign-ins, links, reveals, uploads, messages"
    BACKUP_MADE = "backup.made", "A backup was made ({backup}: {entries} entries of the trail)"
    REGISTER_RESTORED = "backup.restored", "The register was restored from the backup {backup}; every sign-in was ended"
    ROLLBACK_ACCEPTED = (
        "backup.rollback_accepted",
        "An older backup was restored on purpose; entries of the trail lost by it: {lost}",
    )

    TRAIL_VERIFIED = "trail.verified", "{who} verified the trail: {length} entries, {result}"
    CHECKPOINT_SIGNED = "trail.checkpoint_signed", "{who} signed a checkpoint of the trail at {size} entries"
    TRAIL_KEY_CHANGED = "trail.key_changed", "The key that signs checkpoints changed from {before} to {after}"
    ROWS_VOUCHED = (
        "trail.rows_vouched",
        "The trail began to vouch for {rows} rows as an earlier version of the register left them",
    )
    ROW_ACCEPTED = "trail.row_accepted", "{who} accepted row {row} of {table}, changed past the register: {reason}"
    DETAILS_ERASED = "trail.details_erased", "The trail’s details of {what} were erased"

    DEMO_MADE = "demo.made", "The demonstration data was loaded"
