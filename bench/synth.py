"""A council of any size, made up from a seed, written in bulk."""

import os
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from registry.accounts.models import Account, AccountState, ServiceArea
from registry.core.house import House
from registry.core.work import Work
from registry.councils import actions as councils
from registry.councils.models import Council, Risk
from registry.editors.models import Editorship
from registry.identity.actions import people
from registry.identity.models import Person
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role

PLATFORMS = ("x", "facebook", "instagram", "youtube", "linkedin", "tiktok")
AREAS = 40


def synth(house: House, accounts: int, seed: int = 1) -> tuple[Council, Person]:
    """Make one council with this many accounts in 40 service areas with two editors each; gives it and its Clerk."""
    dice = Random(seed)
    with house.work(None, None, "synth") as work:
        councils.set_up(work, is_demo=False)
        council = councils.add_council(work, "synth", "Synthetic Council")
    with house.work(None, council, "synth") as work:
        staff = [_joins(work, number) for number in range(AREAS * 2 + 1)]
        people.grant_role(work, staff[0].id, Role.CLERK, work.today, None)
        areas = [ServiceArea(council_id=council.id, name=f"Area {n:02}", manager_id=staff[0].id) for n in range(AREAS)]
        work.session.add_all(areas)
        work.flush()
        work.session.add_all(
            _named(work, area, person) for i, area in enumerate(areas) for person in staff[1 + 2 * i : 3 + 2 * i]
        )
        work.session.execute(insert(Account), [_account(work, areas, dice, number) for number in range(accounts)])
        work.record(Event.DEMO_MADE)
    return council, staff[0]


def _joins(work: Work, number: int) -> Person:
    joiner = people.Joiner(
        f"Person {number:03}", f"p{number}@synth.example", "Officer", starts_on=work.today - timedelta(days=900)
    )
    return people.add_person(work, joiner).person


def _named(work: Work, area: ServiceArea, person: Person) -> Editorship:
    return Editorship(
        council_id=work.council,
        service_area_id=area.id,
        person_id=person.id,
        starts_on=work.today - timedelta(days=300),
        named_by=person.id,
        named_at=work.now,
    )


def _account(work: Work, areas: list[ServiceArea], dice: Random, number: int) -> dict[str, Any]:
    handle, today = f"synth{number:07}", work.today
    return {
        "council_id": work.council,
        "public_id": os.urandom(16),
        "service_area_id": dice.choice(areas).id,
        "platform": PLATFORMS[number % len(PLATFORMS)],
        "handle": handle,
        "handle_key": handle,
        "url": f"https://x.com/{handle}",
        "name": f"Account {number:07}",
        "sort_name": f"account {number:07}",
        "state": AccountState.LIVE,
        "risk": Risk.NORMAL,
        "authorised_on": today - timedelta(days=500),
        "live_on": today - timedelta(days=500),
        "last_posted_on": today - timedelta(days=dice.randrange(60)),
        "last_reviewed_on": today - timedelta(days=dice.randrange(1, 120)),
        "next_review_on": today + timedelta(days=dice.randrange(-30, 90)),
        "added_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
