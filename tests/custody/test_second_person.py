"""Two people where the council wants two: asking, agreeing, looking once; and the exception that is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.custody.actions.asking import Asked, Asking, ask, pick_up
from registry.custody.actions.deciding import decide, withdraw
from registry.custody.models import Credential, Kind
from registry.custody.models_looking import LookRequest, LookState
from registry.custody.rules import MAY_DECIDE, MAY_RETURN, MAY_REVIEW, Deciding, Returning, Reviewing
from registry.custody.wording import Occasion
from registry.identity.actions import absence
from registry.identity.models import Person
from registry.outbox.models import Message
from registry.vocabulary.permissions import Role
from tests.conftest import NOW
from tests.custody.hall import CODES, REASON, Hall, build
from tests.custody.test_deposit import entries

PEOPLE = st.integers(1, 3)


def asks(hall: Hall, credential: Credential, by: Person, **asking: object) -> Asked:
    with hall.world.work(by) as work:
        return ask(work, credential.id, Asking(Occasion.SETTINGS, REASON, hall.session_of(by), **asking))


def says(hall: Hall, look: LookRequest | None, by: Person, words: str = "", *, agrees: bool = True) -> LookRequest:
    assert look is not None
    with hall.world.work(by) as work:
        return decide(work, look.id, words, agrees=agrees)


def picks_up(hall: Hall, look: LookRequest | None, by: Person) -> tuple[str, int]:
    assert look is not None
    session_id = hall.session_of(by)
    with hall.world.work(by) as work:
        return pick_up(work, look.id, session_id).token, session_id


@pytest.fixture
def bob(hall: Hall) -> Person:
    return hall.world.cleared(hall.area, "Bob Example")


@pytest.fixture
def codes(hall: Hall) -> Credential:
    return hall.deposit(Kind.RECOVERY_CODES, CODES)


def messages(hall: Hall) -> list[tuple[str, str]]:
    with hall.world.house.reading() as session:
        query = sa.select(Message.to_address, Message.subject).where(Message.dedupe.like("custody:%"))
        return [tuple(row) for row in session.execute(query.order_by(Message.id))]


def test_codes_wait_for_a_second_person_who_agrees_and_are_then_seen_once(
    hall: Hall, codes: Credential, bob: Person
) -> None:
    asked = asks(hall, codes, bob, whole=True)
    assert not asked.token
    assert asked.look is not None
    assert asked.look.expires_at == NOW + timedelta(hours=24)
    assert asks(hall, codes, bob, whole=True).look.id == asked.look.id  # asking again waits no second time
    assert messages(hall) == [("ann.example@exampleton.example", "A second person is asked for: ExampleWaste")]
    look = says(hall, asked.look, hall.ann, "Rang him")
    assert (look.state, look.decided_by, look.expires_at) == (
        LookState.APPROVED,
        hall.ann.id,
        NOW + timedelta(hours=4),
    )
    token, session_id = picks_up(hall, look, bob)
    again, _ = picks_up(hall, look, bob)  # a leave that ran out unused spends no agreement
    assert hall.open(hall.redeem(codes, token, session_id, bob)) == CODES
    with pytest.raises(Conflict, match="used or has run out"):
        hall.redeem(codes, again, session_id, bob)
    with pytest.raises(Conflict, match="Ask again"):
        picks_up(hall, look, bob)
    assert hall.exposures(codes)[1:] == [(1, bob.id, "revealed", 1)]
    (agreed,) = entries(hall, "custody.look_approved")
    assert (agreed["actor"], agreed["detail"]["person"]) == (hall.ann.id, "Bob Example")
    assert messages(hall)[-1] == ("bob.example@exampleton.example", "Your request was approved: ExampleWaste")


def test_two_leaves_by_one_agreement_give_one_look(hall: Hall, codes: Credential, bob: Person) -> None:
    look = says(hall, asks(hall, codes, bob).look, hall.ann)
    session_id = hall.session_of(bob)
    tokens = []
    for _ in range(2):
        with hall.world.work(bob) as work:
            tokens.append(pick_up(work, look.id, session_id).token)
    hall.redeem(codes, tokens[0], session_id, bob)
    with pytest.raises(Conflict):
        hall.redeem(codes, tokens[1], session_id, bob)
    assert len(entries(hall, "custody.recovery_code_taken")) == 1


def test_nobody_agrees_to_what_they_asked_and_only_who_answers_for_the_account_decides(
    hall: Hall, codes: Credential, bob: Person
) -> None:
    look = asks(hall, codes, bob).look
    stranger = build(hall.world, "ExampleParks", "Pat Example", "Parks").ann
    with pytest.raises(Refused, match="Another person must"):
        says(hall, look, bob)
    with pytest.raises(Refused, match="use this account"):
        says(hall, look, stranger)
    assert says(hall, look, hall.world.person("Untrained Clerk", Role.CLERK)).state is LookState.APPROVED


def test_a_no_has_words_and_is_the_end_of_it(hall: Hall, codes: Credential, bob: Person) -> None:
    look = asks(hall, codes, bob).look
    with pytest.raises(Invalid) as fault:
        says(hall, look, hall.ann, agrees=False)
    assert fault.value.field == "words"
    assert says(hall, look, hall.ann, "Use the code of the moment", agrees=False).state is LookState.REFUSED
    with pytest.raises(Conflict, match="waits no more"):
        says(hall, look, hall.ann)
    with pytest.raises(Conflict):
        picks_up(hall, look, bob)
    assert entries(hall, "custody.look_refused")[0]["detail"]["words"] == "Use the code of the moment"


def test_a_request_is_withdrawn_by_its_asker_alone_and_runs_out_by_itself(
    hall: Hall, codes: Credential, bob: Person
) -> None:
    look = asks(hall, codes, bob).look
    for by, act in ((hall.ann, withdraw), (hall.ann, lambda work, number: pick_up(work, number, 1))):
        with pytest.raises(NotFound), hall.world.work(by) as work:
            act(work, look.id)
    with hall.world.work(bob) as work:
        assert withdraw(work, look.id).state is LookState.WITHDRAWN
    with pytest.raises(Conflict):
        says(hall, look, hall.ann)
    late = asks(hall, codes, bob).look
    assert late.id != look.id
    hall.world.clock.advance(hours=24)
    with pytest.raises(Conflict):
        says(hall, late, hall.ann)
    stale = says(hall, asks(hall, codes, bob).look, hall.ann)
    hall.world.clock.advance(hours=4)
    with pytest.raises(Conflict):
        picks_up(hall, stale, bob)


def test_an_agreement_is_for_the_value_it_was_asked_for(hall: Hall, codes: Credential, bob: Person) -> None:
    waiting, agreed = asks(hall, codes, bob).look, says(hall, asks(hall, codes, hall.ann).look, bob)
    hall.replace(codes, "another-one\nanother-two")
    with pytest.raises(Conflict, match="changed meanwhile"):
        says(hall, waiting, hall.ann)
    with pytest.raises(Conflict, match="changed meanwhile"):
        picks_up(hall, agreed, hall.ann)


def test_an_agreement_that_runs_out_before_the_look_shows_nothing(hall: Hall, codes: Credential, bob: Person) -> None:
    look = says(hall, asks(hall, codes, bob).look, hall.ann)
    hall.world.clock.advance(hours=3, minutes=59, seconds=30)
    token, session_id = picks_up(hall, look, bob)
    hall.world.clock.advance(seconds=45)
    with pytest.raises(Conflict):
        hall.redeem(codes, token, session_id, bob)


def test_the_exception_of_a_one_officer_council_stands_in_and_is_told(hall: Hall, codes: Credential) -> None:
    auditor, away = hall.world.person("Ada Auditor", Role.AUDITOR), hall.world.person("Al Away", Role.AUDITOR)
    with hall.world.work(auditor) as work:
        absence.suspend(work, away.id, "An enquiry")
    hall.settle(custody_exception=True, exception_minute="2026/14")
    asked = asks(hall, codes, hall.ann)
    assert asked.token
    assert asked.look is not None
    assert (asked.look.by_exception, asked.look.decided_by) == (True, None)
    (told,) = entries(hall, "custody.look_by_exception")
    assert told["detail"]["minute"] == "2026/14"
    assert messages(hall) == [(auditor.email, "Seen by one person alone: ExampleWaste")]
    assert asks(hall, codes, hall.ann).look.id == asked.look.id


def test_a_request_that_waited_goes_on_once_the_exception_is_switched_on(
    hall: Hall, codes: Credential, bob: Person
) -> None:
    """It need not be withdrawn first; whoever was asked to agree cannot any more."""
    clerk = hall.world.person("Clara Clerk", Role.CLERK)
    waiting = asks(hall, codes, bob).look
    hall.settle(custody_exception=True, exception_minute="2026/14")
    went_on = asks(hall, codes, bob)
    assert went_on.token
    assert (went_on.look.id, went_on.look.by_exception) == (waiting.id, True)
    assert went_on.look.expires_at == NOW + timedelta(hours=4)
    assert messages(hall)[-1] == (clerk.email, "Seen by one person alone: ExampleWaste")
    assert len(entries(hall, "custody.look_asked")) == len(entries(hall, "custody.look_by_exception")) == 1
    with pytest.raises(Conflict, match="waits no more"):
        says(hall, waiting, hall.ann)


def test_what_a_second_person_agreed_to_is_theirs_though_the_exception_is_switched_on(
    hall: Hall, codes: Credential, bob: Person
) -> None:
    look = says(hall, asks(hall, codes, bob).look, hall.ann)
    hall.settle(custody_exception=True, exception_minute="2026/14")
    again = asks(hall, codes, bob)
    assert (again.token, again.look.id, again.look.by_exception) == ("", look.id, False)
    assert picks_up(hall, look, bob)[0]


def test_where_nobody_else_watches_those_outside_hear_of_it_too(hall: Hall, codes: Credential) -> None:
    clerk = hall.world.person("Lone Clerk", Role.CLERK)
    hall.world.trained(clerk)
    hall.world.signed(clerk)
    hall.settle(custody_exception=True, exception_minute="2026/14")
    asks(hall, codes, clerk)
    assert messages(hall) == [(clerk.email, "Seen by one person alone: ExampleWaste")]
    hall.settle(custody_exception=False, note_addresses=["chair@outside.example", "audit@outside.example"])
    asks(hall, codes, clerk, whole=True, cannot_wait=True)
    urgent = "Urgent: the glass was broken for ExampleWaste"
    told = ["audit@outside.example", "chair@outside.example"]
    assert messages(hall)[1:] == [(address, urgent) for address in (clerk.email, *told)]
    auditor = hall.world.person("Ada Auditor", Role.AUDITOR)
    asks(hall, codes, clerk, whole=True, cannot_wait=True)
    assert messages(hall)[4:] == [(auditor.email, urgent)]


def test_the_council_says_what_takes_two(hall: Hall, codes: Credential) -> None:
    password = hall.deposit()
    hall.settle(reveal_ways={"password": "approval", "recovery_code": "alone"})
    assert asks(hall, password, hall.ann).look is not None
    assert asks(hall, codes, hall.ann).token
    seed = hall.deposit(Kind.TOTP, "JBSWY3DPEHPK3PXP")
    assert asks(hall, seed, hall.ann).token  # the code of the moment, at any time
    assert asks(hall, seed, hall.ann, whole=True).look is not None
    with pytest.raises(NotFound):
        asks(hall, password, hall.ann, whole=True)


def test_another_councils_request_is_not_there(hall: Hall, bob: Person) -> None:
    elsewhere = build(hall.world.another(), "ExampleElse", "Olu Example")
    look = asks(elsewhere, elsewhere.deposit(Kind.RECOVERY_CODES, CODES), elsewhere.ann).look
    for act in (lambda work: decide(work, look.id, "", agrees=True), lambda work: withdraw(work, look.id)):
        with pytest.raises(NotFound), hall.world.work(bob) as work:
            act(work)


def test_of_twenty_who_decide_at_once_exactly_one_does(hall: Hall, codes: Credential, bob: Person) -> None:
    look, start = asks(hall, codes, bob).look, Barrier(20)

    def race(number: int) -> bool:
        start.wait()
        try:
            says(hall, look, hall.ann, "No", agrees=number % 2 == 0)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(20) as racers:
        assert sum(racers.map(race, range(20))) == 1
    assert len(entries(hall, "custody.look_approved")) + len(entries(hall, "custody.look_refused")) == 1


def test_the_database_itself_refuses_one_who_decides_alone(hall: Hall, codes: Credential, bob: Person) -> None:
    look = asks(hall, codes, bob).look
    alone = sa.update(LookRequest).values(state=LookState.APPROVED, decided_by=bob.id, decided_at=NOW)
    with pytest.raises(sa.exc.IntegrityError, match="another_decides"), hall.world.work(bob) as work:
        work.session.execute(alone.where(LookRequest.id == look.id))


@given(asker=PEOPLE, decider=PEOPLE, may_use=st.booleans(), by_role=st.booleans())
def test_whoever_decides_is_another_and_answers_for_the_account(
    asker: int, decider: int, may_use: bool, by_role: bool
) -> None:
    verdict = MAY_DECIDE.judge(Deciding(asker, decider, may_use, by_role), NOW.date())
    assert bool(verdict) == (asker != decider and (may_use or by_role))
    assert bool(MAY_REVIEW.judge(Reviewing(asker, decider), NOW.date())) == (asker != decider)
    assert bool(MAY_RETURN.judge(Returning(asker, decider, by_role), NOW.date())) == (asker == decider or by_role)
