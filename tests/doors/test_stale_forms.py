"""Two people at the same form: the second is shown both versions, in the form's own words, and nothing is lost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from registry.policies.models import Policy, PolicyVersion
from registry.vocabulary.permissions import Role
from tests.world import World

Form = tuple[str, dict[str, str], dict[str, str], str]
"""An address, what the first person sends, what the second sends instead, and the label of what differs."""


def of_an_area(world: World) -> Form:
    area = world.area("Parks")
    return f"service-areas/{area.id}/change", {"name": "Green spaces"}, {"name": "Parks and trees"}, "Name"


def of_a_course(world: World) -> Form:
    course = world.course(name="Editor training")
    sent = {"name": "Editor training", "kind": "editor", "valid_months": "6"}
    return f"training/courses/{course.id}/change", sent, {**sent, "valid_months": "24"}, "For how many months"


def of_a_policy(world: World) -> Form:
    version: PolicyVersion = world.policy("1")
    with world.house.reading() as session:
        title = session.get_one(Policy, version.policy_id).title
    sent = {"title": title, "owner": "The Clerk", "opens_gate": "y"}
    return f"policies/{version.policy_id}/change", sent, {**sent, "owner": "Communications"}, "Owner"


def of_a_person(world: World) -> Form:
    person = world.person("Ann Example")
    sent = {"name": "Ann Example", "job_title": "Officer", "terms": "employee"}
    return f"people/{person.id}/change", {**sent, "name": "Ann Sample"}, {**sent, "job_title": "Head"}, "Job title"


def of_the_council(world: World) -> Form:
    sent = {"name": world.council.name, "time_zone": "Europe/London"}
    return "settings/names", {**sent, "contact": "By post"}, {**sent, "contact": "By phone"}, "Whom residents ask"


@pytest.mark.parametrize("made", [of_an_area, of_a_course, of_a_policy, of_a_person, of_the_council])
def test_the_second_of_two_is_shown_both_versions_and_changes_nothing(
    client: FlaskClient, world: World, made: Callable[[World], Form]
) -> None:
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    path, first, second, label = made(world)
    seen = seen_in(client.get(world.path(path)).text)
    assert client.post(world.path(path), data=first | seen).status_code == 302
    stands = client.get(world.path(path)).text
    late = client.post(world.path(path), data=second | seen)
    assert late.status_code == 409
    assert label in late.text
    for sent in (first, second):
        differing = [sent[name] for name in sent if first.get(name) != second.get(name)]
        assert all(value in late.text for value in differing)
    assert seen_in(client.get(world.path(path)).text) == seen_in(stands)
    assert client.post(world.path(path), data=second | seen_in(stands)).status_code == 302


def seen_in(page: str) -> dict[str, Any]:
    """Which version the page says it shows."""
    found = re.search(r'name="(lock|version)" type="hidden" value="(\d+)"', page)
    assert found, "this form does not remember which version it shows"
    return {found[1]: found[2]}
