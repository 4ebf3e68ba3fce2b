"""A form that is sent twice is taken once, and leads where it led."""

import re
import threading

from flask import Flask
from flask.testing import FlaskClient

from registry.accounts.models import ServiceArea
from registry.application import TOP
from registry.vocabulary.permissions import Role
from registry.web.models import FormSent
from tests.world import World

KEY = re.compile(r'name="form_key" value="([^"]+)"')


def key_of(client: FlaskClient, path: str) -> str:
    found = KEY.findall(client.get(path).text)
    assert found
    return str(found[-1])


def areas(world: World) -> int:
    with world.house.reading() as session:
        return session.query(ServiceArea).count()


def test_a_second_sending_changes_nothing_and_leads_where_the_first_did(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    path = world.path("service-areas/new")
    sent = {"name": "Parks", "form_key": key_of(client, path)}
    first, second = client.post(path, data=sent), client.post(path, data=sent)
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert "It was taken once" in client.get(second.headers["Location"]).text
    assert areas(world) == 1


def test_each_page_draws_a_key_of_its_own(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    path = world.path("service-areas/new")
    assert key_of(client, path) != key_of(client, path)


def test_a_form_that_was_refused_may_be_mended_and_sent_again(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    world.area("Parks")
    path = world.path("service-areas/new")
    key = key_of(client, path)
    assert client.post(path, data={"name": "Parks", "form_key": key}).status_code == 422
    assert client.post(path, data={"name": "Waste", "form_key": key}).status_code == 302
    assert areas(world) == 2


def test_anothers_form_with_the_same_key_is_another_form(app: Flask, world: World) -> None:
    for name in ("Clara Clerk", "Carl Clerk"):
        client = app.test_client()
        world.sign_in(client, world.person(name, Role.CLERK))
        sent = {"name": f"Area of {name}", "form_key": "the same"}
        assert client.post(world.path("service-areas/new"), data=sent).status_code == 302
    assert areas(world) == 2


def test_of_two_sendings_at_once_one_is_taken(app: Flask, world: World) -> None:
    clerk = world.person("Clara Clerk", Role.CLERK)
    clients = [app.test_client() for _ in range(4)]
    for client in clients:
        world.sign_in(client, clerk)
    answers: list[int] = []
    start = threading.Barrier(len(clients))

    def send(client: FlaskClient) -> None:
        start.wait()
        sent = {"name": "Parks", "form_key": "one finger"}
        answers.append(client.post(world.path("service-areas/new"), data=sent).status_code)

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 4
    assert areas(world) == 1


def test_where_it_is_not_known_whereto_a_second_sending_leads_to_the_nearest_page(
    client: FlaskClient, world: World
) -> None:
    clerk = world.person("Clara Clerk", Role.CLERK)
    world.sign_in(client, clerk)
    sent = {"name": "Parks", "form_key": "cut off"}
    assert client.post(world.path("service-areas/new"), data=sent).status_code == 302
    with world.house.work(None, None, "test") as work:
        work.session.query(FormSent).update({"led_to": ""})
    again = client.post(world.path("service-areas/new"), data=sent)
    assert again.headers["Location"] == world.path("service-areas/new")
    area = world.area("Waste")
    for _ in range(2):  # an address that only takes forms: to the first page
        answer = client.post(world.path(f"service-areas/{area.id}/reopen"), data={"form_key": "again"})
        with world.house.work(None, None, "test") as work:
            work.session.query(FormSent).update({"led_to": ""})
    assert answer.headers["Location"] == "/"


def test_every_form_of_ours_carries_its_key() -> None:
    forms = [path for path in (TOP / "templates").rglob("*.html") if 'method="post"' in path.read_text()]
    assert forms
    assert [path.name for path in forms if "form_token()" not in path.read_text()] == []
    assert [path.name for path in (TOP / "templates").rglob("*.html") if "csrf_token()" in path.read_text()] == []
