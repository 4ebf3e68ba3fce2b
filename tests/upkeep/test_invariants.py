"""Every invariant holds in a register that was only used, and finds what was broken behind its back."""

import os
from collections.abc import Iterable
from dataclasses import replace

from registry.core.house import House
from registry.core.tenants import Beyond
from registry.upkeep.invariant import TABLE, Look
from registry.upkeep.invariants import check
from tests.upkeep.town import Town
from tests.world import World

LOOSE = {
    "sqlite": (
        "PRAGMA defer_foreign_keys=ON",
        "DROP TRIGGER audit_entries_no_update",
        "DROP TRIGGER audit_entries_no_delete",
    ),
    "postgresql": ("SET LOCAL session_replication_role = replica", "ALTER TABLE audit_entries DISABLE TRIGGER ALL"),
}
"""What somebody with the powers of the database's owner does first."""


def unkeyed(table: str) -> tuple[str, ...]:
    """Put a table in the place of another that lets in what its keys would refuse."""
    return (
        f"CREATE TABLE loose AS SELECT * FROM {table}",
        f"ALTER TABLE {table} RENAME TO kept",
        f"ALTER TABLE loose RENAME TO {table}",
    )


BROKEN: dict[str, tuple[tuple[str, ...], ...]] = {
    "chains_verify": (
        ("UPDATE audit_entries SET body = replace(body, 'account.added', 'account.adder') WHERE chain = 1",),
        ("DELETE FROM audit_entries WHERE chain = 1 AND seq = (SELECT max(seq) FROM audit_entries WHERE chain = 1)",),
        ("DELETE FROM audit_entries WHERE chain = 1 AND seq = 3",),
        ("UPDATE audit_entries SET body = '[]' WHERE chain = 1 AND seq = 2",),
    ),
    "approvals_are_told": (
        ("UPDATE account_requests SET state = 'withdrawn', account_id = NULL",),
        ("DELETE FROM audit_entries WHERE act = 'request.approved'",),
    ),
    "accounts_are_told": (
        ("DELETE FROM accounts",),
        ("DELETE FROM audit_entries WHERE act = 'account.added'",),
    ),
    "rows_are_as_told": (
        ("UPDATE training_records SET expires_on = '2030-01-01'",),
        ("DELETE FROM editorships",),
    ),
    "nobody_agrees_to_their_own": (
        ("UPDATE account_requests SET asker_id = (SELECT min(decider_id) FROM request_decisions)",),
    ),
    "nobody_agrees_twice": (
        ("UPDATE request_decisions SET decider_id = (SELECT min(decider_id) FROM request_decisions)",),
    ),
    "every_step_agreed": (
        ("DELETE FROM request_decisions WHERE step = 0",),
        ("DELETE FROM request_decisions",),
        ("UPDATE account_requests SET version = version + 1",),
    ),
    "nobody_grants_to_themselves": ((*unkeyed("role_grants"), "UPDATE role_grants SET granted_by = person_id"),),
    "nobody_confirms_their_own_training": (("UPDATE training_records SET decided_by = person_id",),),
    "used_leave_is_told": (("DELETE FROM audit_entries WHERE act = 'custody.revealed'",),),
    "seen_is_remembered": (
        ("UPDATE exposures SET times = times + 1 WHERE kind = 'revealed'",),
        ("DELETE FROM exposures WHERE kind = 'revealed'",),
        ("DELETE FROM audit_entries WHERE act = 'custody.revealed'",),
    ),
    "one_value_in_force": (
        ("UPDATE credentials SET current_version = 7",),
        ("UPDATE secret_versions SET envelope = NULL, destroyed_at = deposited_at",),
        ("DELETE FROM secret_versions",),
    ),
    "every_value_opens": (
        ("UPDATE secret_versions SET version = 2", "UPDATE credentials SET current_version = 2"),
        ("DELETE FROM council_keys",),
        ("UPDATE council_keys SET wrapped = (SELECT envelope FROM secret_versions)",),
    ),
    "only_the_eligible_saw": (
        ("UPDATE training_records SET expires_on = '2026-11-01'",),
        ("DELETE FROM editorships",),
    ),
    "leavers_are_out": (("UPDATE employments SET ends_on = '2026-11-01'",),),
    "every_notice_once": ((*unkeyed("outbox_messages"), "INSERT INTO outbox_messages SELECT * FROM kept"),),
    "every_flag_once": ((*unkeyed("flags"), "INSERT INTO flags SELECT * FROM kept"),),
    "runs_once": (
        (
            "INSERT INTO job_runs (job, due_at, state, host, started_at, error, summary) VALUES"
            " ('night', '2026-11-19 02:40:00', 'running', 'here', '2026-11-19 02:40:00', '', '{}')",
        ),
        (*unkeyed("job_runs"), "INSERT INTO job_runs SELECT * FROM kept"),
    ),
    "database_is_sound": (),
    "shape_is_the_models": (
        ("DROP INDEX uq_flags_open",),
        ("ALTER TABLE flags ADD COLUMN odd INTEGER",),
        ("UPDATE alembic_version SET version_num = '0001'",),
    ),
    "triggers_stand": (("DROP TRIGGER audit_entries_in_order{on}",),),
    "references_lead_somewhere": (
        ("UPDATE accounts SET service_area_id = 999",),
        ("UPDATE exposures SET council_id = 2",),
        ("DELETE FROM people",),
    ),
    "nothing_half_made": (),
}
"""By what finds it: statements that break it, behind the register's back."""
ONLY = {
    ("database_is_sound", "sqlite"): (
        (
            "PRAGMA ignore_check_constraints=ON",
            "UPDATE accounts SET cadence_days = -1",
            "PRAGMA ignore_check_constraints=OFF",
        ),
    ),
    ("database_is_sound", "postgresql"): (
        ("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'uq_flags_open'::regclass",),
    ),
}


