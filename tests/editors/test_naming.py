"""Naming editors and standing them down (002 §19.2, §18.5)."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
import sqlalchemy as sa

from registry.accounts.models import ServiceArea
from registry.audit.models import Entry
from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.editors.actions import name_editor, stand_down
from registry.editors.models import Editorship
from registry.editors.rules import ENOUGH, MAY_NAME, MAY_STAND_DOWN, Naming
from registry.editors.standing import named_areas
from registry.identity.models import Person
from registry.vocabulary.permissions import Role
from tests.world import World

TODAY = date(2026, 11, 20)
FINE = Naming(answers_for_area=True, is_employed=True, is_area_in_use=True, named=0, ideal=2)


@pytest.fixture
def manager(world: World) -> Person:
    return world.person("Mary Manager", Role.MANAGER)


@pytest.fixture
def area(world: World, manager: Person) -> ServiceArea:
    return world.area("Waste", manager)


def named(world: World, by: Person, area: ServiceArea, person: Person, days: int = 0, reason: str = "") -> Editorship:
    with world.work(by) as work:
        return name_editor(work, area.id, person.id, world.day(days), reason)


def is_editor(world: World, area: ServiceArea, person: Person, days: int = 0) -> bool:
    with world.house.reading() as session:
        return area.id in named_areas(session, world.council.id, person.id, world.day(days))


def acts(world: World) -> list[str]:
    with world.house.reading() as session:
        return list(session.scalars(sa.select(Entry.act).where(Entry.chain == world.council.id).order_by(Entry.seq)))


@pytest.mark.parametrize(("answers", "employed", "in_use"), list(product((False, True), repeat=3)))
def test_an_editor_is_named_by_who_answers_for_an_area_in_use(answers: bool, employed: bool, in_use: bool) -> None:
    asked = replace(FINE, answers_for_area=answers, is_employed=employed, is_area_in_use=in_use)
    verdict = MAY_NAME.judge(asked, TODAY)
    assert len(verdict.reasons) == [answers, employed, in_use].count(False)
    assert all(reason.clause for reason in verdict)
    assert bool(MAY_STAND_DOWN.judge(asked, TODAY)) == answers


@pytest.mark.parametrize(("count", "has_reason"), list(product((0, 1, 2, 3), (False, True))))
def test_fewer_than_ideal_is_never_blocked_and_more_asks_for_a_reason(count: int, has_reason: bool) -> None:
    verdict = ENOUGH.judge(replace(FINE, named=count, has_reason=has_reason), TODAY)
    assert bool(verdict) == (count < 2 or has_reason)
    assert all("has its 2 editors" in reason.text for reason in verdict)


def test_a_manager_names_somebody_neither_trained_nor_signed(world: World, area: ServiceArea, manager: Person) -> None:
    ann = world.person("Ann Example")
    editorship = named(world, manager, area, ann)
    assert (editorship.named_by, editorship.named_at) == (manager.id, world.clock.now())
    assert is_editor(world, area, ann)
    assert acts(world)[-1] == "editor.named"


def test_naming_holds_from_today_unless_told_otherwise(world: World, area: ServiceArea, manager: Person) -> None:
    ann, bob = world.person("Ann Example"), world.person("Bob Example")
    with world.work(manager) as work:
        assert name_editor(work, area.id, ann.id).starts_on == world.today
    named(world, manager, area, bob, days=5)
    assert not is_editor(world, area, bob, 4)
    assert is_editor(world, area, bob, 5)
    with pytest.raises(Invalid, match="today or later"):
        named(world, manager, area, world.person("Cy Example"), days=-1)


def test_the_clerk_names_for_every_area_and_other_managers_for_none(world: World, area: ServiceArea) -> None:
    clerk, other = world.person("Clara Clerk", Role.CLERK), world.person("Otto Manager", Role.MANAGER)
    comms, ann = world.person("Cora Comms", Role.COMMS), world.person("Ann Example")
    editorship = named(world, clerk, area, ann)
    for stranger in (other, comms):
        with pytest.raises(Refused, match="by the manager of their service area"):
            named(world, stranger, area, world.person(f"Bob of {stranger.name}"))
        with pytest.raises(Refused), world.work(stranger) as work:
            stand_down(work, editorship.id, "Because")
    assert acts(world)[-1] == "act.refused"


def test_nobody_is_named_twice_or_once_they_left_or_for_an_area_that_ended(
    world: World, area: ServiceArea, manager: Person
) -> None:
    ann, left = world.person("Ann Example"), world.person("Lee Left", ends_on=world.day(3))
    named(world, manager, area, ann)
    with pytest.raises(Conflict, match="Ann Example is named as an editor for Waste already"):
        named(world, manager, area, ann, days=9)
    with pytest.raises(Refused, match="work for the council"):
        named(world, manager, area, left, days=4)
    ended = world.add(
        ServiceArea(council_id=world.council.id, name="Old", manager_id=manager.id, ended_on=world.day(-1))
    )
    with pytest.raises(Refused, match="has ended"):
        named(world, manager, ended, ann)


def test_a_third_editor_asks_for_a_reason_and_leavers_do_not_count(
    world: World, area: ServiceArea, manager: Person
) -> None:
    world.editor(area, world.person("Lee Left", ends_on=world.day(-1)))
    for name in ("Ann Example", "Bob Example"):
        named(world, manager, area, world.person(name))
    third = world.person("Cy Example")
    with pytest.raises(Invalid, match="say why it needs more") as missing:
        named(world, manager, area, third)
    assert missing.value.field == "reason"
    assert named(world, manager, area, third, reason="Cover for leave").naming_reason == "Cover for leave"


def test_standing_down_closes_the_gate_at_once_or_as_the_day_ends(
    world: World, area: ServiceArea, manager: Person
) -> None:
    now, later = world.person("Ann Example"), world.person("Bob Example")
    first, second = world.editor(area, now), world.editor(area, later)
    with world.work(manager) as work:
        gone = stand_down(work, first.id, "Moved to another team")
    assert (gone.ended_by, gone.ending_reason) == (manager.id, "Moved to another team")
    assert not is_editor(world, area, now)
    with world.work(manager) as work:
        stand_down(work, second.id, "Leaves tonight", at_once=False)
    assert is_editor(world, area, later)
    assert not is_editor(world, area, later, 1)
    assert acts(world)[-2:] == ["editor.stood_down", "editor.stood_down"]
    with pytest.raises(Conflict, match="stood down already"), world.work(manager) as work:
        stand_down(work, first.id, "Again")
    named(world, manager, area, now)
    assert is_editor(world, area, now)


def test_a_naming_of_today_is_taken_back_and_the_trail_keeps_both(
    world: World, area: ServiceArea, manager: Person
) -> None:
    ann = world.person("Ann Example")
    editorship = named(world, manager, area, ann)
    with world.work(manager) as work:
        stand_down(work, editorship.id, "The wrong Ann")
    assert not is_editor(world, area, ann)
    with world.house.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Editorship)) == 0
    assert acts(world)[-2:] == ["editor.named", "editor.stood_down"]


def test_another_councils_areas_people_and_editorships_are_not_there(
    world: World, area: ServiceArea, manager: Person
) -> None:
    editorship = world.editor(area, manager)
    other = world.another()
    clerk = other.person("Otto Clerk", Role.CLERK)
    theirs = other.area("Parks")
    for act in (
        lambda work: name_editor(work, area.id, clerk.id),
        lambda work: name_editor(work, theirs.id, manager.id),
        lambda work: stand_down(work, editorship.id, "Mine now"),
    ):
        with pytest.raises(NotFound), other.work(clerk) as work:
            act(work)
