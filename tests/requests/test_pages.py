"""The pages: asking part by part, whose desk it is on, deciding; who sees what."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from registry.audit.models import Entry
from registry.identity.models import Person
from registry.requests import actions
from registry.requests.models import AccountRequest, Answer
from registry.requests.models import RequestState as S
from registry.requests.parts import PARTS
from registry.requests.seen import Seen
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.requests.asking import PARISH, Asking
from tests.world import World

TODAY = ["20", "11", "2026"]


def see(asking: Asking, client: FlaskClient, person: Person, rest: str = "requests") -> Any:
    asking.world.sign_in(client, person)
    return client.get(asking.world.path(rest))


def typed(asking: Asking, key: str, **other: Any) -> dict[str, Any]:
    """What a browser sends for a part."""
    answers = asking.answers(**other)
    names = [question.name for part in PARTS if part.key == key for question in part.questions]
    sent = {name: answers[name] for name in names if answers.get(name) is not None}
    return {name: "y" if value is True else value for name, value in sent.items()}


def latest(asking: Asking) -> AccountRequest:
    with asking.world.house.reading() as session:
        return session.query(AccountRequest).order_by(AccountRequest.id.desc()).first()  # type: ignore[return-value]


def test_an_officer_asks_part_by_part_checks_and_submits(asking: Asking, client: FlaskClient) -> None:
    assert "Head of Service, then Communications" in see(asking, client, asking.asker, "requests/new").text
    here = client.post(asking.world.path("requests/new")).headers["Location"]
    assert "0 of 6 parts are complete" in client.get(here).text
    assert "Not started yet" in client.get(here).text
    for part in PARTS:
        page = client.get(f"{here}/parts/{part.key}")
        assert part.title in page.text
        sent = client.post(f"{here}/parts/{part.key}", data=typed(asking, part.key))
        assert sent.headers["Location"] == here, part.key
    assert "6 of 6 parts are complete" in client.get(here).text
    page = client.get(f"{here}/check")
    assert "Tell people about collections." in page.text
    assert "X (formerly Twitter)" in page.text
    assert "Answer questions in working hours" in page.text
    version = latest(asking).version
    assert client.post(f"{here}/check", data={"version": version}).headers["Location"] == here
    shown = client.get(here).text
    assert "Waiting since 20 November 2026 (today)" in shown
    assert "Manager Example" in shown
    assert latest(asking).state is S.SUBMITTED


def test_what_is_missing_is_said_at_the_field_and_what_was_typed_is_kept(asking: Asking, client: FlaskClient) -> None:
    request = asking.draft(purpose=None)
    asking.world.sign_in(client, asking.asker)
    here = asking.world.path(f"requests/{request.id}/parts/audience")
    answered = client.post(here, data={"audience": "Young people.", "for_children": "yes", "safeguarding": ""})
    assert answered.status_code == 422
    assert "Say how you will keep young people safe" in answered.text
    assert "Young people." in answered.text
    assert asking.now(request).version == request.version


def test_a_part_can_be_kept_with_gaps_and_finished_later(asking: Asking, client: FlaskClient) -> None:
    request = asking.draft(purpose=None)
    asking.world.sign_in(client, asking.asker)
    here = asking.world.path(f"requests/{request.id}/parts/audience")
    assert client.post(here, data={"audience": "Young people.", "later": "yes"}).status_code == 302
    assert asking.now(request).answers["audience"] == "Young people."
    assert "In progress" in client.get(asking.world.path(f"requests/{request.id}")).text


def test_a_pointless_answer_is_neither_asked_for_nor_checked(asking: Asking, client: FlaskClient) -> None:
    request = asking.draft()
    asking.world.sign_in(client, asking.asker)
    data = typed(asking, "run") | {"trial_ends_on": ["99", "99", "x"]}
    assert client.post(asking.world.path(f"requests/{request.id}/parts/run"), data=data).status_code == 302


def test_what_an_action_finds_fault_with_is_said_at_its_field(asking: Asking, client: FlaskClient) -> None:
    request = asking.draft()
    asking.world.account(asking.area)
    asking.world.sign_in(client, asking.asker)
    here = asking.world.path(f"requests/{request.id}/parts/where?from=check")
    answered = client.post(here, data=typed(asking, "where", handle="@ExampleWaste"))
    assert answered.status_code == 422
    assert "in the register already" in answered.text
    assert 'href="#handle"' in answered.text
    saved = client.post(here, data=typed(asking, "where", handle="@ExampleNews"))
    assert saved.headers["Location"].endswith("/check")


def test_the_chosen_editors_standing_is_shown(asking: Asking, client: FlaskClient) -> None:
    asking.world.trained(asking.other)
    asking.world.signed(asking.other)
    page = see(asking, client, asking.asker, f"requests/{asking.draft().id}/parts/who")
    assert "has no confirmed editor training" in page.text
    assert "is trained and has signed" in page.text


def test_an_incomplete_request_is_not_submitted_and_the_gaps_are_links(asking: Asking, client: FlaskClient) -> None:
    request = asking.draft(purpose=None, terms_read=None)
    page = see(asking, client, asking.asker, f"requests/{request.id}/check")
    assert "parts/why?from=check#purpose" in page.text
    answered = client.post(asking.world.path(f"requests/{request.id}/check"), data={"version": request.version})
    assert answered.status_code == 422
    assert "Say what the account is for" in answered.text
    assert asking.now(request).state is S.DRAFT


def test_a_version_that_was_not_checked_is_not_submitted(asking: Asking, client: FlaskClient) -> None:
    request = asking.draft()
    asking.world.sign_in(client, asking.asker)
    for version in ("1", "nonsense"):
        answered = client.post(asking.world.path(f"requests/{request.id}/check"), data={"version": version})
        assert answered.status_code == 409


def test_a_request_on_its_way_has_no_form_any_more(asking: Asking, client: FlaskClient) -> None:
    request = asking.submitted()
    assert see(asking, client, asking.asker, f"requests/{request.id}/parts/why").status_code == 409
    assert see(asking, client, asking.asker, f"requests/{request.id}/check").status_code == 409
    assert see(asking, client, asking.asker, f"requests/{asking.draft().id}/parts/nonsense").status_code == 404


def test_what_was_typed_into_a_request_that_went_on_its_way_meanwhile_stays(
    asking: Asking, client: FlaskClient
) -> None:
    request = asking.submitted()
    asking.world.sign_in(client, asking.asker)
    typed = {"purpose": "A second thought about bins", "later": "yes"}
    answered = client.post(asking.world.path(f"requests/{request.id}/parts/why"), data=typed)
    assert answered.status_code == 409
    assert "There is a problem" in answered.text
    assert "A second thought about bins" in answered.text


def test_a_decider_sees_everything_and_what_comes_of_each_answer(asking: Asking, client: FlaskClient) -> None:
    request = asking.submitted()
    page = see(asking, client, asking.manager, f"requests/{request.id}/decide").text
    for text in ("Tell people about collections.", "has no confirmed editor training", "It goes on to Communications."):
        assert text in page
    assert "What the register notices" in page
    answered = client.post(
        asking.world.path(f"requests/{request.id}/decide"),
        data={
            "seen": Seen.of(request).token,
            "answer": "agree",
            "decided_on": TODAY,
            "minute_ref": "MT 1",
        },
    )
    assert answered.status_code == 302
    assert "Agreed" in client.get(answered.headers["Location"]).text
    assert asking.now(request).step == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose your decision"),
        ({"answer": "return"}, "Say what must change"),
        ({"answer": "refuse", "comments": "Elsewhere"}, "Enter the reason"),
        ({"answer": "agree_with_conditions"}, "Enter the conditions"),
        ({"answer": "agree", "decided_on": ["21", "11", "2026"]}, "cannot be in the future"),
        ({"answer": "agree", "minute_ref": "m" * 81}, "80 characters or fewer"),
    ],
)
def test_a_decision_without_its_words_is_asked_for_them(
    asking: Asking, client: FlaskClient, data: dict[str, Any], sentence: str
) -> None:
    request = asking.submitted()
    asking.world.sign_in(client, asking.manager)
    sent = {"seen": Seen.of(request).token, "decided_on": TODAY, **data}
    answered = client.post(asking.world.path(f"requests/{request.id}/decide"), data=sent)
    assert answered.status_code == 422
    assert sentence in answered.text
    assert asking.now(request).step == 0


def test_whoever_comes_second_is_told_on_a_page_that_keeps_their_words(asking: Asking, client: FlaskClient) -> None:
    request = asking.submitted()
    token = Seen.of(request).token
    asking.decide(asking.manager, request)
    asking.world.sign_in(client, asking.manager)
    sent = {"seen": token, "answer": "return", "comments": "Not like this.", "decided_on": TODAY}
    answered = client.post(asking.world.path(f"requests/{request.id}/decide"), data=sent)
    assert answered.status_code == 409
    assert "Manager Example agreed to this request as Head of Service before you did." in answered.text
    assert "Not like this." in answered.text


def test_whose_turn_it_is_not_gets_the_reasons_instead_of_a_form(asking: Asking, client: FlaskClient) -> None:
    request = asking.submitted()
    page = see(asking, client, asking.comms, f"requests/{request.id}/decide").text
    assert "It is the turn of Head of Service" in page
    assert "Record the decision" not in page
    sent = {"seen": Seen.of(request).token, "answer": "agree", "decided_on": TODAY}
    answered = client.post(asking.world.path(f"requests/{request.id}/decide"), data=sent)
    assert answered.status_code == 403
    with asking.world.house.reading() as session:
        assert session.query(Entry).filter_by(act=Event.REFUSED.value).count() == 1


def test_an_approved_request_leads_to_its_account_and_to_its_editors(asking: Asking, client: FlaskClient) -> None:
    request = asking.submitted()
    for person in (asking.manager, asking.comms, asking.team):
        if person is asking.team:
            assert "This is the last step" in see(asking, client, person, f"requests/{request.id}/decide").text
        asking.decide(person, request)
    page = see(asking, client, asking.asker, f"requests/{request.id}").text
    assert f"accounts/{asking.now(request).account_id}" in page
    assert "The proposed editors are not named by this" in page
    assert f"service-areas/{asking.area.id}/editors" in page


def test_a_returned_request_shows_the_comments_and_earlier_rounds(asking: Asking, client: FlaskClient) -> None:
    request = asking.submitted()
    asking.decide(asking.manager, request)
    asking.decide(asking.comms, request, Answer.RETURN, reason="Say who covers leave.", minute_ref="C 4")
    for change in (False, True):
        if change:
            asking.change(request, "run", resources="More.")
        page = see(asking, client, asking.asker, f"requests/{request.id}").text
        assert "Communications returned your request" in page
        assert "Say who covers leave." in page
    assert "Returned with comments" in see(asking, client, asking.clerk, f"requests/{request.id}").text
    asking.submit(request)
    page = see(asking, client, asking.manager, f"requests/{request.id}/decide").text
    assert "Earlier rounds" in page
    assert "minute C 4" in page


def test_a_refused_request_says_why_and_can_be_asked_again(asking: Asking, client: FlaskClient) -> None:
    request = asking.submitted()
    asking.decide(asking.manager, request, Answer.REFUSE, reason="The main account is enough.")
    page = see(asking, client, asking.asker, f"requests/{request.id}").text
    assert "The main account is enough." in page
    again = client.post(asking.world.path(f"requests/{request.id}/again")).headers["Location"]
    assert "4 of 6 parts are complete" in client.get(again).text
    assert "Ask again" not in see(asking, client, asking.clerk, f"requests/{request.id}").text


def test_withdrawing_says_first_what_it_means(asking: Asking, client: FlaskClient) -> None:
    draft, sent = asking.draft(), asking.submitted(handle="@ExampleTips")
    assert "Throw this draft away" in see(asking, client, asking.asker, f"requests/{draft.id}/withdraw").text
    assert "Nobody will decide on it" in see(asking, client, asking.asker, f"requests/{sent.id}/withdraw").text
    assert asking.now(sent).state is S.SUBMITTED
    client.post(asking.world.path(f"requests/{sent.id}/withdraw"))
    assert asking.now(sent).state is S.WITHDRAWN
    assert "Withdrawn" in client.get(asking.world.path(f"requests/{sent.id}")).text
    client.post(asking.world.path(f"requests/{draft.id}/withdraw"))
    assert "Never submitted" in client.get(asking.world.path(f"requests/{draft.id}")).text


def test_the_lists_show_ones_own_what_waits_and_all(asking: Asking, client: FlaskClient) -> None:
    asking.draft(name="Drafted account")
    asking.submitted(name="Sent account", handle="@ExampleTips")
    own = see(asking, client, asking.asker).text
    assert "Drafted account" in own
    assert "Sent account" in own
    assert "show=all" not in own
    assert "show=waiting" not in own
    assert "Drafted account" not in client.get(asking.world.path("requests?state=submitted")).text
    waiting = see(asking, client, asking.manager).text
    assert "Waiting for me (1)" in waiting
    assert "Sent account" in waiting
    assert "with Head of Service" in waiting
    everything = see(asking, client, asking.auditor, "requests?show=all").text
    assert "Sent account" in everything
    assert "Drafted account" not in everything
    assert "show=waiting" not in everything


def test_every_list_says_so_when_it_is_empty(asking: Asking, client: FlaskClient) -> None:
    asking.world.sign_in(client, asking.clerk)
    for rest, text in (
        ("requests", "Nobody has asked for an account"),
        ("requests?show=mine", "You have not asked for an account"),
        ("requests?show=waiting", "Nothing waits for you"),
        ("requests?show=all", "Nobody has asked for an account"),
        ("requests?show=all&state=refused", "No request is in this state"),
        ("requests?show=nonsense&state=nonsense", "Nobody has asked for an account"),
    ):
        assert text in client.get(asking.world.path(rest)).text


def test_a_person_without_a_step_in_sight_is_told_that_nobody_holds_it(world: World, client: FlaskClient) -> None:
    asking = Asking(world, ["administrator"])
    assert "nobody holds this role today" in see(asking, client, asking.asker, f"requests/{asking.submitted().id}").text


def test_an_exception_is_shown_before_it_is_used_and_after(world: World, client: FlaskClient) -> None:
    exception = {"own_request_exception": True, "two_steps_exception": True, "exception_minute": "Minute 7/2026"}
    asking = Asking(world, PARISH, **exception)
    asking.asker = asking.comms
    request = asking.submitted(handle="@ExampleTips")
    assert (
        "By exception (Minute 7/2026): own request."
        in see(asking, client, asking.comms, f"requests/{request.id}/decide").text
    )
    asking.decide(asking.comms, request)
    assert "By exception (Minute 7/2026)" in see(asking, client, asking.clerk, f"requests/{request.id}").text


DOORS = ("", "/parts/why", "/check", "/withdraw", "/decide")


def test_strangers_other_councils_and_staff_find_no_request(asking: Asking, client: FlaskClient) -> None:
    request, other = asking.submitted(), asking.world.another()
    stranger = other.person("Stranger Example", Role.CLERK)
    for door in DOORS:
        rest = f"requests/{request.id}{door}"
        expected = 403 if door == "/decide" else 404
        assert see(asking, client, asking.other, rest).status_code == expected
        assert see(asking, client, stranger, rest).status_code == 404
        asking.world.sign_in(client, stranger)
        assert client.get(other.path(rest)).status_code == 404
        assert see(asking, client, asking.clerk, f"requests/999{door}").status_code == 404
    for door in ("/parts/why", "/check", "/withdraw"):
        assert see(asking, client, asking.clerk, f"requests/{request.id}{door}").status_code == 403
    client.post("/sign-out")
    assert "/sign-in" in client.get(asking.world.path(f"requests/{request.id}")).headers["Location"]


def test_a_list_costs_as_many_statements_however_long_it_is(asking: Asking, client: FlaskClient) -> None:
    def count(rest: str) -> int:
        see(asking, client, asking.manager, rest)
        with statements(asking.world.house) as sent:
            client.get(asking.world.path(rest))
        return len(sent)

    asking.submitted()
    before = {rest: count(rest) for rest in ("requests?show=all", "requests?show=waiting")}
    for number in range(5):
        asking.submitted(handle=f"@ExampleTips{number}", service_area_id=asking.world.area(f"Area {number}").id)
    assert before == {rest: count(rest) for rest in before}


def test_a_long_list_goes_on_over_pages(asking: Asking, client: FlaskClient) -> None:
    with asking.world.work(asking.asker) as work:
        for _ in range(51):
            actions.start(work)
    first = see(asking, client, asking.asker, "requests?show=mine").text
    (after,) = re.findall(r'href="(\?[^"]*)" rel="next"', first)
    assert client.get(asking.world.path("requests") + after.replace("&amp;", "&")).text.count("Not named yet") == 1
