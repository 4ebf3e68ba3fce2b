"""Deciding: the council's chain, what a decision binds, and what comes of it (002 §6.3, §16.1; 003)."""

import json
from datetime import timedelta
from typing import Any

import pytest

from registry.accounts.models import Account, AccountState
from registry.audit.models import Entry
from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.councils.models import Risk
from registry.editors.models import Editorship
from registry.identity.actions import people
from registry.requests import actions
from registry.requests.actions import Ruling
from registry.requests.models import AccountRequest, Answer
from registry.requests.models import RequestState as S
from registry.requests.queries import list_decisions
from registry.requests.seen import Seen
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.requests.asking import PARISH, Asking
from tests.world import World


def approve(asking: Asking, request: AccountRequest) -> Account:
    for person in (asking.manager, asking.comms, asking.team):
        asking.decide(person, request)
    with asking.world.house.reading() as session:
        return session.get_one(Account, asking.now(request).account_id)


def details(asking: Asking, event: Event) -> dict[str, Any]:
    with asking.world.house.reading() as session:
        entry = session.query(Entry).filter_by(act=event.value).order_by(Entry.seq.desc()).first()
    assert entry is not None
    found: dict[str, Any] = json.loads(entry.body)["detail"]
    return found


def test_a_request_goes_from_desk_to_desk_and_the_last_agreement_enters_the_account(asking: Asking) -> None:
    request = asking.submitted(
        for_children="yes", safeguarding="As agreed.", life="trial", trial_ends_on=asking.world.day(90), risk="high"
    )
    asking.decide(asking.manager, request, minute_ref="")
    assert (asking.now(request).step, asking.now(request).state) == (1, S.SUBMITTED)
    assert details(asking, Event.REQUEST_AGREED)["role"] == "Head of Service"
    asking.world.clock.advance(days=2)
    asking.decide(asking.comms, request, Answer.AGREE_WITH_CONDITIONS, conditions="Use the council's logo.", reason="x")
    assert asking.now(request).waiting_since == asking.world.clock.now()
    decision = asking.decide(asking.team, request, minute_ref="MT 14/2026")
    assert (decision.minute_ref, decision.as_deputy, decision.exception) == ("MT 14/2026", False, "")
    request = asking.now(request)
    assert (request.state, request.waiting_since) == (S.APPROVED, None)
    assert details(asking, Event.REQUEST_APPROVED)["content_hash"] == request.content_hash
    assert details(asking, Event.ACCOUNT_ADDED)["how"] == "request"
    with asking.world.house.reading() as session:
        account = session.get_one(Account, request.account_id)
        assert account.state is AccountState.AUTHORISED
        assert (account.handle_key, account.name) == ("examplebins", "Example Bins")
        assert account.service_area_id == asking.area.id
        assert (account.purpose, account.audience) == ("Tell people about collections.", "Households.")
        assert (account.for_children, account.cadence_days, account.risk) == (True, 7, Risk.HIGH)
        assert account.engagement == "Answer questions in working hours"
        assert (account.trial_ends_on, account.planned_end_on) == (asking.world.day(88), None)
        assert account.responsible_id == asking.manager.id
        assert "Sign-in mailbox: bins@exampleton.example" in account.notes
        assert "Condition: Use the council's logo." in account.notes
        assert session.query(Editorship).count() == 0
        assert [d.reason for d in list_decisions(session, request)] == ["", "", ""]


@pytest.mark.parametrize(
    ("platform", "handle"),
    [("mastodon", "@Example@social.example"), ("blog", "https://news.example/bins"), ("youtube", "@Bins")],
)
def test_an_account_of_any_kind_is_entered_under_its_own_name(asking: Asking, platform: str, handle: str) -> None:
    account = approve(asking, asking.submitted(platform=platform, handle=handle))
    assert account.platform == platform


def test_the_answering_person_is_the_one_proposed(asking: Asking) -> None:
    assert approve(asking, asking.submitted(responsible_id=asking.other.id)).responsible_id == asking.other.id


def test_a_returned_request_is_changed_and_goes_back_to_the_first_step(asking: Asking) -> None:
    request = asking.submitted()
    asking.decide(asking.manager, request)
    asking.decide(asking.comms, request, Answer.RETURN, reason="Say who covers leave.")
    assert (asking.now(request).state, asking.now(request).waiting_since) == (S.RETURNED, None)
    assert details(asking, Event.REQUEST_RETURNED)["role"] == "Communications"
    asking.change(request, "run", resources="Two hours a week; Other covers leave.")
    again = asking.submit(request)
    assert (again.state, again.step, again.version) == (S.SUBMITTED, 0, request.version + 2)
    approve(asking, request)
    assert asking.now(request).state is S.APPROVED


