"""How often, by whom and in what emergency: the daily number, the broken glass, one holder at a time, the ledger."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.custody.actions.asking import Asking, ask
from registry.custody.actions.codes import confirm_codes
from registry.custody.actions.describe import describe
from registry.custody.actions.destroy import destroy
from registry.custody.actions.emergency import next_working_day, review
from registry.custody.actions.holding import check_in, set_one_holder
from registry.custody.actions.leaving import destroy_keys
from registry.custody.actions.reveal import open_one
from registry.custody.models import Credential, Exposure, Kind, SecretVersion
from registry.custody.models_looking import BreakGlass, CheckOut, RevealDay
from registry.custody.models_recovery import CodeTaken
from registry.custody.opening import open_vault
from registry.custody.pending import list_check_outs
from registry.custody.wording import Occasion
from registry.flags.sweep import sweep
from registry.identity.models import Person
from registry.leavers.actions import leave
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.conftest import NOW
from tests.custody.hall import REASON, SEED, Hall, build
from tests.custody.test_deposit import entries
from tests.custody.test_second_person import CODES, asks, messages

GLASS = {"cannot_wait": True}


@pytest.fixture
def bob(hall: Hall) -> Person:
    return hall.world.cleared(hall.area, "Bob Example")


@pytest.fixture
def clerk(hall: Hall) -> Person:
    return hall.world.person("Clara Clerk", Role.CLERK)


def one_of(hall: Hall, credential: Credential, by: Person | None = None) -> str | None:
    session_id = hall.session_of(by or hall.ann)
    redeemed = hall.redeem(credential, hall.ask(credential, session_id, by), session_id, by)
    with hall.world.house.reading() as session:
        found = open_one(open_vault(session, hall.world.house.settings), redeemed)
    return found.reveal() if found else None


def rows(hall: Hall, table: type) -> list:
    with hall.world.house.reading() as session:
        return list(session.scalars(sa.select(table).order_by(*sa.inspect(table).primary_key)))


def test_codes_are_taken_one_at_a_time_and_the_ledger_says_by_whom_and_why(hall: Hall, bob: Person) -> None:
    hall.allow_alone()
    codes = hall.deposit(Kind.RECOVERY_CODES, CODES)
    assert rows(hall, SecretVersion)[0].items == 3
    assert [one_of(hall, codes), one_of(hall, codes, bob), one_of(hall, codes)] == CODES.split("\n")
    assert [(taken.position, taken.person_id) for taken in rows(hall, CodeTaken)] == [
        (1, hall.ann.id), (2, bob.id), (3, hall.ann.id)
    ]  # fmt: skip
    assert rows(hall, CodeTaken)[0].reason.endswith(REASON)
    with pytest.raises(Refused, match="Every code of this list has been taken"):
        one_of(hall, codes)
    hall.replace(codes, "new-code-1\nnew-code-2")
    assert one_of(hall, codes) == "new-code-1"
    assert [told["detail"]["position"] for told in entries(hall, "custody.recovery_code_taken")] == [1, 2, 3, 1]


def test_a_list_never_counted_gives_its_codes_and_then_says_that_it_is_over(hall: Hall) -> None:
    hall.allow_alone()
    codes = hall.deposit(Kind.RECOVERY_CODES, "wryneck-one")
    with hall.world.work() as work:
        work.session.execute(sa.update(SecretVersion).values(items=None))
        work.record(Event.DEMO_MADE)
    assert [one_of(hall, codes), one_of(hall, codes)] == ["wryneck-one", None]


def test_a_leave_for_a_code_that_another_took_meanwhile_shows_nothing(hall: Hall) -> None:
    hall.allow_alone()
    codes, session_id = hall.deposit(Kind.RECOVERY_CODES, "wryneck-one"), hall.session_of(hall.ann)
    first, second = hall.ask(codes, session_id), hall.ask(codes, session_id)
    hall.redeem(codes, first, session_id)
    with pytest.raises(Conflict, match="taken meanwhile"):
        hall.redeem(codes, second, session_id)


def test_of_twenty_who_take_a_code_at_once_no_two_get_the_same(hall: Hall) -> None:
    hall.allow_alone()
    codes, session_id = hall.deposit(Kind.RECOVERY_CODES, CODES), hall.session_of(hall.ann)
    hall.settle(daily_reveals=500)
    tokens, start = [hall.ask(codes, session_id) for _ in range(20)], Barrier(20)

    def race(token: str) -> int:
        start.wait()
        try:
            return hall.redeem(codes, token, session_id).position
        except (Conflict, Refused):
            return 0

    with ThreadPoolExecutor(20) as racers:
        taken = [position for position in racers.map(race, tokens) if position]
    assert sorted(taken) == list(range(1, len(taken) + 1))
    assert len(rows(hall, CodeTaken)) == len(taken) <= 3


def test_a_new_password_puts_the_codes_in_doubt_until_somebody_looks_or_replaces_them(hall: Hall) -> None:
    codes, password = hall.deposit(Kind.RECOVERY_CODES, CODES), hall.deposit()

    def doubted() -> object:
        return next(row.doubted_at for row in rows(hall, Credential) if row.id == codes.id)

    assert doubted() is None
    hall.replace(password, "a second, better value")
    assert doubted() == NOW
    for _ in range(2):  # twice is told once
        with hall.world.work(hall.ann) as work:
            confirm_codes(work, codes.id)
    assert doubted() is None
    assert len(entries(hall, "custody.recovery_codes_confirmed")) == 1
    hall.replace(password, "a third, better value", seen=2)
    hall.replace(codes, "new-code-1\nnew-code-2")
    assert doubted() is None


def test_notes_are_no_rotation(hall: Hall) -> None:
    """passbolt_api#562: changing the description there counted as changing the password."""
    password, codes = hall.deposit(), hall.deposit(Kind.RECOVERY_CODES, CODES)
    before = [(v.version, bytes(v.envelope), v.fingerprint, v.deposited_at) for v in rows(hall, SecretVersion)]
    known = [(e.kind, e.times) for e in rows(hall, Exposure)]
    hall.world.clock.advance(hours=1)
    with hall.world.work(hall.ann) as work:
        lock = work.session.get_one(Credential, password.id).lock
        describe(work, password.id, lock, {"notes": "Rotated on Friday", "label": "Main", "sign_in_name": "a"})
    after = [(v.version, bytes(v.envelope), v.fingerprint, v.deposited_at) for v in rows(hall, SecretVersion)]
    assert after == before
    assert [(e.kind, e.times) for e in rows(hall, Exposure)] == known
    assert [row.doubted_at for row in rows(hall, Credential)] == [None, None]
    assert [(row.current_version, row.changed_at) for row in rows(hall, Credential)] == [(1, NOW), (1, NOW)]
    assert codes.id


