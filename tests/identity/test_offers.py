"""Whoever is in the register already joins another council by their own word; until then it sees nothing of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.audit.models import Entry
from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.identity.actions import offers, people, resets
from registry.identity.factors import FactorReset
from registry.identity.models import Employment, PasswordLink, Person, RoleGrant
from registry.identity.models_joining import Offer, Outcome
from registry.identity.offer_queries import list_offers
from registry.identity.queries import roles_worn
from registry.outbox.models import Message
from registry.upkeep.invariants import check
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.identity.test_sign_in import with_password
from tests.world import World

ADDRESS = "https://register.example/new-password/{token}"


@pytest.fixture
def other(world: World) -> World:
    """The council that asks."""
    return world.another("aham")


@pytest.fixture
def clerk(other: World) -> Person:
    return other.person("Casper Clerk", Role.CLERK)


@pytest.fixture
def victim(world: World) -> Person:
    """The Clerk of the one council, who can sign in."""
    return with_password(world, "Vera Realname", Role.CLERK)


def joiner(world: World, person: Person, name: str = "Anybody There", **facts: object) -> people.Joiner:
    return people.Joiner(name, person.email.upper(), "Officer", **{"starts_on": world.today, **facts})


def ask(world: World, person: Person, by: Person, name: str = "Anybody There") -> int:
    with world.work(by) as work:
        return offers.offer(work, joiner(world, person, name), ADDRESS).id


def typed(world: World, person: Person, name: str = "Anybody There") -> dict[str, object]:
    first = [world.today.day, world.today.month, world.today.year]
    return {"name": name, "email": person.email, "terms": "employee", "job_title": "Officer", "starts_on": first}


def councils_of(world: World, person: Person) -> list[int]:
    with world.house.reading() as session:
        return list(session.scalars(select(Employment.council_id).where(Employment.person_id == person.id)))


def settled(world: World, offer_id: int) -> Outcome | None:
    with world.house.reading() as session:
        return session.get_one(Offer, offer_id).outcome


def test_an_address_alone_makes_nobody_of_another_council_ones_own(
    client: FlaskClient, world: World, other: World, victim: Person, clerk: Person
) -> None:
    other.sign_in(client, clerk)
    answer = client.post(other.path("people/new"), data=typed(other, victim))
    assert answer.headers["Location"] == other.path("people")
    page = client.get(other.path("people")).text
    assert "Anybody There is in this register already, and is asked" in page
    assert victim.email in page
    assert councils_of(world, victim) == [world.council.id]
    for path in ("", "/two-step", "/device-lost", "/leaver", "/leave", "/change", "/roles/new"):
        assert client.get(other.path(f"people/{victim.id}{path}")).status_code == 404
    for path in ("/link", "/two-step", "/device-lost"):
        assert client.post(other.path(f"people/{victim.id}{path}"), data={"device": "Phone"}).status_code == 404
    for path in ("people", "trail", "messages", "messages/1"):
        assert "Realname" not in client.get(other.path(path)).text
    again = client.post(other.path("people/new"), data=typed(other, victim))
    assert again.status_code == 422
    assert "was asked already, and has not answered" in again.text


def test_asking_wants_fresh_proof(client: FlaskClient, other: World, clerk: Person) -> None:
    other.sign_in(client, clerk)
    other.clock.advance(minutes=6)
    assert client.get(other.path("people/new")).headers["Location"].startswith("/confirm?")


def test_whoever_is_asked_finds_it_on_their_first_page_and_accepts_under_the_name_they_go_by(
    client: FlaskClient, world: World, other: World, victim: Person, clerk: Person
) -> None:
    offer_id = ask(other, victim, clerk)
    world.sign_in(client, victim)
    assert f"/me/offers/{offer_id}" in client.get("/").text
    assert "Aham Council asks you to work with it" in client.get(world.path("")).text
    page = client.get(f"/me/offers/{offer_id}").text
    assert 'value="Vera Realname"' in page
    assert "Casper Clerk" in page
    assert client.get(other.path("")).status_code == 404
    assert client.post(f"/me/offers/{offer_id}", data={"name": ""}).status_code == 422
    assert client.post(f"/me/offers/{offer_id}", data={"name": "Vera Newname"}).status_code == 302
    assert sorted(councils_of(world, victim)) == sorted([world.council.id, other.council.id])
    assert client.get(other.path("")).status_code == 200
    assert "Vera Newname" in client.get(world.path(f"people/{victim.id}")).text
    assert client.get(f"/me/offers/{offer_id}").status_code == 404
    with world.house.reading() as session:
        acts = session.scalars(select(Entry.act).where(Entry.chain == other.council.id, Entry.actor_id == victim.id))
        assert list(acts)[:2] == ["person.added", "joining.accepted"]
        told = session.scalars(select(Message.subject).where(Message.to_address == clerk.email)).all()
    assert told == ["Anybody There accepted"]


def test_every_council_for_which_somebody_works_hears_of_their_new_name_in_its_own_trail(
    client: FlaskClient, world: World, other: World, victim: Person, clerk: Person
) -> None:
    third = world.another("bham")
    third.joins(victim)
    keepers = [world.person("Adam Admin", Role.ADMINISTRATOR), third.person("Bert Clerk", Role.CLERK)]
    offer_id = ask(other, victim, clerk)
    world.sign_in(client, victim)
    assert client.post(f"/me/offers/{offer_id}", data={"name": "Vera Newname"}).status_code == 302
    with world.house.reading() as session:
        changed = select(Entry.chain).where(Entry.act == Event.PERSON_CHANGED.value)
        assert sorted(session.scalars(changed)) == sorted([world.council.id, third.council.id])
        told = select(Message.to_address).where(Message.subject == "Vera Realname goes by another name now")
        assert sorted(session.scalars(told)) == sorted(person.email for person in keepers)
        assert session.get_one(Person, victim.id).name == "Vera Newname"


def test_accepting_stops_what_was_asked_about_ones_second_step(
    client: FlaskClient, world: World, other: World, victim: Person, clerk: Person
) -> None:
    with world.work(world.person("Adam Admin", Role.ADMINISTRATOR)) as work:
        reset_id = resets.ask_reset(work, victim.id, "Seen at the desk").id
    offer_id = ask(other, victim, clerk)
    world.sign_in(client, victim)
    client.post(f"/me/offers/{offer_id}", data={"name": "Vera Realname"})
    with world.house.reading() as session:
        assert session.get_one(FactorReset, reset_id).stopped_by == victim.id


def test_accepting_wants_fresh_proof(client: FlaskClient, world: World, other: World, victim: Person, clerk) -> None:
    offer_id = ask(other, victim, clerk)
    world.sign_in(client, victim)
    world.clock.advance(minutes=6)
    assert client.get(f"/me/offers/{offer_id}").headers["Location"].startswith("/confirm?")
    assert "<title>Confirm" in client.post(f"/me/offers/{offer_id}", data={"name": "Vera Realname"}).text
    assert "<title>Confirm" in client.post(f"/me/offers/{offer_id}/decline").text
    assert settled(world, offer_id) is None


def test_whoever_declines_is_seen_by_nobody_there(
    client: FlaskClient, app: Flask, world: World, other: World, victim: Person, clerk: Person
) -> None:
    offer_id = ask(other, victim, clerk)
    world.sign_in(client, victim)
    assert client.post(f"/me/offers/{offer_id}/decline", data={"form_key": "once"}).status_code == 302
    assert settled(world, offer_id) is Outcome.DECLINED
    assert client.get("/").headers["Location"] == world.path("")
    theirs = app.test_client()
    other.sign_in(theirs, clerk)
    assert "Asked to join" not in theirs.get(other.path("people")).text
    trail = theirs.get(other.path("trail")).text
    assert "Somebody who was asked to work for the council declined" in trail
    assert "Realname" not in trail
    assert councils_of(world, victim) == [world.council.id]
    with pytest.raises(Invalid, match="said no to this council in the last 30 days"):
        ask(other, victim, clerk)
    other.clock.advance(days=30, seconds=1)
    ask(other, victim, clerk)


def test_what_was_asked_is_taken_back(client: FlaskClient, world: World, other: World, victim: Person, clerk) -> None:
    offer_id = ask(other, victim, clerk)
    other.sign_in(client, clerk)
    assert client.post(other.path(f"offers/{offer_id}/withdraw")).status_code == 302
    assert client.post(other.path(f"offers/{offer_id}/withdraw")).status_code == 409
    with pytest.raises(Conflict), other.work(victim) as work:
        offers.accept(work, offer_id, "Vera Realname")
    assert councils_of(world, victim) == [world.council.id]


def test_a_council_asks_and_takes_back_three_times_at_most(world: World, other: World, victim: Person, clerk) -> None:
    """Each question is a message to somebody who does not know who asks."""
    for _ in range(3):
        offer_id = ask(other, victim, clerk)
        with other.work(clerk) as work:
            offers.withdraw(work, offer_id)
    with pytest.raises(Invalid, match="asked 3 times in the last 30 days"):
        ask(other, victim, clerk)
    other.clock.advance(days=30, seconds=1)
    ask(other, victim, clerk)


def test_a_question_that_nobody_answers_runs_out_and_can_be_asked_anew(
    client: FlaskClient, world: World, other: World, victim: Person, clerk: Person
) -> None:
    offer_id = ask(other, victim, clerk)
    world.sign_in(client, victim)
    assert "20 December 2026" in client.get(f"/me/offers/{offer_id}").text
    other.clock.advance(days=30, hours=13)
    world.sign_in(client, victim)
    assert client.get(f"/me/offers/{offer_id}").status_code == 200  # all of the last day
    other.clock.advance(hours=1)
    world.sign_in(client, victim)
    assert client.get("/").headers["Location"] == world.path("")
    assert "asks you to work with it" not in client.get(world.path("")).text
    assert client.get(f"/me/offers/{offer_id}").status_code == 404
    for answer in (lambda work: offers.accept(work, offer_id, "Vera"), lambda work: offers.decline(work, offer_id)):
        with pytest.raises(Conflict, match="run out"), other.work(victim) as work:
            answer(work)
    other.sign_in(client, clerk)
    assert "it has run out" in client.get(other.path("people")).text
    again = ask(other, victim, clerk)
    assert settled(other, offer_id) is Outcome.WITHDRAWN
    page = client.get(other.path("people")).text
    assert "it has run out" not in page
    assert "Can be answered until 20 January 2027" in page
    with other.work(victim) as work:
        offers.accept(work, again, "Vera Realname")


def test_whoever_came_in_to_answer_alone_is_out_once_the_question_has_run_out(
    client: FlaskClient, world: World, other: World, clerk: Person
) -> None:
    gone = world.person("Greta Gone", starts_on=world.day(-100), ends_on=world.day(-1))
    offer_id = ask(other, gone, clerk)
    assert signs_in(client, world, gone)
    other.clock.advance(days=31)
    assert not signs_in(client, world, gone)
    with other.work(clerk) as work:
        offers.withdraw(work, offer_id)
    assert check(world.house) == []


def test_whoever_asked_and_left_since_is_told_nothing(
    world: World, other: World, victim: Person, clerk: Person
) -> None:
    offer_id = ask(other, victim, clerk)
    other.clock.advance(days=2)
    with other.work() as work:
        people.leave(work, clerk.id, other.day(-1))
    with other.work(victim) as work:
        offers.accept(work, offer_id, "Vera Realname")
    with world.house.reading() as session:
        assert session.query(Message).filter_by(to_address=clerk.email).count() == 0


def test_nobody_takes_a_colleagues_name_unseen(
    client: FlaskClient, world: World, other: World, victim: Person, clerk: Person
) -> None:
    """Another council that asks lets them choose a name; those for whom they work already hear of it."""
    keeper = world.person("Adam Admin", Role.ADMINISTRATOR)
    offer_id = ask(other, victim, clerk)
    world.sign_in(client, victim)
    client.post(f"/me/offers/{offer_id}", data={"name": "Adam Admin"})
    with world.house.reading() as session:
        acts = session.scalars(select(Entry.act).where(Entry.chain == world.council.id, Entry.actor_id == victim.id))
        assert "person.changed" in list(acts)
        told = session.scalars(select(Message).where(Message.to_address == keeper.email)).one()
        assert told.council_id == world.council.id
        assert "Vera Realname goes by the name Adam Admin" in told.body
        assert not session.scalars(
            select(Message).where(Message.dedupe.like("renamed:%"), Message.to_address == clerk.email)
        ).all()


def test_a_machine_that_dies_between_the_name_and_the_joining_leaves_both_as_they_are_said(
    client: FlaskClient, world: World, other: World, victim: Person, clerk: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is changed where it is told, and the question is still open."""

    def dies(*_: object, **__: object) -> None:
        raise SystemExit

    offer_id = ask(other, victim, clerk)
    world.sign_in(client, victim)
    accept = offers.accept
    monkeypatch.setattr(offers, "accept", dies)
    with pytest.raises(SystemExit):
        client.post(f"/me/offers/{offer_id}", data={"name": "Vera Newname"})
    monkeypatch.setattr(offers, "accept", accept)
    assert councils_of(world, victim) == [world.council.id]
    with world.house.reading() as session:
        assert session.get_one(Person, victim.id).name == "Vera Newname"
        acts = session.scalars(select(Entry.act).where(Entry.chain == world.council.id, Entry.actor_id == victim.id))
        assert list(acts).count("person.changed") == 1
    assert check(world.house) == []
    assert client.post(f"/me/offers/{offer_id}", data={"name": "Vera Newname"}).status_code == 302
    assert sorted(councils_of(world, victim)) == sorted([world.council.id, other.council.id])


