"""Destroying a credential: who answers for it, what goes, what stays (002 §12.12)."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from registry.accounts.models import Account, AccountState
from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.custody.actions.destroy import destroy
from registry.custody.models import Credential, SecretVersion
from registry.custody.queries import list_destroyed, list_held
from registry.custody.rules import MAY_BE_DESTROYED, Destruction
from registry.custody.shred import shred
from registry.identity.models import Person
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.conftest import NOW
from tests.custody.hall import Hall, build
from tests.custody.test_deposit import entries
from tests.custody.test_tamper import sealed_of


@pytest.fixture
def clerk(hall: Hall) -> Person:
    return hall.world.person("Clerk", Role.CLERK)


def end(
    hall: Hall, clerk: Person, credential: Credential, handle: str = "ExampleWaste", reason: str = "Replaced"
) -> None:
    with hall.world.work(clerk) as work:
        destroy(work, credential.id, handle, reason)


@pytest.mark.parametrize(("ended", "reason"), [(False, False), (False, True), (True, False), (True, True)])
def test_a_credential_in_use_is_destroyed_only_for_a_reason(ended: bool, reason: bool) -> None:
    verdict = MAY_BE_DESTROYED.judge(Destruction(ended, reason), NOW.date())
    assert bool(verdict) is (ended or reason)
    assert all(each.clause for each in verdict)


def test_every_version_is_wiped_and_the_record_stays(hall: Hall, clerk: Person) -> None:
    credential = hall.deposit(label="Main")
    hall.replace(credential, "A second, better value")
    end(hall, clerk, credential, handle=" @examplewaste ")
    with hall.world.house.reading() as session:
        versions = session.scalars(select(SecretVersion)).all()
        assert [(version.envelope, version.destroyed_at) for version in versions] == [(None, NOW), (None, NOW)]
        assert list_held(session, hall.world.council.id, hall.account.id) == []
        (gone,) = list_destroyed(session, hall.world.council.id, hall.account.id)
    assert gone.label == "Main"
    assert len(hall.exposures(credential)) == 2
    (told,) = entries(hall, "custody.destroyed")
    assert told["detail"]["reason"] == "Replaced"
    assert len(told["detail"]["envelopes"]) == 2


def test_a_leave_to_look_is_void_once_the_credential_is_destroyed(hall: Hall, clerk: Person) -> None:
    credential, session_id = hall.deposit(), hall.session_of(hall.ann)
    token = hall.ask(credential, session_id) or ""
    end(hall, clerk, credential)
    with pytest.raises(Conflict):
        hall.redeem(credential, token, session_id)
    with pytest.raises(NotFound):
        hall.ask(credential, session_id)
    with pytest.raises(NotFound):
        end(hall, clerk, credential)


def test_the_accounts_handle_is_typed_to_confirm(hall: Hall, clerk: Person) -> None:
    credential = hall.deposit()
    with pytest.raises(Invalid) as fault:
        end(hall, clerk, credential, handle="ExampleParks")
    assert fault.value.field == "handle"
    assert sealed_of(hall, credential)


def test_an_ended_account_needs_no_reason_and_one_in_use_does(hall: Hall, clerk: Person) -> None:
    credential = hall.deposit()
    with pytest.raises(Refused, match="still in use"):
        end(hall, clerk, credential, reason="")
    with hall.world.work() as work:
        account = work.session.get_one(Account, hall.account.id)
        account.state, account.ended_on = AccountState.CLOSED, hall.world.today
        work.record(Event.DEMO_MADE)
    end(hall, clerk, credential, reason="")
    assert not sealed_of(hall, credential)


def test_another_councils_credential_cannot_be_destroyed(hall: Hall, clerk: Person) -> None:
    elsewhere = build(hall.world.another(), name="Olu Example")
    with pytest.raises(NotFound):
        end(hall, clerk, elsewhere.deposit())


def test_nothing_of_a_destroyed_envelope_lingers_in_the_files(hall: Hall, clerk: Person) -> None:
    credential = hall.deposit()
    sealed = sealed_of(hall, credential)
    end(hall, clerk, credential)
    database = hall.world.house.database
    database.engine.dispose()  # PostgreSQL's sessions hand in what they counted as they end
    shred(database if database.is_sqlite else hall.world.house.behind)  # PostgreSQL's own sweeper takes a minute
    if database.is_sqlite:
        path = Path(sa.make_url(str(database.engine.url)).database or "")
        assert sealed[:60] not in b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10000
        return
    with database.engine.connect() as connection:
        dead = "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'secret_versions'"
        assert connection.exec_driver_sql(dead).scalar() == 0