def test_one_look_more_than_the_council_allows_is_refused_and_told(hall: Hall) -> None:
    password, seed = hall.deposit(), hall.deposit(Kind.TOTP, SEED)
    hall.settle(daily_reveals=2)
    hall.look(password)
    hall.look(password)
    with pytest.raises(Refused, match="You have looked 2 times today, and the council allows 2"):
        hall.look(password)
    assert "looked 2 times" in entries(hall, "act.refused")[-1]["detail"]["reasons"][0]
    session_id = hall.session_of(hall.ann)
    hall.redeem(seed, hall.ask(seed, session_id), session_id)  # a code of the moment is not counted
    assert [(day.day, day.looks) for day in rows(hall, RevealDay)] == [(NOW.date(), 2)]
    hall.world.clock.advance(hours=14)
    hall.look(password)


def test_an_emergency_counts_and_is_never_stopped_by_the_daily_number(hall: Hall) -> None:
    codes = hall.deposit(Kind.RECOVERY_CODES, CODES)
    hall.settle(daily_reveals=1)
    for _ in range(2):
        hall.look(codes, whole=True, **GLASS)
    assert rows(hall, RevealDay)[0].looks == 2


def test_of_many_leaves_no_more_than_the_daily_number_become_looks(hall: Hall) -> None:
    password, session_id = hall.deposit(), hall.session_of(hall.ann)
    hall.settle(daily_reveals=3)
    tokens, start = [hall.ask(password, session_id) for _ in range(10)], Barrier(10)

    def race(token: str) -> bool:
        start.wait()
        try:
            hall.redeem(password, token, session_id)
        except (Conflict, Refused):
            return False
        return True

    with ThreadPoolExecutor(10) as racers:
        assert sum(racers.map(race, tokens)) <= 3
    assert rows(hall, RevealDay)[0].looks <= 3


