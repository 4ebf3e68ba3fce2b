"""A job runs exactly once among several processes, says how it went, and makes up for what was missed."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from registry.audit.models import Entry
from registry.core.clock import SystemClock
from registry.core.house import House
from registry.jobs.models import JobRun, RunState
from registry.jobs.runner import MAIL, keep_up, start_scheduler
from registry.jobs.runs import claim, perform, reap, run_if_due
from registry.jobs.schedule import BY_NAME, SCHEDULE, Job, Unfinished, run_sweep
from registry.vocabulary import events
from tests.outbox.conftest import sending_by
from tests.outbox.postoffice import open_post_office
from tests.outbox.test_sending import wrote
from tests.world import World


def job(run: Callable[..., Any], **facts: Any) -> Job:
    """A job of the night for tests."""
    return Job(
        **{"name": "night", "title": "Night", "what": "For tests.", "hour": 2, "minute": 40, "run": run, **facts}
    )


def runs(house: House) -> list[Any]:
    with house.reading() as session:
        return list(session.scalars(sa.select(JobRun).order_by(JobRun.due_at)))


class Counting:
    """A job's function that counts its calls."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, _house: House, _council: Any) -> dict[str, Any]:
        self.calls += 1
        return {"calls": self.calls}


def failing(_house: House, _council: Any) -> dict[str, Any]:
    raise ValueError("A Person of Otherham has a secret")


