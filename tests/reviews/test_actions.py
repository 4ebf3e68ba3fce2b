"""Reviews from start to end, what they tell the register and what they leave to do (004 §6.5)."""

from threading import Thread

import pytest
from sqlalchemy import select

from registry.accounts.models import Account, AccountState
from registry.audit.models import Entry
from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.councils.models import Risk
from registry.identity.actions import absence
from registry.identity.models import Person
from registry.reviews import actions
from registry.reviews.answers import Answer, mark_of
from registry.reviews.checklists import CHECKLIST_VERSION, checklist_for
from registry.reviews.models import Finding, ReviewAction, ReviewAnswer, ReviewState, SecurityReview
from registry.reviews.plans import Plan
from registry.reviews.queries import open_actions_of, possible_owners
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.reviews.acts import MET, answered, begun, completed
from tests.world import World

PARTLY = Answer(Finding.PARTLY, "Only on one of the two phones.")
NOT_MET = Answer(Finding.NOT_MET, "It is off.\nNobody knows why.")


@pytest.fixture
def comms(world: World) -> Person:
    return world.person("Comms", Role.COMMS)


@pytest.fixture
def account(world: World) -> Account:
    return world.account(world.area())


def trail_of(world: World, account: Account) -> list[str]:
    query = select(Entry.act).where(Entry.chain == world.council.id, Entry.account_id == account.id)
    with world.house.reading() as session:
        return [act for act in session.scalars(query.order_by(Entry.seq)) if act.startswith("review")]


def actions_of(world: World) -> dict[str, ReviewAction]:
    with world.house.reading() as session:
        return {action.item: action for action in session.scalars(select(ReviewAction))}


def test_a_review_begins_with_the_checklist_of_its_day(world: World, comms: Person, account: Account) -> None:
    review = begun(world, comms, account)
    assert (review.state, review.checklist_version) == (ReviewState.OPEN, CHECKLIST_VERSION)
    assert trail_of(world, account) == [Event.REVIEW_STARTED]


def test_an_account_has_one_open_review_at_a_time(world: World, comms: Person, account: Account) -> None:
    begun(world, comms, account)
    with pytest.raises(Conflict, match="Comms has already begun"):
        begun(world, world.person("Clerk", Role.CLERK), account)


def test_of_two_who_begin_at_once_one_is_told(world: World, comms: Person, account: Account) -> None:
    told: list[Conflict] = []

    def second() -> None:
        try:
            begun(world, comms, account)
        except Conflict as lost:
            told.append(lost)

    with world.work(comms) as work:
        actions.start(work, account.id)
        other = Thread(target=second)
        other.start()
    other.join()
    assert len(told) == 1
    with world.house.reading() as session:
        assert len(list(session.scalars(select(SecurityReview)))) == 1


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_do_not_review(world: World, account: Account, role: Role) -> None:
    with pytest.raises(Refused, match="Only Communications and the Clerk"):
        begun(world, world.person("Sam Example", role), account)


@pytest.mark.parametrize("state", AccountState)
def test_only_accounts_in_use_are_reviewed(world: World, comms: Person, state: AccountState) -> None:
    account = world.account(world.area(), state=state)
    if state in (AccountState.AUTHORISED, AccountState.LIVE, AccountState.MOTHBALLED):
        assert begun(world, comms, account).state is ReviewState.OPEN
    else:
        with pytest.raises(Refused, match="Only accounts in use"):
            begun(world, comms, account)


def test_answers_are_kept_in_sittings_and_others_left_alone(world: World, comms: Person, account: Account) -> None:
    review = begun(world, comms, account)
    with world.work(comms) as work:
        assert actions.answer(work, review.id, {"mailbox": MET, "two_step": PARTLY}) == 2
    with world.work(comms) as work:
        assert actions.answer(work, review.id, {"two_step": NOT_MET}) == 1
    with world.work(comms) as work:
        assert actions.answer(work, review.id, {"two_step": NOT_MET}) == 0
    with world.house.reading() as session:
        kept = {row.item: row.finding for row in session.scalars(select(ReviewAnswer))}
    assert kept == {"mailbox": Finding.MET, "two_step": Finding.NOT_MET}
    assert trail_of(world, account) == [Event.REVIEW_STARTED, Event.REVIEW_ANSWERED, Event.REVIEW_ANSWERED]


