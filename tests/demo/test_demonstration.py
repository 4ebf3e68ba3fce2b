"""The demonstration: a year that shows every state, flag and hat, told through the register's own acts."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.accounts.actions import import_accounts
from registry.accounts.importing import Plan
from registry.accounts.models import Account, AccountState
from registry.accounts.spreadsheet import guess_columns, read_table
from registry.audit.chain import list_chains, verify
from registry.closures.models import Closure, ClosureState
from registry.core.clock import FixedClock
from registry.core.house import House
from registry.councils.queries import find_installation, list_councils
from registry.demo import load
from registry.demo.cast import CAST
from registry.demo.register import ACCOUNTS
from registry.flags.models import Flag
from registry.flags.sweep import sweep
from registry.identity.models import Employment, Person, RoleGrant
from registry.requests.models import AccountRequest, RequestState
from registry.vocabulary.permissions import GRANTABLE, Role
from tests.conftest import PASSWORDS
from tests.world import World

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def clock() -> FixedClock:
    """Any moment will do: the story is told back from the day it is loaded."""
    return FixedClock(datetime(2027, 3, 14, 15, 9, tzinfo=UTC))


def test_the_story_shows_every_state_hat_and_kind_of_trouble_and_its_trail_is_whole(house: House) -> None:
    load(house, PASSWORDS)
    with house.reading() as session:
        installation = find_installation(session)
        assert installation is not None
        assert installation.is_demo
        assert [c.slug for c in list_councils(session)] == ["hillford", "little-mere", "riverton"]
        assert session.query(Person).count() == 60
        assert {grant.role for grant in session.query(RoleGrant)} == set(GRANTABLE)
        shared = Counter(e.person_id for e in session.query(Employment))
        assert sum(count > 1 for count in shared.values()) >= 4
        states = {account.state for account in session.query(Account)}
        assert states == set(AccountState) - {AccountState.PROPOSED}
        assert {r.state for r in session.query(AccountRequest)} == set(RequestState)
        assert {c.state for c in session.query(Closure)} >= {ClosureState.OPEN, ClosureState.COMPLETE}
        assert len({flag.rule for flag in session.query(Flag)}) >= 17
        assert not session.query(Flag).filter_by(rule="checkpoint_missing").all()
        assert {flag.severity for flag in session.query(Flag).filter(Flag.cleared_at.is_(None))} == {1, 2, 3}
        assert all(verify(session, chain).broken is None for chain in list_chains(session))
    again = sweep(house)
    assert all(not any(figures.values()) for figures in again.councils.values())


def test_the_parish_is_one_person_with_every_hat_and_a_recorded_exception(house: House) -> None:
    penny = [player for player in CAST if player.councils == ("little-mere",) and player.edits]
    assert [player.name for player in penny] == ["Penny Onlyone"]
    assert set(penny[0].roles) == {Role.CLERK, Role.COMMS, Role.ADMINISTRATOR}


@pytest.mark.parametrize("name", ["register-demonstration.csv", "register-demonstration.xlsx"])
def test_the_demonstrations_spreadsheet_is_its_register_and_imports_whole(world: World, name: str) -> None:
    table = read_table((EXAMPLES / name).read_bytes(), name)
    assert len(table.rows) == len(ACCOUNTS)
    with world.work(world.person("Clara Clerk", Role.CLERK)) as work:
        entered = import_accounts(work, table, Plan(guess_columns(table.headings)), name, may_add_areas=True)
    assert sorted(account.name for account in entered) == sorted(show.name for show in ACCOUNTS)
    assert {account.state for account in entered} == {show.state for show in ACCOUNTS}
