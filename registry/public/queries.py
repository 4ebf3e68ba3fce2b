"""Looking at the register from the street: published states and columns only."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from registry.accounts.identify import Identity
from registry.accounts.models import Account, AccountState, FormerName, ServiceArea
from registry.accounts.platforms import find_platform
from registry.core.database import Rows
from registry.public.published import COLUMNS, PUBLIC_STATES
from registry.web.arguments import plain_text
from registry.web.paging import Order

ORDERS = (Order(Account.sort_name, "sort_name"), Order(Account.id, "number"))
STATES = {state.value: state for state in PUBLIC_STATES}

PERMANENT_NUMBERS = {
    "facebook": re.compile(r"([0-9]+)"),
    "facebook_group": re.compile(r"groups/([0-9]+)"),
    "youtube": re.compile(r"channel/(UC[\w-]{22})"),
    "linkedin": re.compile(r"company/([0-9]+)"),
    "flickr": re.compile(r"([0-9]+@N[0-9]+)"),
    "bluesky": re.compile(r"(did:.+)"),
}
"""How platforms write the number that stays when a name changes. Elsewhere, and in any other form, the same letters
are a name that somebody else may bear: `youtube.com/c/…`, or a page of that name on a site of their own."""


@dataclass(frozen=True)
class Sought:
    """What a resident looks for: words, a platform, a service area by its name, a state."""

    q: str = ""
    platform: str = ""
    area: str = ""
    state: str = ""

    @property
    def address(self) -> dict[str, str]:
        """All that is asked, as it stands in the address."""
        return {name: value for name, value in vars(self).items() if value}


def read(address: Mapping[str, str]) -> Sought:
    """Read what is asked; what makes no sense is as if it were not asked."""
    state = address.get("state", "")
    words = {name: plain_text(address.get(name, "")) for name in ("q", "platform", "area")}
    return Sought(**words, state=state if state in STATES else "")


def published(council_id: int, sought: Sought = Sought()) -> Rows:
    """The published accounts that match, in no order yet."""
    query = select(*COLUMNS).join(ServiceArea, ServiceArea.id == Account.service_area_id).where(*_public(council_id))
    if sought.platform:
        query = query.where(Account.platform == sought.platform)
    if sought.area:
        query = query.where(ServiceArea.name == sought.area)
    if sought.state:
        query = query.where(Account.state == STATES[sought.state])
    return query.where(*(_mentions(word) for word in sought.q.split()))


def all_published(session: Session, council_id: int, sought: Sought) -> Iterator[Any]:
    """Every account that matches, by name, a thousand at a time."""
    query = published(council_id, sought).order_by(*(order.column for order in ORDERS))
    with session.execute(query.execution_options(yield_per=1000)) as rows:  # whoever reads may stop half-way
        yield from rows


def list_choices(session: Session, council_id: int) -> list[tuple[str, str, AccountState]]:
    """Every service area, platform and state that occur together in the list: what its filters offer."""
    query = select(ServiceArea.name, Account.platform, Account.state).join(
        Account, Account.service_area_id == ServiceArea.id
    )
    query = query.where(*_public(council_id)).distinct()
    return [(area, platform, state) for area, platform, state in session.execute(query)]


@dataclass(frozen=True)
class Match:
    """An account of the council that has, or had (`once`), the very name asked about; unpublished ones have no row."""

    row: Any | None
    once: Any | None = None


def list_matches(session: Session, council_id: int, identities: Sequence[Identity]) -> list[Match]:
    """The council's accounts that are one of these, now or under a former name; exact to the letter."""
    if not identities:
        return []
    now = or_(*(_is_now(identity) for identity in identities))
    query = select(*COLUMNS).join(ServiceArea, ServiceArea.id == Account.service_area_id)
    here = session.execute(query.where(Account.council_id == council_id, now)).all()
    then = or_(*(and_(FormerName.platform == i.platform, FormerName.handle_key == i.handle_key) for i in identities))
    once = session.execute(
        query.add_columns(FormerName.handle.label("former"), FormerName.until_on)
        .join(FormerName, and_(FormerName.council_id == Account.council_id, FormerName.account_id == Account.id))
        .where(Account.council_id == council_id, then)
        .order_by(FormerName.until_on.desc())
    ).all()
    taken = {row.platform for row in here}
    return [*map(_match, here), *(_match(row, row) for row in once if row.platform not in taken)]


def list_own_names(session: Session, council_id: int) -> Sequence[Any]:
    """Platform and handle of everything that is, or was, the council's in public; not what it gave away."""
    query = select(Account.platform, Account.handle).where(*_public(council_id))
    return session.execute(query.where(Account.state != AccountState.HANDED_OVER)).all()


def _match(row: Any, once: Any | None = None) -> Match:
    return Match(row if row.state in PUBLIC_STATES else None, once)


def _is_now(identity: Identity) -> ColumnElement[bool]:
    key = or_(
        Account.handle_key == identity.handle_key,
        and_(Account.platform_uid == _permanent_number(identity), Account.platform_uid != ""),
    )
    return and_(Account.platform == identity.platform, key)


def _permanent_number(identity: Identity) -> str:
    """The permanent number that an address gives instead of a name; empty where anybody could choose it as a name."""
    pattern = PERMANENT_NUMBERS.get(identity.platform)
    match = pattern.fullmatch(identity.handle) if pattern else None
    return match[1] if match else ""


def _public(council_id: int) -> tuple[ColumnElement[bool], ...]:
    return Account.council_id == council_id, Account.state.in_(PUBLIC_STATES)


def _mentions(word: str) -> ColumnElement[bool]:
    word = word.removeprefix("@") or word
    plain, platform = word.lower(), find_platform(word)
    return or_(
        Account.sort_name.contains(word.casefold(), autoescape=True),
        func.lower(Account.handle).contains(plain, autoescape=True),
        func.lower(ServiceArea.name).contains(plain, autoescape=True),
        *([Account.platform == platform.key] if platform else []),
    )