def test_the_last_look_of_the_day_goes_to_whoever_is_faster(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    password, session_id = hall.deposit(), hall.session_of(hall.ann)
    hall.settle(daily_reveals=1)
    hall.look(password)
    monkeypatch.setattr("registry.custody.actions.asking.looks_on", lambda *_: 0)  # what was read a moment before
    token = hall.ask(password, session_id)
    with pytest.raises(Refused, match="another one was faster"):
        hall.redeem(password, token, session_id)


def test_a_broken_glass_shows_at_once_tells_others_and_waits_for_a_review(hall: Hall, clerk: Person) -> None:
    auditor = hall.world.person("Ada Auditor", Role.AUDITOR)
    codes = hall.deposit(Kind.RECOVERY_CODES, CODES)
    assert hall.look(codes, whole=True, **GLASS) == CODES
    (glass,) = rows(hall, BreakGlass)
    assert glass.due_on == date(2026, 11, 23)  # from a Friday to a Monday
    assert hall.exposures(codes)[1:] == [(1, hall.ann.id, "break_glass", 1)]
    assert [to for to, subject in messages(hall) if "Urgent" in subject] == [auditor.email, clerk.email]
    (told,) = entries(hall, "custody.broke_glass")
    assert told["detail"]["look"] == "whole list of recovery codes"
    with pytest.raises(Refused, match="does not review it"), hall.world.work(hall.ann) as work:
        review(work, glass.id, "It was fine", was_needed=True)
    with hall.world.work(clerk) as work:
        review(work, glass.id, "Codes replaced the same day", was_needed=True)
    with pytest.raises(Conflict, match="reviewed this meanwhile"), hall.world.work(clerk) as work:
        review(work, glass.id, "Again", was_needed=False)
    (reviewed,) = entries(hall, "custody.break_glass_reviewed")
    assert reviewed["detail"]["found"] == "it was needed. Codes replaced the same day"


def test_a_glass_needs_the_gate_like_any_look(hall: Hall, clerk: Person) -> None:
    codes = hall.deposit(Kind.RECOVERY_CODES, CODES)
    with pytest.raises(Refused, match="no confirmed editor training"):
        asks(hall, codes, clerk, **GLASS)
    assert rows(hall, BreakGlass) == []


def test_where_one_may_look_alone_there_is_no_glass_to_break(hall: Hall) -> None:
    hall.look(hall.deposit(), **GLASS)
    assert rows(hall, BreakGlass) == []


def test_a_review_that_finds_no_need_says_so(hall: Hall, clerk: Person) -> None:
    asks(hall, hall.deposit(Kind.RECOVERY_CODES, CODES), hall.ann, **GLASS)
    with hall.world.work(clerk) as work:
        review(work, rows(hall, BreakGlass)[0].id, "It could have waited", was_needed=False)
    assert entries(hall, "custody.break_glass_reviewed")[0]["detail"]["found"].startswith("it was not needed")


@pytest.mark.parametrize(("day", "then"), [(16, 17), (19, 20), (20, 23), (21, 23), (22, 23)])
def test_the_next_working_day_is_no_weekend(day: int, then: int) -> None:
    assert next_working_day(date(2026, 11, day)) == date(2026, 11, then)


def one_holder(hall: Hall, credential: Credential, clerk: Person, *, on: bool = True) -> None:
    with hall.world.work(clerk) as work:
        set_one_holder(work, credential.id, on=on)


def gives_back(hall: Hall, credential: Credential, by: Person) -> CheckOut:
    with hall.world.work(by) as work:
        return check_in(work, credential.id)


def test_one_person_has_it_at_a_time_and_afterwards_it_is_to_be_changed(hall: Hall, bob: Person, clerk: Person) -> None:
    password = hall.deposit(by=bob)
    one_holder(hall, password, clerk)
    one_holder(hall, password, clerk)  # twice is told once
    assert len(entries(hall, "custody.one_holder_set")) == 1
    hall.look(password, hours=2)
    hall.look(password)  # whoever has it looks again
    (out,) = rows(hall, CheckOut)
    assert (out.person_id, out.due_at) == (hall.ann.id, NOW + timedelta(hours=2))
    with pytest.raises(Refused, match="Ann Example has it checked out until 20 November 2026, 12:00pm"):
        hall.look(password, by=bob)
    with pytest.raises(Refused, match="Only its holder gives it back"):
        gives_back(hall, password, bob)
    assert gives_back(hall, password, hall.ann).ended_by == hall.ann.id
    assert (1, hall.ann.id, "checked_out", 1) in hall.exposures(password)
    with pytest.raises(Conflict, match="Nobody has it"):
        gives_back(hall, password, hall.ann)
    hall.look(password, by=bob, hours=1)
    assert gives_back(hall, password, clerk).ended_by == clerk.id
    one_holder(hall, password, clerk, on=False)
    hall.look(password)


def test_whoever_changed_it_for_nobody_else_and_never_looked_leaves_no_mark(
    hall: Hall, bob: Person, clerk: Person
) -> None:
    password = hall.deposit(by=bob)
    one_holder(hall, password, clerk)
    asks(hall, password, hall.ann)  # checked out, and never seen
    hall.replace(password, "a second, better value", by=bob)
    gives_back(hall, password, hall.ann)
    assert [how for _, who, how, _ in hall.exposures(password) if who == hall.ann.id] == []


def test_what_is_taken_back_between_asking_and_looking_shows_nothing(hall: Hall, clerk: Person) -> None:
    password, session_id = hall.deposit(), hall.session_of(hall.ann)
    one_holder(hall, password, clerk)
    token = hall.ask(password, session_id)
    gives_back(hall, password, clerk)
    with pytest.raises(Conflict):
        hall.redeem(password, token, session_id)


def test_a_check_out_lasts_as_long_as_one_may_choose(hall: Hall, clerk: Person) -> None:
    password = hall.deposit()
    one_holder(hall, password, clerk)
    with pytest.raises(Invalid) as fault:
        asks(hall, password, hall.ann, hours=3)
    assert fault.value.field == "hours"


def test_the_code_of_the_moment_needs_no_check_out(hall: Hall, clerk: Person) -> None:
    seed = hall.deposit(Kind.TOTP, SEED)
    one_holder(hall, seed, clerk)
    asks(hall, seed, hall.ann)
    assert rows(hall, CheckOut) == []


def test_only_whose_role_is_for_every_account_says_that_one_has_it_at_a_time(hall: Hall) -> None:
    password = hall.deposit()
    with pytest.raises(Refused, match="act for every account says"), hall.world.work(hall.ann) as work:
        set_one_holder(work, password.id, on=True)


def test_of_twenty_who_check_out_at_once_exactly_one_has_it(hall: Hall, clerk: Person) -> None:
    password = hall.deposit()
    one_holder(hall, password, clerk)
    people = [hall.world.cleared(hall.area, f"Editor {number}") for number in range(4)] * 5
    sessions = {person.id: hall.session_of(person) for person in people}
    start = Barrier(20)

    def race(person: Person) -> int:
        start.wait()
        try:
            with hall.world.work(person) as work:
                ask(work, password.id, Asking(Occasion.POST, REASON, sessions[person.id]))
        except (Conflict, Refused):
            return 0
        return person.id

    with ThreadPoolExecutor(20) as racers:
        assert len(set(racers.map(race, people)) - {0}) == 1
    assert len(rows(hall, CheckOut)) == len(entries(hall, "custody.checked_out")) == 1


def test_what_is_destroyed_is_with_nobody_any_more(hall: Hall, clerk: Person) -> None:
    password = hall.deposit()
    one_holder(hall, password, clerk)
    hall.look(password)
    with hall.world.work(clerk) as work:
        destroy(work, password.id, "ExampleWaste", "Replaced")
    (out,) = rows(hall, CheckOut)
    assert (out.ended_at, out.ended_by) == (NOW, clerk.id)
    assert len(entries(hall, "custody.checked_in")) == 1
    with hall.world.house.reading() as session:
        assert list_check_outs(session, hall.world.council.id) == []


def test_what_is_out_when_the_councils_keys_are_destroyed_is_with_nobody_any_more(hall: Hall, clerk: Person) -> None:
    password = hall.deposit()
    one_holder(hall, password, clerk)
    hall.look(password)
    with hall.world.house.work(None, hall.world.council, "test") as work:
        destroy_keys(work, hall.world.council.name)
    (out,) = rows(hall, CheckOut)
    assert (out.ended_at, out.ended_by) == (NOW, None)


def test_whoever_left_keeps_nothing_from_others_after_the_last_day(hall: Hall, bob: Person, clerk: Person) -> None:
    password = hall.deposit(by=bob)
    one_holder(hall, password, clerk)
    hall.look(password, hours=24)
    with hall.world.work(clerk) as work:
        leave(work, hall.ann.id, hall.world.today, "https://register.example/leaver")
    assert rows(hall, CheckOut)[0].ended_at is None  # they work here until the evening
    hall.world.clock.advance(hours=20)
    sweep(hall.world.house)
    (out,) = rows(hall, CheckOut)
    assert (out.ended_at is None, out.ended_by) == (False, None)
    hall.look(password, by=bob)
    assert sweep(hall.world.house).failed == []


def test_of_twenty_who_give_back_at_once_one_does(hall: Hall, clerk: Person) -> None:
    password = hall.deposit()
    one_holder(hall, password, clerk)
    hall.look(password)
    start = Barrier(20)

    def race(_: int) -> bool:
        start.wait()
        try:
            gives_back(hall, password, hall.ann)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(20) as racers:
        assert sum(racers.map(race, range(20))) == 1
    assert len(entries(hall, "custody.checked_in")) == 1


def test_another_councils_check_out_and_glass_are_not_there(hall: Hall, clerk: Person) -> None:
    elsewhere = build(hall.world.another(), "ExampleElse", "Olu Example")
    password = elsewhere.deposit()
    for act in (
        lambda work: check_in(work, password.id),
        lambda work: set_one_holder(work, password.id, on=True),
        lambda work: confirm_codes(work, password.id),
        lambda work: review(work, 1, "x", was_needed=True),
    ):
        with pytest.raises(NotFound), hall.world.work(clerk) as work:
            act(work)
