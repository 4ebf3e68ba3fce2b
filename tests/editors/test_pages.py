"""The pages about standing and naming, as people meet them."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from registry.editors.models import Editorship
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.world import World


def boxes(name: str, day: object) -> dict[str, list[str]]:
    return {name: [str(day.day), str(day.month), str(day.year)]}


def plain(page: str) -> str:
    return " ".join(
        page.replace("</strong>", "").replace("<strong>", "").replace("<span>", "").replace("</span>", "").split()
    )


def test_my_standing_shows_the_gate_for_each_service_area(world: World, client: FlaskClient) -> None:
    area = world.area("Waste")
    ann = world.cleared(area, "Ann Example")
    world.editor(world.area("Housing"), ann)
    world.sign_in(client, ann)
    page = plain(client.get(world.path("standing")).text)
    assert page.count("since 24 May 2026 (5 months ago)") == 2
    assert "Trained until 8 June 2027 (in 6 months)" in page
    assert "Signed up to the policy in force" in page
    assert page.count(">Cleared<") == 2
    assert "(002 §19.2, §11.4)" in page


@pytest.mark.parametrize(
    ("trained", "told"),
    [(None, "no confirmed editor training"), (-3, "Not trained: lapsed on 17 November 2026 (3 days ago)")],
)
def test_my_standing_says_what_is_missing_and_what_mends_it(
    world: World, client: FlaskClient, trained: int | None, told: str
) -> None:
    ann = world.person("Ann Example")
    world.editor(world.area("Waste"), ann)
    if trained is not None:
        world.trained(ann, world.day(trained))
    world.signed(ann, world.policy("1", world.day(-300)))
    world.policy("2", world.day(-30), text="New words")
    world.sign_in(client, ann)
    page = plain(client.get(world.path("standing")).text)
    assert told in page
    assert "days of grace ended on 4 November 2026" in page
    assert f'<a class="govuk-link" href="{world.path("training")}">Record training</a>' in page
    assert f'<a class="govuk-link" href="{world.path("policies/sign")}">Read and sign the policy</a>' in page
    assert "Not cleared" in page


def test_days_of_grace_are_told_while_they_last(world: World, client: FlaskClient) -> None:
    ann = world.person("Ann Example")
    world.editor(world.area("Waste"), ann)
    world.trained(ann)
    world.signed(ann, world.policy("1", world.day(-300)))
    world.policy("2", world.day(-4), text="New words")
    world.sign_in(client, ann)
    page = plain(client.get(world.path("standing")).text)
    assert "to sign the new one by 30 November 2026 (in 10 days)" in page
    assert ">Cleared<" in page


def test_staff_without_an_area_are_told_how_to_become_an_editor(world: World, client: FlaskClient) -> None:
    world.sign_in(client, world.person("Ann Example"))
    page = plain(client.get(world.path("standing")).text)
    assert "You are not named for any service area" in page
    assert "no confirmed editor training" in page
    assert world.path("editors/who-names") in page


def test_the_clerk_acts_for_every_account_by_role(world: World, client: FlaskClient) -> None:
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    page = plain(client.get(world.path("standing")).text)
    assert "Every account of the council" in page
    assert "as Clerk" in page


def test_the_people_of_an_account_are_its_editors_and_those_who_act_by_role(world: World, client: FlaskClient) -> None:
    manager = world.person("Mary Manager", Role.MANAGER)
    area = world.area("Waste", manager)
    account = world.account(area)
    world.cleared(area, "Ann Example")
    world.editor(area, world.person("Bob Example"))
    world.editor(area, world.person("Lee Left", ends_on=world.day(-1)))
    world.person("Cora Comms", Role.COMMS)
    world.sign_in(client, world.person("Sam Staff"))
    page = plain(client.get(world.path(f"accounts/{account.id}/people")).text)
    assert "1 of 3 editors are cleared" in page
    assert "Mary Manager names the editors of Waste" in page
    assert "Left the council" in page
    assert "as Communications" in page
    assert "Record training for them" not in page
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    assert "Record training for them" in client.get(world.path(f"accounts/{account.id}/people")).text
    other = world.another()
    world.sign_in(client, other.person("Otto Clerk", Role.CLERK))
    assert client.get(other.path(f"accounts/{account.id}/people")).status_code == 404


def test_an_account_without_editors_says_so(world: World, client: FlaskClient) -> None:
    account = world.account(world.area("Waste"))
    world.sign_in(client, world.person("Sam Staff"))
    page = plain(client.get(world.path(f"accounts/{account.id}/people")).text)
    assert "This account has no editor" in page
    assert "Nobody acts by their role" in page
    assert "so the Clerk names its editors" in page


def test_a_manager_names_and_stands_down(world: World, client: FlaskClient) -> None:
    manager = world.person("Mary Manager", Role.MANAGER)
    area, ann = world.area("Waste", manager), world.person("Ann Example")
    world.sign_in(client, manager)
    path = world.path(f"service-areas/{area.id}/editors")
    assert "Nobody is named for this service area" in client.get(path).text
    assert "Needed from the third editor on" in client.get(f"{path}/name").text
    sent = {"person_id": ann.id, **boxes("starts_on", world.day(2))}
    assert client.post(f"{path}/name", data={**sent, "person_id": ""}).status_code == 422
    assert client.post(f"{path}/name", data=sent).headers["Location"] == path
    page = client.get(path).text
    assert "is named. Their page" in page
    assert "Named from a day to come" in page
    with world.house.reading() as session:
        editorship_id = session.scalar(sa.select(Editorship.id))
    down = world.path(f"editorships/{editorship_id}/stand-down")
    assert "Stand down Ann Example" in client.get(down).text
    assert client.post(down, data={"when": "now", "reason": ""}).status_code == 422
    assert client.post(down, data={"when": "now", "reason": "Not needed"}).status_code == 302
    assert client.get(down).status_code == 404


def test_those_who_stood_down_stay_on_the_page(world: World, client: FlaskClient) -> None:
    clerk = world.person("Clara Clerk", Role.CLERK)
    area = world.area("Waste")
    editorship = world.editor(
        area, world.cleared(area, "Ann Example"), starts_on=world.day(-90), ends_on=world.day(-60)
    )
    world.sign_in(client, clerk)
    current = client.get(world.path(f"service-areas/{area.id}/editors")).text
    assert "Stood down" in current
    assert "Not given" in current
    with world.house.reading() as session:
        open_one = session.scalar(sa.select(Editorship.id).where(Editorship.ends_on.is_(None)))
    assert open_one != editorship.id
    path = world.path(f"editorships/{open_one}/stand-down")
    assert client.post(path, data={"when": "today", "reason": "Retires"}).status_code == 302
    assert (
        client.post(
            world.path(f"editorships/{editorship.id}/stand-down"), data={"when": "now", "reason": "x"}
        ).status_code
        == 409
    )


def test_a_manager_of_another_area_is_refused_with_the_clause(world: World, client: FlaskClient) -> None:
    area, ann = world.area("Waste"), world.person("Ann Example")
    world.sign_in(client, world.person("Otto Manager", Role.MANAGER))
    path = world.path(f"service-areas/{area.id}/editors")
    assert "Name an editor" not in client.get(path).text
    assert "You cannot name editors for this service area" in client.get(f"{path}/name").text
    answer = client.post(f"{path}/name", data={"person_id": ann.id, **boxes("starts_on", world.today)})
    assert answer.status_code == 403
    assert "002 §19.2, §18.5" in answer.text
    world.sign_in(client, ann)
    assert client.get(f"{path}/name").status_code == 403
    assert client.get(path).status_code == 200
    assert client.get(world.path("standing/team")).status_code == 403


def test_another_councils_area_is_not_there(world: World, client: FlaskClient) -> None:
    area = world.area("Waste")
    editorship = world.editor(area, world.person("Ann Example"))
    other = world.another()
    world.sign_in(client, other.person("Otto Clerk", Role.CLERK))
    for path in (f"service-areas/{area.id}/editors", f"service-areas/{area.id}/editors/name"):
        assert client.get(other.path(path)).status_code == 404
    assert client.get(other.path(f"editorships/{editorship.id}/stand-down")).status_code == 404


def test_a_manager_sees_their_own_areas_people_and_the_auditor_everybody(world: World, client: FlaskClient) -> None:
    manager = world.person("Mary Manager", Role.MANAGER)
    waste, housing = world.area("Waste", manager), world.area("Housing")
    world.cleared(waste, "Ann Example")
    world.editor(waste, world.person("Bob Example"))
    world.cleared(housing, "Cy Example")
    world.sign_in(client, manager)
    page = client.get(world.path("standing/team")).text
    assert "Ann Example" in page
    assert "Cy Example" not in page
    assert "Cy Example" not in client.get(world.path(f"standing/team?area={housing.id}")).text
    assert "Ann Example" not in client.get(world.path("standing/team?show=attention")).text
    world.sign_in(client, world.person("Otto Manager", Role.MANAGER))
    assert "You are not the manager of any service area" in client.get(world.path("standing/team")).text
    world.sign_in(client, world.person("Audrey Auditor", Role.AUDITOR))
    page = client.get(world.path("standing/team")).text
    assert all(name in page for name in ("Ann Example", "Bob Example", "Cy Example"))
    only = client.get(world.path(f"standing/team?area={housing.id}")).text
    assert "Cy Example" in only
    assert "Ann Example" not in only
    assert "Nobody fits these filters" in client.get(world.path(f"standing/team?area={housing.id}&show=attention")).text


def test_who_names_the_editors_is_told_for_each_area(world: World, client: FlaskClient) -> None:
    world.sign_in(client, world.person("Sam Staff"))
    assert "There are no service areas yet" in client.get(world.path("editors/who-names")).text
    manager = world.person("Mary Manager", Role.MANAGER)
    world.cleared(world.area("Waste", manager))
    world.area("Parks")
    page = client.get(world.path("editors/who-names")).text
    assert "Mary Manager" in page
    assert "1 of 1 cleared" in page
    assert "no manager is recorded" in page


def test_the_grid_asks_as_much_of_the_database_for_few_as_for_many_and_turns_its_pages(
    world: World, client: FlaskClient
) -> None:
    area = world.area("Waste")
    account = world.account(area)
    world.cleared(area, "Ann Example")
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    paths = ("standing/team", "editors/who-names", f"service-areas/{area.id}/editors", f"accounts/{account.id}/people")
    few = {}
    for path in paths:
        client.get(world.path(path))
        with statements(world.house) as asked:
            client.get(world.path(path))
        few[path] = len(asked)
    for n in range(60):
        world.editor(area, world.person(f"Person {n:02}"))
    for path in paths:
        with statements(world.house) as asked:
            client.get(world.path(path))
        assert len(asked) == few[path]
    first = client.get(world.path("standing/team")).text
    assert "more on other pages" in first
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = client.get(world.path("standing/team") + following).text
    assert "Person 59" in second
    assert "Ann Example" not in second
