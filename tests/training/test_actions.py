"""Courses and training records, through the register's own acts (002 §19.2, §11.4)."""

import pytest
import sqlalchemy as sa

from registry.audit.models import Entry
from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.editors.queries import facts_of
from registry.identity.models import Person
from registry.training.actions import (
    Completed,
    add_course,
    bring_back_course,
    change_course,
    confirm_training,
    record_training,
    refuse_training,
    retire_course,
)
from registry.training.models import Course, CourseKind, RecordState, TrainingRecord
from registry.training.queries import count_to_confirm, holdings, list_records
from registry.vocabulary.permissions import Role
from tests.world import World


def recorded(world: World, person: Person, course: Course, by: Person | None = None, days: int = -1) -> TrainingRecord:
    with world.work(by or person) as work:
        return record_training(work, Completed(person.id, course.id, world.day(days), "A tutor", "Certificate 7"))


def trained_until(world: World, person: Person):
    with world.house.reading() as session:
        return facts_of(session, world.council.id, person.id, world.today).trained_until


def acts(world: World) -> list[str]:
    with world.house.reading() as session:
        return list(session.scalars(sa.select(Entry.act).where(Entry.chain == world.council.id).order_by(Entry.seq)))


def test_training_counts_once_communications_has_confirmed_it(world: World) -> None:
    ann, comms = world.person("Ann Example"), world.person("Cora Comms", Role.COMMS)
    record = recorded(world, ann, world.course(valid_months=12))
    assert record.state is RecordState.RECORDED
    assert trained_until(world, ann) < world.today
    with world.house.reading() as session:
        assert count_to_confirm(session, world.council.id) == 1
    with world.work(comms) as work:
        confirmed = confirm_training(work, record.id)
    assert (confirmed.decided_by, confirmed.decided_at) == (comms.id, world.clock.now())
    assert trained_until(world, ann) == record.expires_on
    assert acts(world)[-2:] == ["training.recorded", "training.confirmed"]


def test_where_the_council_asks_no_confirmation_training_counts_at_once(world: World) -> None:
    other = world.another(training_confirmed=False)
    ann = other.person("Ann Example")
    record = recorded(other, ann, other.course())
    assert record.state is RecordState.CONFIRMED
    assert trained_until(other, ann) == record.expires_on


def test_training_is_recorded_only_once_it_is_completed(world: World) -> None:
    ann, course = world.person("Ann Example"), world.course()
    with pytest.raises(Invalid, match="today or in the past"):
        recorded(world, ann, course, days=1)
    recorded(world, ann, course, days=0)


def test_the_same_day_is_not_recorded_twice(world: World) -> None:
    ann, course = world.person("Ann Example"), world.course()
    recorded(world, ann, course)
    with pytest.raises(Invalid, match="already"):
        recorded(world, ann, course)


def test_a_record_that_was_not_accepted_may_be_put_forward_again(world: World) -> None:
    ann, comms, course = world.person("Ann Example"), world.person("Cora Comms", Role.COMMS), world.course()
    first = recorded(world, ann, course)
    with world.work(comms) as work:
        refused = refuse_training(work, first.id, "No certificate was attached.")
    assert (refused.state, refused.decision_note) == (RecordState.REJECTED, "No certificate was attached.")
    again = recorded(world, ann, course)
    assert (again.id, again.state, again.decided_by, again.decision_note) == (first.id, RecordState.RECORDED, None, "")


def test_training_confirmed_by_mistake_counts_no_more(world: World) -> None:
    ann, comms = world.person("Ann Example"), world.person("Cora Comms", Role.COMMS)
    record = recorded(world, ann, world.course())
    with world.work(comms) as work:
        confirm_training(work, record.id)
    with world.work(comms) as work:
        refuse_training(work, record.id, "It was another person’s certificate.")
    assert trained_until(world, ann) < world.today
    with world.work(comms) as work, pytest.raises(Conflict):
        confirm_training(work, record.id)


def test_somebody_elses_training_is_recorded_by_those_who_answer_for_them(world: World) -> None:
    manager = world.person("Mary Manager", Role.MANAGER)
    ann = world.person("Ann Example", manager_id=manager.id)
    stranger = world.person("Sam Stranger", Role.MANAGER)
    clerk = world.person("Clara Clerk", Role.CLERK)
    course = world.course()
    recorded(world, ann, course, by=manager, days=-3)
    recorded(world, ann, course, by=clerk, days=-2)
    with pytest.raises(Refused, match="You can record your own training"):
        recorded(world, ann, course, by=stranger)


def test_nobody_records_training_for_somebody_who_left(world: World) -> None:
    left = world.person("Lee Left", ends_on=world.day(-1))
    clerk = world.person("Clara Clerk", Role.CLERK)
    with pytest.raises(Refused, match="work for the council"):
        recorded(world, left, world.course(), by=clerk)


