"""On whose desk a request is, who sees it, and what deciders are told first."""

import pytest

from registry.core.errors import NotFound, Refused
from registry.identity.actions import people, roles
from registry.identity.models import Person
from registry.requests import actions
from registry.requests.desk import waiting_for
from registry.requests.models import AccountRequest, Answer
from registry.requests.noticing import notices, proposed_editors
from registry.requests.queries import asked_by, ever_submitted, get_visible, list_waiting, requests_listed
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.requests.asking import Asking


def waits_for(asking: Asking, person: Person, *roles: Role) -> list[int]:
    with asking.world.house.reading() as session:
        found = waiting_for(session, asking.world.council, person.id, frozenset(roles), asking.world.today)
    return [waiting.request_id for waiting in found]


def noticed(asking: Asking, request: AccountRequest, viewer: Person | None = None) -> str:
    with asking.world.house.reading() as session:
        who = (viewer or asking.manager).id
        found = notices(session, asking.world.council, asking.now(request), who, asking.world.today)
    return " ".join(reason.text for reason in found)


def test_a_request_waits_for_whoever_may_decide_it_and_for_nobody_else(asking: Asking) -> None:
    first, second = asking.submitted(), asking.submitted(handle="@ExampleTips")
    asking.draft(handle="@ExampleNews")
    assert waits_for(asking, asking.manager, Role.MANAGER) == [first.id, second.id]
    assert waits_for(asking, asking.comms, Role.COMMS) == []
    asking.world.clock.advance(days=1)
    asking.decide(asking.manager, first)
    assert waits_for(asking, asking.manager, Role.MANAGER) == [second.id]
    assert waits_for(asking, asking.comms, Role.COMMS) == [first.id]
    assert waits_for(asking, asking.clerk, Role.CLERK) == []
    assert waits_for(asking, asking.asker, Role.STAFF) == []


def test_a_role_that_waits_decides_nothing(asking: Asking) -> None:
    world = asking.world
    keeper, ann = world.person("Keeper Example", Role.ADMINISTRATOR), world.person("Ann Example")
    with world.work(asking.clerk) as work:
        grant = people.grant_role(work, ann.id, Role.COMMS, world.today, None)
    request = asking.submitted()
    asking.decide(asking.manager, request)
    assert waits_for(asking, ann, Role.COMMS) == []
    with pytest.raises(Refused, match="the turn of Communications"):
        asking.decide(ann, request)
    with world.work(keeper) as work:
        roles.confirm_role(work, grant.id)
    assert waits_for(asking, ann, Role.COMMS) == [request.id]


def test_what_waits_is_told_with_its_name_and_office_and_since_when(asking: Asking) -> None:
    asking.submitted()
    with asking.world.house.reading() as session:
        roles = frozenset({Role.MANAGER})
        (waiting,) = waiting_for(session, asking.world.council, asking.manager.id, roles, asking.world.today)
        (row,) = session.execute(list_waiting(asking.world.council.id)).all()
    assert (waiting.name, waiting.platform, waiting.asker) == ("Example Bins", "x", "Asker Example")
    assert (waiting.area, waiting.office, waiting.since) == ("Waste", "Head of Service", asking.world.clock.now())
    assert row.waiting_since == waiting.since


def test_nothing_waits_for_somebody_who_asked_or_decided_already(asking: Asking) -> None:
    both = asking.world.person("Both Example", Role.COMMS, Role.MANAGEMENT_TEAM)
    request = asking.submitted()
    asking.decide(asking.manager, request)
    assert waits_for(asking, both, Role.COMMS, Role.MANAGEMENT_TEAM) == [request.id]
    asking.decide(both, request)
    assert waits_for(asking, both, Role.COMMS, Role.MANAGEMENT_TEAM) == []
    asking.asker = asking.team
    own = asking.submitted(handle="@ExampleTips")
    asking.decide(asking.manager, own)
    asking.decide(asking.comms, own)
    assert waits_for(asking, asking.team, Role.MANAGEMENT_TEAM) == [request.id]


def test_what_waits_is_found_in_as_many_statements_however_much_it_is(asking: Asking) -> None:
    def count() -> int:
        with statements(asking.world.house) as sent:
            waits_for(asking, asking.manager, Role.MANAGER)
        return len(sent)

    asking.submitted()
    before = count()
    for number in range(4):
        asking.submitted(handle=f"@ExampleTips{number}")
    assert count() == before == 3