def test_an_answer_that_says_too_little_is_refused_at_its_note(world: World, comms: Person, account: Account) -> None:
    review = begun(world, comms, account)
    with pytest.raises(Invalid) as fault, world.work(comms) as work:
        actions.answer(work, review.id, {"mailbox": MET, "two_step": Answer(Finding.NOT_APPLICABLE)})
    assert fault.value.field == "two_step-note"
    with pytest.raises(NotFound), world.work(comms) as work:
        actions.answer(work, review.id, {"youtube_children": MET})
    assert trail_of(world, account) == [Event.REVIEW_STARTED]


def test_an_answer_changed_by_somebody_else_is_not_overwritten(world: World, comms: Person, account: Account) -> None:
    review, clerk = begun(world, comms, account), world.person("Clerk", Role.CLERK)
    with world.work(clerk) as work:
        actions.answer(work, review.id, {"two_step": NOT_MET, "mailbox": MET}, seen={"two_step": "", "mailbox": ""})
    with pytest.raises(Conflict) as lost, world.work(comms) as work:
        actions.answer(work, review.id, {"two_step": MET, "mailbox": MET}, seen={"two_step": "", "mailbox": ""})
    assert lost.value.yours == (("Is two-step sign-in on?", "Met."),)
    assert lost.value.theirs == (("Is two-step sign-in on?", "Not met. It is off.\nNobody knows why."),)
    with world.work(comms) as work:
        assert actions.answer(work, review.id, {"two_step": MET}, seen={"two_step": mark_of(NOT_MET)}) == 1


def test_a_review_with_an_open_question_is_not_completed(world: World, comms: Person, account: Account) -> None:
    review = begun(world, comms, account)
    with world.work(comms) as work:
        actions.answer(work, review.id, {item.key: MET for item in checklist_for(account.platform)[1:]})
    with pytest.raises(Refused, match="1 question is not answered yet"), world.work(comms) as work:
        actions.complete(work, review.id)


@pytest.mark.parametrize(("risk", "days"), [(Risk.LOW, 180), (Risk.NORMAL, 90), (Risk.HIGH, 30)])
def test_the_next_review_falls_due_by_risk(world: World, comms: Person, risk: Risk, days: int) -> None:
    account = world.account(world.area(), risk=risk)
    review = completed(world, comms, account)
    assert (review.state, review.next_due_on, review.completed_at) == (
        ReviewState.COMPLETE,
        world.day(days),
        world.clock.now(),
    )
    with world.house.reading() as session:
        found = session.get_one(Account, account.id)
    assert (found.last_reviewed_on, found.next_review_on, found.two_step_on) == (world.today, world.day(days), True)
    assert trail_of(world, account)[-1] == Event.REVIEW_COMPLETED
    assert actions_of(world) == {}


@pytest.mark.parametrize(
    ("found", "before", "after"),
    [
        (NOT_MET, True, False),
        (PARTLY, True, False),
        (MET, False, True),
        (Answer(Finding.NOT_APPLICABLE, "People sign in as themselves."), True, True),
        (Answer(Finding.NOT_APPLICABLE, "People sign in as themselves."), False, False),
    ],
)
def test_the_register_learns_whether_two_step_is_on(
    world: World, comms: Person, found: Answer, before: bool, after: bool
) -> None:
    account = world.account(world.area(), two_step_on=before)
    completed(world, comms, account, two_step=found)
    with world.house.reading() as session:
        assert session.get_one(Account, account.id).two_step_on is after


def test_every_failing_item_becomes_an_action(world: World, comms: Person) -> None:
    area, responsible = world.area(), world.person("Ann Example")
    world.editor(area, responsible)
    account = world.account(area, responsible_id=responsible.id)
    completed(world, comms, account, two_step=NOT_MET, sessions=PARTLY)
    made = actions_of(world)
    assert set(made) == {"two_step", "sessions"}
    assert (made["two_step"].what, made["two_step"].due_on) == ("It is off. Nobody knows why.", world.day(1))
    assert made["sessions"].due_on == world.day(14)
    assert {action.owner_id for action in made.values()} == {responsible.id}


def test_an_action_falls_to_the_reviewer_where_the_responsible_person_could_not_mark_it_done(
    world: World, comms: Person
) -> None:
    account = world.account(world.area(), responsible_id=world.person("Ann Example").id)
    completed(world, comms, account, sessions=PARTLY)
    assert actions_of(world)["sessions"].owner_id == comms.id


def test_the_reviewer_plans_who_does_it_and_by_when(world: World, comms: Person, account: Account) -> None:
    clerk = world.person("Clerk", Role.CLERK)
    review = answered(world, comms, account, sessions=PARTLY)
    with world.work(clerk) as work:
        actions.complete(work, review.id, {"sessions": Plan("End the old session", clerk.id, world.day(3))})
    action = actions_of(world)["sessions"]
    assert (action.what, action.owner_id, action.due_on) == ("End the old session", clerk.id, world.day(3))
    with world.house.reading() as session:
        assert session.get_one(SecurityReview, review.id).reviewer_id == clerk.id


