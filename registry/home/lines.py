"""A line of what awaits somebody, and for whom it is looked up."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from registry.activity.queries import accounts_to_ask_posted
from registry.councils.models import Council
from registry.editors.queries import Facts, facts_of
from registry.training.models import TrainingRecord
from registry.training.queries import list_records
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
    """For whom the page is made: a person with their hats in a council, today.

    What several lines go by is asked of the database once.
    """

    session: Session
    council: Council
    person_id: int
    roles: frozenset[Role]
    today: date

    @cached_property
    def facts(self) -> Facts:
        """What the gate knows of them."""
        return facts_of(self.session, self.council.id, self.person_id, self.today)

    @cached_property
    def silent(self) -> list[Row[Any]]:
        """The accounts they are named for of which to ask whether anything was posted."""
        return accounts_to_ask_posted(self.session, self.council.id, self.person_id, self.today)

    @cached_property
    def records(self) -> list[TrainingRecord]:
        """What is recorded of their training, newest first."""
        return list_records(self.session, self.council.id, self.person_id)

    def may(self, permission: Permission) -> bool:
        """Whether their hats let them press this button."""
        return permits(self.roles, permission)
