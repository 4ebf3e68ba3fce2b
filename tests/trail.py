"""Reading entries of the trail as its pages do: with what is people's own opened."""

import json
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from registry.audit.details import opened
from registry.audit.models import INSTALLATION_CHAIN, Entry
from registry.core.house import House


def whole(house: House, *texts: str) -> list[dict[str, Any]]:
    """The bodies of entries of one chain, given as they were written, with every detail."""
    entries = [SimpleNamespace(body=text) for text in texts]
    with house.reading() as session:
        chain = (json.loads(texts[0])["council"] if texts else None) or INSTALLATION_CHAIN
        return opened(session, house.auth_key, chain, entries)


def entries_of(house: House, chain: int, act: str | None = None) -> list[dict[str, Any]]:
    """The entries of a chain in order, all or those of an act."""
    query = sa.select(Entry.body).where(Entry.chain == chain).order_by(Entry.seq)
    with house.reading() as session:
        texts = session.scalars(query.where(Entry.act == act) if act else query).all()
    return whole(house, *texts)
