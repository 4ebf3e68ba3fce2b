"""The register's rules and the life of an account, as truth tables."""

from dataclasses import dataclass
from datetime import date
from itertools import product

import pytest

from registry.accounts.lifecycle import ACCOUNT
from registry.accounts.models import ENDED, AccountState
from registry.accounts.rules import AREA_MAY_END, MAY_BE_ENTERED, MAY_CHANGE, AreaEnding, Change, Presence
from registry.core.errors import Conflict

TODAY = date(2026, 11, 20)
S = AccountState


@dataclass
class Thing:
    state: AccountState


@pytest.mark.parametrize(("in_use", "leftovers"), list(product((True, False), repeat=2)))
def test_of_an_ended_account_only_the_leftovers_change(in_use: bool, leftovers: bool) -> None:
    verdict = MAY_CHANGE.judge(Change(in_use, leftovers), TODAY)
    assert bool(verdict) is (in_use or leftovers)
    assert all(reason.clause == "002 §12.5, §12.12" for reason in verdict)


@pytest.mark.parametrize(("is_open", "out_of_use"), list(product((True, False), repeat=2)))
def test_a_platform_that_has_gone_takes_only_accounts_out_of_use(is_open: bool, out_of_use: bool) -> None:
    verdict = MAY_BE_ENTERED.judge(Presence(is_open, "MySpace is retired.", out_of_use), TODAY)
    assert bool(verdict) is (is_open or out_of_use)
    assert all(reason.text.startswith("MySpace is retired. Enter it as mothballed") for reason in verdict)


@pytest.mark.parametrize(
    ("accounts", "said"), [(0, None), (1, "It still answers for 1 account."), (3, "It still answers for 3 accounts.")]
)
def test_a_service_area_ends_only_when_it_answers_for_nothing(accounts: int, said: str | None) -> None:
    verdict = AREA_MAY_END.judge(AreaEnding(accounts), TODAY)
    assert bool(verdict) is (said is None)
    assert [reason.text.startswith(said or "") for reason in verdict] == ([] if said is None else [True])


def test_an_account_goes_from_proposed_to_live_and_comes_to_one_of_three_ends() -> None:
    thing = Thing(S.PROPOSED)
    for verb, state in (
        ("authorise", S.AUTHORISED),
        ("go_live", S.LIVE),
        ("mothball", S.MOTHBALLED),
        ("close", S.CLOSED),
    ):
        ACCOUNT.move(thing, verb)
        assert thing.state is state
    for state in (S.AUTHORISED, S.LIVE, S.MOTHBALLED):
        assert ACCOUNT.allows(state, "close")
        assert ACCOUNT.allows(state, "hand_over")


@pytest.mark.parametrize("state", ENDED)
def test_nothing_leads_out_of_an_ended_account(state: AccountState) -> None:
    assert ACCOUNT.verbs(state) == ()
    with pytest.raises(Conflict, match="so it cannot go live now"):
        ACCOUNT.move(Thing(state), "go_live")
