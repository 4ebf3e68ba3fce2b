"""Turning the pages of a list that is sorted by a moment."""

from datetime import timedelta
from urllib.parse import parse_qsl

from sqlalchemy import select

from registry.identity.models import SignInSession
from registry.web.paging import Order, page
from tests.world import World

BY_MOMENT = (Order(SignInSession.started_at, "started_at"), Order(SignInSession.id, "id"))


def test_a_list_sorted_by_a_moment_can_be_read_to_its_end_and_back(world: World) -> None:
    ann, now = world.person("Ann Example"), world.clock.now()
    for minutes in range(3):
        at = now + timedelta(minutes=minutes)
        world.add(SignInSession(token_hash=f"{minutes}", person_id=ann.id, started_at=at, seen_at=at))
    with world.house.reading() as session:
        query = select(SignInSession.id, SignInSession.started_at)
        shown, arguments = [], {}
        for _ in range(3):
            found = page(session, query, BY_MOMENT, arguments, size=1)
            shown += [row.started_at - now for row in found.rows]
            arguments = dict(parse_qsl((found.next_url or "?")[1:]))
        assert shown == [timedelta(minutes=minutes) for minutes in range(3)]
        assert not arguments
        before = dict(parse_qsl((found.previous_url or "?")[1:]))
        assert page(session, query, BY_MOMENT, before, size=1).rows[0].started_at - now == timedelta(minutes=1)