def test_a_draft_is_seen_by_its_asker_alone_and_a_request_by_those_who_decide_or_audit(asking: Asking) -> None:
    draft, sent = asking.draft(), asking.submitted(handle="@ExampleTips")
    council = asking.world.council.id
    with asking.world.house.reading() as session:
        for request in (draft, sent):
            assert get_visible(session, council, request.id, asking.asker.id, frozenset({Role.STAFF})).id == request.id
            with pytest.raises(NotFound):
                get_visible(session, council, request.id, asking.other.id, frozenset({Role.STAFF, Role.ADMINISTRATOR}))
        for role in (Role.MANAGER, Role.COMMS, Role.MANAGEMENT_TEAM, Role.CLERK, Role.AUDITOR):
            assert get_visible(session, council, sent.id, asking.other.id, frozenset({role})).id == sent.id
            with pytest.raises(NotFound):
                get_visible(session, council, draft.id, asking.other.id, frozenset({role}))


def test_the_list_of_all_holds_no_drafts_and_ones_own_does(asking: Asking) -> None:
    draft, sent = asking.draft(), asking.submitted(handle="@ExampleTips")
    query = requests_listed(asking.world.council.id)
    with asking.world.house.reading() as session:
        assert {row.id for row in session.execute(ever_submitted(query))} == {sent.id}
        assert {row.id for row in session.execute(asked_by(query, asking.asker.id))} == {draft.id, sent.id}
        assert not session.execute(asked_by(query, asking.other.id)).all()


def test_a_request_with_ready_editors_and_a_name_of_its_own_gives_nothing_to_notice(asking: Asking) -> None:
    for person in (asking.asker, asking.other):
        asking.world.trained(person)
        asking.world.signed(person)
    assert noticed(asking, asking.submitted()) == ""


def test_untrained_editors_are_noticed_by_name_with_what_they_lack(asking: Asking) -> None:
    asking.world.trained(asking.other, asking.world.day(-10))
    old = asking.world.policy("1", asking.world.day(-200))
    asking.world.signed(asking.other, old)
    asking.world.policy("2", asking.world.day(-30))
    request = asking.submitted()
    assert "Asker Example has no confirmed editor training and has not signed the policy." in noticed(asking, request)
    lacks = "Other Example has training that lapsed on 10 November 2026 and had until 4 November 2026 to sign"
    assert lacks in noticed(asking, request)
    with asking.world.house.reading() as session:
        asking.world.trained(asking.asker)
        asking.world.signed(asking.asker)
        first, _ = proposed_editors(session, asking.world.council.id, request.answers, asking.world.today)
    assert first.sentence == "Asker Example is trained and has signed."


def test_somebody_who_left_is_noticed_among_the_editors(asking: Asking) -> None:
    request = asking.submitted()
    asking.world.leaves(asking.other, asking.clerk)
    assert "Other Example no longer works for the council" in noticed(asking, request)


def test_lookalikes_rivals_and_a_taken_name_are_noticed(asking: Asking) -> None:
    asking.world.account(asking.area, handle="Examp1eBins", name="Old bins")
    asking.world.account(asking.area, "facebook", "ExampleBinz", name="Example Bins")
    request = asking.submitted()
    assert "an account the council has: “Old bins” (Examp1eBins)." in noticed(asking, request)
    assert "Example Bins" not in noticed(asking, request)
    rival = asking.submitted()
    assert f"request {rival.id} of Asker Example" in noticed(asking, request)
    asking.world.account(asking.area, handle="ExampleBins")
    assert "That is in the register already" in noticed(asking, request)


def test_children_mailbox_and_ones_own_request_are_noticed(asking: Asking) -> None:
    request = asking.submitted(
        for_children="yes", safeguarding="As agreed.", login_mailbox="bins@freemail.example", editor_two=None
    )
    said = noticed(asking, request, asking.asker)
    assert "X (formerly Twitter) is for people of 13 and over" in said
    assert "mailbox is not at an address the council is known by" in said
    assert "Fewer than two editors" in said
    assert "This is your own request." in said


def test_an_empty_draft_can_be_looked_at(asking: Asking) -> None:
    with asking.world.work(asking.asker) as work:
        request = actions.start(work)
    said = noticed(asking, request)
    assert "Fewer than two editors" in said
    assert "nobody would answer for the account" in said


def test_the_councils_website_vouches_for_a_mailbox(asking: Asking) -> None:
    asking.settle(website="https://www.exampleton.gov.example/home")
    request = asking.submitted(login_mailbox="bins@mail.exampleton.gov.example")
    assert "mailbox" not in noticed(asking, request)


def test_a_returned_request_waits_for_nobody(asking: Asking) -> None:
    request = asking.submitted()
    asking.decide(asking.manager, request, Answer.RETURN, reason="Say more.")
    assert waits_for(asking, asking.manager, Role.MANAGER) == []