def test_a_former_council_asks_like_every_other(world: World, other: World, victim: Person, clerk: Person) -> None:
    """It could have the officer of another back on its list by their old record, and so get at how they sign in."""
    moved = world.person("Mo Moved", starts_on=world.day(-100), ends_on=world.day(-1))
    other.joins(moved)
    with world.work() as work:
        work.session.add(
            RoleGrant(
                council_id=world.council.id,
                person_id=moved.id,
                role=Role.CLERK,
                starts_on=world.day(-100),
                confirmed_at=work.now,
            )
        )
        work.record(Event.ROLE_GRANTED)
    with pytest.raises(Refused, match="ask them"), world.work(victim) as work:
        people.change_person(work, moved.id, 1, {"ends_on": None})
    with world.work(victim) as work:
        people.change_person(work, moved.id, 1, {"job_title": "Had been here"})
    offer_id = ask(world, moved, victim)
    with world.work(moved) as work:
        offers.accept(work, offer_id, "Mo Moved")
    with world.house.reading() as session:
        back = session.get_one(Employment, (world.council.id, moved.id))
        assert (back.starts_on, back.ends_on, back.job_title) == (world.today, None, "Officer")
        assert roles_worn(session, world.council.id, moved.id, world.today) == []
    with pytest.raises(Invalid, match="already on the council's list"):
        ask(world, moved, victim)


