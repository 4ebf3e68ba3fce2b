"""Ending accounts: what is done, by whom, in which order, and what follows from it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from typing import Any

import pytest

from registry.accounts.models import Account, AccountState
from registry.closures import actions
from registry.closures.models import ClosureState
from registry.closures.queries import open_closure, steps_of
from registry.closures.tasks import Ending, find_task, tasks_for
from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.editors.standing import named_areas
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.closures.making import scene
from tests.world import World

BRANDING = {Ending.CLOSE: "closed_profile", Ending.MOTHBALL: "resting_profile", Ending.HAND_OVER: "council_name"}
ENDED_AS = {
    Ending.CLOSE: AccountState.CLOSED,
    Ending.MOTHBALL: AccountState.MOTHBALLED,
    Ending.HAND_OVER: AccountState.HANDED_OVER,
}


@pytest.mark.parametrize("ending", Ending)
def test_beginning_sets_every_step_back_from_the_last_day_and_marks_the_account(world: World, ending: Ending) -> None:
    s = scene(world)
    closure = s.begun(ending, last_day_on=world.day(60))
    steps = s.steps(closure)
    assert list(steps) == [task.key for task in tasks_for(ending)]
    assert all(step.due_on == find_task(ending, key).due_on(world.day(60)) for key, step in steps.items())  # type: ignore[union-attr]
    assert {step.owner_id for step in steps.values()} == {s.comms.id}
    account = s.fresh(s.account)
    assert account.under_closure
    assert account.state is AccountState.LIVE
    assert s.said()[-1] == "closure.started"


def test_a_short_notice_puts_no_step_before_today(world: World) -> None:
    s = scene(world)
    closure = s.begun(last_day_on=world.today)
    assert min(step.due_on for step in s.steps(closure).values()) == world.today


def test_the_steps_are_for_whoever_is_responsible_if_they_still_work_here(world: World) -> None:
    ann = world.person("Ann Example")
    s = scene(world, responsible_id=ann.id)
    assert {step.owner_id for step in s.steps(s.begun()).values()} == {ann.id}


def test_the_steps_are_for_whoever_begins_if_the_responsible_person_has_left(world: World) -> None:
    gone = world.person("Gone Example", ends_on=world.day(-1))
    s = scene(world, responsible_id=gone.id)
    assert {step.owner_id for step in s.steps(s.begun()).values()} == {s.comms.id}


def test_what_is_settled_at_the_beginning_stands_in_its_step(world: World) -> None:
    s = scene(world)
    closure = s.begun(minute_ref="Minute 12", instead="www.exampleton.example/bins")
    steps = s.steps(closure)
    assert steps["decision"].proof == "Minute 12"
    assert steps["instead"].proof == "www.exampleton.example/bins"
    assert closure.public_message == (
        "Exampleton Council closed this account on 18 December 2026. Please use www.exampleton.example/bins."
    )


def test_the_public_sentence_keeps_a_gap_until_it_is_settled_where_people_should_go(world: World) -> None:
    s = scene(world)
    closure = s.begun()
    assert "[instead]" in closure.public_message
    with world.work(s.comms) as work:
        actions.finish_step(work, closure.id, "instead", "www.exampleton.example")
    assert s.fresh(closure).public_message.endswith("Please use www.exampleton.example.")


def test_a_reworded_public_sentence_has_only_its_gap_filled(world: World) -> None:
    s = scene(world)
    closure = s.begun(public_message="Gone to [instead].")
    with world.work(s.comms) as work:
        actions.finish_step(work, closure.id, "scheduled", "Nothing planned")
    assert s.fresh(closure).public_message == "Gone to [instead]."
    with world.work(s.comms) as work:
        actions.finish_step(work, closure.id, "instead", "our\npage")
    assert s.fresh(closure).public_message == "Gone to our page."


def test_a_public_sentence_that_grows_too_long_is_refused_where_it_was_typed(world: World) -> None:
    s = scene(world)
    closure = s.begun()
    with pytest.raises(Invalid) as refused, world.work(s.comms) as work:
        actions.finish_step(work, closure.id, "instead", "x" * 300)
    assert refused.value.field == "proof"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"last_day_on": date(2026, 11, 19)}, "last_day_on"),
        ({"ending": Ending.MOTHBALL, "review_on": None}, "review_on"),
        ({"ending": Ending.MOTHBALL, "review_on": date(2029, 1, 1)}, "review_on"),
        ({"ending": Ending.HAND_OVER, "successor": ""}, "successor"),
        ({"public_message": "x" * 301}, "public_message"),
    ],
)
def test_a_plan_that_the_policy_does_not_allow_is_refused_beside_the_field(
    world: World, facts: dict[str, object], field: str
) -> None:
    s = scene(world)
    with pytest.raises(Invalid) as refused, world.work(s.comms) as work:
        actions.start(work, s.account.id, replace(s.plan(), **facts))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not s.fresh(s.account).under_closure


@pytest.mark.parametrize("state", [AccountState.PROPOSED, AccountState.CLOSED, AccountState.HANDED_OVER])
def test_an_account_that_is_not_in_use_is_not_ended(world: World, state: AccountState) -> None:
    s = scene(world, state=state)
    with pytest.raises(Refused):
        s.begun()


def test_an_account_is_ended_once_at_a_time(world: World) -> None:
    s = scene(world)
    s.begun()
    with pytest.raises(Conflict):
        s.begun(Ending.MOTHBALL)


def test_a_closure_that_the_account_does_not_know_of_still_stops_a_second_one(world: World) -> None:
    s = scene(world)
    s.begun()
    with world.work(s.comms) as work:
        work.session.get_one(Account, s.account.id).under_closure = False
        work.record(Event.ACCOUNT_CHANGED, s.account, account="", fields=[])
    with pytest.raises(Conflict):
        s.begun()


@pytest.mark.parametrize("ending", Ending)
def test_completing_moves_the_account_and_its_public_answer_follows(world: World, ending: Ending) -> None:
    s = scene(world, branded=True, linked_from_website=True)
    named = world.cleared(s.area)
    closure = s.completed(ending)
    account = s.fresh(s.account)
    assert account.state is ENDED_AS[ending]
    assert account.public_note == closure.public_message
    assert "20 November 2026" in account.public_note
    assert not account.under_closure
    assert not account.branded
    assert not account.linked_from_website
    rests = ending is Ending.MOTHBALL
    assert account.mothball_review_on == (world.day(300) if rests else None)
    assert account.ended_on == (None if rests else world.today)
    assert closure.state is ClosureState.COMPLETE
    assert s.said()[-1] == "closure.completed"
    with world.house.reading() as session:
        assert s.area.id in named_areas(session, world.council.id, named.id, world.today)


@pytest.mark.parametrize("ending", [Ending.CLOSE, Ending.HAND_OVER])
def test_a_mothballed_account_may_be_closed_or_handed_over(world: World, ending: Ending) -> None:
    s = scene(world, state=AccountState.MOTHBALLED, mothball_review_on=world.day(10))
    s.completed(ending)
    account = s.fresh(s.account)
    assert account.state is ENDED_AS[ending]
    assert account.mothball_review_on is None


@pytest.mark.parametrize("ending", Ending)
def test_without_its_branding_step_no_account_ends(world: World, ending: Ending) -> None:
    s = scene(world)
    closure = s.begun(ending, last_day_on=world.today)
    s.finished(closure, besides=(BRANDING[ending],))
    with pytest.raises(Refused, match="1 step that must be done"), world.work(s.comms) as work:
        actions.complete(work, closure.id)
    assert s.fresh(s.account).state is AccountState.LIVE


def test_an_account_does_not_end_before_its_last_day(world: World) -> None:
    s = scene(world)
    closure = s.begun(last_day_on=world.day(1))
    s.finished(closure)
    with pytest.raises(Refused, match="until then it is in use"), world.work(s.comms) as work:
        actions.complete(work, closure.id)
    world.clock.advance(days=1)
    with world.work(s.comms) as work:
        assert actions.complete(work, closure.id).state is AccountState.CLOSED


def test_a_closure_is_completed_once(world: World) -> None:
    s = scene(world)
    closure = s.completed()
    with pytest.raises(Conflict, match="closure is complete"), world.work(s.comms) as work:
        actions.complete(work, closure.id)


def test_of_two_people_who_complete_at_once_one_wins(world: World) -> None:
    s = scene(world)
    closure = s.begun(last_day_on=world.today)
    s.finished(closure)
    start = Barrier(2)

    def try_it(_: int) -> str:
        start.wait()
        try:
            with world.work(s.comms) as work:
                actions.complete(work, closure.id)
        except Conflict:
            return "lost"
        return "won"

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(try_it, range(2))) == ["lost", "won"]
    assert s.said().count("closure.completed") == 1


def test_an_abandoned_closure_leaves_the_account_as_it_was_and_another_may_begin(world: World) -> None:
    s = scene(world)
    closure = s.begun()
    with world.work(s.comms) as work:
        actions.abandon(work, closure.id, "The committee thinks again")
    account = s.fresh(s.account)
    assert not account.under_closure
    assert account.state is AccountState.LIVE
    assert s.fresh(closure).abandoned_why == "The committee thinks again"
    with pytest.raises(Conflict), world.work(s.comms) as work:
        actions.abandon(work, closure.id, "Once more")
    with pytest.raises(Refused, match="no longer being worked"), world.work(s.comms) as work:
        actions.finish_step(work, closure.id, "scheduled", "Done")
    assert s.begun(Ending.MOTHBALL).id != closure.id


def test_a_step_is_done_with_its_proof_and_can_be_taken_up_again(world: World) -> None:
    s = scene(world)
    closure = s.begun()
    with world.work(s.comms) as work:
        actions.finish_step(work, closure.id, "archive", "On the records drive, 2 GB")
    step = s.steps(closure)["archive"]
    assert (step.done_on, step.done_by, step.proof) == (world.today, s.comms.id, "On the records drive, 2 GB")
    with pytest.raises(Conflict, match="settled already"), world.work(s.comms) as work:
        actions.finish_step(work, closure.id, "archive", "Again")
    with world.work(s.comms) as work:
        actions.reopen_step(work, closure.id, "archive")
    step = s.steps(closure)["archive"]
    assert (step.done_on, step.proof) == (None, "On the records drive, 2 GB")
    with pytest.raises(Conflict, match="open already"), world.work(s.comms) as work:
        actions.reopen_step(work, closure.id, "archive")
    assert s.said()[-2:] == ["closure.step_done", "closure.step_reopened"]


def test_a_step_that_must_be_done_needs_proof_and_is_never_not_needed(world: World) -> None:
    s = scene(world)
    closure = s.begun()
    with pytest.raises(Invalid, match="proven"), world.work(s.comms) as work:
        actions.finish_step(work, closure.id, "archive", "")
    with pytest.raises(Refused, match="cannot end without it"), world.work(s.comms) as work:
        actions.drop_step(work, closure.id, "archive", "Too much work")


def test_a_step_that_an_account_can_end_without_may_be_not_needed(world: World) -> None:
    s = scene(world)
    closure = s.begun()
    with world.work(s.comms) as work:
        actions.drop_step(work, closure.id, "print", "Never printed")
    step = s.steps(closure)["print"]
    assert (step.not_needed, step.proof, step.done_on) == (True, "Never printed", world.today)
    with world.work(s.comms) as work:
        actions.reopen_step(work, closure.id, "print")
    assert not s.steps(closure)["print"].not_needed


def test_only_those_concerned_work_on_a_step(world: World) -> None:
    manager = world.person("Mary Manager", Role.MANAGER)
    s = scene(world)
    with world.work() as work:
        work.session.get_one(type(s.area), s.area.id).manager_id = manager.id
        work.record(Event.ACCOUNT_CHANGED, s.account, account="", fields=[])
    named, owner = world.cleared(s.area), world.person("Olga Owner")
    stranger, clerk = world.person("Sam Stranger"), world.person("Clara Clerk", Role.CLERK)
    closure = s.begun()
    with world.work(s.comms) as work:
        actions.hand_on_step(work, closure.id, "links", 1, owner.id, s.steps(closure)["links"].due_on)
    for person in (manager, named, clerk, owner):
        with world.work(person) as work:
            actions.finish_step(work, closure.id, "links", "Pages changed")
        with world.work(person) as work:
            actions.reopen_step(work, closure.id, "links")
    with pytest.raises(Refused, match="for its owner"), world.work(owner) as work:
        actions.finish_step(work, closure.id, "archive", "Not mine")
    for act in (actions.reopen_step, lambda w, c, k: actions.drop_step(w, c, k, "why")):
        with pytest.raises(Refused), world.work(stranger) as work:
            act(work, closure.id, "links")


def test_a_step_is_handed_on_and_gets_a_new_day(world: World) -> None:
    s, olga = scene(world), world.person("Olga Owner")
    closure = s.begun()
    with world.work(s.comms) as work:
        actions.hand_on_step(work, closure.id, "archive", 1, olga.id, world.day(28))
    step = s.steps(closure)["archive"]
    assert (step.owner_id, step.due_on) == (olga.id, world.day(28))
    assert s.said()[-1] == "closure.step_changed"
    length = len(s.said())
    with world.work(s.comms) as work:
        actions.hand_on_step(work, closure.id, "archive", 1, olga.id, world.day(28))
    assert len(s.said()) == length


def test_a_step_that_must_be_done_is_not_put_off_beyond_the_end_but_others_are(world: World) -> None:
    s = scene(world)
    closure = s.begun()
    with pytest.raises(Invalid) as refused, world.work(s.comms) as work:
        actions.hand_on_step(work, closure.id, "archive", 1, s.comms.id, world.day(29))
    assert refused.value.field == "due_on"
    with world.work(s.comms) as work:
        actions.hand_on_step(work, closure.id, "metrics", 1, s.comms.id, world.day(100))


def test_a_step_is_handed_only_to_somebody_who_works_here(world: World) -> None:
    s, gone = scene(world), world.person("Gone Example", ends_on=world.day(-1))
    other = world.another()
    elsewhere = other.person("Else Where")
    closure = s.begun()
    for person in (gone, elsewhere):
        with pytest.raises(Invalid) as refused, world.work(s.comms) as work:
            actions.hand_on_step(work, closure.id, "archive", 1, person.id, world.day(5))
        assert refused.value.field == "owner_id"


def test_with_the_last_day_the_days_of_open_steps_and_the_public_sentence_move(world: World) -> None:
    s = scene(world)
    closure = s.begun(Ending.HAND_OVER, instead="www.exampleton.example")
    with world.work(s.comms) as work:
        actions.finish_step(work, closure.id, "archive", "Kept")
    before = s.steps(closure)
    with world.work(s.comms) as work:
        actions.change(
            work, closure.id, last_day_on=world.day(40), public_message=closure.public_message, successor="Bin Fans"
        )
    after = s.steps(closure)
    assert after["links"].due_on == world.day(40)
    assert after["archive"].due_on == before["archive"].due_on
    changed = s.fresh(closure)
    assert "Bin Fans on 30 December 2026" in changed.public_message
    assert s.said()[-1] == "closure.changed"


def test_a_reworded_sentence_stays_when_days_move_and_no_change_is_no_entry(world: World) -> None:
    s = scene(world)
    closure = s.begun(Ending.MOTHBALL, public_message="Resting.")
    as_is: dict[str, Any] = {"last_day_on": closure.last_day_on, "review_on": closure.review_on}
    length = len(s.said())
    with world.work(s.comms) as work:
        actions.change(work, closure.id, **as_is, public_message="Resting.")
    assert len(s.said()) == length
    with world.work(s.comms) as work:
        actions.change(work, closure.id, **{**as_is, "review_on": world.day(200)}, public_message="Resting.")
    assert s.fresh(closure).public_message == "Resting."
    assert s.fresh(closure).review_on == world.day(200)


def test_steps_that_follow_the_last_day_are_done_after_it_and_the_others_are_not_touched(world: World) -> None:
    s = scene(world)
    closure = s.completed()
    with pytest.raises(Refused), world.work(s.comms) as work:
        actions.reopen_step(work, closure.id, "archive")
    world.clock.advance(days=31)
    with world.work(s.comms) as work:
        actions.finish_step(work, closure.id, "name_watch", "Nobody took it")


def test_a_mothballed_account_rests_on_and_the_step_that_asked_is_done(world: World) -> None:
    s = scene(world)
    closure = s.completed(Ending.MOTHBALL)
    world.clock.advance(days=290)
    until = world.day(365)
    with world.work(s.comms) as work:
        actions.keep_mothballed(work, s.account.id, until, "Minute 40", s.fresh(s.account).version)
    assert s.fresh(s.account).mothball_review_on == until
    step = s.steps(closure)["decide_again"]
    assert step.done_on == world.today
    assert step.proof.endswith("Minute 40")
    assert s.said()[-1] == "closure.mothball_extended"


def test_an_imported_mothball_rests_on_but_not_for_longer_than_a_year(world: World) -> None:
    s = scene(world, state=AccountState.MOTHBALLED, mothball_review_on=world.day(-1))
    version = s.account.version
    with pytest.raises(Invalid, match="within 12 months"), world.work(s.comms) as work:
        actions.keep_mothballed(work, s.account.id, world.day(366), "", version)
    with world.work(s.comms) as work:
        actions.keep_mothballed(work, s.account.id, world.day(365), "", version)
    with pytest.raises(Conflict), world.work(s.comms) as work:
        actions.keep_mothballed(work, s.account.id, world.day(300), "", version)


def test_a_live_account_does_not_rest_on(world: World) -> None:
    s = scene(world)
    with pytest.raises(Refused), world.work(s.comms) as work:
        actions.keep_mothballed(work, s.account.id, world.day(30), "", s.account.version)


def test_nobody_ends_another_council_s_account(world: World) -> None:
    s, other = scene(world), world.another()
    closure = s.begun()
    eve = other.person("Eve Elsewhere", Role.COMMS)
    for act in (
        lambda w: actions.start(w, s.account.id, s.plan()),
        lambda w: actions.complete(w, closure.id),
        lambda w: actions.finish_step(w, closure.id, "archive", "Kept"),
        lambda w: actions.keep_mothballed(w, s.account.id, world.day(3), "", 1),
    ):
        with pytest.raises(NotFound), other.work(eve) as work:
            act(work)
    with pytest.raises(NotFound), world.work(s.comms) as work:
        actions.finish_step(work, closure.id, "no_such_step", "Kept")


def test_a_closure_tells_how_far_it_is_and_whether_it_has_stalled(world: World) -> None:
    s = scene(world)
    closure = s.begun(last_day_on=world.day(10))
    with world.work(s.comms) as work:
        actions.finish_step(work, closure.id, "archive", "Kept")
    with world.house.reading() as session:
        row = open_closure(session, world.council.id, s.account.id, world.today)
        assert row is not None
        assert (row.settled, row.steps, row.overdue) == (1, len(tasks_for(Ending.CLOSE)), 0)
        late = {days: open_closure(session, world.council.id, s.account.id, world.day(days)) for days in (0, 8, 11)}
        assert {days: bool(found and found.musts_late) for days, found in late.items()} == {0: False, 8: True, 11: True}
        assert open_closure(session, world.another().council.id, s.account.id, world.today) is None


def test_home_hears_of_steps_that_wait_for_their_owner(world: World) -> None:
    s = scene(world)
    closure = s.begun(Ending.MOTHBALL, last_day_on=world.today)
    with world.house.reading() as session:
        waiting = steps_of(session, world.council.id, s.comms.id, world.today)
    assert len(waiting) == len(tasks_for(Ending.MOTHBALL))
    assert waiting[0].account == s.account.name
    s.finished(closure)
    with world.work(s.comms) as work:
        actions.complete(work, closure.id)
    with world.house.reading() as session:
        assert steps_of(session, world.council.id, s.comms.id, world.today) == []
        assert [w.key for w in steps_of(session, world.council.id, s.comms.id, world.day(85))] == ["quarter"]
