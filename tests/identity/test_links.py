"""Single-use links to set a password: to their holder once, whoever asks for one."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from registry.accounts.platforms import PLATFORMS
from registry.core.database import Base
from registry.core.errors import Conflict
from registry.core.keyfile import KeyTrouble
from registry.identity.actions import links
from registry.identity.models import LinkPurpose, OutsideIdentity, PasswordLink, Person
from registry.identity.passwords import CONTEXT, trouble_with
from registry.outbox.links import PLACE, whole_body
from registry.outbox.models import Message
from registry.vocabulary.permissions import Role
from tests.conftest import PASSWORDS
from tests.identity.test_sign_in import comes_in, with_password
from tests.world import PASSWORD, World


def link_for(world: World, person: Person, purpose: LinkPurpose = LinkPurpose.SET_UP) -> str:
    with world.house.work(None, None, "test") as work:
        return links.make_link(work, work.session.get_one(Person, person.id), purpose)


@pytest.mark.parametrize("purpose", LinkPurpose)
def test_a_link_sets_a_password_once_and_signs_nobody_in(
    client: FlaskClient, world: World, purpose: LinkPurpose
) -> None:
    person = world.person("Ann Example")
    token = link_for(world, person, purpose)
    assert client.get(f"/new-password/{token}").status_code == 200
    weak = client.post(f"/new-password/{token}", data={"password": "short"})
    assert weak.status_code == 422
    assert "at least 12 characters" in weak.text
    assert client.post(f"/new-password/{token}", data={"password": PASSWORD}).headers["Location"] == "/sign-in"
    assert client.get("/me/sessions").status_code == 302
    assert client.get(f"/new-password/{token}").status_code == 404
    assert client.post(f"/new-password/{token}", data={"password": PASSWORD}).status_code == 409
    assert client.post("/sign-in", data={"email": person.email, "password": PASSWORD}).status_code == 302


def test_a_newer_link_ends_the_older_and_time_ends_both(client: FlaskClient, world: World) -> None:
    person = world.person("Ann Example")
    old, new = (link_for(world, person, LinkPurpose.RESET) for _ in range(2))
    assert client.get(f"/new-password/{old}").status_code == 404
    assert client.get(f"/new-password/{new}").status_code == 200
    world.clock.advance(minutes=21)
    assert client.get(f"/new-password/{new}").status_code == 404


@pytest.mark.parametrize("is_by_link", [True, False])
def test_a_new_password_leaves_nobody_half_in_and_no_link_in_the_post(
    client: FlaskClient, world: World, is_by_link: bool
) -> None:
    """Whoever knew the old one and waits at the second step would otherwise set one up of their own."""
    person = world.has_password(world.person("Ann Example"))
    client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    assert client.get("/sign-in/set-up").status_code == 200
    token = link_for(world, person, LinkPurpose.RESET)
    with world.house.work(person.id, None, "test") as work:
        if is_by_link:
            links.use_link(work, token, PASSWORDS.hash("another long password"))
        else:
            links.change_password(work, person.id, PASSWORDS.hash("another long password"), 0)
    assert client.get("/sign-in/set-up").headers["Location"].startswith("/sign-in?")
    assert client.post("/sign-in/set-up", data={"kind": "app"}).headers["Location"] == "/sign-in"
    assert client.get(f"/new-password/{token}").status_code == 404


def test_of_many_who_use_one_link_at_once_one_succeeds(world: World) -> None:
    token = link_for(world, world.person("Ann Example"))

    def use(number: int) -> bool:
        try:
            with world.house.work(None, None, "test") as work:
                links.use_link(work, token, PASSWORDS.hash(f"{PASSWORD} {number}"))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(use, range(6))) == 1


def test_asking_for_a_reset_gives_the_same_answer_to_everybody(client: FlaskClient, world: World) -> None:
    person = world.person("Ann Example")
    answers = {client.post("/forgotten-password", data={"email": e}).text for e in (person.email, "nobody@x.example")}
    assert len(answers) == 1
    with world.house.reading() as session:
        assert [m.to_address for m in session.query(Message)] == [person.email]


def test_whoever_posts_an_address_ends_no_invitation_by_it(client: FlaskClient, world: World) -> None:
    person = world.person("Ann Example")
    token = link_for(world, person)
    client.post("/forgotten-password", data={"email": person.email})
    assert client.get(f"/new-password/{token}").status_code == 200


def test_a_first_link_opens_only_to_somebody_who_never_proved_themselves(client: FlaskClient, world: World) -> None:
    person = world.person("Ann Example")
    token = link_for(world, person)
    reset = link_for(world, person, LinkPurpose.RESET)
    assert client.post(f"/new-password/{reset}", data={"password": PASSWORD}).status_code == 302
    world.has_password(person)
    later = link_for(world, person)
    for opens in (token, later):
        assert client.get(f"/new-password/{opens}").status_code == 404
        assert client.post(f"/new-password/{opens}", data={"password": PASSWORD}).status_code == 409


def test_whoever_has_proved_themselves_is_sent_a_short_link_and_not_without_end(
    client: FlaskClient, world: World
) -> None:
    person, clerk = world.has_password(world.person("Ann Example")), world.person("Clara Clerk", Role.CLERK)
    world.sign_in(client, clerk)
    assert "Send a link for a new password" in client.get(world.path(f"people/{person.id}")).text
    sent = [client.post(world.path(f"people/{person.id}/link")).status_code for _ in range(links.MOST_RESETS + 1)]
    assert sent == [302] * links.MOST_RESETS + [409]
    with world.house.reading() as session:
        lasting = [link.expires_at - link.made_at for link in session.query(PasswordLink)]
    assert set(lasting) == {links.LASTS[LinkPurpose.RESET]}
    world.clock.advance(minutes=6)
    assert "<title>Confirm" in client.post(world.path(f"people/{person.id}/link")).text


def test_a_clerk_gives_nobody_a_password_who_signs_in_by_a_provider(client: FlaskClient, world: World) -> None:
    ann = world.person("Ann Example")
    facts = {"issuer": "https://id.example", "subject": "1", "connected_at": world.clock.now()}
    world.add(OutsideIdentity(person_id=ann.id, **facts))
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    answer = client.post(world.path(f"people/{ann.id}/link"))
    assert answer.status_code == 403
    assert "have no password" in answer.text


def test_a_clerk_sends_a_link_but_never_reads_it(client: FlaskClient, world: World) -> None:
    person = world.person("Ann Example")
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    client.post(world.path(f"people/{person.id}/link"))
    with world.house.reading() as session:
        message = session.query(Message).one()
    page = client.get(world.path(f"messages/{message.id}")).text
    assert PLACE in page
    assert "/new-password/" not in page
    client.application.extensions["is_demo"] = True
    assert "/new-password/" in client.get(world.path(f"messages/{message.id}")).text


def test_whoever_reads_the_database_finds_no_link_in_it(world: World) -> None:
    person = world.person("Ann Example")
    with world.work() as work:
        token = links.invite(work, work.session.get_one(Person, person.id), "https://register.example/{token}")
    with world.house.reading() as session:
        message = session.query(Message).one()
        rows = [repr(tuple(row)) for table in Base.metadata.sorted_tables for row in session.execute(sa.select(table))]
    assert not any(token in row for row in rows)
    assert f"https://register.example/{token}" in whole_body(world.house.auth_key, message)
    message.dedupe = "another message's"
    with pytest.raises(KeyTrouble):
        whole_body(world.house.auth_key, message)


def test_changing_ones_password_ends_every_other_session(client: FlaskClient, world: World) -> None:
    person = with_password(world)
    other = client.application.test_client()
    for browser in (client, other):
        comes_in(browser, world, person.email)
    assert client.post("/me/password", data={"old": "not it at all", "password": "x"}).status_code == 422
    new = {"old": PASSWORD, "password": "another long password"}
    assert client.post("/me/password", data=new).status_code == 302
    assert client.get("/me/sessions").status_code == 200
    assert other.get("/me/sessions").status_code == 302


def test_an_owner_ends_a_session_left_open_elsewhere(client: FlaskClient, world: World) -> None:
    person = world.person("Ann Example")
    other = client.application.test_client()
    world.sign_in(other, person)
    world.sign_in(client, person)
    page = client.get("/me/sessions").text
    number = page.split("/me/sessions/")[1].split("/")[0]
    world.clock.advance(minutes=6)
    assert client.post(f"/me/sessions/{number}/end").status_code == 200  # asked whether it is still them
    assert other.get("/me/sessions").status_code == 200
    world.sign_in(client, person)
    assert client.post(f"/me/sessions/{number}/end").status_code == 302
    assert other.get("/me/sessions").status_code == 302


@pytest.mark.parametrize(
    ("password", "trouble"),
    [
        ("short", "at least 12"),
        ("x" * 257, "at most 256"),
        ("password1234", "too easy"),
        ("aaaabbbbaaaab", "too easy"),
        ("annabella-example", None),
        ("liverpool123!", "too easy"),
        ("P@ssword1234!", "too easy"),
        ("correcthorsebatterystaple", "too easy"),
        ("meadow lantern trumpet", None),
    ],
)
def test_a_password_is_long_rather_than_clever(password: str, trouble: str | None) -> None:
    said = trouble_with(password, "Ann Orchard", "ann@council.example")
    assert (said is None) if trouble is None else (said is not None and trouble in said)


def test_a_password_that_is_ones_own_name_is_refused() -> None:
    assert "a name from your own record" in str(trouble_with("bartholomewson", "Ann Bartholomewson"))
    assert "a name from your own record" in str(trouble_with("bartholomewson2026", "Ann Bartholomewson"))


def test_a_password_made_of_a_platforms_name_is_refused() -> None:
    """Every platform that the register knows is among the words that everybody here would think of first."""
    assert {one.key.partition("_")[0] for one in PLATFORMS} <= set(CONTEXT)
    for name in ("nextdoor", "Pinterest", "mastodon", "council"):
        assert "too easy to guess" in str(trouble_with(f"{name}2026!!"))


@pytest.mark.parametrize("password", ["  Spaces before, MixedCase, and after  ", "ünïcode ümlauts ünd more", "x9" * 64])
def test_a_password_is_kept_and_compared_exactly_as_typed(password: str) -> None:
    kept = PASSWORDS.hash(password)
    assert PASSWORDS.matches(kept, password)
    for other in (
        password.strip() + "!",
        password.lower() + "X",
        password[:-1],
        password[:64] if len(password) > 64 else "",
    ):
        assert not PASSWORDS.matches(kept, other)


def test_whoever_signs_in_by_a_provider_alone_is_given_no_password_through_their_mail(
    client: FlaskClient, world: World
) -> None:
    ann = world.person("Ann Example")
    world.add(
        OutsideIdentity(person_id=ann.id, issuer="https://id.example", subject="1", connected_at=world.clock.now())
    )
    client.post("/forgotten-password", data={"email": ann.email})
    with world.house.reading() as session:
        assert session.query(Message).count() == 0
    world.has_password(ann)
    client.post("/forgotten-password", data={"email": ann.email})
    with world.house.reading() as session:
        assert session.query(Message).filter(Message.subject.like("Choose a new password%")).count() == 1
