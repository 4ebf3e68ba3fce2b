"""The pages of a review, as Communications, an owner and a reader meet them."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.accounts.models import Account, AccountState
from registry.audit.models import Entry
from registry.identity.models import Person
from registry.reviews import actions
from registry.reviews.answers import Answer, mark_of
from registry.reviews.models import Finding, ReviewAction, ReviewAnswer, ReviewState, SecurityReview
from registry.reviews.queries import due_reviews
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.reviews.acts import MET, answered, begun, completed
from tests.world import World

PARTLY = Answer(Finding.PARTLY, "Only on one of the two phones.")


@pytest.fixture
def comms(world: World, client: FlaskClient) -> Person:
    person = world.person("Comms", Role.COMMS)
    world.sign_in(client, person)
    return person


@pytest.fixture
def account(world: World) -> Account:
    return world.account(world.area())


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def kept(world: World) -> dict[str, Answer]:
    with world.house.reading() as session:
        return {row.item: Answer(row.finding, row.note) for row in session.scalars(select(ReviewAnswer))}


def the_action(world: World) -> ReviewAction:
    with world.house.reading() as session:
        return session.scalars(select(ReviewAction)).one()


def test_the_list_puts_the_never_reviewed_first_and_then_the_most_overdue(
    client: FlaskClient, world: World, comms: Person
) -> None:
    area = world.area()
    days = {"late": -6, "soon": 14, "later": 15, "later still": 40}
    for name, day in days.items():
        world.account(area, "x", name, next_review_on=world.day(day), last_reviewed_on=world.day(-50))
    never, closed = world.account(area, "x", "never"), world.account(area, "x", "gone", state=AccountState.CLOSED)
    begun(world, comms, never)
    page = text_of(client, world.path("reviews"))
    found = [page.index(f">{name}</a>") for name in ("never", "late", "soon")]
    assert found == sorted(found)
    assert ">later</a>" not in page
    assert f">{closed.name}</a>" not in page
    assert "6 days late" in page
    assert "due in 14 days" not in page
    assert "due in 2 weeks" in page
    assert "Continue" in page
    assert ">late</a>" not in text_of(client, world.path("reviews?show=never"))
    assert ">later still</a>" in text_of(client, world.path("reviews?show=all"))
    with world.house.reading() as session:
        assert len(session.execute(due_reviews(world.council.id, world.today)).all()) == 3


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("reviews", "No review is due"),
        ("reviews?show=never", "Every account in use has been reviewed"),
        ("reviews?show=all", "No account is in use yet"),
        ("reviews/actions", "Nothing is left for you to do"),
        ("reviews/actions?show=all", "Nothing is left to do"),
    ],
)
def test_empty_lists_say_what_would_stand_there(
    client: FlaskClient, world: World, comms: Person, address: str, said: str
) -> None:
    assert said in text_of(client, world.path(address))


def test_a_review_begins_from_the_accounts_tab_and_is_continued_there(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    tab = world.path(f"accounts/{account.id}/reviews")
    page = text_of(client, tab)
    assert "Review due now." in page
    assert "It has never been reviewed." in page
    assert "No review has been completed" in page
    answer = client.post(f"{tab}/start")
    assert answer.headers["Location"].endswith("/answers")
    assert "Continue the review" in text_of(client, tab)
    assert client.post(f"{tab}/start").status_code == 409


def test_one_sitting_saves_what_was_typed_and_leaves_the_rest(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    review = begun(world, comms, account)
    address = world.path(f"reviews/{review.id}/answers")
    page = text_of(client, address)
    assert "Is two-step sign-in on?" in page
    assert "One guessed or stolen password is otherwise enough." in page
    assert "Settings, Security and account access, Security, Two-factor authentication." in page
    sent = {"two_step-finding": "met", "two_step-note": "", "two_step-seen": "", "then": "part-2"}
    assert client.post(address, data=sent).headers["Location"].endswith("/answers?saved=part-2#part-2")
    part = {"sessions-finding": "partly", "sessions-note": PARTLY.note, "sessions-seen": "", "then": "later"}
    assert client.post(address, data=part).headers["Location"].endswith(f"accounts/{account.id}/reviews")
    assert kept(world) == {"two_step": MET, "sessions": PARTLY}
    assert "2 of" in text_of(client, f"{address}?saved=part-2")
    assert client.post(address, data={"then": "finish"}).headers["Location"].endswith("/complete")


def test_a_missing_note_is_told_at_its_field_and_nothing_typed_is_lost(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    review = begun(world, comms, account)
    address = world.path(f"reviews/{review.id}/answers")
    sent = {
        "two_step-finding": "not_met", "two_step-note": "", "apps-note": "Two tools & a bot",
        "sessions-finding": "met", "sessions-note": "Four, all known.",
    }  # fmt: skip
    answer = client.post(address, data=sent)
    assert answer.status_code == 422
    assert 'href="#two_step-note">Say in the note what is wrong' in answer.text
    assert 'href="#apps-finding">Choose what you found, or clear the note' in answer.text
    assert "Four, all known." in answer.text
    assert "Two tools &amp; a bot" in answer.text
    assert kept(world) == {}
    assert client.post(address, data={"mailbox-finding": "perhaps", "mailbox-note": ""}).status_code == 422


def test_an_answer_somebody_else_changed_meanwhile_is_shown_with_both_versions(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    review = begun(world, comms, account)
    with world.work(world.person("Clerk", Role.CLERK)) as work:
        actions.answer(work, review.id, {"sessions": PARTLY})
    address = world.path(f"reviews/{review.id}/answers")
    sent = {"sessions-finding": "met", "sessions-note": "", "sessions-seen": "", "apps-note": "Two tools"}
    answer = client.post(address, data={**sent, "apps-finding": "met"})
    assert answer.status_code == 409
    assert 'href="#sessions-finding">Somebody else answered this meanwhile: “Partly.' in answer.text
    assert PARTLY.note in answer.text
    assert "Two tools" in answer.text
    assert kept(world) == {"sessions": PARTLY}
    assert f'value="{mark_of(PARTLY)}"' in answer.text
    again = {**sent, "apps-finding": "met", "sessions-seen": mark_of(PARTLY)}
    assert client.post(address, data=again).status_code == 302
    assert kept(world)["sessions"] == MET


def test_the_last_answer_stands_beside_the_question(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    completed(world, comms, account, sessions=PARTLY)
    review = begun(world, comms, account)
    page = text_of(client, world.path(f"reviews/{review.id}/answers"))
    assert f"<strong>Partly.</strong> {PARTLY.note}" in page


def test_what_is_not_answered_is_linked_from_the_last_page(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    review = begun(world, comms, account)
    with world.work(comms) as work:
        actions.answer(work, review.id, {"mailbox": MET})
    address = world.path(f"reviews/{review.id}/complete")
    page = text_of(client, address)
    assert "questions are not answered yet." in page
    assert f'/reviews/{review.id}/answers#two_step-finding">Is two-step sign-in on?' in page
    assert "#mailbox-finding" not in page
    assert client.post(address).status_code == 403


def test_completing_plans_the_actions_and_tells_the_next_day(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    review = answered(world, comms, account, two_step=Answer(Finding.NOT_MET, "It is off."))
    address = world.path(f"reviews/{review.id}/complete")
    page = text_of(client, address)
    assert 'value="It is off."' in page
    assert 'value="21"' in page
    plan = {"two_step-what": "Switch it on", "two_step-owner_id": str(comms.id)}
    wrong = client.post(address, data={**plan, "two_step-due_on": ["19", "11", "2026"]})
    assert wrong.status_code == 422
    assert "The day by which it is done must be today or later" in wrong.text
    assert 'value="Switch it on"' in wrong.text
    assert client.post(address, data={**plan, "two_step-due_on": ["", "", ""]}).status_code == 422
    assert client.post(address, data={**plan, "two_step-due_on": ["24", "11", "2026"]}).status_code == 302
    page = text_of(client, world.path(f"reviews/{review.id}"))
    assert "The review left 1 action." in page
    assert "The next review was set for <strong>18 February 2027 (in 2 months)" in page
    assert "Switch it on" in page
    assert "The same" not in page
    for ended in ("answers", "complete", "abandon"):
        assert client.get(world.path(f"reviews/{review.id}/{ended}")).headers["Location"].endswith(f"/{review.id}")
    tab = text_of(client, world.path(f"accounts/{account.id}/reviews"))
    assert "Next review due in 2 months" in tab
    assert "Last reviewed today." in tab


def test_a_review_in_which_all_is_well_says_so(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    review = answered(world, comms, account)
    address = world.path(f"reviews/{review.id}/complete")
    assert "Everything is as it should be." in text_of(client, address)
    assert client.post(address).status_code == 302


def test_an_overdue_review_is_shown_as_late(client: FlaskClient, world: World, comms: Person) -> None:
    account = world.account(world.area(), next_review_on=world.day(-6), last_reviewed_on=world.day(-96))
    page = text_of(client, world.path(f"accounts/{account.id}/reviews"))
    assert "The next review is 6 days late" in page
    assert "Overdue" in page
    closed = world.account(world.area("Parks"), "x", "gone", state=AccountState.CLOSED)
    page = text_of(client, world.path(f"accounts/{closed.id}/reviews"))
    assert "it is not reviewed any more" in page
    assert "No review can be started." in page


def test_abandoning_says_first_what_it_means(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    review = begun(world, comms, account)
    address = world.path(f"reviews/{review.id}/abandon")
    assert "The account counts as not reviewed" in text_of(client, address)
    assert client.post(address).status_code == 302
    assert "This review was abandoned." in text_of(client, world.path(f"reviews/{review.id}"))
    with world.house.reading() as session:
        assert session.get_one(SecurityReview, review.id).state is ReviewState.ABANDONED


def test_the_owner_marks_an_action_done_from_their_list(client: FlaskClient, world: World) -> None:
    area, ann = world.area(), world.person("Ann Example")
    world.editor(area, ann)
    account = world.account(area, responsible_id=ann.id)
    completed(world, world.person("Comms", Role.COMMS), account, sessions=PARTLY)
    world.sign_in(client, ann)
    assert PARTLY.note in text_of(client, world.path("reviews/actions"))
    address = world.path(f"reviews/actions/{the_action(world).id}/done")
    assert "due in 2 weeks" in text_of(client, address)
    assert client.post(address, data={"proof": ""}).status_code == 422
    assert client.post(address, data={"proof": "Ended, ticket 12"}).status_code == 302
    assert "Nothing is left for you to do" in text_of(client, world.path("reviews/actions"))
    assert client.get(address).status_code == 302
    assert "Ended, ticket 12" in text_of(client, world.path(f"reviews/{the_action(world).review_id}"))


def test_somebody_elses_action_is_refused_with_its_reason_and_entered(client: FlaskClient, world: World) -> None:
    area, bob = world.area(), world.person("Bob Example")
    world.editor(area, bob)
    completed(world, world.person("Comms", Role.COMMS), world.account(area), sessions=PARTLY)
    world.sign_in(client, bob)
    address = world.path(f"reviews/actions/{the_action(world).id}/done")
    assert "Mark done" not in text_of(client, world.path("reviews/actions?show=all"))
    for answer in (client.get(address), client.post(address, data={"proof": "All ended"})):
        assert answer.status_code == 403
        assert "Only its owner, Communications and the Clerk mark an action done." in answer.text
    assert 'value="All ended"' in answer.text
    with world.house.reading() as session:
        acts = list(session.scalars(select(Entry.act).where(Entry.chain == world.council.id)))
    assert acts.count(Event.REFUSED) == 1


def test_staff_read_reviews_and_change_nothing(client: FlaskClient, world: World, account: Account) -> None:
    comms = world.person("Comms", Role.COMMS)
    done = completed(world, comms, account, sessions=PARTLY)
    review = begun(world, comms, account)
    world.sign_in(client, world.person("Ann Example"))
    tab = text_of(client, world.path(f"accounts/{account.id}/reviews"))
    assert "A review is being made" in tab
    assert "Start a review" not in tab
    assert "Not answered" in text_of(client, world.path(f"reviews/{review.id}"))
    assert PARTLY.note in text_of(client, world.path(f"reviews/{done.id}"))
    assert "Start" not in text_of(client, world.path("reviews"))
    for door in ("answers", "complete", "abandon"):
        assert client.get(world.path(f"reviews/{review.id}/{door}")).status_code == 403
        assert client.post(world.path(f"reviews/{review.id}/{door}")).status_code == 403
    assert client.post(world.path(f"accounts/{account.id}/reviews/start")).status_code == 403
    assert client.post(world.path(f"reviews/actions/{the_action(world).id}/done")).status_code == 403


def test_an_account_that_ended_meanwhile_keeps_its_review_from_going_on(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    review = begun(world, comms, account)
    with world.work(comms) as work:
        ended = work.session.get_one(Account, account.id)
        ended.state, ended.ended_on = AccountState.CLOSED, world.today
        work.record(Event.DEMO_MADE)
    assert client.get(world.path(f"reviews/{review.id}/answers")).status_code == 403
    tab = text_of(client, world.path(f"accounts/{account.id}/reviews"))
    assert "It cannot be continued." in tab
    assert "Abandon this review" in tab
    assert client.post(world.path(f"reviews/{review.id}/abandon")).status_code == 302


def test_what_is_no_longer_asked_stays_readable(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    review = begun(world, comms, account)
    world.add(
        ReviewAnswer(
            council_id=world.council.id, review_id=review.id, item="old_question", finding=Finding.MET, note="Yes"
        )
    )
    page = text_of(client, world.path(f"reviews/{review.id}"))
    assert "No longer asked" in page
    assert "Old question" in page


def test_another_councils_reviews_are_not_there(client: FlaskClient, world: World, comms: Person) -> None:
    other = world.another()
    foreign = completed(other, other.person("Other", Role.COMMS), other.account(other.area()), sessions=PARTLY)
    for address in (
        f"reviews/{foreign.id}",
        f"reviews/{foreign.id}/answers",
        f"reviews/{foreign.id}/complete",
        f"reviews/{foreign.id}/abandon",
        f"reviews/actions/{the_action(other).id}/done",
        f"accounts/{foreign.account_id}/reviews",
    ):
        assert client.get(world.path(address)).status_code == 404
    assert client.post(world.path(f"accounts/{foreign.account_id}/reviews/start")).status_code == 404
    assert "Nothing is left to do" in text_of(client, world.path("reviews/actions?show=all"))


@pytest.mark.parametrize("address", ["reviews", "reviews/actions?show=all", "accounts/1/reviews"])
def test_lists_ask_no_more_of_the_database_when_they_are_long(
    client: FlaskClient, world: World, comms: Person, address: str
) -> None:
    def cost() -> int:
        with statements(world.house) as sent:
            assert client.get(world.path(address)).status_code == 200
        return len(sent)

    area = world.area()
    first = world.account(area, "x", "Example0")
    completed(world, comms, first, sessions=PARTLY)
    world.account(area, "x", "Never0")
    cost()  # the first request of all learns once what kind of installation this is
    few = cost()
    for number in range(1, 4):
        completed(world, comms, first, sessions=PARTLY, apps=PARTLY)
        world.account(area, "x", f"Never{number}")
    assert cost() == few
