"""The register as a list: what is asked of it turned into one statement for a page and one for the counts."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, String, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from registry.accounts.address import Unrecognised
from registry.accounts.identify import identify
from registry.accounts.models import ENDED as ENDED_STATES
from registry.accounts.models import Account, AccountState, FormerName, ServiceArea
from registry.accounts.platforms import find_platform
from registry.core.database import Rows
from registry.flags.models import Flag
from registry.identity.models import Person
from registry.register.asked import ANY, ENDED, IN_USE, Asked
from registry.register.tally import Cell
from registry.web.paging import Order

POSTED = func.coalesce(Account.last_posted_on, literal(date.min, Date))
REVIEW = func.coalesce(Account.next_review_on, literal(date.max, Date))
AREA = func.lower(ServiceArea.name, type_=String)

ORDERS: dict[str, tuple[tuple[Any, str], ...]] = {
    "name": ((Account.sort_name, "sort_name"),),
    "area": ((AREA, "area_key"), (Account.sort_name, "sort_name")),
    "state": ((Account.state, "state"), (Account.sort_name, "sort_name")),
    "posted": ((POSTED, "posted_key"),),
    "review": ((REVIEW, "review_key"),),
    "flags": ((Account.worst_flag, "worst_flag"), (Account.open_flags, "open_flags")),
}
"""Every order ends with the account's number, so that a page has one place to begin."""


def orders_of(asked: Asked) -> list[Order]:
    """The columns to sort by."""
    columns = (*ORDERS[asked.sort], (Account.id, "id"))
    return [Order(column, label, asked.falling) for column, label in columns]


def listed(council_id: int, asked: Asked, person_id: int) -> Rows:
    """The rows of the list, with all they are sorted by; nothing that is not shown."""
    return (
        select(
            Account.id, Account.platform, Account.handle, Account.name, Account.sort_name, Account.state,
            Account.service_area_id, ServiceArea.name.label("area"), AREA.label("area_key"),
            Account.cadence_days, Account.last_posted_on, POSTED.label("posted_key"),
            Account.next_review_on, REVIEW.label("review_key"),
            Account.open_flags, Account.worst_flag, Account.under_closure,
        )
        .join(ServiceArea, ServiceArea.id == Account.service_area_id)
        .where(*_filters(council_id, asked, person_id))
    )  # fmt: skip


def tally(session: Session, council_id: int, asked: Asked, person_id: int) -> list[Cell]:
    """How many accounts the search finds, by everything one may filter by: one statement for all the counts."""
    flagged = case((Account.open_flags > 0, 1), else_=0).label("flagged")
    mine = case((Account.responsible_id == person_id, 1), else_=0).label("mine")
    query = (
        select(Account.service_area_id, ServiceArea.name, Account.platform, Account.state, flagged, mine, func.count())
        .join(ServiceArea, ServiceArea.id == Account.service_area_id)
        .where(Account.council_id == council_id, *_search(asked))
        .group_by(Account.service_area_id, ServiceArea.name, Account.platform, Account.state, "flagged", "mine")
    )
    return [
        Cell(area_id, area, platform, state, bool(is_flagged), bool(is_mine), count)
        for area_id, area, platform, state, is_flagged, is_mine, count in session.execute(query)
    ]


def exported(session: Session, council_id: int, asked: Asked, person_id: int, only: Collection[int]) -> Iterator[Any]:
    """The accounts that are asked for, or only those chosen among them, a thousand at a time."""
    responsible = aliased(Person)
    query = (
        select(
            Account.platform, Account.handle, Account.url, Account.name, ServiceArea.name.label("area"), Account.state,
            Account.purpose, Account.audience, responsible.email.label("responsible"), Account.cadence_days,
            Account.last_posted_on, Account.next_review_on, Account.risk, Account.language, Account.open_flags,
            Account.live_on, Account.ended_on, Account.notes,
        )
        .join(ServiceArea, ServiceArea.id == Account.service_area_id)
        .outerjoin(responsible, responsible.id == Account.responsible_id)
        .where(*_filters(council_id, asked, person_id))
    )  # fmt: skip
    if only:
        query = query.where(Account.id.in_(only))
    for order in orders_of(asked):
        query = query.order_by(order.column.desc() if order.descending else order.column.asc())
    with session.execute(query.execution_options(yield_per=1000)) as rows:  # whoever reads may stop half-way
        yield from rows


def _filters(council_id: int, asked: Asked, person_id: int) -> list[ColumnElement[bool]]:
    conditions = [Account.council_id == council_id, *_search(asked)]
    if asked.area:
        conditions.append(Account.service_area_id == asked.area)
    if asked.platform:
        conditions.append(Account.platform == asked.platform)
    if asked.flagged:
        conditions.append(Account.open_flags > 0)
    if asked.mine:
        conditions.append(Account.responsible_id == person_id)
    return conditions + _in_state(asked.state)


def _in_state(state: str) -> list[ColumnElement[bool]]:
    if state == ANY:
        return []
    if state in (IN_USE, ENDED):
        return [Account.state.in_(ENDED_STATES) if state == ENDED else Account.state.not_in(ENDED_STATES)]
    return [Account.state == AccountState(state)]


def _search(asked: Asked) -> list[ColumnElement[bool]]:
    """The words that must all be found, or the account that a pasted address names; and the flag asked for, if any."""
    found = [_has_flag(asked.rule)] if asked.rule else []
    try:
        if "/" in asked.q:
            named = identify(asked.q)
            return [*found, _is_called(named.platform, named.handle_key)]
    except Unrecognised:
        pass  # not an address, so words
    return found + [_mentions(word) for word in asked.q.split()]


def _mentions(word: str) -> ColumnElement[bool]:
    """A word in the name, the handle, the service area's name or a name it once had; or the platform's name."""
    word = word.removeprefix("@") or word
    name, plain, platform = word.casefold(), word.lower(), find_platform(word)
    once = exists().where(
        FormerName.council_id == Account.council_id,
        FormerName.account_id == Account.id,
        func.lower(FormerName.handle).contains(plain, autoescape=True),
    )
    return or_(
        Account.sort_name.contains(name, autoescape=True),
        func.lower(Account.handle).contains(plain, autoescape=True),
        AREA.contains(plain, autoescape=True),
        once,
        *([Account.platform == platform.key] if platform else []),
    )


def _is_called(platform: str, key: str) -> ColumnElement[bool]:
    once = exists().where(
        FormerName.council_id == Account.council_id,
        FormerName.account_id == Account.id,
        FormerName.platform == platform,
        FormerName.handle_key == key,
    )
    return or_(and_(Account.platform == platform, Account.handle_key == key), once)


def _has_flag(rule: str) -> ColumnElement[bool]:
    return exists().where(
        Flag.council_id == Account.council_id,
        Flag.account_id == Account.id,
        Flag.rule == rule,
        Flag.cleared_at.is_(None),
    )
