"""The pages about policies, as people meet them."""

import io
import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from registry.identity.models import Person
from registry.policies.actions import Draft, add_policy, start_draft
from registry.policies.models import PolicyVersion, SignOff
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.world import World


@pytest.fixture
def clerk(world: World, client: FlaskClient) -> Person:
    person = world.person("Clara Clerk", Role.CLERK)
    world.sign_in(client, person)
    return person


def boxes(name: str, day: object) -> dict[str, list[str]]:
    return {name: [str(day.day), str(day.month), str(day.year)]}


def draft_of(
    world: World, clerk: Person, policy_id: int, label: str = "2", text: str = "# New\n\nWords."
) -> PolicyVersion:
    with world.work(clerk) as work:
        return start_draft(work, policy_id, Draft(label, text))


def test_from_no_policy_to_one_in_force_and_signed(world: World, client: FlaskClient, clerk: Person) -> None:
    assert "There is no policy in the register yet" in client.get(world.path("policies")).text
    assert "There is nothing to sign" in client.get(world.path("policies/sign")).text
    facts = {"title": "Social media policy", "number": "P7", "opens_gate": "y", "owner": "Clerk"}
    assert client.post(world.path("policies/new"), data=facts).headers["Location"] == world.path("policies/1")
    assert client.post(world.path("policies/new"), data=facts).status_code == 422
    assert "No version is published yet" in client.get(world.path("policies/1")).text
    assert "No version is in force" in client.get(world.path("policies/1/signatures")).text
    text = {"version": "1", "text": "# Aim\n\nBe civil.\n\n## More\n\n<b>x</b>", "summary_of_changes": "The first"}
    assert client.post(world.path("policies/1/versions/new"), data=text).status_code == 302
    assert "This draft has no effect" in client.get(world.path("policies/versions/1")).text
    approval = {
        "approved_by": "Council",
        "minute_ref": "42",
        "sure": "y",
        "lock": "1",
        **boxes("effective_on", world.today),
    }
    assert "What follows" in client.get(world.path("policies/versions/1/publish")).text
    assert client.post(world.path("policies/versions/1/publish"), data={**approval, "sure": ""}).status_code == 422
    assert client.post(world.path("policies/versions/1/publish"), data=approval).status_code == 302
    page = client.get(world.path("policies/sign")).text
    assert '<h2 id="part-1" class="govuk-heading-m">Aim</h2>' in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    hidden = dict(re.findall(r'name="(version_id|text_hash)" type="hidden" value="([^"]+)"', page))
    assert client.post(world.path("policies/sign"), data=hidden).status_code == 422
    assert client.post(world.path("policies/sign"), data={**hidden, "agree": "y"}).status_code == 302
    assert hidden["text_hash"] in client.get(world.path("policies/my-signatures")).text
    assert "You have signed what is asked of you" in client.get(world.path("policies/sign")).text
    assert "1 of 1 person" in client.get(world.path("policies/1")).text


def test_a_text_replaced_while_it_was_read_is_not_signed(world: World, client: FlaskClient) -> None:
    old = world.policy("1")
    ann = world.person("Ann Example")
    world.sign_in(client, ann)
    world.policy("2", world.day(-1), text="Other words")
    sent = {"version_id": old.id, "text_hash": old.text_hash, "agree": "y"}
    answer = client.post(world.path("policies/sign"), data=sent)
    assert answer.status_code == 409
    assert "no longer the text" in answer.text
    assert client.post(world.path("policies/sign"), data={**sent, "agree": ""}).status_code == 409
    with world.house.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SignOff)) == 0


def test_a_version_to_come_can_be_signed_before_its_day(world: World, client: FlaskClient) -> None:
    current = world.policy("1")
    coming = world.policy("2", world.day(7), text="Words to come")
    ann = world.person("Ann Example")
    world.signed(ann, current)
    world.sign_in(client, ann)
    assert "You are asked to sign version 2" in client.get(world.path("policies")).text
    page = client.get(world.path("policies/sign")).text
    assert "Words to come" in page
    assert "which takes effect on 27 November 2026 (in 7 days)" in page
    sent = {"version_id": coming.id, "text_hash": coming.text_hash, "agree": "y"}
    assert client.post(world.path("policies/sign"), data=sent).status_code == 302


