"""Who was erased, remembered outside the database: an older copy of it put back must not bring anybody back.

A mark is the installation's number, a person's, and when they were added, which tells them from somebody else of the
same number in a register that was restored. Marks lie in a file beside the newest notes, and in every backup's
manifest.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.audit.actions import erase_person_details
from registry.audit.models import PersonKey
from registry.core.house import House
from registry.core.keyfile import settle
from registry.core.tenants import Beyond
from registry.councils.queries import find_installation
from registry.identity.models import Person

FILE = "erased-people.txt"


class _Known(NamedTuple):
    mark: str
    person_id: int
    is_erased: bool


def erase(house: House, person_id: int) -> None:
    """Erase what the trail holds of somebody's own, in every council's, for good."""
    _erase(house, person_id)
    remember(house)


def list_marks(session: Session) -> list[str]:
    """The marks of everybody whose details this database has erased."""
    return sorted(person.mark for person in _people(session) if person.is_erased)


def remember(house: House, told: Iterable[str] = ()) -> None:
    """Note whom this database has erased, and whom others tell of, besides those that were noted before."""
    with house.reading(Beyond.INSTALLATION) as session:
        marks = {*_noted(house), *told, *list_marks(session)}
    if marks == _noted(house):
        return
    place = _place(house)
    fresh = place.with_suffix(".new")
    fresh.write_text("".join(f"{mark}\n" for mark in sorted(marks)), encoding="utf-8")
    settle(fresh)
    fresh.replace(place)
    settle(place.parent)


def list_returned(house: House) -> list[int]:
    """Who was erased once and is not in this database."""
    noted = _noted(house)
    if not noted:
        return []
    with house.reading(Beyond.INSTALLATION) as session:
        return [person.person_id for person in _people(session) if person.mark in noted and not person.is_erased]


def erase_again(house: House) -> int:
    """Erase whoever was erased once and came back with an older copy of the database; how many that were.

    It needs the register's own key: their rows are hashed anew.
    """
    remember(house)
    returned = list_returned(house)
    for person_id in returned:
        _erase(house, person_id)
    return len(returned)


def _erase(house: House, person_id: int) -> None:
    with house.work(None, None, "audit erase", Beyond.KEEPER) as work:
        erase_person_details(work, person_id)


def _people(session: Session) -> Iterator[_Known]:
    installation = find_installation(session)
    if installation is None:
        return
    query = select(Person.id, Person.added_at, PersonKey.erased_at).outerjoin(PersonKey).order_by(Person.id)
    for row in session.execute(query):
        yield _Known(f"{installation.public_id.hex()} {row.id} {row.added_at.isoformat()}", row.id, bool(row.erased_at))


def _noted(house: House) -> set[str]:
    place = _place(house)
    return set(place.read_text(encoding="utf-8").splitlines()) if place.exists() else set()


def _place(house: House) -> Path:
    return house.settings.instance / FILE
