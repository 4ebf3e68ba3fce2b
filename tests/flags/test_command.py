"""Sweeping from the command line, in words and as JSON."""

import json
from dataclasses import replace
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from registry.cli.sweep import sweep as command
from tests.flags.looking import change
from tests.world import World


def run(app: Flask, *arguments: str) -> Result:
    app.cli.add_command(command)
    return app.test_cli_runner().invoke(args=["sweep", *arguments])


def told(app: Flask, *arguments: str) -> dict[str, list[dict[str, Any]]]:
    answer = run(app, "--json", *arguments)
    assert answer.exit_code == 0, answer.output
    found: dict[str, list[dict[str, Any]]] = json.loads(answer.stdout)
    return found


def test_the_sweep_tells_what_it_raised_cleared_and_left_open(app: Flask, world: World) -> None:
    account = world.account(world.area(), last_posted_on=world.day(-50), cadence_days=20)
    first = told(app)
    (neglected,) = [flag for flag in first["raised"] if flag["rule"] == "neglected"]
    assert neglected == {
        "rule": "neglected",
        "council": "exampleton",
        "subject": "x:ExampleWaste",
        "since": "2026-11-11",
        "severity": "warning",
        "message": "Nothing has been posted since 1 October 2026; agreed is a post at least every 20 days.",
        "account": "ExampleWaste",
        "kind": "Account",
        "id": account.id,
    }
    assert first["open"]
    assert not first["cleared"]
    again = told(app)
    assert (again["raised"], again["cleared"]) == ([], [])
    assert again["open"] == first["open"]
    change(world, account, last_posted_on=world.today)
    assert [flag["rule"] for flag in told(app)["cleared"]] == ["neglected"]


def test_every_rule_is_judged_as_of_the_day_asked_for(app: Flask, world: World) -> None:
    person = world.cleared(world.area(), "Ann Example")  # trained until day 200
    world.account(world.area("Parks"), last_posted_on=world.today, next_review_on=world.day(30))
    assert {f["rule"] for f in told(app, "--as-of", world.day(190).isoformat())["open"]} >= {
        "neglected",
        "review_overdue",
        "training_lapsing",
        "policy_review_due",
    }
    assert {f["rule"] for f in told(app)["open"]} == {"no_cleared_editor", "no_credential_in_custody"}
    assert person


def test_one_council_can_be_swept_by_its_short_name(app: Flask, world: World) -> None:
    other = world.another()
    for each in (world, other):
        each.account(each.area())
    assert {flag["council"] for flag in told(app, "--council", "otherham")["open"]} == {"otherham"}
    assert run(app, "--council", "nowhere").exit_code == 1


def test_in_words_each_finding_is_one_line(app: Flask, world: World) -> None:
    world.account(world.area(), last_posted_on=world.day(-50), cadence_days=20)
    lines = run(app).output.splitlines()
    assert lines[0] == "Raised: 5"
    assert any(
        line.startswith("  warning  exampleton  neglected  ExampleWaste, since 2026-11-11: Nothing") for line in lines
    )
    assert "Cleared: 0" in lines


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01"])
def test_a_day_that_is_none_is_refused(app: Flask, world: World, day: str) -> None:
    assert run(app, "--as-of", day).exit_code == 2


def test_a_council_that_could_not_be_swept_is_named(app: Flask, world: World) -> None:
    world.account(world.area())

    def trouble(work: Any, _: Any) -> None:
        if work.council_id:
            raise OSError("the disk is full")

    app.extensions["house"] = replace(world.house, sinks=(trouble,))
    answer = run(app)
    assert answer.exit_code == 1
    assert "exampleton" in answer.output