def test_a_request_may_be_submitted_again_as_it_was(asking: Asking) -> None:
    request = asking.submitted()
    asking.decide(asking.manager, request, Answer.RETURN, reason="Ask again in May.")
    again = asking.submit(request)
    assert again.content_hash == request.content_hash
    assert again.version == request.version + 1
    asking.decide(asking.manager, again)


def test_a_refusal_is_final(asking: Asking) -> None:
    request = asking.submitted()
    asking.decide(asking.manager, request, Answer.REFUSE, reason="The main account is enough.")
    assert asking.now(request).state is S.REFUSED
    assert details(asking, Event.REQUEST_REFUSED)["role"] == "Head of Service"
    with pytest.raises(Conflict, match="cannot be submitted now"):
        asking.submit(request)
    with pytest.raises(Conflict, match="Manager Example refused this request"):
        asking.decide(asking.manager, request)


@pytest.mark.parametrize(
    ("answer", "words", "field"),
    [
        (Answer.AGREE_WITH_CONDITIONS, {}, "conditions"),
        (Answer.RETURN, {}, "comments"),
        (Answer.REFUSE, {}, "reason"),
        (Answer.AGREE, {"days": 1}, "decided_on"),
        (Answer.AGREE, {"days": -1}, "decided_on"),
    ],
)
def test_a_decision_says_what_must_be_said(asking: Asking, answer: Answer, words: dict[str, Any], field: str) -> None:
    request = asking.submitted()
    decided_on = asking.world.day(words.get("days", 0))
    with pytest.raises(Invalid) as refused:
        asking.decide(asking.manager, request, answer, decided_on=decided_on)
    assert refused.value.field == field
    assert asking.now(request).step == 0


def test_only_whoever_has_the_turn_decides(asking: Asking) -> None:
    request = asking.submitted()
    stranger = asking.world.person("Another Manager", Role.MANAGER)
    for person in (asking.comms, asking.team, asking.clerk, asking.auditor, asking.other, stranger):
        with pytest.raises(Refused, match="It is the turn of Head of Service"):
            asking.decide(person, request)
    asking.decide(asking.manager, request)
    with pytest.raises(Refused, match="It is the turn of Communications"):
        asking.decide(asking.clerk, request)


def test_a_deputy_decides_for_the_manager_and_it_is_told(asking: Asking) -> None:
    deputy = asking.world.person("Deputy Example")
    with asking.world.work(asking.clerk) as work:
        people.grant_role(work, deputy.id, Role.MANAGER, asking.world.day(-1), asking.world.day(10))
    assert asking.decide(deputy, asking.submitted()).as_deputy
    assert details(asking, Event.REQUEST_AGREED)["deputy"] is True


def test_a_deputy_whose_days_are_over_decides_nothing(asking: Asking) -> None:
    deputy = asking.world.person("Deputy Example")
    with asking.world.work(asking.clerk) as work:
        people.grant_role(work, deputy.id, Role.MANAGER, asking.world.day(-9), asking.world.day(-1))
    with pytest.raises(Refused, match="It is the turn of"):
        asking.decide(deputy, asking.submitted())


def test_where_the_area_has_no_manager_another_senior_manager_decides(asking: Asking) -> None:
    request = asking.submitted(service_area_id=asking.world.area("Elsewhere").id)
    asking.decide(asking.world.person("Another Manager", Role.MANAGER), request)
    assert asking.now(request).step == 1


def test_nobody_decides_on_their_own_request(asking: Asking) -> None:
    asking.asker = asking.comms
    request = asking.submitted()
    asking.decide(asking.manager, request)
    with pytest.raises(Refused, match="Nobody decides on their own request"):
        asking.decide(asking.comms, request)


def test_nobody_decides_two_steps_of_a_request(asking: Asking) -> None:
    both = asking.world.person("Both Example", Role.COMMS, Role.MANAGEMENT_TEAM)
    request = asking.submitted()
    asking.decide(asking.manager, request)
    asking.decide(both, request)
    with pytest.raises(Refused, match="nobody decides two steps"):
        asking.decide(both, request)
    asking.decide(asking.team, request, Answer.RETURN, reason="Say more.")
    asking.submit(request)
    asking.decide(asking.manager, request)
    asking.decide(both, request)


def test_a_one_officer_parish_decides_by_its_recorded_exception_and_it_is_told(world: World) -> None:
    exception = {"own_request_exception": True, "two_steps_exception": True, "exception_minute": "Minute 7/2026"}
    asking = Asking(world, PARISH, **exception)
    asking.asker = world.person("Only Officer", Role.COMMS, Role.CLERK)
    request = asking.submitted(editor_two=None)
    first = asking.decide(asking.asker, request)
    assert first.exception == "By exception (Minute 7/2026): own request."
    second = asking.decide(asking.asker, request)
    assert second.exception == "By exception (Minute 7/2026): own request and second step of the same request."
    assert details(asking, Event.REQUEST_APPROVED)["exception"] == second.exception
    assert asking.now(request).state is S.APPROVED


