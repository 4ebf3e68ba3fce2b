"""Drafting, submitting, withdrawing and asking again."""

from typing import Any

import pytest

from registry.audit.models import Entry
from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.requests import actions
from registry.requests.models import Answer
from registry.requests.models import RequestState as S
from registry.requests.parts import PARTS, missing
from registry.vocabulary.events import Event
from tests.requests.asking import DISTRICT, Asking


def entries(asking: Asking, event: Event) -> int:
    with asking.world.house.reading() as session:
        return session.query(Entry).filter_by(act=event.value).count()


def test_a_draft_keeps_each_part_and_its_version_grows_with_every_change(asking: Asking) -> None:
    with asking.world.work(asking.asker) as work:
        request = actions.start(work)
    request = asking.change(request, "audience", audience="Households.", for_children="no")
    assert (request.version, request.state, request.answers["audience"]) == (2, S.DRAFT, "Households.")
    request = asking.change(request, "audience", audience="Households.", for_children="no")
    assert request.version == 2
    assert entries(asking, Event.REQUEST_STARTED) == entries(asking, Event.REQUEST_SAVED) == 1


def test_an_answer_that_another_makes_pointless_is_dropped(asking: Asking) -> None:
    request = asking.draft(for_children="yes", safeguarding="Agreed with the safeguarding officer.")
    assert request.answers["safeguarding"]
    assert "safeguarding" not in asking.change(request, "audience", for_children="no").answers


def test_a_complete_draft_lacks_nothing_and_an_empty_one_says_all_it_lacks(asking: Asking) -> None:
    assert missing(asking.draft().answers) == []
    required = [q.name for part in PARTS for q in part.questions if q.required and not q.only_if]
    assert [q.name for _, q in missing({})] == required
    assert "safeguarding" in [q.name for _, q in missing({"for_children": "yes"})]


@pytest.mark.parametrize("spelling", ["ExampleBins", "@examplebins", "https://twitter.com/ExampleBins?s=20"])
def test_a_handle_in_any_spelling_is_kept_as_its_platform_shows_it(asking: Asking, spelling: str) -> None:
    answers = asking.draft(handle=spelling).answers
    assert answers["handle_key"] == "examplebins"
    assert answers["url"].lower() == "https://x.com/examplebins"


def test_a_draft_may_wait_for_its_handle(asking: Asking) -> None:
    answers = asking.draft(handle=None, service_area_id=None).answers
    assert not {"handle", "handle_key", "url"} & set(answers)


@pytest.mark.parametrize(
    ("key", "given", "field", "sentence"),
    [
        ("where", {"handle": "https://x.com.evil.example/Bins"}, "handle", "x.com"),
        ("where", {"handle": "@ExampleWaste"}, "handle", "in the register already"),
        ("where", {"platform": "myspace"}, "platform", "retired"),
        ("run", {"life": "trial", "trial_ends_on": "2026-11-20"}, "trial_ends_on", "in the future"),
        ("who", {"editor_two": "same"}, "editor_two", "other than the first"),
        ("who", {"editor_one": 999}, "editor_one", "works for the council"),
        ("who", {"editor_one": "gone"}, "editor_one", "works for the council"),
        ("who", {"login_mailbox": "Asker.Example@exampleton.example"}, "login_mailbox", "somebody’s own"),
    ],
)
def test_what_cannot_stand_is_refused_at_its_field(
    asking: Asking, key: str, given: dict[str, Any], field: str, sentence: str
) -> None:
    asking.world.account(asking.area)
    gone = asking.world.person("Gone Example", ends_on=asking.world.day(-1))
    given = {name: {"same": asking.asker.id, "gone": gone.id}.get(value, value) for name, value in given.items()}
    request = asking.draft()
    with pytest.raises(Invalid) as refused:
        asking.change(request, key, **given)
    assert refused.value.field == field
    assert sentence in refused.value.sentence
    assert asking.now(request).version == request.version


def test_a_trial_ends_on_a_day_to_come(asking: Asking) -> None:
    answers = asking.draft(life="trial", trial_ends_on=asking.world.day(90)).answers
    assert answers["trial_ends_on"] == asking.world.day(90).isoformat()


def test_a_service_area_of_another_council_is_not_there_and_an_ended_one_is_refused(asking: Asking) -> None:
    request, foreign = asking.draft(), asking.world.another().area("Elsewhere")
    with pytest.raises(NotFound):
        asking.change(request, "where", service_area_id=foreign.id)
    with pytest.raises(NotFound):
        asking.change(request, "where", service_area_id=999)
    ended = asking.world.area("Ended")
    with asking.world.work() as work:
        work.session.merge(ended).ended_on = asking.world.day(-1)
        work.record(Event.SERVICE_AREA_CHANGED, fields=["ended_on"])
    with pytest.raises(Invalid, match="has ended"):
        asking.change(request, "where", service_area_id=ended.id)


