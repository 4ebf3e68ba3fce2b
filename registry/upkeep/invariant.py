"""How an invariant is declared: a number, a sentence that must always be true, and what finds where it is not."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from registry.core.database import Rows
from registry.core.house import House

MOST = 100
"""Breaches told of one invariant; more say nothing new."""


@dataclass(frozen=True)
class Look:
    """One look at the whole register: everything an invariant reads is of the same moment."""

    session: Session
    house: House
    now: datetime


@dataclass(frozen=True)
class Wrong:
    """One thing for which an invariant does not hold, and how. No names: numbers lead whoever may to them."""

    kind: str
    id: object
    words: str
    council_id: int | None = None


@dataclass(frozen=True)
class Breach:
    """An invariant with one thing for which it does not hold."""

    number: str
    name: str
    wrong: Wrong

    def __str__(self) -> str:
        wrong = self.wrong
        where = f" of council {wrong.council_id}" if wrong.council_id else ""
        return f"{self.number} {self.name}: {wrong.kind} {wrong.id}{where} {wrong.words}"


Find = Callable[[Look], Iterable[Wrong]]


@dataclass(frozen=True)
class Invariant:
    """Something that must be true of every register at every moment."""

    number: str
    sentence: str
    find: Find

    @property
    def name(self) -> str:
        """Its name: that of the function that looks for breaches."""
        return self.find.__name__

    def breaches(self, look: Look) -> Iterator[Breach]:
        """Where it does not hold, as far as anybody would read."""
        return (Breach(self.number, self.name, wrong) for wrong in islice(self.find(look), MOST))


TABLE: list[Invariant] = []
"""Every invariant that any room has declared, in order."""


def invariant(number: str, sentence: str) -> Callable[[Find], Find]:
    """Declare a function as what finds the breaches of an invariant (its numbers are those of the design)."""

    def declare(find: Find) -> Find:
        TABLE.append(Invariant(number, sentence, find))
        return find

    return declare


def found(look: Look, query: Rows, kind: str, words: str) -> Iterator[Wrong]:
    """The rows of a query, which gives `id`, `council_id` and whatever the words use, as breaches."""
    for row in look.session.execute(query.limit(MOST)):
        yield Wrong(kind, row.id, words.format(**row._mapping), row.council_id)