def broken_by(house: House, name: str, statements: Iterable[str]) -> list[str]:
    """What an invariant finds once these statements were run; afterwards they never were."""
    (invariant,) = (each for each in TABLE if each.name == name)
    kind = house.database.engine.dialect.name
    with house.behind.writer(Beyond.KEEPER) as session:
        for statement in (*LOOSE[kind], *statements):
            on = " ON audit_entries" if kind == "postgresql" else ""
            session.connection().exec_driver_sql(statement.replace("{on}", on))
        found = [str(breach) for breach in invariant.breaches(Look(session, house, house.clock.now()))]
        session.rollback()
    return found


def test_a_register_that_was_only_used_breaks_none(world: World) -> None:
    Town(world)
    assert [str(breach) for breach in check(world.house)] == []


def test_whatever_is_broken_behind_the_register_s_back_is_found(world: World) -> None:
    Town(world)
    kind = world.house.database.engine.dialect.name
    missed = [
        (name, statements)
        for name, ways in BROKEN.items()
        for statements in (*ways, *ONLY.get((name, kind), ()))
        if not broken_by(world.house, name, statements)
    ]
    assert missed == []
    assert check(world.house) == []  # every statement was taken back


def test_every_invariant_is_broken_once_in_these_tests() -> None:
    assert {each.name for each in TABLE} == set(BROKEN)
    assert {each.number for each in TABLE} >= {
        "I1",
        "I2",
        "I3",
        "I4",
        "I5",
        "I6",
        "I7",
        "I8",
        "I9",
        "I10",
        "I11",
        "I12",
        "I13",
        "I14",
    }


def test_what_was_left_half_made_is_found_after_an_hour(world: World) -> None:
    half = world.house.settings.instance / ".half-made-register"
    half.mkdir()
    assert check(world.house, {"I14"}) == []
    os.utime(half, (1, 1))
    assert [breach.number for breach in check(world.house, {"I14"})] == ["I14"]


def test_what_closes_the_gate_rightly_is_no_breach(world: World) -> None:
    town = Town(world)
    world.leaves(town.ann, town.asking.clerk)
    assert check(world.house) == []


def test_while_custody_is_closed_nothing_is_said_of_what_cannot_be_opened(world: World, tmp_path) -> None:
    Town(world)
    closed = replace(world.house, settings=replace(world.house.settings, root_key_file=tmp_path / "none"))
    assert check(closed) == []


def test_a_breach_names_numbers_and_no_people(world: World) -> None:
    Town(world)
    (told,) = broken_by(world.house, "nobody_agrees_twice", BROKEN["nobody_agrees_twice"][0])
    assert told.startswith("I3 nobody_agrees_twice: request 1 of council 1 has two steps agreed by person ")
    assert "Example" not in told
