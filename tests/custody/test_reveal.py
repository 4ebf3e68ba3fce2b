"""Seeing a credential: gate, reason, password, one leave for one look."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update

from registry.accounts.models import Account, AccountState
from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.custody.actions import reveal
from registry.custody.models import Kind, RevealGrant
from registry.custody.opening import open_vault
from registry.identity.tokens import hash_of
from registry.training.models import TrainingRecord
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.custody.hall import SEED, VALUE, Hall, build, with_password
from tests.custody.test_deposit import entries


def test_a_look_needs_a_reason_and_a_password_and_leaves_its_mark(hall: Hall) -> None:
    credential = hall.deposit()
    bob = with_password(hall.world, hall.world.cleared(hall.area, "Bob Example"))
    assert hall.look(credential, by=bob) == VALUE
    hall.world.clock.advance(hours=1)
    assert hall.look(credential, by=bob) == VALUE
    assert hall.exposures(credential)[1:] == [(1, bob.id, "revealed", 2)]
    (granted, _), (revealed, _) = entries(hall, "custody.reveal_granted"), entries(hall, "custody.revealed")
    reason = "Posting or scheduling: The notice about road works"
    assert granted["detail"]["reason"] == revealed["detail"]["reason"] == reason
    assert revealed["actor"] == bob.id


def test_of_a_two_step_seed_only_the_code_of_the_moment_is_given_and_nobody_is_exposed(hall: Hall) -> None:
    hall.world.clock.moment = datetime(2026, 11, 20, 10, 0, 5, tzinfo=UTC)
    credential = hall.deposit(Kind.TOTP, SEED)
    session_id = hall.session_of(hall.ann)
    redeemed = hall.redeem(credential, hall.ask(credential, session_id) or "", session_id)
    with hall.world.house.reading() as session:
        vault = open_vault(session, hall.world.house.settings)
    code = reveal.open_code(vault, redeemed, hall.world.clock.now())
    assert len(code.digits) == 6
    assert code.seconds_left == 25
    assert hall.exposures(credential) == [(1, hall.ann.id, "typed", 1)]
    assert len(entries(hall, "custody.code_issued")) == 1
    assert entries(hall, "custody.revealed") == []


@pytest.mark.parametrize("words", ["", "short", "   padded    ", "x" * 201])
def test_a_reason_says_something_and_not_too_much(hall: Hall, words: str) -> None:
    credential = hall.deposit()
    with pytest.raises(Invalid) as fault:
        hall.ask(credential, hall.session_of(hall.ann), words=words)
    assert fault.value.field == "words"


def test_only_the_hash_of_a_leave_is_kept(hall: Hall) -> None:
    credential, session_id = hall.deposit(), hall.session_of(hall.ann)
    token = hall.ask(credential, session_id)
    with hall.world.house.reading() as session:
        grant = session.scalars(select(RevealGrant)).one()
    assert token
    assert grant.token_hash == hash_of(token) != token
    assert grant.expires_at - grant.granted_at == timedelta(seconds=60)


def test_a_leave_is_good_for_one_look(hall: Hall) -> None:
    credential, session_id = hall.deposit(), hall.session_of(hall.ann)
    token = hall.ask(credential, session_id) or ""
    hall.redeem(credential, token, session_id)
    with pytest.raises(Conflict, match="used or has run out"):
        hall.redeem(credential, token, session_id)
    assert len(entries(hall, "custody.revealed")) == 1


@pytest.mark.parametrize(("seconds", "fine"), [(59, True), (60, False)])
def test_a_leave_lasts_sixty_seconds(hall: Hall, seconds: int, fine: bool) -> None:
    credential, session_id = hall.deposit(), hall.session_of(hall.ann)
    token = hall.ask(credential, session_id) or ""
    hall.world.clock.advance(seconds=seconds)
    if fine:
        assert hall.redeem(credential, token, session_id)
        return
    with pytest.raises(Conflict):
        hall.redeem(credential, token, session_id)


def test_a_leave_is_worth_nothing_in_other_hands(hall: Hall) -> None:
    credential, session_id = hall.deposit(), hall.session_of(hall.ann)
    bob = with_password(hall.world, hall.world.cleared(hall.area, "Bob Example"))
    token = hall.ask(credential, session_id) or ""
    for who, where in ((bob, session_id), (bob, hall.session_of(bob)), (hall.ann, hall.session_of(hall.ann))):
        with pytest.raises(Conflict):
            hall.redeem(credential, token, where, by=who)
    with pytest.raises(Conflict):
        hall.redeem(credential, "no such leave", session_id)
    assert hall.redeem(credential, token, session_id)


def test_a_leave_opens_only_the_credential_it_was_given_for(hall: Hall) -> None:
    password, session_id = hall.deposit(), hall.session_of(hall.ann)
    codes = hall.deposit(Kind.RECOVERY_CODES, "1234 5678")
    token = hall.ask(codes, session_id) or ""
    with pytest.raises(Conflict):
        hall.redeem(password, token, session_id)


def test_a_leave_ends_with_the_version_it_was_given_for(hall: Hall) -> None:
    credential, session_id = hall.deposit(), hall.session_of(hall.ann)
    token = hall.ask(credential, session_id) or ""
    hall.replace(credential, "A second, better value")
    with pytest.raises(Conflict):
        hall.redeem(credential, token, session_id)


def test_whoever_leaves_between_asking_and_looking_sees_nothing(hall: Hall) -> None:
    credential, session_id = hall.deposit(), hall.session_of(hall.ann)
    token = hall.ask(credential, session_id) or ""
    hall.world.leaves(hall.ann, hall.world.person("Clerk", Role.CLERK))
    with pytest.raises(Refused, match="do not work for this council"):
        hall.redeem(credential, token, session_id)
    assert entries(hall, "custody.revealed") == []
    assert entries(hall, "act.refused")[-1]["actor"] == hall.ann.id


def test_training_that_lapses_between_asking_and_looking_closes_the_vault(hall: Hall) -> None:
    credential, session_id = hall.deposit(), hall.session_of(hall.ann)
    token = hall.ask(credential, session_id) or ""
    with hall.world.work() as work:
        work.session.execute(update(TrainingRecord).values(expires_on=hall.world.day(-1)))
        work.record(Event.DEMO_MADE)
    with pytest.raises(Refused, match="training lapsed on 19 November 2026"):
        hall.redeem(credential, token, session_id)


def test_lapsed_training_closes_the_vault_before_anybody_asks_for_a_password(hall: Hall) -> None:
    credential, session_id = hall.deposit(), hall.session_of(hall.ann)
    hall.world.clock.advance(days=201)
    with pytest.raises(Refused, match="Your editor training lapsed"):
        hall.ask(credential, session_id)


def test_an_account_closed_meanwhile_shows_nothing(hall: Hall) -> None:
    credential, session_id = hall.deposit(), hall.session_of(hall.ann)
    token = hall.ask(credential, session_id) or ""
    with hall.world.work() as work:
        account = work.session.get_one(Account, hall.account.id)
        account.state, account.ended_on = AccountState.CLOSED, hall.world.today
        work.record(Event.DEMO_MADE)
    with pytest.raises(Refused, match="closed or handed over"):
        hall.redeem(credential, token, session_id)


def test_the_clerk_may_look_at_every_account_once_trained_and_signed(hall: Hall) -> None:
    credential = hall.deposit()
    clerk = with_password(hall.world, hall.world.person("Clerk", Role.CLERK))
    hall.world.trained(clerk)
    hall.world.signed(clerk)
    assert hall.look(credential, by=clerk) == VALUE


def test_an_editor_of_another_service_area_sees_nothing(hall: Hall) -> None:
    credential = hall.deposit()
    other = build(hall.world, "ExampleParks", "Pat Example", "Parks")
    with pytest.raises(Refused, match="not named as an editor"):
        hall.ask(credential, hall.session_of(other.ann), by=other.ann)


def test_another_councils_credential_is_not_there(hall: Hall) -> None:
    elsewhere = build(hall.world.another(), name="Olu Example")
    credential = elsewhere.deposit()
    with pytest.raises(NotFound):
        hall.ask(credential, hall.session_of(hall.ann))
    session_id = hall.session_of(hall.ann)
    token = hall.ask(hall.deposit(), session_id) or ""
    with pytest.raises(NotFound):
        hall.redeem(credential, token, session_id)


def test_of_twenty_who_redeem_one_leave_at_once_exactly_one_sees_the_value(hall: Hall) -> None:
    credential, session_id = hall.deposit(), hall.session_of(hall.ann)
    token, start = hall.ask(credential, session_id) or "", Barrier(20)

    def race(_: int) -> bool:
        start.wait()
        try:
            hall.redeem(credential, token, session_id)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(20) as racers:
        assert sum(racers.map(race, range(20))) == 1
    assert hall.exposures(credential)[1:] == [(1, hall.ann.id, "revealed", 1)]
    assert len(entries(hall, "custody.revealed")) == 1


def test_what_was_redeemed_shows_no_secret_when_dumped(hall: Hall) -> None:
    credential, session_id = hall.deposit(), hall.session_of(hall.ann)
    redeemed = hall.redeem(credential, hall.ask(credential, session_id) or "", session_id)
    assert "sealed" not in repr(redeemed)
