"""Paging by position, not by counting: page 18,000 costs what page 1 costs (PERFORMANCE D3).

A page's address carries the sort values of the row it stands after (or before); nothing is skipped over.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Session

from registry.core.database import Rows
from registry.core.errors import NotFound

SIZE = 50
GREATEST = 2**63 - 1


@dataclass(frozen=True)
class Order:
    """One column to sort by. The last of a list's orders must be unique (its id)."""

    column: Any
    label: str
    descending: bool = False


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the addresses of its neighbours (None at the ends)."""

    rows: Sequence[Any]
    previous_url: str | None
    next_url: str | None

    @property
    def summary(self) -> str:
        """How many rows are shown and whether there are more."""
        shown = f"{len(self.rows)} shown" if len(self.rows) != 1 else "1 shown"
        return f"{shown}, more on other pages" if self.previous_url or self.next_url else shown


def page(session: Session, query: Rows, orders: Sequence[Order], arguments: dict[str, str], size: int = SIZE) -> Page:
    """Cut one page out of a query.

    `query` selects columns that include each order's `label`. `arguments` are the address's own, so that
    filters stay in the neighbours' addresses; `after` and `before` among them say where the page begins or ends.
    """
    position, backwards = _position(arguments, orders)
    for order in orders:
        falling = order.descending != backwards
        query = query.order_by(order.column.desc() if falling else order.column.asc())
    if position:
        query = query.where(_beyond(orders, position, backwards))
    found = list(session.execute(query.limit(size + 1)))
    rows, more = found[:size], len(found) > size
    if backwards:
        rows.reverse()
    first, last = (rows[0], rows[-1]) if rows else (None, None)
    has_previous = more if backwards else bool(position)
    has_next = True if backwards else more
    return Page(
        rows,
        _address(arguments, "before", first, orders) if has_previous and first is not None else None,
        _address(arguments, "after", last, orders) if has_next and last is not None else None,
    )


def _beyond(orders: Sequence[Order], position: list[Any], backwards: bool) -> ColumnElement[bool]:
    steps = []
    for index, order in enumerate(orders):
        same = [earlier.column == position[i] for i, earlier in enumerate(orders[:index])]
        falling = order.descending != backwards
        further = order.column < position[index] if falling else order.column > position[index]
        steps.append(and_(*same, further))
    return or_(*steps)


def _address(arguments: dict[str, str], side: str, row: Any, orders: Sequence[Order]) -> str:
    kept = {key: value for key, value in arguments.items() if key not in ("after", "before") and value}
    values = [_plain(getattr(row, order.label)) for order in orders]
    token = base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")
    return "?" + urlencode({**kept, side: token})


def _position(arguments: dict[str, str], orders: Sequence[Order]) -> tuple[list[Any], bool]:
    token = arguments.get("after") or arguments.get("before")
    if not token:
        return [], False
    try:
        raw = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if not isinstance(raw, list) or len(raw) != len(orders):
            raise NotFound
        values = [_typed(value, order.column.type.python_type) for value, order in zip(raw, orders, strict=True)]
    except (binascii.Error, ValueError, TypeError, OverflowError) as error:
        raise NotFound from error
    return values, not arguments.get("after")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _typed(value: Any, kind: type[Any]) -> Any:
    if kind in (date, datetime):
        when = kind.fromisoformat(value)
        return _in_utc(when) if isinstance(when, datetime) else when
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise TypeError("not a sort value")
    if abs(value) > GREATEST if isinstance(value, int) else b"\0" in value.encode():  # no database holds it
        raise ValueError("no such position")
    return str(value) if kind is object else kind(value)  # lower() and its like give text without saying so


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("nobody can say when that was")
    return moment.astimezone(UTC)