def test_a_part_that_the_form_does_not_have_is_not_found(asking: Asking) -> None:
    with pytest.raises(NotFound):
        asking.change(asking.draft(), "nonsense")


def test_submitting_freezes_the_chain_and_the_content(asking: Asking) -> None:
    request = asking.submitted()
    assert (request.state, request.chain, request.step) == (S.SUBMITTED, DISTRICT, 0)
    assert len(request.content_hash) == 64
    assert request.waiting_since == request.submitted_at == asking.world.clock.now()
    asking.settle(chain=["clerk"])
    assert asking.now(request).chain == DISTRICT
    assert entries(asking, Event.REQUEST_SUBMITTED) == 1


def test_what_is_incomplete_or_taken_is_not_submitted(asking: Asking) -> None:
    with pytest.raises(Refused, match="Answers still missing: 2"):
        asking.submitted(purpose=None, terms_read=None)
    request = asking.draft()
    asking.world.account(asking.area, handle="ExampleBins")
    with pytest.raises(Refused, match="in the register already"):
        asking.submit(request)
    with pytest.raises(Refused, match="Answers still missing: 1"):
        asking.submitted(handle=None)


def test_what_was_changed_in_another_window_is_not_submitted(asking: Asking) -> None:
    request = asking.draft()
    asking.change(request, "why", purpose="Something else.")
    with pytest.raises(Conflict, match="another window"), asking.world.work(asking.asker) as work:
        actions.submit(work, request.id, request.version)


def test_a_submitted_request_is_not_changed_or_submitted_again(asking: Asking) -> None:
    request = asking.submitted()
    with pytest.raises(Conflict, match="cannot be changed now"):
        asking.change(request, "why", purpose="Something else.")
    with pytest.raises(Conflict, match="cannot be submitted now"):
        asking.submit(request)


def test_only_the_asker_changes_submits_and_withdraws(asking: Asking) -> None:
    draft, sent = asking.draft(), asking.submitted(handle="@ExampleTips")
    for person in (asking.other, asking.clerk):
        for request, error in ((draft, NotFound), (sent, Refused)):
            with pytest.raises(error), asking.world.work(person) as work:
                actions.save_part(work, request.id, "why", {})
            with pytest.raises(error), asking.world.work(person) as work:
                actions.submit(work, request.id, request.version)
            with pytest.raises(error), asking.world.work(person) as work:
                actions.withdraw(work, request.id)
            with pytest.raises(error), asking.world.work(person) as work:
                actions.ask_again(work, request.id)


def test_another_councils_request_is_not_there(asking: Asking) -> None:
    request, other = asking.submitted(), asking.world.another()
    other.joins(asking.asker)
    with pytest.raises(NotFound), other.work(asking.asker) as work:
        actions.withdraw(work, request.id)


@pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
def test_the_asker_takes_a_request_back_for_good(asking: Asking, state: str) -> None:
    request = asking.draft() if state == "draft" else asking.submitted()
    if state == "returned":
        asking.decide(asking.manager, request, Answer.RETURN, reason="Say more.")
    with asking.world.work(asking.asker) as work:
        actions.withdraw(work, request.id)
    assert asking.now(request).state is S.WITHDRAWN
    assert asking.now(request).waiting_since is None
    assert entries(asking, Event.REQUEST_WITHDRAWN) == 1
    with pytest.raises(Conflict, match="cannot be withdrawn now"), asking.world.work(asking.asker) as work:
        actions.withdraw(work, request.id)


def test_asking_again_copies_the_answers_but_what_was_confirmed(asking: Asking) -> None:
    request = asking.submitted()
    with pytest.raises(Conflict, match="cannot be asked again now"), asking.world.work(asking.asker) as work:
        actions.ask_again(work, request.id)
    asking.decide(asking.manager, request, Answer.REFUSE, reason="The main account is enough.")
    with asking.world.work(asking.asker) as work:
        again = actions.ask_again(work, request.id)
    again = asking.now(again)
    assert (again.state, again.version, again.submitted_at, again.service_area_id) == (S.DRAFT, 1, None, asking.area.id)
    assert again.answers["purpose"] == request.answers["purpose"]
    assert [q.name for _, q in missing(again.answers)] == ["mailbox_is_ours", "terms_read"]
    assert asking.now(request).state is S.REFUSED