def test_whoever_left_and_works_nowhere_else_is_put_back_by_their_record(world: World, victim: Person) -> None:
    back = world.person("Greta Gone", starts_on=world.day(-100), ends_on=world.day(-1))
    with world.work(victim) as work:
        assert people.change_person(work, back.id, 1, {"ends_on": None}).ends_on is None


def test_an_offer_is_nobody_elses_to_answer_or_to_take_back(
    client: FlaskClient, world: World, other: World, victim: Person, clerk: Person
) -> None:
    offer_id, stranger = ask(other, victim, clerk), world.person("Stella Stranger", Role.CLERK)
    for act in (lambda work: offers.accept(work, offer_id, "Stella"), lambda work: offers.decline(work, offer_id)):
        with pytest.raises(NotFound), other.work(stranger) as work:
            act(work)
        with pytest.raises(NotFound), world.work(victim) as work:
            act(work)
    world.sign_in(client, stranger)
    assert client.get(f"/me/offers/{offer_id}").status_code == 404
    assert client.post(f"/me/offers/{offer_id}", data={"name": "Stella"}).status_code == 404
    assert client.post(f"/me/offers/{offer_id}/decline").status_code == 404
    assert client.post(world.path(f"offers/{offer_id}/withdraw")).status_code == 404
    assert settled(world, offer_id) is None


