"""Nobody writes over what somebody else changed since it was read: both versions are shown instead."""

from collections.abc import Mapping
from typing import Any

from registry.core.errors import Conflict


def version_of(row: Any) -> int:
    """Which version of a row this is: every change of it counts one up."""
    mapper = row.__mapper__
    return int(getattr(row, mapper.get_property_by_column(mapper.version_id_col).key))


def refuse_stale(
    thing: str, row: Any, seen: int, changes: Mapping[str, Any], stands: Mapping[str, Any] | None = None
) -> None:
    """Raise `Conflict` if the row has changed since its version `seen`, with what is typed and what is recorded.

    Both are named by their fields, whose form puts them into people's words. `stands` overrules what is recorded,
    for facts that do not lie in the row itself. An act that changes no fact by name gives no `changes`.
    """
    if version_of(row) == seen:
        return
    recorded = {name: getattr(row, name, None) for name in changes} | dict(stands or {})
    differing = [name for name in changes if changes[name] != recorded[name]]
    if changes and not differing:
        return  # they say the same
    raise Conflict(
        f"Somebody else changed this {thing} while you were working on it.",
        yours=tuple((name, changes[name]) for name in differing),
        theirs=tuple((name, recorded[name]) for name in differing),
    )
