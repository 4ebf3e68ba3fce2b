"""Reading how far an account is on its way to live."""

from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, Subquery, func, select, true
from sqlalchemy.orm import Session

from registry.accounts.models import Account
from registry.accounts.platforms import BY_ROLES
from registry.core.database import Rows
from registry.core.errors import NotFound
from registry.councils.models import Council
from registry.custody.models import Credential, Kind
from registry.editors.rules import CLEARED
from registry.editors.standing import standings
from registry.launch.rules import Readiness


def readiness_of(session: Session, council_id: int, account_id: int, on: date) -> Readiness:
    """How far one account is; one statement."""
    row = session.execute(readiness(on).where(Account.council_id == council_id, Account.id == account_id)).one_or_none()
    if row is None:
        raise NotFound
    return Readiness(
        has_credential=bool(row.has_credential),
        opens_by_roles=bool(row.opens_by_roles),
        two_step_on=bool(row.two_step_on),
        is_reviewed=bool(row.is_reviewed),
        is_linked=bool(row.is_linked),
        named=row.named,
        cleared=row.cleared,
        ideal=row.ideal,
    )


def readiness(on: date) -> Rows:
    """account_id and the facts of `Readiness` of every account; none of them null."""
    held = select(Credential.id).where(
        Credential.council_id == Account.council_id,
        Credential.account_id == Account.id,
        Credential.kind == Kind.PASSWORD,
        Credential.current_version > 0,
        Credential.destroyed_at.is_(None),
    )
    named = standings(on).subquery("named_editors")
    return select(
        Account.id.label("account_id"),
        held.correlate(Account).exists().label("has_credential"),
        Account.platform.in_(BY_ROLES).label("opens_by_roles"),
        Account.two_step_on,
        Account.last_reviewed_on.is_not(None).label("is_reviewed"),
        Account.linked_from_website.label("is_linked"),
        _count(named, true()).label("named"),
        _count(named, CLEARED.holds(named.c, on)).label("cleared"),
        Council.ideal_editors.label("ideal"),
    ).join(Council, Council.id == Account.council_id)


def _count(named: Subquery, which: ColumnElement[bool]) -> ScalarSelect[int]:
    of_its_area = (named.c.council_id == Account.council_id, named.c.service_area_id == Account.service_area_id)
    return select(func.count()).select_from(named).where(*of_its_area, which).correlate(Account).scalar_subquery()