def test_nobody_confirms_their_own_training(world: World) -> None:
    comms = world.person("Cora Comms", Role.COMMS)
    record = recorded(world, comms, world.course())
    for act in (lambda work: confirm_training(work, record.id), lambda work: refuse_training(work, record.id, "No")):
        with pytest.raises(Refused, match="their own training"), world.work(comms) as work:
            act(work)
    assert trained_until(world, comms) < world.today
    assert acts(world)[-1] == "act.refused"


def test_a_council_of_one_officer_confirms_its_own_and_the_trail_says_so(world: World) -> None:
    parish = world.another(own_request_exception=True, exception_minute="Minute 7 of 2026")
    clerk = parish.person("Clara Clerk", Role.CLERK)
    record = recorded(parish, clerk, parish.course())
    with parish.work(clerk) as work:
        confirm_training(work, record.id)
    with parish.house.reading() as session:
        body = session.scalar(sa.select(Entry.body).where(Entry.act == "training.confirmed"))
    assert "Minute 7 of 2026" in body


def test_an_exception_without_a_minute_is_still_told(world: World) -> None:
    parish = world.another(own_request_exception=True)
    clerk = parish.person("Clara Clerk", Role.CLERK)
    record = recorded(parish, clerk, parish.course())
    with parish.work(clerk) as work:
        refuse_training(work, record.id, "It was another course.")
        assert work.occurrences[-1].detail["exception"] == "a council of one officer"


def test_a_course_out_of_use_takes_no_new_training_but_keeps_the_old(world: World) -> None:
    ann, course = world.person("Ann Example"), world.course()
    clerk = world.person("Clara Clerk", Role.CLERK)
    with world.work(clerk) as work:
        retire_course(work, course.id)
    world.clock.advance(days=2)
    with pytest.raises(Invalid, match="out of use"):
        recorded(world, ann, course)
    recorded(world, ann, course, days=-3)
    with world.work(clerk) as work:
        bring_back_course(work, course.id)
    recorded(world, ann, course)


def test_changing_how_long_a_course_holds_leaves_old_records_alone(world: World) -> None:
    ann, clerk = world.person("Ann Example"), world.person("Clara Clerk", Role.CLERK)
    with world.work(clerk) as work:
        course = add_course(work, "Editor training", CourseKind.EDITOR, 12, "The county", "Tone, images, the law.")
    record = recorded(world, ann, course)
    with world.work(clerk) as work:
        change_course(work, course.id, 1, {"valid_months": 6, "name": "editor training"})
    with world.work(clerk) as work:
        change_course(work, course.id, 1, {"valid_months": 6})
        assert work.occurrences == []
    with world.house.reading() as session:
        assert list_records(session, world.council.id, ann.id)[0].expires_on == record.expires_on


def test_two_courses_do_not_share_a_name(world: World) -> None:
    clerk = world.person("Clara Clerk", Role.CLERK)
    course = world.course(name="Editor training")
    other = world.course(name="Refresher")
    for act in (
        lambda work: add_course(work, "EDITOR training", CourseKind.EDITOR, 12),
        lambda work: change_course(work, other.id, 1, {"name": course.name}),
    ):
        with pytest.raises(Invalid, match="this name"), world.work(clerk) as work:
            act(work)


def test_another_councils_courses_and_records_are_not_there(world: World) -> None:
    ann = world.person("Ann Example")
    record = recorded(world, ann, world.course())
    other = world.another()
    clerk = other.person("Otto Clerk", Role.CLERK)
    for act in (
        lambda work: change_course(work, record.course_id, 1, {"valid_months": 1}),
        lambda work: confirm_training(work, record.id),
        lambda work: record_training(work, Completed(ann.id, record.course_id, other.day(-1))),
        lambda work: record_training(work, Completed(clerk.id, record.course_id, other.day(-1))),
    ):
        with pytest.raises(NotFound), other.work(clerk) as work:
            act(work)


def test_holdings_tell_the_best_day_of_each_kind_and_what_waits(world: World) -> None:
    ann = world.person("Ann Example")
    world.trained(ann, world.day(10))
    world.trained(ann, world.day(90))
    recorded(world, ann, world.course(CourseKind.AWARENESS))
    with world.house.reading() as session:
        found = holdings(list_records(session, world.council.id, ann.id))
    assert (found[CourseKind.EDITOR].until, found[CourseKind.EDITOR].is_waiting) == (world.day(90), False)
    assert (found[CourseKind.AWARENESS].until, found[CourseKind.AWARENESS].is_waiting) == (None, True)