def test_an_exception_without_its_minute_is_none(world: World) -> None:
    asking = Asking(world, PARISH, own_request_exception=True, two_steps_exception=True, exception_minute="")
    asking.asker = asking.comms
    with pytest.raises(Refused, match="own request"):
        asking.decide(asking.comms, asking.submitted())


def test_a_draft_and_another_councils_request_are_not_there_to_decide(asking: Asking) -> None:
    with pytest.raises(NotFound):
        asking.decide(asking.manager, asking.draft())
    request, other = asking.submitted(handle="@ExampleTips"), asking.world.another()
    other.joins(asking.manager, Role.MANAGER)
    ruling = Ruling(Seen.of(request), Answer.AGREE, asking.world.today)
    with pytest.raises(NotFound), other.work(asking.manager) as work:
        actions.decide(work, request.id, ruling)


def test_a_decision_on_what_was_changed_since_is_not_taken_and_says_what_changed(asking: Asking) -> None:
    before = asking.submitted()
    asking.decide(asking.manager, before, Answer.RETURN, reason="Say more.")
    with pytest.raises(Conflict, match="Manager Example returned this request as Head of Service before you did"):
        asking.decide(asking.manager, before, seen=Seen.of(before))
    asking.change(before, "why", purpose="Tell people more.")
    asking.change(before, "checks", risk="normal")
    asking.submit(before)
    with pytest.raises(Conflict, match="differs in: Why it is needed, Checks"):
        asking.decide(asking.manager, before, seen=Seen.of(before))
    assert asking.now(before).step == 0


def test_a_decision_on_an_earlier_round_of_the_same_words_is_not_taken(asking: Asking) -> None:
    before = asking.submitted()
    asking.decide(asking.manager, before, Answer.RETURN, reason="Ask again in May.")
    asking.submit(before)
    with pytest.raises(Conflict, match="submitted again as it was"):
        asking.decide(asking.manager, before, seen=Seen.of(before))


def test_a_withdrawn_request_is_told_to_whoever_was_about_to_decide(asking: Asking) -> None:
    request = asking.submitted()
    with asking.world.work(asking.asker) as work:
        actions.withdraw(work, request.id)
    with pytest.raises(Conflict, match="withdrawn"):
        asking.decide(asking.manager, request, seen=Seen.of(request))


def test_whoever_comes_second_learns_who_decided_what_and_keeps_their_words(asking: Asking) -> None:
    both = asking.world.person("Both Example", Role.COMMS, Role.MANAGEMENT_TEAM)
    request = asking.submitted()
    asking.decide(asking.manager, request)
    seen = Seen.of(asking.now(request))
    asking.decide(asking.comms, request, Answer.AGREE_WITH_CONDITIONS, conditions="Logo.", seen=seen)
    with pytest.raises(Conflict) as lost:
        asking.decide(both, request, Answer.RETURN, reason="Not yet.", seen=seen)
    assert lost.value.sentence == "Comms Example agreed to this request as Communications before you did."
    assert lost.value.yours == (("Decision", "Return with comments"), ("In words", "Not yet."))
    assert lost.value.theirs == (("Decision", "Agree with conditions"), ("In words", "Logo."))
    assert asking.now(request).step == 1 + 1


@pytest.mark.parametrize("token", ["", "1.2", "x.0.h.p", "1.-1.h.p", "9999999999.0.h.p", "1.0.h.p.q"])
def test_a_page_that_was_tampered_with_stands_for_no_version(token: str) -> None:
    with pytest.raises(Conflict, match="not whole"):
        Seen.read(token)


def test_what_was_seen_travels_with_the_form_and_a_false_hash_is_no_version(asking: Asking) -> None:
    seen = Seen.of(asking.submitted())
    assert Seen.read(seen.token) == seen
    false = Seen(seen.version, seen.step, "0" * 64, ())
    with pytest.raises(Conflict, match="differs in: What and where"):
        asking.decide(asking.manager, asking.submitted(handle="@ExampleTips"), seen=false)


def test_a_name_taken_since_the_request_was_submitted_stops_the_last_agreement(asking: Asking) -> None:
    request = asking.submitted()
    asking.decide(asking.manager, request)
    asking.decide(asking.comms, request)
    asking.world.account(asking.area, handle="ExampleBins")
    with pytest.raises(Invalid, match="in the register already"):
        asking.decide(asking.team, request)
    assert (asking.now(request).state, asking.now(request).step) == (S.SUBMITTED, 2)


def test_a_decision_may_be_entered_days_after_it_was_taken(asking: Asking) -> None:
    request = asking.submitted()
    asking.world.clock.moment += timedelta(days=3)
    decision = asking.decide(asking.manager, request, decided_on=asking.world.day(-2))
    assert (decision.decided_on, decision.decided_at) == (asking.world.day(-2), asking.world.clock.now())
