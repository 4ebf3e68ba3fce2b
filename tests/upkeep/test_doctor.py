"""The doctor says in plain sentences what is wrong and what to do; its exit status says how bad it is."""

import json
import os
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.audit.models import ChainHead
from registry.cli.doctor import doctor
from registry.core.house import House
from registry.core.keyfile import make_key
from registry.core.tenants import Beyond
from registry.outbox.sending import send_waiting
from registry.upkeep.check import CHECKS, Level, check
from registry.upkeep.checks import examine, readiness
from tests.councils.test_keeping import nobody_keeps
from tests.identity.outside import Outside, outside, provider_process
from tests.outbox.conftest import sending_by
from tests.outbox.postoffice import open_post_office
from tests.outbox.test_sending import wrote
from tests.upkeep.town import Town
from tests.world import World

__all__ = ["outside", "provider_process"]

Usage = namedtuple("Usage", "total used free")


def told(house: House, name: str) -> list[tuple[Level, str]]:
    """What one check finds."""
    (each,) = (one for one in CHECKS if one.name == name)
    return [(finding.level, finding.sentence) for finding in each.findings(house)]


def set_to(house: House, **settings: Any) -> House:
    return replace(house, settings=replace(house.settings, **settings))


def test_a_register_in_use_is_well_but_for_what_only_its_keeper_can_settle(world: World) -> None:
    Town(world)
    found = [(name, finding) for name, finding in examine(world.house) if finding.level is not Level.WELL]
    standing_still = [] if world.house.database.is_sqlite else ["clock"]  # the test's clock, against the server's
    assert [name for name, _ in found] == [*standing_still, "settings", "backups"]
    assert all(finding.mend.endswith(".") for _, finding in found)


def test_its_exit_status_and_json_say_how_bad_it_is(app: Flask, world: World) -> None:
    runner = app.test_cli_runner()
    ran = runner.invoke(doctor, ["--json"])
    answer = json.loads(ran.output)
    assert (ran.exit_code, answer["level"]) == (1, "warning")
    assert {finding["check"] for finding in answer["findings"]} == {each.name for each in CHECKS}
    with world.house.behind.writer(Beyond.KEEPER) as session:
        session.execute(sa.update(ChainHead).values(seq=ChainHead.seq + 1))
        session.commit()
    ran = runner.invoke(doctor)
    assert ran.exit_code == 2
    assert "BROKEN   trail       Chains whose last entries are missing: 0." in ran.output
    assert ran.output.endswith("Something is broken.\n")


def test_a_register_that_cannot_start_is_broken_and_says_why() -> None:
    app = Flask("registry")
    app.extensions["trouble"] = "secret_key is missing."
    ran = app.test_cli_runner().invoke(doctor)
    assert ran.exit_code == 2
    assert "secret_key is missing." in ran.output


def test_a_breach_is_told_with_what_to_do(world: World) -> None:
    town = Town(world)
    with world.house.behind.writer(Beyond.KEEPER) as session:
        session.execute(sa.text("UPDATE credentials SET current_version = 9"))
        session.commit()
    findings = told(world.house, "invariants")
    assert {level for level, _ in findings[:-1]} == {Level.BROKEN}
    assert any(f"I6 one_value_in_force: credential {town.credential.id} of council 1" in said for _, said in findings)
    assert not {"I2", "I6"} & set(findings[-1][1].rstrip(".").replace(",", "").split())


def test_a_missing_key_and_another_key_are_broken(world: World, tmp_path: Path) -> None:
    levels = [level for level, _ in told(set_to(world.house, root_key_file=tmp_path / "none"), "keys")]
    assert levels == [Level.BROKEN, Level.WELL]
    other = tmp_path / "elsewhere" / "root.key"
    other.parent.mkdir()
    make_key(other)
    (custody, _own) = told(set_to(world.house, root_key_file=other), "keys")
    assert custody[0] is Level.BROKEN
    assert "Put the first key back" in custody[1]


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_a_database_that_other_users_may_read_is_warned_of(world: World) -> None:
    file = world.house.database.file
    if file is None:
        return
    file.chmod(0o644)
    file.parent.chmod(0o700)
    assert not any("may read" in said for _, said in told(world.house, "keys"))
    file.parent.chmod(0o755)
    assert any("Other users of this machine may read" in said for _, said in told(world.house, "keys"))
    file.chmod(0o600)
    assert not any("may read" in said for _, said in told(world.house, "keys"))
    file.parent.chmod(0o700)


def test_keys_that_were_not_renewed_for_a_year_are_named(world: World) -> None:
    Town(world)
    world.clock.advance(days=364)
    assert [level for level, _ in told(world.house, "rotation")] == [Level.WELL]
    world.clock.advance(days=2)
    ((level, said),) = told(world.house, "rotation")
    assert level is Level.WARNING
    assert said.startswith("Not renewed for over a year: the root key ")
    assert "the key of exampleton." in said


def test_keys_beside_the_database_are_warned_of(world: World) -> None:
    house, folder = world.house, world.house.settings.instance
    if house.database.is_sqlite:
        make_key(folder / "root.key")
        make_key(folder / "auth.key")
        found = told(set_to(house, root_key_file=folder / "root.key", auth_key_file=folder / "auth.key"), "keys")
        unwise = [sentence for level, sentence in found if level is Level.WARNING]
        assert "The root key lies in the same folder as the database" in unwise[0]
        assert "In one folder with the database: auth.key" in unwise[1]


