import re
from datetime import date
from itertools import pairwise

import pytest

from registry.closures.tasks import (
    CONSEQUENCES,
    PUBLIC_SENTENCES,
    Ending,
    Phase,
    Task,
    find_task,
    tasks_for,
    worded,
)

FACTS = {
    "council": "Example Council",
    "account": "@ExampleBins",
    "last_day": "3 May 2027",
    "instead": "www.council.example/bins",
    "successor": "Friends of the Example Bins",
    "contact": "press@council.example",
}
EVERY_TASK = [(ending, task) for ending in Ending for task in tasks_for(ending)]


def keys(ending: Ending) -> set[str]:
    return {task.key for task in tasks_for(ending)}


@pytest.mark.parametrize("ending", Ending)
def test_every_ending_goes_through_every_phase_in_order(ending: Ending) -> None:
    phases = list(dict.fromkeys(task.phase for task in tasks_for(ending)))
    assert phases == list(Phase)


@pytest.mark.parametrize("ending", Ending)
def test_steps_of_a_phase_stand_in_the_order_of_their_days(ending: Ending) -> None:
    for earlier, later in pairwise(tasks_for(ending)):
        if earlier.phase == later.phase:
            assert earlier.days_before_last >= later.days_before_last


@pytest.mark.parametrize("ending", Ending)
def test_a_step_is_named_once_in_a_list_and_every_phase_has_one_that_must_be_done(
    ending: Ending,
) -> None:
    assert len(keys(ending)) == len(tasks_for(ending))
    assert {task.phase for task in tasks_for(ending) if task.must} == set(Phase)


@pytest.mark.parametrize(("ending", "task"), EVERY_TASK)
def test_every_step_says_what_to_do_and_what_proves_it(ending: Ending, task: Task) -> None:
    assert re.fullmatch(r"[a-z_]{3,60}", task.key)
    assert task.guidance.endswith((".", "?"))
    assert task.proof_hint.endswith(".")
    assert not task.title.endswith(".")
    assert len(task.title) <= 75


@pytest.mark.parametrize(("ending", "task"), EVERY_TASK)
def test_no_step_that_must_be_done_falls_after_the_last_day(ending: Ending, task: Task) -> None:
    assert task.days_before_last >= 0 or not task.must


@pytest.mark.parametrize(("ending", "task"), EVERY_TASK)
def test_every_text_to_copy_is_filled_by_the_facts(ending: Ending, task: Task) -> None:
    if task.template_text:
        text = worded(task.template_text, FACTS)
        assert not re.search(r"[{}\[\]]", text)
        assert len(text) <= 280


def test_followers_are_told_four_weeks_two_weeks_and_two_days_before() -> None:
    for ending in Ending:
        told = [task for task in tasks_for(ending) if task.phase == Phase.TELL]
        assert [task.days_before_last for task in told] == [28, 14, 2]
        assert all(task.template_text for task in told)
        assert told[-1].must


def test_the_days_are_set_back_from_the_last_day() -> None:
    last_day = date(2027, 3, 1)
    days = {task.key: task.due_on(last_day) for task in tasks_for(Ending.CLOSE)}
    assert days["tell_first"] == date(2027, 2, 1)
    assert days["rotate"] == last_day
    assert days["last_chance"] == date(2027, 3, 26)
    assert days["name_watch"] == date(2027, 4, 1)


def test_a_mothballed_account_is_looked_at_each_quarter_and_decided_on_within_the_year() -> None:
    after = {task.key: -task.days_before_last for task in tasks_for(Ending.MOTHBALL)}
    assert after["quarter"] == 91
    assert 270 < after["decide_again"] < 365
    assert {"resting_profile", "comments_off", "review_day", "two_custodians"} <= keys(Ending.MOTHBALL)


def test_a_hand_over_leaves_nothing_of_the_council_behind() -> None:
    assert {"agreement", "new_owner", "council_name", "ownership", "withdraw", "messages"} <= keys(Ending.HAND_OVER)
    assert not keys(Ending.HAND_OVER) & {"two_custodians", "rotate"}


def test_a_step_is_found_by_its_key() -> None:
    task = find_task(Ending.HAND_OVER, "messages")
    assert task is not None
    assert "not to the new owner" in task.guidance
    assert find_task(Ending.CLOSE, "withdraw") is None


def test_the_endings_are_compared_side_by_side() -> None:
    for consequence in CONSEQUENCES:
        assert list(consequence.answers) == list(Ending)
        assert len(set(consequence.answers.values())) == 3
    assert len({ending.label for ending in Ending}) == 3


def test_the_public_sentence_says_where_to_go_and_gaps_show() -> None:
    assert worded(PUBLIC_SENTENCES[Ending.CLOSE], FACTS) == (
        "Example Council closed this account on 3 May 2027. Please use www.council.example/bins."
    )
    assert worded(PUBLIC_SENTENCES[Ending.HAND_OVER], {"council": "C", "successor": ""}) == (
        "C handed this account over to [successor] on [last day]. It is no longer the council's."
    )
    assert set(PUBLIC_SENTENCES) == set(Ending)


def test_what_people_typed_is_taken_as_it_is() -> None:
    assert worded("{council}", {"council": "{account.__class__}"}) == "{account.__class__}"
