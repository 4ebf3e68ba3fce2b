"""Each rule: it finds what it should on the first day, not on the day before, and what is mended heals."""

import pytest

from registry.accounts.models import AccountState
from registry.accounts.platforms import BY_ROLES
from registry.activity.models import Observation, Source
from registry.closures.models import Closure, ClosureState, ClosureStep
from registry.closures.tasks import Ending, tasks_for
from registry.custody.models import Credential, Kind
from registry.flags.rule import Severity
from registry.flags.rules import RULES
from registry.policies.models import Policy, PolicyVersion, SignOff
from registry.requests.models import AccountRequest, RequestState
from registry.reviews.models import ReviewAction, ReviewState, SecurityReview
from registry.training.models import RecordState
from tests.flags.looking import begins, change, found
from tests.world import World


def test_a_silent_account_is_neglected_after_twice_its_cadence(world: World) -> None:
    account = world.account(world.area(), last_posted_on=world.day(-40), cadence_days=10)
    flag = begins(world, "neglected", world.day(-40 + 21))
    assert (flag.severity, flag.since_on) == (Severity.WARNING, world.day(-19))
    assert flag.message == "Nothing has been posted since 11 October 2026; agreed is a post at least every 10 days."
    assert found(world, "neglected", world.day(0))[0].severity == Severity.WARNING
    assert found(world, "neglected", world.day(1))[0].severity == Severity.BREACH
    change(world, account, last_posted_on=world.day(0))
    assert not found(world, "neglected", world.day(1))


def test_where_no_cadence_was_agreed_the_councils_default_holds(world: World) -> None:
    world.account(world.area(), live_on=world.day(-10), authorised_on=world.day(-300))
    begins(world, "neglected", world.day(-10 + 2 * world.council.default_cadence_days + 1))


def test_an_account_that_rests_or_is_being_closed_is_not_neglected(world: World) -> None:
    area = world.area()
    world.account(area, handle="Resting", state=AccountState.MOTHBALLED, last_posted_on=world.day(-300))
    world.account(area, handle="Closing", under_closure=True, last_posted_on=world.day(-300))
    world.account(area, handle="Waiting", state=AccountState.AUTHORISED)
    assert not found(world, "neglected")


@pytest.mark.parametrize("which", ["trial_ends_on", "planned_end_on"])
def test_an_account_that_outlives_its_planned_end_asks_for_a_decision(world: World, which: str) -> None:
    account = world.account(world.area(), **{which: world.day(-5)})
    flag = begins(world, "trial_or_planned_end_passed", world.day(-4))
    assert flag.since_on == world.day(-4)
    assert "15 November 2026" in flag.message
    change(world, account, under_closure=True)
    assert not found(world, "trial_or_planned_end_passed")


def test_the_earlier_of_two_planned_ends_counts(world: World) -> None:
    account = world.account(world.area(), trial_ends_on=world.day(-3), planned_end_on=world.day(-9))
    assert found(world, "trial_or_planned_end_passed")[0].since_on == world.day(-8)
    change(world, account, planned_end_on=world.day(9))
    assert found(world, "trial_or_planned_end_passed")[0].since_on == world.day(-2)
    change(world, account, trial_ends_on=world.day(3))
    assert not found(world, "trial_or_planned_end_passed")


def test_a_mothballed_account_is_looked_at_again_when_its_day_has_passed(world: World) -> None:
    account = world.account(world.area(), state=AccountState.MOTHBALLED, mothball_review_on=world.day(-1))
    assert begins(world, "mothball_review_passed", world.day(0)).since_on == world.day(0)
    change(world, account, mothball_review_on=world.day(200))
    assert not found(world, "mothball_review_passed")


def test_a_mothballed_account_without_a_day_is_not_forgotten(world: World) -> None:
    world.account(world.area(), state=AccountState.MOTHBALLED)
    begins(world, "mothball_review_passed", world.day(1))


def test_an_ended_account_that_keeps_its_branding_is_found(world: World) -> None:
    account = world.account(world.area(), state=AccountState.CLOSED, ended_on=world.day(-1), branded=True)
    assert begins(world, "closed_but_branded", world.day(0)).since_on == world.day(0)
    change(world, account, branded=False)
    assert not found(world, "closed_but_branded")


