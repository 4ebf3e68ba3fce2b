"""Everything that can happen in the register, each with the sentence the trail tells.

A sentence may use {who}, {what} (the subject, linked) and any key of the entry's details.
"""

from enum import StrEnum


class Event(StrEnum):
    """One thing that can happen; its value is what stands in the chain."""

    INSTALLATION_MADE = "installation.made"
    REFUSED = "act.refused"
    DOOR_REFUSED = "door.refused"

    COUNCIL_ADDED = "council.added"
    COUNCIL_SETTINGS_CHANGED = "council.settings_changed"

    PERSON_ADDED = "person.added"
    JOINING_ASKED = "joining.asked"
    JOINING_ACCEPTED = "joining.accepted"
    JOINING_DECLINED = "joining.declined"
    JOINING_WITHDRAWN = "joining.withdrawn"
    PERSON_CHANGED = "person.changed"
    PERSON_LEFT = "person.left"
    PERSON_SUSPENDED = "person.suspended"
    SUSPENSION_LIFTED = "person.suspension_lifted"
    DEVICE_LOST = "person.device_lost"
    ROLE_GRANTED = "role.granted"
    ROLE_ENDED = "role.ended"
    ROLE_PROPOSED = "role.proposed"
    ROLE_DECLINED = "role.declined"
    SETUP_LINK_MADE = "sign_in.setup_link_made"
    PASSWORD_SET = "sign_in.password_set"  # noqa: S105
    PASSWORD_RESET_ASKED = "sign_in.reset_asked"  # noqa: S105
    FIRST_STEP_PASSED = "sign_in.first_step_passed"
    SIGNED_IN = "sign_in.signed_in"
    SIGN_IN_FAILED = "sign_in.failed"
    OUTSIDE_CONNECTED = "sign_in.outside_connected"
    OUTSIDE_DISCONNECTED = "sign_in.outside_disconnected"
    OUTSIDE_RECOGNISED = "sign_in.outside_recognised"
    OUTSIDE_REFUSED = "sign_in.outside_refused"
    LANE_FULL = "sign_in.lane_full"
    SIGNED_OUT = "sign_in.signed_out"
    SESSION_ENDED = "sign_in.session_ended"
    PROVED = "sign_in.proved"
    FACTOR_ADDED = "two_step.added"
    FACTOR_RENAMED = "two_step.renamed"
    FACTOR_REMOVED = "two_step.removed"
    RECOVERY_CODES_MADE = "two_step.codes_made"
    RECOVERY_CODE_USED = "two_step.code_used"
    RESET_ASKED = "two_step.reset_asked"
    RESET_AGREED = "two_step.reset_agreed"
    RESET_STOPPED = "two_step.reset_stopped"
    TWO_STEP_RESET = "two_step.reset"

    SERVICE_AREA_ADDED = "service_area.added"
    SERVICE_AREA_CHANGED = "service_area.changed"
    ACCOUNT_ADDED = "account.added"
    ACCOUNT_CHANGED = "account.changed"
    ACCOUNT_RENAMED = "account.renamed"
    ACCOUNT_WENT_LIVE = "account.went_live"
    ACCOUNTS_IMPORTED = "accounts.imported"

    REQUEST_STARTED = "request.started"
    REQUEST_SAVED = "request.saved"
    REQUEST_SUBMITTED = "request.submitted"
    REQUEST_AGREED = "request.agreed"
    REQUEST_APPROVED = "request.approved"
    REQUEST_RETURNED = "request.returned"
    REQUEST_REFUSED = "request.refused"
    REQUEST_WITHDRAWN = "request.withdrawn"

    COURSE_ADDED = "course.added"
    COURSE_CHANGED = "course.changed"
    TRAINING_RECORDED = "training.recorded"
    TRAINING_CONFIRMED = "training.confirmed"
    TRAINING_REJECTED = "training.rejected"

    POLICY_ADDED = "policy.added"
    POLICY_CHANGED = "policy.changed"
    POLICY_DRAFTED = "policy.drafted"
    POLICY_DRAFT_DISCARDED = "policy.draft_discarded"
    POLICY_PUBLISHED = "policy.published"
    POLICY_SIGNED = "policy.signed"

    EDITOR_NAMED = "editor.named"
    EDITOR_STOOD_DOWN = "editor.stood_down"

    KEEPER_NAMED = "keys.keeper_named"
    ROOT_KEY_MADE = "keys.root_made"
    ROOT_KEY_RETIRED = "keys.root_retired"
    UNSEAL_TRIED = "keys.unseal_tried"
    CUSTODY_UNSEALED = "keys.unsealed"
    CUSTODY_SEALED = "keys.sealed"
    KEY_ROTATION_STARTED = "keys.rotation_started"
    KEYS_REWRAPPED = "keys.rewrapped"
    VALUES_RESEALED = "keys.resealed"
    KEY_ROTATION_FINISHED = "keys.rotation_finished"
    COUNCIL_KEYS_DESTROYED = "keys.council_destroyed"
    SHARES_MADE = "keys.shares_made"
    SHARE_SHOWN = "keys.share_shown"
    SHARE_CONFIRMED = "keys.share_confirmed"
    SHARES_COUNT = "keys.shares_count"
    SHARE_REHEARSED = "keys.share_rehearsed"
    RECOVERY_REHEARSED = "keys.recovery_rehearsed"
    KEYS_RECOVERED = "keys.recovered"
    CUSTODY_KEY_MADE = "custody.key_made"
    CREDENTIAL_DEPOSITED = "custody.deposited"
    CREDENTIAL_REPLACED = "custody.replaced"
    CREDENTIAL_CHANGED = "custody.changed"
    REVEAL_GRANTED = "custody.reveal_granted"
    CREDENTIAL_REVEALED = "custody.revealed"
    CODE_ISSUED = "custody.code_issued"
    RECOVERY_CODE_TAKEN = "custody.recovery_code_taken"
    RECOVERY_CODES_CONFIRMED = "custody.recovery_codes_confirmed"
    LOOK_ASKED = "custody.look_asked"
    LOOK_APPROVED = "custody.look_approved"
    LOOK_REFUSED = "custody.look_refused"
    LOOK_WITHDRAWN = "custody.look_withdrawn"
    LOOK_BY_EXCEPTION = "custody.look_by_exception"
    BROKE_GLASS = "custody.broke_glass"
    BREAK_GLASS_REVIEWED = "custody.break_glass_reviewed"
    ONE_HOLDER_SET = "custody.one_holder_set"
    CHECKED_OUT = "custody.checked_out"
    CHECKED_IN = "custody.checked_in"
    RECOVERY_DETAIL_ADDED = "custody.recovery_detail_added"
    RECOVERY_DETAIL_CHANGED = "custody.recovery_detail_changed"
    RECOVERY_DETAIL_REMOVED = "custody.recovery_detail_removed"
    CREDENTIAL_DESTROYED = "custody.destroyed"

    ROTATION_DUE = "custody.rotation_due"
    ROTATION_TICKED = "custody.rotation_ticked"
    ROTATION_UNTICKED = "custody.rotation_unticked"
    ROTATION_CLOSED = "custody.rotation_closed"

    REVIEW_STARTED = "review.started"
    REVIEW_ANSWERED = "review.answered"
    REVIEW_COMPLETED = "review.completed"
    REVIEW_ABANDONED = "review.abandoned"
    REVIEW_ACTION_DONE = "review.action_done"

    ACTIVITY_OBSERVED = "activity.observed"
    ACTIVITY_IMPORTED = "activity.imported"
    ACTIVITY_WITHDRAWN = "activity.withdrawn"

    CLOSURE_STARTED = "closure.started"
    CLOSURE_CHANGED = "closure.changed"
    CLOSURE_STEP_DONE = "closure.step_done"
    CLOSURE_STEP_REOPENED = "closure.step_reopened"
    CLOSURE_STEP_CHANGED = "closure.step_changed"
    CLOSURE_COMPLETED = "closure.completed"
    CLOSURE_ABANDONED = "closure.abandoned"
    MOTHBALL_EXTENDED = "closure.mothball_extended"

    FLAG_RAISED = "flag.raised"
    FLAG_CLEARED = "flag.cleared"
    FLAG_ACKNOWLEDGED = "flag.acknowledged"
    FLAG_ACKNOWLEDGEMENT_ENDED = "flag.acknowledgement_ended"
    JOB_ASKED = "job.asked"
    JOB_FAILED = "job.failed"
    TIDIED = "job.tidied"
    BACKUP_MADE = "backup.made"
    REGISTER_RESTORED = "backup.restored"
    ROLLBACK_ACCEPTED = "backup.rollback_accepted"

    TRAIL_VERIFIED = "trail.verified"
    CHECKPOINT_SIGNED = "trail.checkpoint_signed"
    TRAIL_KEY_CHANGED = "trail.key_changed"
    ROWS_VOUCHED = "trail.rows_vouched"
    ROW_ACCEPTED = "trail.row_accepted"
    DETAILS_ERASED = "trail.details_erased"

    DEMO_MADE = "demo.made"