def test_staff_do_not_see_drafts_or_who_signed(world: World, client: FlaskClient, clerk: Person) -> None:
    version = world.policy("1")
    draft = draft_of(world, clerk, version.policy_id)
    world.sign_in(client, world.person("Ann Example"))
    page = client.get(world.path(f"policies/{version.policy_id}")).text
    assert "who work for the council" not in page
    assert f"versions/{draft.id}" not in page
    assert client.get(world.path(f"policies/versions/{version.id}")).status_code == 200
    for path in (f"versions/{draft.id}", f"versions/{draft.id}/difference"):
        assert client.get(world.path(f"policies/{path}")).status_code == 404
    closed = (
        "new",
        "1/change",
        "1/signatures",
        "1/versions/new",
        f"versions/{draft.id}/edit",
        f"versions/{draft.id}/publish",
    )
    for path in (*closed, f"versions/{draft.id}/discard"):
        assert client.get(world.path(f"policies/{path}")).status_code == 403


def test_two_people_editing_a_draft_are_shown_both_texts(world: World, client: FlaskClient, clerk: Person) -> None:
    version = world.policy("1")
    draft = draft_of(world, clerk, version.policy_id, text="One line")
    path = world.path(f"policies/versions/{draft.id}/edit")
    assert 'value="1"' in client.get(path).text
    theirs = {"version": "2", "text": "Their line", "summary_of_changes": "Theirs", "lock": "1"}
    assert client.post(path, data=theirs).status_code == 302
    answer = client.post(path, data={**theirs, "text": "My line", "summary_of_changes": ""})
    assert answer.status_code == 409
    assert "<del>Their</del> line" in answer.text
    assert "<ins>My</ins> line" in answer.text
    assert "My line</textarea>" in answer.text
    lock = re.search(r'name="lock" type="hidden" value="(\d+)"', answer.text)
    assert lock is not None
    assert client.post(path, data={**theirs, "text": "My line", "lock": lock[1]}).status_code == 302
    assert "My line" in client.get(world.path(f"policies/versions/{draft.id}")).text


def test_a_text_may_come_from_a_file(world: World, client: FlaskClient, clerk: Person) -> None:
    version = world.policy("1")
    path = world.path(f"policies/{version.policy_id}/versions/new")

    def send(content: bytes, name: str = "policy.md") -> object:
        return client.post(path, data={"version": "2", "text": "", "file": (io.BytesIO(content), name)})

    assert client.post(path, data={"version": "2", "text": ""}).status_code == 422
    assert "not plain text in UTF-8" in send(b"\xff\xfe\xff").text
    assert "hidden or control characters" in send(b"a\x00b").text
    assert "300,000 characters" in send(b"a" * 300_001).text
    assert "must be .md or .txt" in send(b"text", "policy.docx").text
    assert send("\ufeff# Nod\r\n\r\nGeiriau â thô".encode()).status_code == 302
    page = client.get(world.path("policies/versions/2")).text
    assert "Geiriau â thô" in page


def test_a_published_version_is_neither_edited_nor_discarded(world: World, client: FlaskClient, clerk: Person) -> None:
    version = world.policy("1")
    for verb in ("edit", "publish", "discard"):
        path = world.path(f"policies/versions/{version.id}/{verb}")
        assert client.get(path).status_code == 409
        day = boxes("effective_on", world.day(3))
        sent = {
            "version": "1",
            "text": "Other",
            "lock": "1",
            "approved_by": "Me",
            "minute_ref": "1",
            "sure": "y",
            **day,
        }
        answer = client.post(path, data=sent)
        assert answer.status_code == 403
        assert "frozen for good" in answer.text


