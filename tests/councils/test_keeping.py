"""One council keeps what serves every council here: the first, until whoever keeps the server names another."""

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.audit.models import INSTALLATION_CHAIN, Entry
from registry.cli.custody import custody
from registry.core.errors import Invalid, Refused
from registry.councils.actions import name_keeper, refuse_elsewhere
from registry.councils.models import Installation
from registry.councils.queries import get_council_by_id, get_installation, keeping_of, kept_here
from registry.councils.rules import MAY_REACH_ALL, Keeping
from registry.vocabulary.events import Event
from tests.world import World


def nobody_keeps(world: World) -> None:
    """As after an upgrade of an installation that serves several councils."""
    with world.house.work(None, None, "test") as work:
        get_installation(work.session).keeping_council_id = None
        work.record(Event.DEMO_MADE)


def test_no_two_councils_have_one_short_name(world: World) -> None:
    with pytest.raises(Invalid, match="already a council"):
        world.another(world.council.slug)


@pytest.mark.parametrize(
    ("keeping", "said"),
    [
        (Keeping(0), ""),
        (Keeping(0, 7, "Otherham"), ""),
        (Keeping(7, 7, "Otherham"), ""),
        (Keeping(5, 7, "Otherham"), "kept by Otherham"),
        (Keeping(5), "Nobody is named"),
    ],
)
def test_only_the_server_and_the_council_that_keeps_it_reach_all(world: World, keeping: Keeping, said: str) -> None:
    verdict = MAY_REACH_ALL.judge(keeping, world.today)
    assert bool(verdict) is not bool(said)
    assert all(said in reason.text for reason in verdict)


def test_the_first_council_keeps_what_serves_all_and_a_further_one_does_not(world: World) -> None:
    other = world.another()
    with world.house.reading(other.council) as session:
        assert keeping_of(session, other.council.id) == Keeping(other.council.id, world.council.id, world.council.name)
        assert not kept_here(session, other.council.id, other.today)
    with world.work() as work:
        assert refuse_elsewhere(work).name == world.council.name
    with pytest.raises(Refused, match="kept by Exampleton Council"), other.work() as work:
        refuse_elsewhere(work)


def test_where_nobody_is_named_no_council_reaches_all_until_the_server_names_one(world: World, app: Flask) -> None:
    other = world.another()
    nobody_keeps(world)
    with world.house.reading(world.council) as session:
        (reason,) = kept_here(session, world.council.id, world.today)
    assert "custody kept-by" in reason.text
    run = app.test_cli_runner().invoke
    assert "Otherham Council keeps the keys" in run(custody, ["kept-by", "otherham"]).output
    assert run(custody, ["kept-by", "nowhere"]).exit_code == 1
    with world.house.reading() as session:
        assert session.scalar(sa.select(Installation.keeping_council_id)) == other.council.id
        named = sa.select(Entry.seq).where(Entry.chain == INSTALLATION_CHAIN, Entry.act == Event.KEEPER_NAMED.value)
        assert len(session.scalars(named).all()) == 2


def test_keeping_moves_by_naming_another(world: World) -> None:
    other = world.another()
    with world.house.work(None, None, "test") as work:
        name_keeper(work, get_council_by_id(work.session, other.council.id))
    with pytest.raises(Refused, match="kept by Otherham"), world.work() as work:
        refuse_elsewhere(work)
