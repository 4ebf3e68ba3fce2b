"""A message is never lost and rarely sent twice; what could not be sent is told to people (TRUST F13)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.audit.models import Entry
from registry.core.house import House
from registry.core.work import Work
from registry.outbox import sending
from registry.outbox.actions import post
from registry.outbox.links import PLACE, Link
from registry.outbox.models import PATIENCE, Message, MessageState
from registry.outbox.sending import send_waiting
from registry.vocabulary.events import Event
from tests.outbox.conftest import SENDER, sending_by
from tests.outbox.postoffice import PostOffice
from tests.world import World

ANN = "ann@exampleton.example"


def wrote(world: World, *notices: str, to: str = ANN, link: Link | None = None) -> None:
    """Messages written in one act of the council, each about a notice of its own."""
    with world.work() as work:
        for notice in notices:
            note(work, notice, to, link)


def note(work: Work, notice: str, to: str = ANN, link: Link | None = None, body: str = "") -> None:
    body = body or (f"Choose it here: {PLACE}" if link else f"Of {notice}: für Sie, €5")
    post(work, to, f"Notice {notice}", body, dedupe=notice, link=link)


def states(world: World) -> dict[str, MessageState]:
    with world.house.reading() as session:
        return {message.dedupe: message.state for message in session.scalars(sa.select(Message))}


def only(world: World) -> Message:
    with world.house.reading() as session:
        return session.scalars(sa.select(Message)).one()


def test_what_waits_is_sent_once_in_words_that_arrive_whole(world: World, sender: House, office: PostOffice) -> None:
    wrote(world, "one", "two")
    assert send_waiting(sender).sent == 2
    assert send_waiting(sender).sent == 0
    first = office.taken[0]
    assert (first["To"], first["Subject"]) == (ANN, "Notice one")
    assert first["From"] == f"Social media accounts <{SENDER}>"
    assert office.from_addresses == [SENDER, SENDER]
    assert first["Auto-Submitted"] == "auto-generated"
    assert first.get_content().splitlines() == ["Of one: für Sie, €5"]
    assert first["Date"].datetime == world.clock.now()
    assert len(set(office.ids)) == 2
    assert states(world) == {"one": MessageState.SENT, "two": MessageState.SENT}


def test_without_a_mail_server_messages_wait(world: World) -> None:
    wrote(world, "one")
    assert send_waiting(world.house) == sending.Round()
    world.clock.advance(days=400)
    assert send_waiting(world.house) == sending.Round()
    assert states(world) == {"one": MessageState.WAITING}


def test_a_link_goes_to_its_reader_whole_and_is_kept_no_longer(world: World, sender: House, office: PostOffice) -> None:
    wrote(
        world, "link", link=Link("https://register.example/new-password/t0ken", world.clock.now() + timedelta(hours=1))
    )
    send_waiting(sender)
    assert "Choose it here: https://register.example/new-password/t0ken" in office.taken[0].get_content()
    assert (only(world).sealed_link, only(world).link_until) == (None, None)
    assert "t0ken" not in only(world).body


def test_a_link_that_ran_out_before_it_could_be_sent_is_not_sent(
    world: World, sender: House, office: PostOffice
) -> None:
    wrote(world, "link", link=Link("https://register.example/x", world.clock.now() + timedelta(minutes=20)))
    world.clock.advance(minutes=20)
    assert send_waiting(sender).given_up == 1
    assert (office.taken, only(world).state) == ([], MessageState.NOT_SENT)


def test_a_server_that_is_away_for_three_days_loses_nothing(world: World, office: PostOffice) -> None:
    away = sending_by(world.house, "smtp://127.0.0.1:9")
    wrote(world, "one", "two")
    for _ in range(3 * 24):
        assert send_waiting(away).sent == 0
        world.clock.advance(hours=1)
    assert set(states(world).values()) == {MessageState.WAITING}
    assert troubles(world) == {"The mail server does not answer (ConnectionRefusedError)."}
    assert send_waiting(sending_by(world.house, f"smtp://127.0.0.1:{office.port}")).sent == 2


def test_what_is_not_taken_in_five_days_is_given_up_council_by_council_and_the_trail_says_so(
    world: World, sender: House, office: PostOffice
) -> None:
    there = world.another()
    wrote(world, "one", "two")
    wrote(there, "three")
    with world.house.work(None, None, "test") as work:
        note(work, "of nobody's council")
    world.clock.advance(seconds=PATIENCE.total_seconds() - 1)
    office.of_data = ["451 Not now"] * 4
    assert send_waiting(sender).postponed == 4
    world.clock.advance(seconds=1)
    assert send_waiting(sender).given_up == 4
    assert (office.taken, set(states(world).values())) == ([], {MessageState.NOT_SENT})
    with world.house.reading() as session:
        query = select_entries(Event.MESSAGES_GIVEN_UP)
        assert sorted(session.scalars(query)) == [0, world.council.id, there.council.id]


def select_entries(event: Event) -> sa.Select[tuple[int]]:
    return sa.select(Entry.chain).where(Entry.act == event.value)


def test_a_refused_recipient_is_given_up_at_once_and_holds_nobody_else_up(
    world: World, sender: House, office: PostOffice
) -> None:
    office.of_recipient["gone@exampleton.example"] = "550 5.1.1 No such user here"
    wrote(world, "to the gone", to="gone@exampleton.example")
    wrote(world, "to ann")
    done = send_waiting(sender)
    assert (done.sent, done.given_up) == (1, 1)
    assert states(world) == {"to the gone": MessageState.NOT_SENT, "to ann": MessageState.SENT}
    assert "The mail server said 550: 5.1.1 No such user here" in troubles(world)
    with world.house.reading() as session:
        entry = session.scalars(sa.select(Entry).where(Entry.act == Event.MESSAGES_GIVEN_UP.value)).one()
    assert "No such user" not in entry.body
    assert "refused by the mail server" in entry.body


def test_what_the_server_will_not_take_now_is_tried_again_after_ever_longer_waits(
    world: World, sender: House, office: PostOffice
) -> None:
    wrote(world, "one")
    office.of_data = ["451 Try again"] * 8
    waits = []
    while not send_waiting(sender).sent:
        message = only(world)
        assert message.next_try_at
        waits.append((message.next_try_at - world.clock.now()).total_seconds() / 60)
        world.clock.advance(minutes=waits[-1])
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert (len(office.taken), troubles(world)) == (1, {""})


def test_a_sender_that_the_server_does_not_take_is_no_fault_of_the_messages(
    world: World, sender: House, office: PostOffice
) -> None:
    office.of_sender = "550 Not your address"
    wrote(world, "one", "two")
    done = send_waiting(sender)
    assert (done.postponed, done.given_up) == (1, 0)
    assert done.trouble == "The mail server does not take the sender’s address: Not your address"


def test_a_server_that_is_going_away_is_asked_for_nothing_more(world: World, sender: House, office: PostOffice) -> None:
    office.of_data = ["421 Closing for today"]
    wrote(world, "one", "two")
    assert send_waiting(sender).postponed == 1
    assert office.taken == []


def test_what_was_taken_and_never_acknowledged_comes_again_under_the_same_number(
    world: World, sender: House, office: PostOffice
) -> None:
    office.drops = 1
    wrote(world, "one")
    assert "broke off" in send_waiting(sender).trouble
    world.clock.advance(minutes=1)
    assert send_waiting(sender).sent == 1
    assert len(office.ids) == 2
    assert len(set(office.ids)) == 1


def test_whoever_died_with_a_message_in_hand_leaves_it_to_be_sent_after_ten_minutes(
    world: World, sender: House, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        """The machine stops between the server's word and our own note of it."""

    def cut(_point: str) -> None:
        raise PowerCut

    wrote(world, "one")
    with monkeypatch.context() as patched:
        patched.setattr(sending, "reached", cut)
        with pytest.raises(PowerCut):
            send_waiting(sender)
    assert send_waiting(sender).sent == 0
    world.clock.advance(seconds=sending.LEASE.total_seconds())
    assert send_waiting(sender).sent == 1
    assert (len(office.ids), len(set(office.ids))) == (2, 1)


