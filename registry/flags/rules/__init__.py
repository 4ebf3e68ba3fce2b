"""Every flag rule of the register. A new one is a function in one of these modules, its name here, and a test."""

from registry.flags.rule import FlagRule
from registry.flags.rules import (
    accounts,
    closures,
    custody,
    keys,
    people,
    policies,
    requests,
    reviews,
    rotations,
    trail,
)

RULES: tuple[FlagRule, ...] = (
    people.no_cleared_editor,
    people.too_few_cleared_editors,
    people.leaver_still_named,
    people.never_trained,
    people.training_lapsed,
    people.training_lapsing,
    people.policy_unsigned,
    people.grace_ending,
    custody.no_credential_in_custody,
    custody.recovery_codes_low,
    custody.recovery_codes_doubted,
    custody.break_glass_unreviewed,
    custody.check_out_overdue,
    custody.recovery_holder_left,
    rotations.rotation_due,
    rotations.rotation_unfinished,
    rotations.credential_weak,
    rotations.credential_reused,
    reviews.never_reviewed,
    reviews.review_overdue,
    reviews.review_due_soon,
    reviews.review_action_overdue,
    accounts.neglected,
    accounts.trial_or_planned_end_passed,
    accounts.mothball_review_passed,
    accounts.closed_but_branded,
    closures.closure_stalled,
    requests.request_waiting,
    policies.no_policy_in_force,
    policies.policy_review_due,
    trail.trail_disagrees,
    trail.checkpoint_missing,
    keys.share_holder_left,
    keys.shares_not_rehearsed,
)

BY_NAME = {rule.name: rule for rule in RULES}
