"""A sentence of the policy: stated once, asked in two tongues.

`Rule.judge` asks it of one set of facts and answers with every reason it fails;
`Rule.holds` asks it of whole tables and answers with a WHERE clause.
So tests may use only comparisons and `&`, and facts are never null.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, true

from registry.core.errors import Reason, Refused

Sentence = str | Callable[[Any, date], str]


@dataclass(frozen=True)
class Verdict:
    """The answer of a rule: true, or every reason why not."""

    reasons: tuple[Reason, ...] = ()

    def __bool__(self) -> bool:
        return not self.reasons

    def __iter__(self) -> Iterator[Reason]:
        return iter(self.reasons)

    def __and__(self, other: "Verdict") -> "Verdict":
        return Verdict(self.reasons + other.reasons)

    def or_refuse(self) -> None:
        """Raise `Refused` with all the reasons, unless there are none."""
        if self.reasons:
            raise Refused(self.reasons)


@dataclass(frozen=True)
class Condition:
    """One condition of the policy, what to say when it fails, its clause, what mends it and which fact it is about."""

    test: Callable[[Any, date], Any]
    otherwise: Sentence
    clause: str = ""
    mend: str = ""
    mend_text: str = ""
    about: str = ""

    def reason(self, facts: Any, on: date) -> Reason:
        """Word the failure for these facts."""
        said = self.otherwise if isinstance(self.otherwise, str) else self.otherwise(facts, on)
        return Reason(said, self.clause, self.mend, self.mend_text, self.about)


@dataclass(frozen=True)
class Rule:
    """Conditions that must all hold."""

    conditions: tuple[Condition, ...]

    def __and__(self, other: "Rule") -> "Rule":
        return Rule(self.conditions + other.conditions)

    def judge(self, facts: Any, on: date) -> Verdict:
        """Judge one set of facts on a day, and give every reason it fails."""
        return Verdict(tuple(c.reason(facts, on) for c in self.conditions if not c.test(facts, on)))

    def holds(self, facts: Any, on: date) -> ColumnElement[bool]:
        """The same tests as SQL over columns of the same names."""
        return and_(true(), *(c.test(facts, on) for c in self.conditions))
