"""The sweep: idempotent, set-based, fair to every council, and exact in the trail."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa

from registry.accounts.models import Account
from registry.audit.chain import verify
from registry.audit.models import Entry
from registry.core.house import House
from registry.core.wording import long_day
from registry.core.work import Occurrence, Work
from registry.flags.actions import acknowledge, end_acknowledgement
from registry.flags.models import Flag
from registry.flags.rule import FlagRule, Severity
from registry.flags.rules import BY_NAME, RULES
from registry.flags.sweep import Settled, sweep
from registry.flags.words import day_in_words, worded
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.flags.looking import change, open_flags
from tests.world import World

NEGLECTED = BY_NAME["neglected"]


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """Every statement sent to the database meanwhile."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    sa.event.listen(house.database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(house.database.engine, "before_cursor_execute", note)


def rows(world: World) -> tuple[list[Any], int, list[Any]]:
    """All flags as they are, the number of entries in the trail, and the figures on the accounts."""
    with world.house.reading() as session:
        flags = session.execute(sa.select(*Flag.__table__.columns).order_by(Flag.id)).all()
        entries = session.scalar(sa.select(sa.func.count()).select_from(Entry)) or 0
        figures = session.execute(
            sa.select(Account.id, Account.open_flags, Account.worst_flag, Account.version).order_by(Account.id)
        ).all()
    return list(flags), entries, list(figures)


def acts(world: World, act: Event) -> list[dict[str, Any]]:
    """The bodies of the council's entries of one kind."""
    with world.house.reading() as session:
        query = sa.select(Entry.body).where(Entry.chain == world.council.id, Entry.act == act.value).order_by(Entry.seq)
        return [json.loads(body) for body in session.scalars(query)]


def fill(world: World, accounts: int) -> None:
    """A service area, an editor untrained, and many neglected accounts."""
    area = world.area()
    world.editor(area, world.person("Ann Example"))
    world.add(*(_account(world, area.id, number) for number in range(accounts)))


def _account(world: World, area_id: int, number: int) -> Account:
    return Account(
        council_id=world.council.id, public_id=os.urandom(16), service_area_id=area_id, platform="x",
        handle=f"Example{number}", handle_key=f"example{number}", url="https://x.com/example",
        name=f"Example {number}", sort_name=f"example {number}",
        state="live", live_on=world.day(-300), added_at=world.clock.now(),
    )  # fmt: skip


def test_a_second_sweep_over_the_same_data_writes_nothing(world: World) -> None:
    fill(world, 4)
    first = sweep(world.house).councils[world.council.id]
    assert first["raised"] > 8
    before = rows(world)
    with statements(world.house) as sent:
        again = sweep(world.house)
    assert again.councils == {}
    assert again.failed == []
    assert rows(world) == before
    assert not [s for s in sent if s.split()[0] not in ("SELECT", "WITH", "BEGIN")]


def test_the_number_of_statements_does_not_grow_with_the_accounts(world: World) -> None:
    other = world.another()
    fill(world, 10)
    fill(other, 200)
    counts = []
    for each in (world, other):
        for _ in range(2):
            with statements(world.house) as sent:
                sweep(world.house, only=each.council)
            counts.append(len(sent))
    assert counts[0] == counts[2]
    assert counts[1] == counts[3] < counts[0]


def test_every_flag_raised_or_cleared_has_its_entry_in_the_councils_chain(world: World) -> None:
    account = world.account(world.area(), last_posted_on=world.day(-100), cadence_days=7)
    sweep(world.house, rules=(NEGLECTED,))
    (raised,) = acts(world, Event.FLAG_RAISED)
    assert (raised["kind"], raised["id"], raised["account"]) == ("Account", account.id, account.id)
    assert raised["actor"] is None
    assert raised["detail"]["message"].startswith("ExampleWaste: Nothing has been posted since 12 August 2026")
    change(world, account, last_posted_on=world.today)
    sweep(world.house, rules=(NEGLECTED,))
    (cleared,) = acts(world, Event.FLAG_CLEARED)
    assert cleared["detail"]["rule"] == "neglected"
    with world.house.reading() as session:
        assert session.scalar(sa.select(Flag.cleared_at)) == world.clock.now()
        assert verify(session, world.council.id).broken is None