def test_no_act_puts_somebody_of_the_register_on_a_list_but_by_their_own_word(
    world: World, other: World, victim: Person, clerk: Person
) -> None:
    with pytest.raises(Refused, match="in the register already"), other.work(clerk) as work:
        people.add_person(work, joiner(other, victim))
    with pytest.raises(Invalid, match="already on the council's list"), world.work(victim) as work:
        offers.take_in(work, joiner(world, victim), ADDRESS)
    with pytest.raises(NotFound), other.work(clerk) as work:
        offers.offer(work, people.Joiner("Nobody", "nobody@x.example", "", other.today), ADDRESS)


def test_whoever_is_new_joins_at_once_and_is_sent_their_first_link(other: World, clerk: Person) -> None:
    with other.work(clerk) as work:
        came = offers.take_in(work, people.Joiner("Nora New", "nora@x.example", "", other.today), ADDRESS)
        assert isinstance(came, Employment)
    with other.house.reading() as session:
        assert session.query(PasswordLink).filter_by(person_id=came.person_id).count() == 1


def test_an_address_that_another_council_took_first_can_still_be_set_up_and_named_by_its_person(
    client: FlaskClient, world: World, other: World, clerk: Person
) -> None:
    """Whoever typed the address first typed a name too; the person it belongs to sets it right."""
    with other.work(clerk) as work:
        squatted = people.add_person(work, people.Joiner("A Slur", "vera@exampleton.example", "", other.today)).person
    hers = world.person("Clara Clerk", Role.CLERK)
    with world.work(hers) as work:
        asked = offers.take_in(work, people.Joiner("Vera Realname", squatted.email, "", world.today), ADDRESS)
        assert isinstance(asked, Offer)
    with world.house.reading() as session:
        told = session.scalars(select(Message.body).where(Message.council_id == world.council.id)).all()
    assert len(told) == 2
    assert all("Hello Vera Realname" in body and "Slur" not in body for body in told)
    world.sign_in(client, hers)
    for path in ("people", "trail", "messages"):
        assert "Slur" not in client.get(world.path(path)).text
    with world.work(squatted) as work:
        offers.accept(work, asked.id, "Vera Realname")
    assert "Vera Realname" in client.get(world.path(f"people/{squatted.id}")).text


