"""Finding accounts and service areas, always within one council."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, defer

from registry.accounts.identify import Identity
from registry.accounts.importing import Known, Plan
from registry.accounts.models import ENDED, Account, FormerName, ImportBatch, ServiceArea
from registry.accounts.spreadsheet import Table
from registry.core.database import Rows, get_one
from registry.identity.models import Employment, Person
from registry.identity.queries import in_force


def get_account(session: Session, council_id: int, account_id: int) -> Account:
    """The council's account with this number, its service area with it."""
    return get_one(session, select(Account).where(Account.council_id == council_id, Account.id == account_id))


def list_areas(session: Session, council_id: int, on: date) -> list[ServiceArea]:
    """The service areas that answer for accounts on this day, by name: for lists to choose from."""
    query = select(ServiceArea).where(
        ServiceArea.council_id == council_id, or_(ServiceArea.ended_on.is_(None), ServiceArea.ended_on >= on)
    )
    return list(session.scalars(query.order_by(func.lower(ServiceArea.name), ServiceArea.id)))


def get_area(session: Session, council_id: int, area_id: int) -> ServiceArea:
    """The council's service area with this number, ended or not."""
    return get_one(session, select(ServiceArea).where(ServiceArea.council_id == council_id, ServiceArea.id == area_id))


def find_area_by_name(session: Session, council_id: int, name: str) -> ServiceArea | None:
    """The council's service area of this name, however it is spelled in capitals, ended or not."""
    wanted = name.strip().casefold()
    areas = session.scalars(select(ServiceArea).where(ServiceArea.council_id == council_id))
    return next((area for area in areas if area.name.casefold() == wanted), None)


def areas_with_counts(council_id: int) -> Rows:
    """Every service area with its manager and the number of accounts it answers for now: for paging."""
    answers = and_(
        Account.council_id == ServiceArea.council_id,
        Account.service_area_id == ServiceArea.id,
        Account.state.not_in(ENDED),
    )
    counted = select(func.count()).select_from(Account).where(answers).correlate(ServiceArea).scalar_subquery()
    return select(
        ServiceArea.id, ServiceArea.name, func.lower(ServiceArea.name).label("sort_name"), ServiceArea.description,
        ServiceArea.manager_id, ServiceArea.ended_on, counted.label("accounts"),
    ).where(ServiceArea.council_id == council_id)  # fmt: skip


def count_answered_for(session: Session, area: ServiceArea) -> int:
    """How many accounts a service area answers for now."""
    query = select(func.count()).where(
        Account.council_id == area.council_id, Account.service_area_id == area.id, Account.state.not_in(ENDED)
    )
    return session.scalar(query) or 0


def accounts_listed(council_id: int) -> Rows:
    """The few columns a short list of accounts shows, with the name of the service area: for paging by `sort_name`."""
    return (
        select(
            Account.id, Account.name, Account.sort_name, Account.platform, Account.handle, Account.state,
            Account.service_area_id, ServiceArea.name.label("area_name"), Account.last_posted_on,
        )
        .join(ServiceArea, ServiceArea.id == Account.service_area_id)
        .where(Account.council_id == council_id)
    )  # fmt: skip


def count_by_platform(session: Session, council_id: int) -> dict[str, int]:
    """How many accounts in use the council has on each platform."""
    query = (
        select(Account.platform, func.count())
        .where(Account.council_id == council_id, Account.state.not_in(ENDED))
        .group_by(Account.platform)
    )
    return dict(session.execute(query).all())


@dataclass(frozen=True)
class Namesake:
    """An account of the council that bears a name, or once bore it."""

    account_id: int
    name: str
    handle: str
    state: str
    is_former: bool

    @property
    def sentence(self) -> str:
        """Which account it is, for whoever tried to enter it again."""
        if self.is_former:
            return f"That is a former name of “{self.name}”, which is in the register as {self.handle}"
        return f"That is in the register already: “{self.name}”, {self.state.replace('_', ' ')}"


