"""Who is named and who of them is cleared: one statement however many service areas."""

import pytest
from flask import Flask

from registry.core.errors import NotFound
from registry.editors.queries import count_cleared, editors_of_areas, facts_of, list_editors, manages
from registry.editors.standing import named_areas, standing_of
from tests.world import World


def test_counting_editors_tells_the_named_from_the_cleared(world: World) -> None:
    manager = world.person("Mary Manager")
    waste, housing, empty = world.area("Waste", manager), world.area("Housing"), world.area("Empty", manager)
    world.cleared(waste, "Ann Example")
    lapsed = world.cleared(waste, "Bob Example")
    world.editor(housing, lapsed)
    untrained = world.person("Cy Example")
    world.editor(housing, untrained)
    world.editor(housing, world.person("Left Example"), ends_on=world.day(-1))
    with world.house.reading() as session:
        counted = count_cleared(session, world.council.id, [waste.id, housing.id, empty.id], world.today)
        assert counted == {waste.id: (2, 2), housing.id: (2, 1), empty.id: (0, 0)}
        assert count_cleared(session, world.council.id, [], world.today) == {}
        assert count_cleared(session, world.council.id, [waste.id], world.day(201)) == {waste.id: (2, 0)}
        assert housing.id in named_areas(session, world.council.id, untrained.id, world.today)
        assert waste.id not in named_areas(session, world.council.id, untrained.id, world.today)
        named = list_editors(session, world.council.id, world.today, person_id=lapsed.id)
        assert [row.area for row in named] == ["Housing", "Waste"]
        assert manages(session, world.council.id, manager.id) == {waste.id, empty.id}


def test_the_list_of_editors_says_who_is_cleared(world: World) -> None:
    area = world.area()
    fit = world.cleared(area, "Ann Example")
    world.editor(area, world.person("Cy Example"))
    with world.house.reading() as session:
        rows = session.execute(editors_of_areas(world.council.id, world.today)).all()
    assert {(row.name, bool(row.is_cleared)) for row in rows} == {("Ann Example", True), ("Cy Example", False)}
    assert {row.trained_until for row in rows if row.person_id == fit.id} == {world.day(200)}


def test_another_council_sees_nobody(world: World, app: Flask) -> None:
    area = world.area()
    person = world.cleared(area)
    other = world.another()
    with world.house.reading() as session:
        assert session.execute(editors_of_areas(other.council.id, world.today)).all() == []
        assert count_cleared(session, other.council.id, [area.id], world.today) == {area.id: (0, 0)}
        assert area.id not in named_areas(session, other.council.id, person.id, world.today)


def test_somebody_who_never_worked_here_has_no_facts(world: World) -> None:
    stranger = world.another().person("Otto Other")
    area = world.area()
    with world.house.reading() as session:
        with pytest.raises(NotFound):
            facts_of(session, world.council.id, stranger.id, world.today)
        with pytest.raises(NotFound):
            standing_of(session, world.account(area), stranger.id, world.today)