def test_what_heals_and_comes_back_is_a_new_flag(world: World) -> None:
    account = world.account(world.area(), last_posted_on=world.day(-100))
    for posted in (world.day(-1), world.day(-100)):
        sweep(world.house, rules=(NEGLECTED,))
        change(world, account, last_posted_on=posted)
    sweep(world.house, rules=(NEGLECTED,))
    assert len(rows(world)[0]) == 2
    assert len(open_flags(world, "neglected")) == 1


def test_a_finding_that_changed_is_told_anew_on_the_same_flag(world: World) -> None:
    account = world.account(world.area(), last_posted_on=world.day(-100), cadence_days=30)
    sweep(world.house, rules=(NEGLECTED,))
    (before,) = open_flags(world, "neglected")
    change(world, account, cadence_days=40)
    done: list[Settled] = []
    sweep(world.house, rules=(NEGLECTED,), each=done.append)
    (after,) = open_flags(world, "neglected")
    assert (after.id, after.raised_at) == (before.id, before.raised_at)
    assert "every 40 days" in after.message
    assert after.since_on == world.day(-100 + 81)
    assert len(done[0].changed) == 1
    assert not done[0].raised
    assert acts(world, Event.FLAG_RAISED)[-1]["detail"]["again"] is True


def test_the_figures_on_the_account_follow_its_flags_and_leave_its_version_alone(world: World) -> None:
    account = world.account(world.area(), last_posted_on=world.day(-400), cadence_days=7)
    sweep(world.house)
    _, _, ((_, flags, worst, version),) = rows(world)
    assert flags == len(open_account_flags(world, account)) > 1
    assert (worst, version) == (Severity.BREACH, 1)
    change(world, account, state="closed", ended_on=world.today, branded=False)
    sweep(world.house)
    assert rows(world)[2][0][1:3] == (0, 0)


def open_account_flags(world: World, account: Account) -> list[int]:
    with world.house.reading() as session:
        return list(session.scalars(sa.select(Flag.id).where(Flag.account_id == account.id, Flag.cleared_at.is_(None))))


def test_an_acknowledged_flag_is_not_counted_until_its_day_has_passed(world: World) -> None:
    clerk = world.person("Cleo Clerk", Role.CLERK)
    world.account(world.area(), last_posted_on=world.day(-50), cadence_days=20)
    sweep(world.house, rules=(NEGLECTED,))
    (flag,) = open_flags(world, "neglected")
    with world.work(clerk) as work:
        acknowledge(work, flag.id, world.day(5), "The editor is back on Monday")
    assert rows(world)[2][0][1:3] == (0, 0)
    sweep(world.house, world.day(5), rules=(NEGLECTED,))
    assert rows(world)[2][0][1:3] == (0, 0)
    entries = rows(world)[1]
    swept = sweep(world.house, world.day(6), rules=(NEGLECTED,))
    assert rows(world)[2][0][1:3] == (1, Severity.WARNING)
    assert rows(world)[1] == entries
    assert not swept.failed


def test_ending_an_acknowledgement_counts_it_again_at_once(world: World) -> None:
    clerk = world.person("Cleo Clerk", Role.CLERK)
    world.account(world.area(), last_posted_on=world.day(-50), cadence_days=20)
    sweep(world.house, rules=(NEGLECTED,))
    (flag,) = open_flags(world, "neglected")
    for _ in range(2):
        with world.work(clerk) as work:
            acknowledge(work, flag.id, world.day(5), "Later")
        with world.work(clerk) as work:
            end_acknowledgement(work, flag.id)
    assert rows(world)[2][0][1:3] == (1, Severity.WARNING)


def test_a_finding_that_grows_worse_is_loud_again(world: World) -> None:
    clerk = world.person("Cleo Clerk", Role.CLERK)
    world.account(world.area(), last_posted_on=world.day(-50), cadence_days=20)
    sweep(world.house, rules=(NEGLECTED,))
    (flag,) = open_flags(world, "neglected")
    with world.work(clerk) as work:
        acknowledge(work, flag.id, world.day(80), "Later")
    sweep(world.house, world.day(40), rules=(NEGLECTED,))
    (worse,) = open_flags(world, "neglected")
    assert (worse.severity, worse.acknowledged_until) == (Severity.BREACH, None)