def test_a_day_that_will_not_do_is_told_beside_the_field(world: World, client: FlaskClient, clerk: Person) -> None:
    version = world.policy("1")
    draft = draft_of(world, clerk, version.policy_id)
    sent = {
        "approved_by": "Council",
        "minute_ref": "42",
        "sure": "y",
        "lock": "1",
        **boxes("effective_on", world.day(-1)),
    }
    answer = client.post(world.path(f"policies/versions/{draft.id}/publish"), data=sent)
    assert answer.status_code == 422
    assert "cannot take effect before the day it is published" in answer.text
    assert 'value="Council"' in answer.text


def test_versions_are_compared_and_drafts_discarded(world: World, client: FlaskClient, clerk: Person) -> None:
    first = world.policy("1", world.day(-300), text="Post weekly.")
    world.policy("2", text="Post daily.")
    draft = draft_of(world, clerk, first.policy_id, "3", "Post hourly.")
    page = client.get(world.path(f"policies/versions/{draft.id}/difference")).text
    assert "Post <del>daily</del>." in page
    page = client.get(world.path(f"policies/versions/{draft.id}/difference?since={first.id}")).text
    assert "Post <del>weekly</del>." in page
    assert client.get(world.path(f"policies/versions/{first.id}/difference")).status_code == 404
    path = world.path(f"policies/versions/{draft.id}/discard")
    assert "cannot be brought back" in client.get(path).text
    assert client.post(path, data={"lock": "1"}).status_code == 302
    assert client.get(path).status_code == 404
    assert "Draft a version" in client.get(world.path(f"policies/{first.policy_id}")).text


def test_facts_of_a_policy_are_changed(world: World, client: FlaskClient, clerk: Person) -> None:
    version = world.policy("1")
    path = world.path(f"policies/{version.policy_id}/change")
    assert "Social media policy" in client.get(path).text
    sent = {"title": "Social media policy", "owner": "The Clerk", "opens_gate": "y", "lock": "1"}
    assert client.post(path, data=sent).status_code == 302
    assert "The Clerk" in client.get(world.path(f"policies/{version.policy_id}")).text


def test_another_councils_policy_is_not_there(world: World, client: FlaskClient, clerk: Person) -> None:
    version = world.policy("1")
    other = world.another()
    world.sign_in(client, other.person("Otto Clerk", Role.CLERK))
    paths = ("1", "1/change", "1/signatures", "1/versions/new", "versions/1", "versions/1/edit", "versions/1/publish")
    for path in paths:
        assert client.get(other.path(f"policies/{path}")).status_code == 404
    sent = {"version_id": version.id, "text_hash": version.text_hash, "agree": "y"}
    assert client.post(other.path("policies/sign"), data=sent).status_code == 404


def test_who_has_signed_is_told_in_as_many_questions_for_few_as_for_many(
    world: World, client: FlaskClient, clerk: Person
) -> None:
    version = world.policy("1")
    path = world.path(f"policies/{version.policy_id}/signatures")
    world.signed(clerk, version)
    client.get(path)
    with statements(world.house) as few:
        page = client.get(path)
    assert "Clara Clerk" in page.text
    for n in range(8):
        person = world.person(f"Person {n}")
        if n % 2:
            world.signed(person, version)
    with statements(world.house) as many:
        page = client.get(path)
    assert len(few) == len(many)
    assert "5 of 9 people" in page.text
    missing = client.get(f"{path}?show=missing&q=person").text
    assert missing.count("Never") == 4
    assert "Nobody matches" in client.get(f"{path}?q=zed").text
    with statements(world.house) as index:
        client.get(world.path("policies"))
    world.policy("2", world.day(-2))
    with world.work(clerk) as work:
        for n in range(5):
            add_policy(work, f"Policy {n}")
    with statements(world.house) as longer:
        client.get(world.path("policies"))
    assert len(index) == len(longer)