def test_a_review_due_within_fourteen_days_is_noticed_and_then_overdue(world: World) -> None:
    account = world.account(world.area(), next_review_on=world.day(20))
    flag = begins(world, "review_due_soon", world.day(6))
    assert (flag.severity, flag.since_on) == (Severity.NOTICE, world.day(6))
    assert found(world, "review_due_soon", world.day(20))
    late = begins(world, "review_overdue", world.day(21))
    assert (late.severity, late.since_on) == (Severity.WARNING, world.day(21))
    assert not found(world, "review_due_soon", world.day(21))
    change(world, account, next_review_on=world.day(110), last_reviewed_on=world.day(21))
    assert not found(world, "review_overdue", world.day(21))


def test_a_live_account_never_reviewed_is_found(world: World) -> None:
    account = world.account(world.area(), live_on=world.day(-3))
    assert begins(world, "never_reviewed", world.day(-3)).since_on == world.day(-3)
    change(world, account, next_review_on=world.day(90))
    assert not found(world, "never_reviewed")


def test_an_action_of_a_review_that_is_late_is_found(world: World) -> None:
    account, owner = world.account(world.area()), world.person("Olive Owner")
    review = world.add(
        SecurityReview(
            council_id=world.council.id, account_id=account.id, reviewer_id=owner.id, state=ReviewState.COMPLETE,
            checklist_version="1", started_at=world.clock.now(),
        )
    )  # fmt: skip
    action = world.add(
        ReviewAction(
            council_id=world.council.id, account_id=account.id, review_id=review.id, item="two_step",
            what="Turn two-step sign-in on", owner_id=owner.id, due_on=world.day(-1),
        )
    )  # fmt: skip
    flag = begins(world, "review_action_overdue", world.day(0))
    assert (flag.account_id, flag.person_id, flag.since_on) == (account.id, owner.id, world.day(0))
    assert "Turn two-step sign-in on" in flag.message
    change(world, action, done_on=world.day(0), done_by=owner.id)
    assert not found(world, "review_action_overdue")


def test_an_account_nobody_may_act_for_is_a_breach_and_one_with_too_few_a_warning(world: World) -> None:
    area = world.area()
    world.account(area)
    nobody = found(world, "no_cleared_editor")
    assert [flag.severity for flag in nobody] == [Severity.BREACH]
    assert not found(world, "too_few_cleared_editors")
    first = world.cleared(area, "Ann Example")
    assert not found(world, "no_cleared_editor")
    few = found(world, "too_few_cleared_editors")
    assert few[0].message == "It has too few cleared editors: 1, and the council wants 2."
    world.cleared(area, "Ben Example")
    assert not found(world, "too_few_cleared_editors")
    assert found(world, "no_cleared_editor", world.day(201))  # both trainings have lapsed
    assert first


def test_the_day_training_lapses_is_the_first_without_a_cleared_editor(world: World) -> None:
    area = world.area()
    world.account(area)
    person = world.person("Ann Example")
    world.editor(area, person)
    world.signed(person)
    world.trained(person, world.day(10))
    assert begins(world, "no_cleared_editor", world.day(11)).since_on == world.day(11)
    assert found(world, "no_cleared_editor", world.day(15))[0].since_on == world.day(11)


def test_how_many_editors_are_enough_is_the_councils_own_setting(world: World) -> None:
    other = world.another(ideal_editors=1)
    for each in (world, other):
        area = each.area()
        each.account(area)
        each.cleared(area, "Ann Example")
    assert found(world, "too_few_cleared_editors")
    assert not found(other, "too_few_cleared_editors")


def test_an_account_being_closed_may_have_few_editors_but_not_none(world: World) -> None:
    area = world.area()
    world.account(area, under_closure=True)
    assert found(world, "no_cleared_editor")
    world.cleared(area)
    assert not found(world, "too_few_cleared_editors")


def test_a_leaver_who_is_still_named_is_a_breach(world: World) -> None:
    area, leaver = world.area(), world.person("Lee Leaver", ends_on=world.day(-1))
    named = world.editor(area, leaver)
    flag = begins(world, "leaver_still_named", world.day(0))
    assert (flag.severity, flag.person_id, flag.since_on) == (Severity.BREACH, leaver.id, world.day(0))
    assert flag.message == "Lee Leaver left on 19 November 2026 and is still named as an editor for Waste."
    change(world, named, ends_on=world.day(-1))
    assert not found(world, "leaver_still_named")


