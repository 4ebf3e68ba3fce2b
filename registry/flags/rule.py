"""What a flag rule is: a standing question to the register, declared in one place; every row it finds is one flag.

A rule is a function of a day that answers with a `select` made by `finding` or `about_account`. Its name is the
rule's name, its docstring is shown to people, and what depends on a council's settings is a column of the select.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from inspect import cleandoc
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, Select, cast, literal, null, select

from registry.accounts.models import Account
from registry.flags.words import worded


class Severity(IntEnum):
    """How grave a finding is: worth knowing, to be put right, or the policy is broken."""

    NOTICE = 1
    WARNING = 2
    BREACH = 3

    @property
    def word(self) -> str:
        """The word shown on the tag."""
        return self.name.capitalize()

    @property
    def colour(self) -> str:
        """The tag's colour, never shown without its word."""
        return ("blue", "orange", "red")[self - 1]


class Tell(StrEnum):
    """Who is told of a finding."""

    PERSON = "the person concerned"
    RESPONSIBLE = "the person responsible for the account"
    EDITORS = "the account’s editors"
    MANAGER = "the manager of the service area"
    COMMS = "the communications team"
    CLERK = "the Clerk"
    AUDITOR = "the auditors"


class Mend(NamedTuple):
    """The page that puts it right (an endpoint), and what one does there."""

    endpoint: str
    text: str


Find = Callable[[date], Select[Any]]


@dataclass(frozen=True)
class FlagRule:
    """One rule. `mend_own` is what mends it for the person it is about, where that differs."""

    name: str
    severity: Severity
    clause: str
    message: str
    tell: tuple[Tell, ...]
    mend: Mend
    mend_own: Mend
    why: str
    find: Find

    @property
    def title(self) -> str:
        """The rule's name for people: Review overdue."""
        return self.name.replace("_", " ").capitalize()

    def wanted(self, on: date) -> Select[Any]:
        """Every flag that should be open on this day, with its severity and its sentence; since_on may be null."""
        found = self.find(on).subquery("found")
        severity = found.c.severity if "severity" in found.c else literal(int(self.severity), Integer)
        return select(
            found.c.council_id,
            found.c.subject_kind,
            found.c.subject_id,
            found.c.account_id,
            found.c.person_id,
            severity.label("severity"),
            worded(self.message, found.c).label("message"),
            found.c.since_on,
        )


def flag(
    severity: Severity,
    *,
    clause: str,
    message: str,
    tell: tuple[Tell, ...],
    mend: tuple[str, str],
    mend_own: tuple[str, str] | None = None,
) -> Callable[[Find], FlagRule]:
    """Make a rule of the decorated question. `message` may use any column of its answer as {name}."""

    def make(find: Find) -> FlagRule:
        return FlagRule(
            name=find.__name__,
            severity=severity,
            clause=clause,
            message=message,
            tell=tell,
            mend=Mend(*mend),
            mend_own=Mend(*(mend_own or mend)),
            why=cleandoc(find.__doc__ or ""),
            find=find,
        )

    return make


NOBODY = cast(null(), Integer)
FIRST_SEEN = cast(null(), Date)
"""The first bad day is not in the data: the sweep keeps the day on which it first saw the finding."""


def finding(
    kind: str,
    council_id: Any,
    subject_id: Any,
    since_on: Any = FIRST_SEEN,
    *,
    account_id: Any = NOBODY,
    person_id: Any = NOBODY,
    **told: Any,
) -> Select[Any]:
    """The columns of a rule's answer: what is flagged (named as the trail names it), since when, and what its
    message tells. `since_on` is the first day on which it was so."""
    return select(
        council_id.label("council_id"),
        literal(kind).label("subject_kind"),
        subject_id.label("subject_id"),
        account_id.label("account_id"),
        person_id.label("person_id"),
        since_on.label("since_on"),
        *(column.label(name) for name, column in told.items()),
    )


def about_account(since_on: Any = FIRST_SEEN, **told: Any) -> Select[Any]:
    """The columns of an answer about accounts. The message never names the account: pages and the trail do."""
    return finding("Account", Account.council_id, Account.id, since_on, account_id=Account.id, **told)