SENTENCES: dict[Event, str] = {
    Event.INSTALLATION_MADE: "The register was set up",
    Event.REFUSED: "{who} was refused: {reasons}",
    Event.DOOR_REFUSED: "{who} was refused at a door their roles do not open ({door})",
    Event.COUNCIL_ADDED: "{who} added the council {name}",
    Event.COUNCIL_SETTINGS_CHANGED: "{who} changed the council's settings ({fields})",
    Event.PERSON_ADDED: "{who} added {what}",
    Event.JOINING_ASKED: "{who} asked somebody who is in the register already to work for the council",
    Event.JOINING_ACCEPTED: "{who} agreed to work for the council",
    Event.JOINING_DECLINED: "Somebody who was asked to work for the council declined",
    Event.JOINING_WITHDRAWN: "{who} no longer asks somebody to work for the council",
    Event.PERSON_CHANGED: "{who} changed the record of {what} ({fields})",
    Event.PERSON_LEFT: "{who} recorded that {what} leaves on {on}",
    Event.PERSON_SUSPENDED: "{who} suspended {what}’s work",
    Event.SUSPENSION_LIFTED: "{who} lifted the suspension of {what}",
    Event.DEVICE_LOST: "{who} reported that {what} lost a device ({device})",
    Event.ROLE_GRANTED: "{who} gave {what} the role of {role}",
    Event.ROLE_ENDED: "{who} ended {what}’s role of {role}",
    Event.ROLE_PROPOSED: "{who} gave {what} the role of {role}, which waits for a second person",
    Event.ROLE_DECLINED: "{who} said no to {what}’s role of {role}",
    Event.SETUP_LINK_MADE: "{who} made a set-up link for {what}",
    Event.PASSWORD_SET: "{who} set a new password",
    Event.PASSWORD_RESET_ASKED: "A password reset was asked for {what}",
    Event.FIRST_STEP_PASSED: "The first step of signing in as {what} was passed ({how})",
    Event.SIGNED_IN: "{who} signed in",
    Event.SIGN_IN_FAILED: "A sign-in failed ({error})",
    Event.OUTSIDE_CONNECTED: "{who} connected their account at {provider}",
    Event.OUTSIDE_DISCONNECTED: "{who} disconnected their account at {provider}",
    Event.OUTSIDE_RECOGNISED: "{who} was recognised by {provider}",
    Event.OUTSIDE_REFUSED: "A sign-in by {provider} came to nothing ({why})",
    Event.LANE_FULL: "The last of {most} tries within {minutes} minutes was used: {what} ({lane}); more must wait",
    Event.SIGNED_OUT: "{who} signed out",
    Event.SESSION_ENDED: "{who} ended a sign-in session of {what} ({why})",
    Event.PROVED: "{who} confirmed that it is them ({how})",
    Event.FACTOR_ADDED: "{who} added {factor} as a second step at sign-in",
    Event.FACTOR_RENAMED: "{who} gave {factor} another name",
    Event.FACTOR_REMOVED: "{who} removed {factor} from their sign-in",
    Event.RECOVERY_CODES_MADE: "{who} made {codes} new recovery codes; earlier ones stopped working",
    Event.RECOVERY_CODE_USED: "{who} used a recovery code; {left} are left",
    Event.RESET_ASKED: "{who} asked to take the two-step sign-in of {what} off them",
    Event.RESET_AGREED: "{who} agreed to take the two-step sign-in of {what} off them, in {hours} hours",
    Event.RESET_STOPPED: "{who} stopped taking the two-step sign-in of {what} off them",
    Event.TWO_STEP_RESET: "The two-step sign-in of {what} was taken off them ({how})",
    Event.SERVICE_AREA_ADDED: "{who} added the service area {what}",
    Event.SERVICE_AREA_CHANGED: "{who} changed the service area {what} ({fields})",
    Event.ACCOUNT_ADDED: "{who} entered {what} in the register ({how})",
    Event.ACCOUNT_CHANGED: "{who} changed {what} ({fields})",
    Event.ACCOUNT_RENAMED: "{who} recorded that {before} is now {after}",
    Event.ACCOUNT_WENT_LIVE: "{who} recorded {what} as live",
    Event.ACCOUNTS_IMPORTED: "{who} imported {rows} accounts from {file}",
    Event.REQUEST_STARTED: "{who} began a request for a new account",
    Event.REQUEST_SAVED: "{who} saved the request’s {part}",
    Event.REQUEST_SUBMITTED: "{who} submitted {what}",
    Event.REQUEST_AGREED: "{who} agreed to {what} as {role}",
    Event.REQUEST_APPROVED: "{who} gave the last agreement to {what} as {role}",
    Event.REQUEST_RETURNED: "{who} returned {what} as {role}",
    Event.REQUEST_REFUSED: "{who} refused {what} as {role}",
    Event.REQUEST_WITHDRAWN: "{who} withdrew {what}",
    Event.COURSE_ADDED: "{who} added the course {what}",
    Event.COURSE_CHANGED: "{who} changed the course {what} ({fields})",
    Event.TRAINING_RECORDED: "{who} recorded training for {person}: {course}, {completed_on}",
    Event.TRAINING_CONFIRMED: "{who} confirmed training of {person}: {course}",
    Event.TRAINING_REJECTED: "{who} did not accept training of {person}: {course}",
    Event.POLICY_ADDED: "{who} added the policy {what}",
    Event.POLICY_CHANGED: "{who} changed the policy {what} ({fields})",
    Event.POLICY_DRAFTED: "{who} saved a draft of version {version} of {policy}",
    Event.POLICY_DRAFT_DISCARDED: "{who} discarded the draft of version {version} of {policy}",
    Event.POLICY_PUBLISHED: "{who} published version {version} of {policy}, in force from {effective_on}",
    Event.POLICY_SIGNED: "{who} signed version {version} of {policy}",
    Event.EDITOR_NAMED: "{who} named {person} as an editor for {area}",
    Event.EDITOR_STOOD_DOWN: "{who} stood down {person} as an editor for {area}",
    Event.KEEPER_NAMED: "{who} named {name} to keep the keys that serve every council here",
    Event.ROOT_KEY_MADE: "The root key {key} counts from now on (kept as: {provider})",
    Event.ROOT_KEY_RETIRED: "{who} retired the root key {key}",
    Event.UNSEAL_TRIED: "{who} typed a passphrase to unseal custody",
    Event.CUSTODY_UNSEALED: "{who} unsealed custody",
    Event.CUSTODY_SEALED: "{who} sealed custody",
    Event.KEY_ROTATION_STARTED: "{who} began to renew the {kind} keys",
    Event.KEYS_REWRAPPED: "The register put {rows} sealed values under the council’s new key",
    Event.VALUES_RESEALED: "The register sealed {rows} values afresh",
    Event.KEY_ROTATION_FINISHED: "The renewal of the {kind} keys is complete ({rows} values)",
    Event.COUNCIL_KEYS_DESTROYED: "{who} destroyed the council’s keys and with them everything in its custody",
    Event.SHARES_MADE: "{who} made {holders} recovery shares, of which any {needed} recover the keys",
    Event.SHARE_SHOWN: "Recovery share {number} was shown, once, for {what}",
    Event.SHARE_CONFIRMED: "Recovery share {number} of {what} was typed back",
    Event.SHARES_COUNT: "The recovery shares count from now on: {needed} holders have typed theirs back",
    Event.SHARE_REHEARSED: "Recovery share {number} of {what} was rehearsed",
    Event.RECOVERY_REHEARSED: "Recovery was rehearsed with {needed} shares, and they work",
    Event.KEYS_RECOVERED: "The keys were recovered with {needed} shares",
    Event.CUSTODY_KEY_MADE: "A custody key was made for the council",
    Event.CREDENTIAL_DEPOSITED: "{who} deposited the {kind} of {account}",
    Event.CREDENTIAL_REPLACED: "{who} replaced the {kind} of {account}",
    Event.CREDENTIAL_CHANGED: "{who} changed the notes on the {kind} of {account}",
    Event.REVEAL_GRANTED: "{who} asked to see the {kind} of {account} for: {reason}",
    Event.CREDENTIAL_REVEALED: "{who} revealed the {kind} of {account} for: {reason}",
    Event.CODE_ISSUED: "{who} was given the current code of {account} for: {reason}",
    Event.RECOVERY_CODE_TAKEN: "{who} took recovery code {position} of {account} for: {reason}",
    Event.RECOVERY_CODES_CONFIRMED: "{who} found that the recovery codes of {account} still hold",
    Event.LOOK_ASKED: "{who} asked a second person’s agreement to see the {look} of {account} for: {reason}",
    Event.LOOK_APPROVED: "{who} agreed that {person} may see the {look} of {account} once",
    Event.LOOK_REFUSED: "{who} did not agree that {person} may see the {look} of {account}: {words}",
    Event.LOOK_WITHDRAWN: "{who} no longer asks to see the {look} of {account}",
    Event.LOOK_BY_EXCEPTION: "{who} may see the {look} of {account} alone, by exception ({minute}), for: {reason}",
    Event.BROKE_GLASS: "{who} broke the glass to see the {look} of {account} at once, for: {reason}",
    Event.BREAK_GLASS_REVIEWED: "{who} reviewed that {person} broke the glass for {account}: {found}",
    Event.ONE_HOLDER_SET: "{who} changed how the {kind} of {account} is used: {how}",
    Event.CHECKED_OUT: "{who} checked out the {kind} of {account} until {until} for: {reason}",
    Event.CHECKED_IN: "{who} ended the check-out of the {kind} of {account} by {person}",
    Event.RECOVERY_DETAIL_ADDED: "{who} entered a recovery {detail} of {account}, held by {holder}",
    Event.RECOVERY_DETAIL_CHANGED: "{who} changed a recovery {detail} of {account} ({fields})",
    Event.RECOVERY_DETAIL_REMOVED: "{who} removed a recovery {detail} of {account}",
    Event.CREDENTIAL_DESTROYED: "{who} destroyed the {kind} of {account}",
    Event.ROTATION_DUE: "The {kind} of {account} must be rotated: {person} {why}",
    Event.ROTATION_TICKED: "{who} ticked for {account}: {item}",
    Event.ROTATION_UNTICKED: "{who} took a tick back for {account}: {item}",
    Event.ROTATION_CLOSED: "{who} finished the rotation of the {kind} of {account}",
    Event.REVIEW_STARTED: "{who} began a security review of {account}",
    Event.REVIEW_ANSWERED: "{who} saved answers in the security review of {account}",
    Event.REVIEW_COMPLETED: "{who} completed the security review of {account}; next due {next_due_on}",
    Event.REVIEW_ABANDONED: "{who} abandoned the security review of {account}",
    Event.REVIEW_ACTION_DONE: "{who} finished a review action on {account}",
    Event.ACTIVITY_OBSERVED: "{who} recorded that {account} posted on {posted_on}",
    Event.ACTIVITY_IMPORTED: "{who} imported activity from {file} (days in it: {rows})",
    Event.ACTIVITY_WITHDRAWN: "{who} withdrew the record that {account} posted on {posted_on}",
    Event.CLOSURE_STARTED: "{who} began to {ending} {account}",
    Event.CLOSURE_CHANGED: "{who} changed the closure of {account} ({fields})",
    Event.CLOSURE_STEP_DONE: "{who} finished “{step}” for {account}",
    Event.CLOSURE_STEP_REOPENED: "{who} reopened “{step}” for {account}",
    Event.CLOSURE_STEP_CHANGED: "{who} changed who does “{step}” for {account}, or by when",
    Event.CLOSURE_COMPLETED: "{who} completed the closure: {account} is {state}",
    Event.CLOSURE_ABANDONED: "{who} abandoned the closure of {account}",
    Event.MOTHBALL_EXTENDED: "{who} reviewed the mothballed {account} and keeps it so until {until}",
    Event.FLAG_RAISED: "The register flagged: {message}",
    Event.FLAG_CLEARED: "The flag healed: {message}",
    Event.FLAG_ACKNOWLEDGED: "{who} acknowledged until {until}: {message}",
    Event.FLAG_ACKNOWLEDGEMENT_ENDED: "{who} ended an acknowledgement: {message}",
    Event.JOB_ASKED: "{who} asked for {job} to run now",
    Event.JOB_FAILED: "The job {job} failed",
    Event.TIDIED: "The register cleared away {rows} spent records of sign-ins, links, reveals and uploads",
    Event.BACKUP_MADE: "A backup was made ({backup}: {entries} entries of the trail)",
    Event.REGISTER_RESTORED: "The register was restored from the backup {backup}; every sign-in was ended",
    Event.ROLLBACK_ACCEPTED: "An older backup was restored on purpose; entries of the trail lost by it: {lost}",
    Event.TRAIL_VERIFIED: "{who} verified the trail: {length} entries, {result}",
    Event.CHECKPOINT_SIGNED: "{who} signed a checkpoint of the trail at {size} entries",
    Event.TRAIL_KEY_CHANGED: "The key that signs checkpoints changed from {before} to {after}",
    Event.ROWS_VOUCHED: "The trail began to vouch for {rows} rows as an earlier version of the register left them",
    Event.ROW_ACCEPTED: "{who} accepted row {row} of {table}, changed past the register: {reason}",
    Event.DETAILS_ERASED: "The trail’s details of {what} were erased",
    Event.DEMO_MADE: "The demonstration data was loaded",
}