def test_training_that_lapses_within_thirty_days_is_noticed_and_then_found_lapsed(world: World) -> None:
    person = world.cleared(world.area(), "Ann Example")  # trained until day 200
    soon = begins(world, "training_lapsing", world.day(170))
    assert (soon.severity, soon.since_on, soon.person_id) == (Severity.NOTICE, world.day(170), person.id)
    lapsed = begins(world, "training_lapsed", world.day(201))
    assert (lapsed.severity, lapsed.since_on) == (Severity.WARNING, world.day(201))
    assert not found(world, "training_lapsing", world.day(201))
    world.trained(person, world.day(500))
    assert not found(world, "training_lapsed", world.day(201))


def test_a_named_editor_without_training_is_found_once_however_many_areas_they_act_for(world: World) -> None:
    person = world.person("Ann Example")
    for name in ("Waste", "Parks"):
        world.editor(world.area(name), person, starts_on=world.day(-2))
    flag = begins(world, "never_trained", world.day(-2))
    assert flag.since_on == world.day(-2)
    record = world.trained(person)
    assert not found(world, "never_trained", world.day(0))
    change(world, record, state=RecordState.REJECTED)
    assert found(world, "never_trained", world.day(0))


def test_nobody_asks_training_of_who_is_not_named(world: World) -> None:
    world.policy()
    world.person("Sam Staff")
    for rule in ("never_trained", "policy_unsigned", "training_lapsed"):
        assert not found(world, rule)


def test_a_named_editor_who_never_signed_is_found_and_heals_by_signing(world: World) -> None:
    person = world.person("Ann Example")
    world.policy()
    world.editor(world.area(), person, starts_on=world.day(-2))
    flag = begins(world, "policy_unsigned", world.day(-2))
    assert (flag.person_id, flag.since_on) == (person.id, world.day(-2))
    world.signed(person)
    assert not found(world, "policy_unsigned")


def test_days_of_grace_are_noticed_a_week_before_they_end(world: World) -> None:
    person = world.person("Ann Example")
    world.editor(world.area(), person)
    world.signed(person, world.policy("1"))
    new = world.policy("2", world.day(-3), sign_by_on=world.day(11))
    soon = begins(world, "grace_ending", world.day(4))
    assert (soon.severity, soon.since_on) == (Severity.NOTICE, world.day(4))
    assert soon.message == "Ann Example has until 1 December 2026 to sign the new version of the policy."
    assert begins(world, "policy_unsigned", world.day(12)).since_on == world.day(12)
    assert not found(world, "grace_ending", world.day(12))
    world.add(
        SignOff(
            council_id=world.council.id, person_id=person.id, policy_version_id=new.id, text_hash=new.text_hash,
            signed_at=world.clock.now(),
        )
    )  # fmt: skip
    assert not found(world, "policy_unsigned", world.day(12))
    assert not found(world, "grace_ending", world.day(11))


def test_without_a_policy_the_council_is_told_and_not_each_editor(world: World) -> None:
    area = world.area()
    world.account(area)
    world.editor(area, world.person("Ann Example"))
    world.policy(effective_on=world.day(5))
    assert found(world, "no_policy_in_force", world.day(4))
    assert not found(world, "policy_unsigned", world.day(4))
    assert not found(world, "no_policy_in_force", world.day(5))
    assert found(world, "policy_unsigned", world.day(5))


def test_a_live_account_without_credentials_in_custody_is_found(world: World) -> None:
    account = world.account(world.area(), live_on=world.day(-2))
    assert begins(world, "no_credential_in_custody", world.day(-2)).since_on == world.day(-2)
    held = world.add(
        Credential(
            council_id=world.council.id, account_id=account.id, kind=Kind.PASSWORD, current_version=1,
            deposited_at=world.clock.now(), changed_at=world.clock.now(),
        )
    )  # fmt: skip
    assert not found(world, "no_credential_in_custody")
    change(world, held, destroyed_at=world.clock.now())
    assert found(world, "no_credential_in_custody")


def test_an_authorised_account_has_a_week_to_bring_its_credentials(world: World) -> None:
    world.account(world.area(), state=AccountState.AUTHORISED, authorised_on=world.day(-8))
    begins(world, "no_credential_in_custody", world.day(0))


def test_where_people_hold_roles_there_is_no_password_to_keep(world: World) -> None:
    world.account(world.area(), platform=BY_ROLES[0], handle="ExamplePage")
    assert not found(world, "no_credential_in_custody")


