"""A line of what awaits somebody, and for whom it is looked up."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from registry.councils.models import Council
from registry.vocabulary.permissions import Permission, Role, permits


class When(StrEnum):
    """Under which heading a line stands."""

    NOW = "Do now"
    WEEK = "This week"
    WAITING = "Waiting for others"


@dataclass(frozen=True)
class Line:
    """One thing that awaits somebody, and the address of the page that does it."""

    when: When
    text: str
    link_text: str
    href: str
    since: str = ""


@dataclass(frozen=True)
class Asked:
    """For whom the page is made: a person with their hats in a council, today."""

    session: Session
    council: Council
    person_id: int
    roles: frozenset[Role]
    today: date

    def may(self, permission: Permission) -> bool:
        """Whether their hats let them press this button."""
        return permits(self.roles, permission)