@pytest.mark.parametrize(("stranger", "days", "field"), [(True, 1, "owner_id"), (False, -1, "due_on")])
def test_a_plan_that_cannot_be_is_refused_at_its_field(
    world: World, comms: Person, account: Account, stranger: bool, days: int, field: str
) -> None:
    review = answered(world, comms, account, sessions=PARTLY)
    owner = world.person("Ann Example") if stranger else comms
    with pytest.raises(Invalid) as fault, world.work(comms) as work:
        actions.complete(work, review.id, {"sessions": Plan("End it", owner.id, world.day(days))})
    assert fault.value.field == f"sessions-{field}"


def test_an_ended_review_takes_nothing_more(world: World, comms: Person, account: Account) -> None:
    review = completed(world, comms, account)
    for act in (
        lambda work: actions.answer(work, review.id, {"mailbox": MET}),
        lambda work: actions.complete(work, review.id),
        lambda work: actions.abandon(work, review.id),
    ):
        with pytest.raises(Conflict, match="This security review is complete"), world.work(comms) as work:
            act(work)


def test_an_abandoned_review_claims_nothing_and_makes_room(world: World, comms: Person, account: Account) -> None:
    review = answered(world, comms, account)
    with world.work(comms) as work:
        assert actions.abandon(work, review.id).state is ReviewState.ABANDONED
    assert trail_of(world, account)[-1] == Event.REVIEW_ABANDONED
    with world.house.reading() as session:
        assert session.get_one(Account, account.id).last_reviewed_on is None
    begun(world, comms, account)


def test_an_action_is_done_once_with_proof_by_its_owner(world: World, comms: Person) -> None:
    area, ann, bob = world.area(), world.person("Ann Example"), world.person("Bob Example")
    for person in (ann, bob):
        world.editor(area, person)
    account = world.account(area, responsible_id=ann.id)
    completed(world, comms, account, sessions=PARTLY)
    action = actions_of(world)["sessions"]
    with pytest.raises(Refused, match="Only its owner"), world.work(bob) as work:
        actions.finish(work, action.id, "Done")
    with pytest.raises(Invalid, match="where the proof is"), world.work(ann) as work:
        actions.finish(work, action.id, "  ")
    with world.house.reading() as session:
        assert [row.item for row in open_actions_of(session, world.council.id, ann.id)] == ["sessions"]
    with world.work(ann) as work:
        done = actions.finish(work, action.id, "Ended, see ticket 12.")
    assert (done.done_on, done.done_by, done.proof) == (world.today, ann.id, "Ended, see ticket 12.")
    assert trail_of(world, account)[-1] == Event.REVIEW_ACTION_DONE
    with pytest.raises(Conflict, match="done already"), world.work(comms) as work:
        actions.finish(work, action.id, "Again")
    with world.house.reading() as session:
        assert open_actions_of(session, world.council.id, ann.id) == []


def test_whoever_can_mark_an_action_done_may_own_one(world: World, comms: Person) -> None:
    area, editor = world.area(), world.person("Ann Example")
    world.editor(area, editor)
    former = world.person("Bob Example")
    world.editor(area, former, ends_on=world.day(-1))
    manager = world.person("Mo Example", Role.MANAGER)
    world.person("Iris Example", Role.AUDITOR)
    away = world.person("Al Example", Role.MANAGER)
    with world.work(comms) as work:
        absence.suspend(work, away.id, "An enquiry")
    with world.house.reading() as session:
        assert list(possible_owners(session, world.council.id, world.today)) == [editor.id, comms.id, manager.id]


def test_reviews_of_another_council_are_not_there(world: World, comms: Person) -> None:
    other = world.another()
    stranger = other.person("Other Comms", Role.COMMS)
    foreign = completed(other, stranger, other.account(other.area()), sessions=PARTLY)
    action = actions_of(other)["sessions"]
    for act in (
        lambda work: actions.start(work, foreign.account_id),
        lambda work: actions.answer(work, foreign.id, {"mailbox": MET}),
        lambda work: actions.complete(work, foreign.id),
        lambda work: actions.abandon(work, foreign.id),
        lambda work: actions.finish(work, action.id, "Done"),
    ):
        with pytest.raises(NotFound), world.work(comms) as work:
            act(work)