def test_whoever_left_comes_in_to_answer_and_no_further(client: FlaskClient, world: World, other: World, clerk) -> None:
    gone = world.has_app(
        world.has_password(world.person("Greta Gone", starts_on=world.day(-100), ends_on=world.day(-1)))
    )
    assert not signs_in(client, world, gone)
    offer_id = ask(other, gone, clerk)
    assert signs_in(client, world, gone)
    assert "A council asks you to join" in client.get("/").text
    assert client.get(world.path("")).status_code == client.get(other.path("")).status_code == 404
    assert check(world.house) == []
    with other.work(clerk) as work:
        offers.withdraw(work, offer_id)
    assert client.get("/me/sessions").status_code == 302
    assert check(world.house) == []


@pytest.mark.parametrize("answer", [{"name": "Greta Gone"}, None], ids=["accepts", "declines"])
def test_whoever_came_in_to_answer_alone_is_out_once_they_have(
    client: FlaskClient, world: World, other: World, clerk: Person, answer: dict[str, str] | None
) -> None:
    """Also where they accept for a day to come."""
    gone = world.person("Greta Gone", starts_on=world.day(-100), ends_on=world.day(-1))
    with other.work(clerk) as work:
        offer_id = offers.offer(work, joiner(other, gone, starts_on=world.day(10)), ADDRESS).id
    world.sign_in(client, gone)
    door = f"/me/offers/{offer_id}" if answer else f"/me/offers/{offer_id}/decline"
    assert client.post(door, data=answer).status_code == 302
    assert client.get("/me/sessions").headers["Location"].startswith("/sign-in")
    assert check(world.house) == []


def signs_in(client: FlaskClient, world: World, person: Person) -> bool:
    world.sign_in(client, person)
    return client.get("/me/sessions").status_code == 200


def test_of_an_answer_and_a_withdrawal_at_once_one_counts(world: World, other: World, victim: Person, clerk) -> None:
    offer_id = ask(other, victim, clerk)

    def tries(act: object) -> bool:
        by, do = act  # type: ignore[misc]
        try:
            with other.work(by) as work:
                do(work)
        except Conflict:
            return False
        return True

    acts = (
        (victim, lambda work: offers.accept(work, offer_id, "Vera Realname")),
        (clerk, lambda work: offers.withdraw(work, offer_id)),
    )
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(tries, acts)) == 1
    accepted = settled(world, offer_id) is Outcome.ACCEPTED
    assert (other.council.id in councils_of(world, victim)) == accepted


def test_a_question_of_the_keepers_has_nobody_to_tell(world: World, other: World, victim: Person) -> None:
    with other.work() as work:
        offer_id = offers.offer(work, joiner(other, victim), ADDRESS).id
    with world.house.reading(other.council) as session:
        assert [offer.id for offer in list_offers(session, other.council.id)] == [offer_id]
    with other.work(victim) as work:
        offers.decline(work, offer_id)
    with world.house.reading() as session:
        assert session.query(Message).count() == 1
