"""A rule gives every reason it fails, and says no more than it knows."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.core.errors import Conflict, Reason, Refused
from registry.core.lifecycle import Lifecycle
from registry.core.rule import Condition, Rule, Verdict
from registry.vocabulary.permissions import Role

TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Facts:
    ready: bool
    until: date


READY = Condition(lambda f, on: f.ready, "It is not ready.", clause="1.1", mend="home.index", mend_text="Make it ready")
FRESH = Condition(lambda f, on: f.until >= on, lambda f, on: f"It ended on {f.until}.", clause="1.2")
RULE = Rule((READY,)) & Rule((FRESH,))


@given(ready=st.booleans(), days=st.integers(-400, 400))
def test_a_rule_fails_for_exactly_the_conditions_that_fail(ready: bool, days: int) -> None:
    verdict = RULE.judge(Facts(ready, TODAY + timedelta(days=days)), TODAY)
    assert len(verdict.reasons) == (not ready) + (days < 0)
    assert bool(verdict) == (ready and days >= 0)


def test_a_reason_carries_its_clause_and_what_mends_it() -> None:
    first, second = RULE.judge(Facts(False, date(2026, 5, 3)), TODAY)
    assert first == Reason("It is not ready.", "1.1", "home.index", "Make it ready")
    assert str(first) == "It is not ready. (1.1)"
    assert str(second) == "It ended on 2026-05-03. (1.2)"
    assert str(Reason("Plainly no.")) == "Plainly no."


def test_a_failed_verdict_refuses_with_all_reasons_and_a_good_one_lets_pass() -> None:
    Verdict().or_refuse()
    with pytest.raises(Refused) as refused:
        (RULE.judge(Facts(False, date.min), TODAY) & Verdict((Reason("And no."),))).or_refuse()
    assert [r.text for r in refused.value.reasons] == ["It is not ready.", "It ended on 0001-01-01.", "And no."]


def test_a_refusal_may_be_one_sentence() -> None:
    assert Refused("No.").reasons == (Reason("No."),)


def test_a_lifecycle_knows_its_verbs_and_refuses_the_others() -> None:
    life = Lifecycle("hat", {(Role.STAFF, "promote"): Role.MANAGER, (Role.MANAGER, "step_down"): Role.STAFF})

    class Thing:
        state = Role.STAFF

    thing = Thing()
    assert life.allows(Role.STAFF, "promote")
    assert life.verbs(Role.MANAGER) == ("step_down",)
    life.move(thing, "promote")
    assert thing.state is Role.MANAGER
    with pytest.raises(Conflict, match="This hat is manager, so it cannot promote now"):
        life.move(thing, "promote")
