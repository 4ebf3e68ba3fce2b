"""Finding flags, always within one council. Rows carry the flag's columns and those of the account it is about."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, extract, false, func, or_, select, true
from sqlalchemy.orm import Session

from registry.accounts.models import Account, ServiceArea
from registry.core.database import columns_of
from registry.core.errors import NotFound
from registry.editors.models import Editorship
from registry.flags.models import Flag
from registry.flags.rule import Mend, Tell
from registry.flags.rules import BY_NAME, RULES
from registry.flags.tally import is_loud, is_quiet
from registry.identity.queries import in_force
from registry.vocabulary.permissions import Role

MENDS: tuple[Mend, ...] = tuple(dict.fromkeys(rule.mend for rule in RULES))
"""What mends flags, in the order in which pages list them."""

_RANKS = {rule.name: MENDS.index(rule.mend) for rule in RULES}
mend_rank: ColumnElement[int] = case(_RANKS, value=Flag.rule, else_=len(MENDS))


def open_flags(council_id: int) -> Select[Any]:
    """Everything that stands open in a council, acknowledged or not."""
    area_id = func.coalesce(Account.service_area_id, Editorship.service_area_id).label("area_id")
    account_columns = (Account.name.label("account_name"), Account.platform, Account.handle)
    return (
        select(
            *columns_of(Flag),
            *account_columns,
            area_id,
            mend_rank.label("mend_rank"),
        )
        .select_from(Flag)
        .outerjoin(Account, and_(Account.council_id == Flag.council_id, Account.id == Flag.account_id))
        .outerjoin(
            Editorship,
            and_(
                Flag.subject_kind == "Editorship",
                Editorship.council_id == Flag.council_id,
                Editorship.id == Flag.subject_id,
            ),
        )
        .where(Flag.council_id == council_id, Flag.cleared_at.is_(None))
    )


def open_flags_of_account(session: Session, council_id: int, account_id: int, on: date) -> Sequence[Any]:
    """What stands open about an account: the gravest first, acknowledged ones last."""
    quiet_last = case((is_quiet(on), 1), else_=0)
    query = open_flags(council_id).where(Flag.account_id == account_id)
    return session.execute(query.order_by(quiet_last, Flag.severity.desc(), Flag.since_on, Flag.id)).all()


def open_flags_for(
    session: Session, council_id: int, person_id: int, roles: frozenset[Role], on: date, limit: int = 50
) -> Sequence[Any]:
    """What this person is told of: open, not acknowledged, the gravest and oldest first."""
    query = open_flags(council_id).where(is_loud(on), concerns(council_id, person_id, roles, on))
    return session.execute(query.order_by(Flag.severity.desc(), Flag.since_on, Flag.id).limit(limit)).all()


def concerns(council_id: int, person_id: int, roles: frozenset[Role], on: date) -> ColumnElement[bool]:
    """The flags of which a person is told, by what they are to the account, the area or the council."""
    managed = _managed(council_id, person_id)
    acts_for = select(Editorship.service_area_id).where(
        Editorship.council_id == council_id,
        Editorship.person_id == person_id,
        in_force(Editorship.starts_on, Editorship.ends_on, on),
    )
    reached: dict[Tell, ColumnElement[bool]] = {
        Tell.PERSON: Flag.person_id == person_id,
        Tell.RESPONSIBLE: Account.responsible_id == person_id,
        Tell.EDITORS: Account.service_area_id.in_(acts_for),
        Tell.MANAGER: in_areas(council_id, managed, on),
        Tell.COMMS: true() if Role.COMMS in roles else false(),
        Tell.CLERK: true() if Role.CLERK in roles else false(),
        Tell.AUDITOR: true() if Role.AUDITOR in roles else false(),
    }
    told = {tell: [rule.name for rule in RULES if tell in rule.tell] for tell in Tell}
    return or_(*(and_(Flag.rule.in_(told[tell]), condition) for tell, condition in reached.items()))


def in_areas(council_id: int, area_ids: Any, on: date) -> ColumnElement[bool]:
    """Flags about accounts of these service areas, or about people named for them."""
    named = select(Editorship.person_id).where(
        Editorship.council_id == council_id,
        Editorship.service_area_id.in_(area_ids),
        in_force(Editorship.starts_on, Editorship.ends_on, on),
    )
    accounts = select(Account.id).where(Account.council_id == council_id, Account.service_area_id.in_(area_ids))
    return or_(Flag.account_id.in_(accounts), and_(Flag.account_id.is_(None), Flag.person_id.in_(named)))


def manages(session: Session, flag: Flag, person_id: int, on: date) -> bool:
    """Whether a flag is about a service area this person manages."""
    about = in_areas(flag.council_id, _managed(flag.council_id, person_id), on)
    return session.scalar(select(Flag.id).where(Flag.id == flag.id, about)) is not None


def _managed(council_id: int, person_id: int) -> Select[int]:
    return select(ServiceArea.id).where(ServiceArea.council_id == council_id, ServiceArea.manager_id == person_id)


def get_open_flag(session: Session, council_id: int, flag_id: int) -> Flag:
    """The council's flag with this number, while it stands open."""
    query = select(Flag).where(Flag.council_id == council_id, Flag.id == flag_id, Flag.cleared_at.is_(None))
    flag = session.scalar(query)
    if flag is None:
        raise NotFound
    return flag


def get_row(session: Session, council_id: int, flag_id: int) -> Any:
    """The same with the columns of its account, for a page."""
    row = session.execute(open_flags(council_id).where(Flag.id == flag_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def count_by_rule(session: Session, council_id: int, on: date) -> dict[str, int]:
    """How many flags of each rule ask for attention."""
    query = select(Flag.rule, func.count().label("flags")).where(Flag.council_id == council_id, is_loud(on))
    return {row.rule: row.flags for row in session.execute(query.group_by(Flag.rule))}


def raised_by_month(session: Session, council_id: int, rule: str, since: datetime) -> dict[tuple[int, int], int]:
    """How often a rule raised a flag in each month from a moment on: (year, month) → how many."""
    year, month = extract("year", Flag.raised_at), extract("month", Flag.raised_at)
    query = select(year, month, func.count()).where(
        Flag.council_id == council_id, Flag.rule == rule, Flag.raised_at >= since
    )
    return {(int(y), int(m)): count for y, m, count in session.execute(query.group_by(year, month))}


def open_everywhere() -> Select[Any]:
    """Everything that stands open in the installation, for those who keep it."""
    return (
        select(
            *columns_of(Flag),
            Account.name.label("account_name"),
            Account.platform,
            Account.handle,
        )
        .outerjoin(Account, and_(Account.council_id == Flag.council_id, Account.id == Flag.account_id))
        .where(Flag.cleared_at.is_(None))
        .order_by(Flag.council_id, Flag.severity.desc(), Flag.since_on, Flag.id)
    )


def known_rule(name: str) -> Any:
    """The rule of this name."""
    if name not in BY_NAME:
        raise NotFound
    return BY_NAME[name]