def test_flags_of_a_rule_that_is_gone_are_cleared(world: World) -> None:
    world.account(world.area(), last_posted_on=world.day(-100))
    old = replace(NEGLECTED, name="asleep")
    sweep(world.house, rules=(old,))
    assert open_flags(world, "asleep")
    sweep(world.house)
    assert not open_flags(world, "asleep")
    assert open_flags(world, "neglected")


def test_each_council_is_judged_on_its_own_day(world: World) -> None:
    east = world.another("eastmere", time_zone="Pacific/Auckland")
    world.clock.moment = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # already the 21st in the east
    for each in (world, east):
        each.account(each.area(), last_posted_on=date(2026, 11, 21) - timedelta(days=41), cadence_days=20)
    sweep(world.house, rules=(NEGLECTED,))
    assert not open_flags(world, "neglected")
    assert open_flags(east, "neglected")
    sweep(world.house, date(2026, 11, 21), rules=(NEGLECTED,))
    assert open_flags(world, "neglected")


def test_a_sweep_of_one_council_leaves_the_others_alone(world: World) -> None:
    other = world.another()
    for each in (world, other):
        each.account(each.area(), last_posted_on=world.day(-100))
    swept = sweep(world.house, only=other.council)
    assert list(swept.councils) == [other.council.id]
    assert not open_flags(world, "neglected")
    assert open_flags(other, "neglected")


def test_one_councils_trouble_stops_no_other(world: World) -> None:
    other = world.another()
    for each in (world, other):
        each.account(each.area(), last_posted_on=world.day(-100))

    def trouble(work: Work, _: list[Occurrence]) -> None:
        if work.council_id == world.council.id:
            raise OSError("the disk of this council is full")

    swept = sweep(replace(world.house, sinks=(*world.house.sinks, trouble)))
    assert swept.failed == [world.council.id]
    assert not open_flags(world, "neglected")
    assert open_flags(other, "neglected")


def test_two_sweeps_at_once_raise_and_enter_each_finding_once(world: World) -> None:
    fill(world, 5)
    barrier, done = Barrier(2), []

    def run() -> None:
        barrier.wait(10)
        done.append(sweep(world.house, rules=(NEGLECTED, BY_NAME["never_trained"])))

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(done) == 2
    assert not any(swept.failed for swept in done)
    assert len(open_flags(world, "neglected")) == 5
    assert len(acts(world, Event.FLAG_RAISED)) == 6
    with world.house.reading() as session:
        assert verify(session, world.council.id).broken is None


def test_a_finding_without_a_day_of_its_own_keeps_the_day_it_was_first_seen(world: World) -> None:
    world.account(world.area())
    rule = BY_NAME["no_cleared_editor"]
    for day in (3, 5, 9):
        sweep(world.house, world.day(day), rules=(rule,))
    assert open_flags(world, rule.name)[0].since_on == world.day(3)


def test_names_of_every_alphabet_and_length_are_told_whole_or_cut_never_refused(world: World) -> None:
    person = world.person("Élodie Ŵyn")
    world.editor(world.area("A" * 120), person)
    change(world, person, name="Ŵ" * 120)
    world.account(world.area("Parks"), name="E\u0301xample " * 20, last_posted_on=world.day(-100))
    assert not sweep(world.house).failed
    assert open_flags(world, "never_trained")[0].message.startswith("Ŵ" * 120)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 12, 31), date(2028, 2, 29), date(1999, 9, 9)])
def test_the_database_writes_days_as_the_pages_do(world: World, day: date) -> None:
    with world.house.reading() as session:
        assert session.scalar(sa.select(day_in_words(sa.literal(day)))) == long_day(day)


def test_a_sentence_is_put_together_from_days_numbers_and_words(world: World) -> None:
    columns = sa.select(
        sa.literal(date(2027, 5, 3)).label("day"), sa.literal(2).label("many"), sa.cast(sa.null(), sa.Text).label("gap")
    ).subquery()
    with world.house.reading() as session:
        told = session.scalar(sa.select(worded("{many} since {day}{gap}.", columns.c)))
        assert told == "2 since 3 May 2027."
        assert session.scalar(sa.select(worded("x" * 500, columns.c))) == "x" * 400


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_can_be_asked_of_an_empty_register(world: World, rule: FlagRule) -> None:
    with world.house.reading() as session:
        assert session.execute(rule.wanted(world.today)).all() == []
