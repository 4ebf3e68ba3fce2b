"""The pages about training, as people meet them."""

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from registry.training.actions import Completed, record_training
from registry.training.models import CourseKind, TrainingRecord
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.world import World


def typed(world: World, person_id: int, course_id: int, days: int = -1) -> dict[str, object]:
    day = world.day(days)
    return {
        "person_id": person_id,
        "course_id": course_id,
        "completed_on": [day.day, day.month, day.year],
        "evidence": "Certificate 7",
    }


def test_somebody_records_their_training_and_sees_what_is_missing(world: World, client: FlaskClient) -> None:
    ann, course = world.person("Ann Example"), world.course(name="Using social media well")
    world.sign_in(client, ann)
    page = client.get(world.path("training")).text
    assert "No training of yours is on record" in page
    assert "none on record that counts" in page
    answer = client.post(world.path("training/record"), data=typed(world, ann.id, course.id))
    assert answer.headers["Location"] == world.path("training")
    page = client.get(world.path("training")).text
    assert "counts once it is confirmed" in page
    assert "a record waits to be confirmed" in page
    assert "Certificate 7" in page


def test_without_a_course_nothing_can_be_recorded_and_the_page_says_so(world: World, client: FlaskClient) -> None:
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    page = client.get(world.path("training")).text
    assert "The council has named no course yet" in page
    assert world.path("training/courses/new") in page


def test_a_day_to_come_is_refused_beside_the_field_and_what_was_typed_stays(world: World, client: FlaskClient) -> None:
    ann, course = world.person("Ann Example"), world.course()
    world.sign_in(client, ann)
    answer = client.post(world.path("training/record"), data=typed(world, ann.id, course.id, days=2))
    assert answer.status_code == 422
    assert "today or in the past" in answer.text
    assert "Certificate 7" in answer.text


def test_a_manager_chooses_among_their_own_people_only(world: World, client: FlaskClient) -> None:
    manager = world.person("Mary Manager", Role.MANAGER)
    ann = world.person("Ann Example", manager_id=manager.id)
    world.person("Sam Stranger")
    course = world.course()
    world.sign_in(client, manager)
    page = client.get(world.path(f"training/record?person={ann.id}")).text
    assert "Ann Example" in page
    assert "Sam Stranger" not in page
    assert client.post(world.path("training/record"), data=typed(world, ann.id, course.id)).status_code == 302


def test_communications_confirms_or_says_why_not(world: World, client: FlaskClient) -> None:
    ann, comms, course = world.person("Ann Example"), world.person("Cora Comms", Role.COMMS), world.course()
    for days in (-1, -2):
        with world.work(ann) as work:
            record_training(work, Completed(ann.id, course.id, world.day(days)))
    world.sign_in(client, comms)
    page = client.get(world.path("training/to-confirm")).text
    assert page.count("Ann Example</th>") == 2
    assert client.post(world.path("training/records/1/confirm")).status_code == 302
    assert client.post(world.path("training/records/1/confirm")).status_code == 409
    assert client.get(world.path("training/records/2/refuse")).status_code == 200
    assert client.post(world.path("training/records/2/refuse"), data={"reason": ""}).status_code == 422
    assert client.post(world.path("training/records/2/refuse"), data={"reason": "No certificate"}).status_code == 302
    assert "Nothing waits to be confirmed" in client.get(world.path("training/to-confirm")).text
    assert "No certificate" in client.get(world.path("training/to-confirm?show=rejected")).text
    assert "Ann Example" in client.get(world.path("training/to-confirm?show=confirmed&q=ann")).text
    assert "No record matches" in client.get(world.path("training/to-confirm?show=confirmed&q=zed")).text


def test_ones_own_record_has_the_reason_instead_of_the_button(world: World, client: FlaskClient) -> None:
    comms, course = world.person("Cora Comms", Role.COMMS), world.course()
    with world.work(comms) as work:
        record = record_training(work, Completed(comms.id, course.id, world.day(-1)))
    world.sign_in(client, comms)
    page = client.get(world.path("training/to-confirm")).text
    assert "Nobody decides on their own training" in page
    assert f"records/{record.id}/confirm" not in page
    answer = client.post(world.path(f"training/records/{record.id}/confirm"))
    assert answer.status_code == 403
    assert "Nobody decides on their own training" in answer.text


def test_staff_do_not_confirm_or_change_courses(world: World, client: FlaskClient) -> None:
    course = world.course()
    world.sign_in(client, world.person("Ann Example"))
    for path in ("training/to-confirm", "training/courses/new", f"training/courses/{course.id}/change"):
        assert client.get(world.path(path)).status_code == 403
    assert client.post(world.path(f"training/courses/{course.id}/retire")).status_code == 403


def test_courses_are_added_changed_and_taken_out_of_use(world: World, client: FlaskClient) -> None:
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    fields = {
        "name": "Editor training",
        "kind": "editor",
        "valid_months": "12",
        "provider": "The county",
        "description": "",
    }
    assert client.post(world.path("training/courses/new"), data=fields).status_code == 302
    again = client.post(world.path("training/courses/new"), data=fields)
    assert again.status_code == 422
    assert "There is a course of this name already" in again.text
    assert client.post(world.path("training/courses/new"), data={**fields, "valid_months": "0"}).status_code == 422
    assert "12 months" in client.get(world.path("training/courses")).text
    assert client.get(world.path("training/courses/1/change")).status_code == 200
    assert (
        client.post(
            world.path("training/courses/1/change"), data={**fields, "valid_months": "24", "lock": "1"}
        ).status_code
        == 302
    )
    client.post(world.path("training/courses/1/retire"))
    assert "Out of use" in client.get(world.path("training/courses")).text
    client.post(world.path("training/courses/1/bring-back"))
    assert "Out of use" not in client.get(world.path("training/courses")).text


def test_another_councils_records_are_not_there(world: World, client: FlaskClient) -> None:
    ann, course = world.person("Ann Example"), world.course()
    with world.work(ann) as work:
        record = record_training(work, Completed(ann.id, course.id, world.day(-1)))
    other = world.another()
    world.sign_in(client, other.person("Otto Clerk", Role.CLERK))
    for path in (f"training/records/{record.id}/refuse", f"training/courses/{course.id}/change"):
        assert client.get(other.path(path)).status_code == 404
    assert client.post(other.path(f"training/records/{record.id}/confirm")).status_code == 404
    assert client.get(world.path("training")).status_code == 404


def test_the_queue_asks_as_much_of_the_database_for_one_record_as_for_fifty(
    world: World, app: Flask, client: FlaskClient
) -> None:
    course = world.course(CourseKind.AWARENESS)
    people = [world.person(f"Person {n}") for n in range(6)]
    with world.work(people[0]) as work:
        record_training(work, Completed(people[0].id, course.id, world.day(-1)))
    world.sign_in(client, world.person("Cora Comms", Role.COMMS))
    client.get(world.path("training/to-confirm"))
    with statements(world.house) as few:
        client.get(world.path("training/to-confirm"))
    for person in people:
        for n in range(2, 10):
            with world.work(person) as work:
                record_training(work, Completed(person.id, course.id, world.day(-n)))
    with statements(world.house) as many:
        page = client.get(world.path("training/to-confirm"))
    assert page.text.count("Person ") >= 48
    assert len(few) == len(many)
    with world.house.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(TrainingRecord)) == 49