Name = tuple[str, str]
"""A platform and a handle key: what makes two spellings one account."""


def namesakes(session: Session, council_id: int, only: Name | None = None) -> dict[Name, Namesake]:
    """Who bears or bore each name in the council, or `only` one of them, in two looks.

    Where a name was given up by one account and taken by another, whoever bears it now is told.
    """
    who = (Account.id, Account.name, Account.handle, Account.state)
    former = select(FormerName.platform, FormerName.handle_key, *who).where(FormerName.council_id == council_id)
    former = former.join(Account, Account.id == FormerName.account_id).order_by(FormerName.id)
    present = select(Account.platform, Account.handle_key, *who).where(Account.council_id == council_id)
    if only:
        former = former.where(FormerName.platform == only[0], FormerName.handle_key == only[1])
        present = present.where(Account.platform == only[0], Account.handle_key == only[1])
    found: dict[Name, Namesake] = {}
    for query, is_former in ((former, True), (present, False)):
        for platform, key, account_id, name, handle, state in session.execute(query):
            found[platform, key] = Namesake(account_id, name, handle, state.value, is_former)
    return found


def find_namesake(session: Session, council_id: int, identity: Identity) -> Namesake | None:
    """The council's account that bears or bore this name, if there is one."""
    name = (identity.platform, identity.handle_key)
    return namesakes(session, council_id, name).get(name)


def list_former_names(session: Session, account: Account) -> Sequence[FormerName]:
    """The names an account once had, the latest first."""
    query = select(FormerName).where(FormerName.council_id == account.council_id, FormerName.account_id == account.id)
    return session.scalars(query.order_by(FormerName.id.desc())).all()


def get_batch(session: Session, council_id: int, batch_id: int) -> ImportBatch:
    """A spreadsheet that waits to be imported; once it is applied or put away it is gone."""
    return get_one(
        session,
        select(ImportBatch).where(
            ImportBatch.council_id == council_id, ImportBatch.id == batch_id, ImportBatch.applied_at.is_(None)
        ),
    )


def find_waiting_batch(session: Session, council_id: int, person_id: int) -> ImportBatch | None:
    """The spreadsheet that somebody uploaded and has not decided on; its rows are not read."""
    query = select(ImportBatch).options(defer(ImportBatch.rows))
    mine = (ImportBatch.council_id == council_id, ImportBatch.person_id == person_id)
    return session.scalar(query.where(*mine, ImportBatch.applied_at.is_(None)).order_by(ImportBatch.id.desc()).limit(1))


def what_is_known(session: Session, council_id: int, today: date) -> Known:
    """What an import is judged against: names taken, service areas, people. Four looks, however many rows."""
    areas = session.scalars(select(ServiceArea).where(ServiceArea.council_id == council_id)).all()
    employed = and_(Employment.person_id == Person.id, Employment.council_id == council_id)
    addresses = select(Person.email, Person.id).join(Employment, employed)
    addresses = addresses.where(in_force(Employment.starts_on, Employment.ends_on, today))
    return Known(
        today=today,
        taken={name: namesake.sentence for name, namesake in namesakes(session, council_id).items()},
        areas={area.name.casefold(): area.id for area in areas if area.answers_on(today)},
        ended_areas=frozenset(area.name.casefold() for area in areas if not area.answers_on(today)),
        people=dict(session.execute(addresses).all()),
    )


def table_of(batch: ImportBatch) -> tuple[Table, Plan]:
    """What a waiting spreadsheet holds, and how it is to be read as far as that is settled."""
    rows: list[Any] = batch.rows
    mapping: dict[str, Any] = batch.mapping
    table = Table([str(heading) for heading in batch.headings], [row[1:] for row in rows], [row[0] for row in rows])
    return table, Plan(mapping["columns"], mapping["area_id"])