def test_of_two_who_send_at_once_one_takes_each_message(world: World, sender: House, office: PostOffice) -> None:
    wrote(world, "one")
    with world.house.reading() as session:
        number = session.scalars(sa.select(Message.id)).one()
    head = sending.Letterhead(sender.settings.mail, sender.settings.base_url)  # type: ignore[arg-type]
    taken = [sending._take(sender, head, number) for _ in range(2)]
    assert [letter is not None for letter in taken] == [True, False]


def test_a_line_break_in_a_subject_begins_no_header(world: World, sender: House, office: PostOffice) -> None:
    with world.work() as work:
        post(work, ANN, "Notice\r\nBcc: thief@evil.example", "Body", dedupe="one")
    assert send_waiting(sender).sent == 1
    assert office.taken[0]["Subject"] == "Notice Bcc: thief@evil.example"
    assert office.taken[0]["Bcc"] is None


@pytest.mark.parametrize(
    "address",
    ["no address", "a@b.example, thief@evil.example", "a@b.example\r\nBcc: x@y.example", "bjørn@exampleton.example"],
)
def test_an_address_that_is_none_or_several_is_never_written_to(
    world: World, sender: House, office: PostOffice, address: str
) -> None:
    wrote(world, "one", to=address)
    assert send_waiting(sender).given_up == 1
    assert (office.taken, only(world).state) == ([], MessageState.NOT_SENT)


def test_a_message_whose_link_cannot_be_opened_waits_for_the_key(
    world: World, sender: House, office: PostOffice
) -> None:
    wrote(world, "link", link=Link("https://register.example/x", world.clock.now() + timedelta(hours=1)))
    with world.house.behind.engine.execution_options(writes=True).begin() as connection:  # type: ignore[attr-defined]
        connection.execute(sa.update(Message.__table__).values(sealed_link=b"SCA1 of another key, and long enough"))
    assert send_waiting(sender).postponed == 1
    assert "Put the first key back" in only(world).trouble
    assert office.taken == []


def troubles(world: World) -> set[str]:
    with world.house.reading() as session:
        return set(session.scalars(sa.select(Message.trouble)))