def test_of_many_who_claim_a_run_one_has_it(house: House) -> None:
    at, night, won = house.clock.now(), job(Counting()), []
    barrier = Barrier(6)

    def try_it() -> None:
        barrier.wait(10)
        won.append(claim(house, night, at))

    threads = [Thread(target=try_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(won) == [False] * 5 + [True]
    assert len(runs(house)) == 1


def test_two_schedulers_of_one_register_run_each_job_once(house: House) -> None:
    counting = Counting()
    schedulers = [start_scheduler(house, (job(counting),)) for _ in range(2)]
    for scheduler in schedulers:
        _settle(scheduler)
    assert counting.calls == 1
    (run,) = runs(house)
    assert run.state is RunState.FINISHED
    assert run.due_at == datetime(2026, 11, 20, 2, 40, tzinfo=UTC)
    assert run.summary == {"calls": 1}


def _settle(scheduler: BackgroundScheduler) -> None:
    """Wait until what is done at start is done, and stop."""
    done = Event()
    scheduler.add_listener(lambda _event: done.set(), EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
    if scheduler.get_job("keeping-at-start") is not None:
        done.wait(30)
    scheduler.shutdown(wait=True)


def test_the_scheduler_keeps_each_job_at_its_utc_time(house: House) -> None:
    house.clock.moment -= timedelta(days=1)
    scheduler = start_scheduler(house, tuple(replace(each, run=Counting()) for each in SCHEDULE))
    try:
        for each in SCHEDULE:
            trigger = str(scheduler.get_job(each.name).trigger)
            assert f"hour='{each.hour}', minute='{each.minute}'" in trigger
    finally:
        scheduler.shutdown(wait=True)


def test_messages_go_by_themselves_within_seconds_where_a_mail_server_is_named(world: World) -> None:
    wrote(world, "one")
    with open_post_office() as office:
        scheduler = start_scheduler(sending_by(world.house, f"smtp://127.0.0.1:{office.port}"), ())
        done = Event()
        scheduler.add_listener(lambda event: event.job_id == MAIL and done.set(), EVENT_JOB_EXECUTED)
        assert scheduler.get_job(MAIL).trigger.interval <= timedelta(seconds=30)
        scheduler.modify_job(MAIL, next_run_time=SystemClock().now())
        assert done.wait(30)
        scheduler.shutdown(wait=True)
        assert len(office.taken) == 1
    scheduler = start_scheduler(world.house, ())
    assert scheduler.get_job(MAIL) is None
    scheduler.shutdown(wait=True)


def test_what_was_missed_in_forty_days_is_made_up_for_once(house: House) -> None:
    counting = Counting()
    night = job(counting)
    keep_up(house, (night,))
    house.clock.advance(days=40)
    for _ in range(3):
        keep_up(house, (night,))
    assert counting.calls == 2
    assert [run.due_at.date().isoformat() for run in runs(house)] == ["2026-11-20", "2026-12-30"]


def test_a_job_is_due_again_at_its_minute_and_not_before(house: House) -> None:
    counting = Counting()
    night = job(counting)
    assert run_if_due(house, night)
    house.clock.moment = datetime(2026, 11, 21, 2, 39, 59, tzinfo=UTC)
    assert not run_if_due(house, night)
    house.clock.moment = datetime(2026, 11, 21, 2, 40, tzinfo=UTC)
    assert run_if_due(house, night)


@pytest.mark.parametrize("day", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_a_day_on_which_the_clocks_change_has_one_run(house: House, day: datetime) -> None:
    counting = Counting()
    night = job(counting)
    trigger = CronTrigger(hour=night.hour, minute=night.minute, timezone="UTC")
    fires = trigger.get_next_fire_time(None, day)
    assert night.last_due(fires) == fires == day.replace(hour=2, minute=40)
    assert trigger.get_next_fire_time(fires, fires + timedelta(seconds=1)) == night.next_due(fires)
    for quarter in range(24 * 4):
        house.clock.moment = day + timedelta(minutes=15 * quarter)
        run_if_due(house, night)
    assert [run.due_at for run in runs(house) if run.due_at >= day] == [fires]


def test_a_failed_run_says_where_without_telling_what_it_read(house: House) -> None:
    night = job(failing)
    run_if_due(house, night)
    (run,) = runs(house)
    assert run.state is RunState.FAILED
    assert run.finished_at == house.clock.now()
    assert run.error.startswith("ValueError")
    assert "Person" not in run.error
    with house.reading() as session:
        entry = session.scalars(sa.select(Entry).where(Entry.act == events.Event.JOB_FAILED.value)).one()
    assert json.loads(entry.body)["detail"]["job"] == "night"


def test_a_job_that_did_not_do_all_says_so_in_its_own_words(house: House) -> None:
    def half(_house: House, _council: Any) -> dict[str, Any]:
        raise Unfinished("Half of it is done.")

    run_if_due(house, job(half))
    assert runs(house)[0].error == "Half of it is done."


def test_a_failed_night_is_tried_again_once_an_hour_until_it_succeeds(house: House) -> None:
    counting = Counting()
    run_if_due(house, job(failing))
    assert run_if_due(house, job(failing))  # the hour of the first try after it
    assert not run_if_due(house, job(failing))
    house.clock.advance(hours=1)
    assert run_if_due(house, job(counting))
    house.clock.advance(hours=1)
    assert not run_if_due(house, job(counting))
    assert counting.calls == 1


def test_what_may_not_be_repeated_waits_for_its_next_night(house: House) -> None:
    run_if_due(house, job(failing, may_rerun=False))
    house.clock.advance(hours=3)
    assert not run_if_due(house, job(Counting(), may_rerun=False))
    house.clock.advance(days=1)
    assert run_if_due(house, job(Counting(), may_rerun=False))


def test_a_run_that_never_ended_is_marked_failed_after_an_hour_and_repeated(house: House) -> None:
    counting = Counting()
    night = job(counting)
    lost = night.last_due(house.clock.now())
    assert claim(house, night, lost)  # and then its process dies
    house.clock.advance(minutes=60)
    assert reap(house) == []
    house.clock.advance(seconds=1)
    keep_up(house, (night,))
    assert counting.calls == 1
    assert [run.state for run in runs(house)] == [RunState.FAILED, RunState.FINISHED]
    assert "within an hour" in runs(house)[0].error
    assert reap(house) == []


def test_a_run_that_comes_back_after_it_was_given_up_changes_nothing(house: House) -> None:
    night = job(Counting())
    due_at = night.last_due(house.clock.now())
    claim(house, night, due_at)
    house.clock.advance(hours=2)
    assert reap(house) == ["night"]
    perform(house, night, due_at)
    assert runs(house)[0].state is RunState.FAILED


def test_the_nightly_sweep_tells_its_figures_by_council(world: World) -> None:
    world.account(world.area())
    summary = run_sweep(world.house, None)
    assert summary["councils"][str(world.council.id)]["raised"] > 0
    assert run_sweep(world.house, world.council) == {"councils": {}}


def test_a_sweep_that_failed_somewhere_is_a_failed_run_that_names_no_council(world: World) -> None:
    world.account(world.area())

    def trouble(work: Any, _: Any) -> None:
        if work.council_id:
            raise OSError("the disk is full")

    with pytest.raises(Unfinished, match="failed in 1 of the councils"):
        run_sweep(replace(world.house, sinks=(trouble,)), None)


def test_every_job_has_a_name_of_its_own_and_says_what_it_does() -> None:
    assert set(BY_NAME) == {each.name for each in SCHEDULE} == {"sweep", "tidy", "trail", "backup"}
    assert all(each.what.endswith(".") and each.grace for each in SCHEDULE)