def test_a_trigger_taken_away_or_made_to_do_nothing_is_broken(world: World) -> None:
    assert [level for level, _ in told(world.house, "trail")] == [Level.WELL]
    if world.house.database.is_sqlite:
        never = "CREATE TRIGGER audit_sealed_no_delete BEFORE DELETE ON audit_sealed WHEN 0"
        tampering = (
            "DROP TRIGGER audit_checkpoints_no_update",
            "DROP TRIGGER audit_sealed_no_delete",
            f"{never}\nBEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END",
        )
        hit = "audit_sealed_no_delete, audit_checkpoints_no_update"
    else:
        never = "CREATE TRIGGER audit_sealed_no_change BEFORE UPDATE OR DELETE ON audit_sealed"
        tampering = (
            "ALTER TABLE audit_checkpoints DISABLE TRIGGER audit_checkpoints_no_truncate",
            "DROP TRIGGER audit_sealed_no_change ON audit_sealed",
            f"{never} FOR EACH ROW WHEN (false) EXECUTE FUNCTION audit_refuse()",
            "ALTER TABLE audit_sealed ENABLE ALWAYS TRIGGER audit_sealed_no_change",
        )
        hit = "audit_sealed_no_change, audit_checkpoints_no_truncate"
    with world.house.behind.engine.execution_options(writes=True).begin() as connection:
        for statement in tampering:
            connection.exec_driver_sql(statement)
    assert told(world.house, "trail") == [(Level.BROKEN, f"The trail is not guarded against change: {hit}.")]
    assert readiness(world.house)["trail"] is Level.BROKEN


def test_where_nobody_is_named_to_keep_the_keys_of_several_it_says_so(world: World) -> None:
    world.another()
    assert told(world.house, "keeper")[0][0] is Level.WELL
    nobody_keeps(world)
    assert told(world.house, "keeper") == [
        (Level.WARNING, "Of 2 councils, none is named to keep the keys that serve them all.")
    ]


@pytest.mark.parametrize(("free", "level"), [(10**10, Level.WELL), (10**8, Level.WARNING), (10**7, Level.BROKEN)])
def test_little_room_is_warned_of_and_none_is_broken(
    house: House, monkeypatch: pytest.MonkeyPatch, free: int, level: Level
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: Usage(10**11, 0, free))
    assert {found for found, _ in told(house, "disk")} == {level}
    assert readiness(house)["disk"] is level


def test_a_clock_that_was_set_back_is_broken_by_the_trail(world: World) -> None:
    ((level, _),) = told(world.house, "clock")
    assert level is (Level.WELL if world.house.database.is_sqlite else Level.WARNING)  # the test's clock stands still
    world.clock.advance(days=-1)
    ((level, sentence),) = told(world.house, "clock")
    assert level is Level.BROKEN
    assert "the trail's last entry is of 2026-11-20" in sentence
    world.clock.advance(days=3650)
    ((level, sentence),) = told(world.house, "clock")
    assert (level, "long ago" in sentence) == (Level.WARNING, True)


def test_jobs_that_never_ran_or_no_longer_run_are_warned_of(world: World) -> None:
    assert {level for level, _ in told(world.house, "scheduler")} == {Level.WARNING}
    Town(world)
    assert {level for level, _ in told(world.house, "scheduler")} == {Level.WELL}
    world.clock.advance(hours=27)
    assert {level for level, _ in told(world.house, "scheduler")} == {Level.WARNING}
    assert readiness(world.house)["scheduler"] is Level.WARNING


def test_messages_that_wait_are_counted(world: World) -> None:
    assert told(world.house, "outbox") == [(Level.WELL, "No message waits.")]
    wrote(world, "one")
    world.clock.advance(days=3)
    ((level, sentence),) = told(world.house, "outbox")
    assert level is Level.WELL
    assert "Messages that wait: 1, the oldest for 3 days. No mail server is named" in sentence
    assert told(world.house, "mail")[0][0] is Level.WELL


def test_messages_that_wait_although_there_is_a_mail_server_are_warned_of(world: World) -> None:
    wrote(world, "one")
    with open_post_office() as office:
        sender = sending_by(world.house, f"smtp://127.0.0.1:{office.port}")
        assert told(sender, "outbox") == [(Level.WELL, "Messages that wait to be sent: 1.")]
        world.clock.advance(minutes=61)
        assert told(sender, "outbox") == [
            (Level.WARNING, "Messages that wait: 1, the oldest since 2026-11-20 10:00 UTC.")
        ]
        office.of_data = ["554 No"]
        send_waiting(sender)
        assert told(sender, "outbox")[0] == (Level.WARNING, "Messages of the last 14 days that could not be sent: 1.")
        ((level, sentence),) = told(sender, "mail")
        assert (level, "answers" in sentence) == (Level.WELL, True)
    ((level, sentence),) = told(sender, "mail")
    assert (level, "does not answer" in sentence) == (Level.BROKEN, True)


def test_a_check_that_cannot_be_made_is_itself_a_finding(world: World) -> None:
    @check("hopeless")
    def hopeless(_house: House) -> Iterator[Any]:
        raise OSError("a secret place")

    try:
        assert told(world.house, "hopeless") == [(Level.BROKEN, "It could not be examined (OSError).")]
    finally:
        CHECKS.pop()


@pytest.mark.parametrize(
    ("described", "keys", "level", "said"),
    [
        ({}, True, Level.WELL, "/sign-in/from/work"),
        ({"issuer": "https://evil.example"}, True, Level.BROKEN, "another issuer"),
        ({}, False, Level.BROKEN, "publishes no key"),
    ],
)
def test_it_examines_the_identity_providers(
    world: World, outside: Outside, app: Flask, described: dict[str, str], keys: bool, level: Level, said: str
) -> None:
    outside.behaves(describe=described | ({} if keys else {"jwks_uri": f"{outside.issuer}/no-keys"}))
    ((found, sentence),) = told(app.extensions["house"], "providers")
    assert found is level
    assert said in sentence