def test_a_policy_is_due_for_review_on_its_day_until_a_new_version_is_in_force(world: World) -> None:
    world.policy("1", review_due_on=world.day(0))
    flag = begins(world, "policy_review_due", world.day(0))
    assert flag.message == "Version 1 of “Social media policy” was due for review on 20 November 2026."
    world.policy("2", world.day(3), review_due_on=world.day(368))
    assert found(world, "policy_review_due", world.day(2))
    assert not found(world, "policy_review_due", world.day(3))
    world.policy("2.1", world.day(4), is_minor=True, review_due_on=world.day(300))
    assert begins(world, "policy_review_due", world.day(300)).message.startswith("Version 2.1")


def test_a_draft_is_never_due_for_review(world: World) -> None:
    policy = world.add(Policy(council_id=world.council.id, title="House rules"))
    world.add(
        PolicyVersion(
            council_id=world.council.id, policy_id=policy.id, version="1", text="x", text_hash="0" * 64,
            review_due_on=world.day(-9), saved_at=world.clock.now(),
        )
    )  # fmt: skip
    assert not found(world, "policy_review_due")


def test_a_request_that_waits_more_than_a_week_is_found(world: World) -> None:
    asker = world.person("Ask Asker")
    request = world.add(
        AccountRequest(
            council_id=world.council.id, asker_id=asker.id, state=RequestState.SUBMITTED,
            answers={"name": "Example Parks"}, chain=["comms", "clerk"],
            waiting_since=world.clock.now(), started_at=world.clock.now(),
        )
    )  # fmt: skip
    flag = begins(world, "request_waiting", world.day(8))
    assert flag.since_on == world.day(8)
    assert flag.message.startswith("Ask Asker’s request for “Example Parks” has waited")
    assert "20 November 2026" in flag.message
    change(world, request, state=RequestState.RETURNED)
    assert not found(world, "request_waiting", world.day(8))


def _closure(world: World, **facts: object) -> Closure:
    account, clerk = world.account(world.area(), under_closure=True), world.person("Cleo Clerk")
    return world.add(
        Closure(
            council_id=world.council.id, account_id=account.id, ending=Ending.CLOSE, reason="Done", decided_by=clerk.id,
            started_at=world.clock.now(), **{"last_day_on": world.day(30), **facts},
        )
    )  # fmt: skip


def _step(world: World, closure: Closure, must: bool, due: int, **facts: object) -> ClosureStep:
    key = next(task.key for task in tasks_for(Ending.CLOSE) if task.must is must)
    return world.add(
        ClosureStep(council_id=world.council.id, closure_id=closure.id, key=key, due_on=world.day(due), **facts)
    )


def test_a_closure_stalls_when_a_step_that_must_be_done_is_a_week_late(world: World) -> None:
    closure = _closure(world)
    step = _step(world, closure, must=True, due=-8)
    flag = begins(world, "closure_stalled", world.day(0))
    assert (flag.account_id, flag.since_on) == (closure.account_id, world.day(-7))
    change(world, step, not_needed=True)
    assert not found(world, "closure_stalled")
    change(world, step, not_needed=False)
    assert found(world, "closure_stalled")
    change(world, closure, state=ClosureState.ABANDONED)
    assert not found(world, "closure_stalled")


def test_a_closure_stalls_the_day_after_the_accounts_last_day(world: World) -> None:
    closure = _closure(world, last_day_on=world.day(-1))
    _step(world, closure, must=True, due=-2)
    begins(world, "closure_stalled", world.day(0))


def test_a_step_that_may_be_left_out_stalls_nothing(world: World) -> None:
    _step(world, _closure(world), must=False, due=-100)
    assert not found(world, "closure_stalled")


def test_a_day_on_which_it_posted_heals_neglect_through_the_accounts_own_fact(world: World) -> None:
    editor, account = world.person("Ann Example"), world.account(world.area(), cadence_days=1)
    assert found(world, "neglected")
    world.add(
        Observation(
            council_id=world.council.id, account_id=account.id, posted_on=world.today, source=Source.SAID,
            recorded_by=editor.id, recorded_at=world.clock.now(),
        )
    )  # fmt: skip
    change(world, account, last_posted_on=world.today)
    assert not found(world, "neglected")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_says_why_by_which_clause_whom_it_tells_and_what_mends_it(rule: object) -> None:
    assert rule.why.endswith(".")
    assert rule.clause
    assert rule.tell
    assert rule.mend.endpoint
    assert rule.mend.text
    assert rule.title[0].isupper()


def test_no_two_rules_have_one_name() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
