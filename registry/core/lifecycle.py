"""The life of a thing as one table: which verb leads from which state to which."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from registry.core.errors import Conflict


class HasState(Protocol):
    """Anything that stands in one state of a lifecycle."""

    state: Any  # a StrEnum of its own


@dataclass(frozen=True)
class Lifecycle:
    """States and the verbs between them; a verb not in the table cannot be done.

    `name` is what the thing is called in a sentence ("account").
    """

    name: str
    moves: Mapping[tuple[StrEnum, str], StrEnum]

    def allows(self, state: StrEnum, verb: str) -> bool:
        """Tell whether the verb may be done in this state."""
        return (state, verb) in self.moves

    def verbs(self, state: StrEnum) -> tuple[str, ...]:
        """The verbs that lead on from this state, in the table's order."""
        return tuple(verb for (origin, verb) in self.moves if origin == state)

    def move(self, thing: HasState, verb: str) -> None:
        """Take the thing along the verb, or raise `Conflict` saying where it stands."""
        target = self.moves.get((thing.state, verb))
        if target is None:
            raise Conflict(
                f"This {self.name} is {thing.state.value.replace('_', ' ')}, so it cannot {verb.replace('_', ' ')} now."
            )
        thing.state = target
