"""The ledger of recovery codes: which of a list were taken, by whom, and how many are left."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from registry.custody.models import SecretVersion
from registry.custody.models_recovery import CodeTaken

LOW = 2
"""So many codes left, or fewer, is too few."""


def count_taken(session: Session, version: SecretVersion) -> int:
    """How many codes of a list were taken."""
    query = select(func.count()).select_from(CodeTaken)
    return session.scalar(query.where(_of(version.council_id), CodeTaken.secret_version_id == version.id)) or 0


def left_of(version: SecretVersion, taken: int) -> int | None:
    """How many codes of a list are left; nobody knows of a list kept before codes were counted."""
    return None if version.items is None else version.items - taken


def list_taken(session: Session, council_id: int, versions: Iterable[SecretVersion]) -> dict[int, Sequence[CodeTaken]]:
    """The ledger of these lists, the first taken above."""
    query = select(CodeTaken).where(_of(council_id), CodeTaken.secret_version_id.in_([v.id for v in versions]))
    found: dict[int, list[CodeTaken]] = defaultdict(list)
    for taken in session.scalars(query.order_by(CodeTaken.position)):
        found[taken.secret_version_id].append(taken)
    return dict(found)


def _of(council_id: int) -> ColumnElement[Any]:
    return CodeTaken.council_id == council_id
