"""Telling an entry of the trail as a sentence: who did what to which account, and why."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import Account, ServiceArea
from registry.audit.details import opened
from registry.core.authkey import AuthKey
from registry.core.wording import long_day
from registry.identity.queries import names_of
from registry.vocabulary.events import Event

THE_REGISTER = "The register"
UNSAID = "…"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CODES = frozenset({"kind", "role", "ending", "state"})
"""What an entry holds as a code: shown with spaces."""


@dataclass(frozen=True)
class Told:
    """One entry, ready to be read. `outcome` is ok or refused."""

    seq: int
    at: datetime
    sentence: str
    outcome: str
    account_id: int | None
    account: str


class _Words(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return UNSAID


def sentence(act: str, words: Mapping[str, Any]) -> str:
    """The sentence of an act with its words put in; what was not said is an ellipsis."""
    try:
        pattern = Event(act).sentence
    except ValueError:
        return act  # an act of a newer version than this code
    return pattern.format_map(_Words({key: _said(key, value) for key, value in words.items()}))


def _said(key: str, value: object) -> object:
    """A word of an entry as people write it: a list with commas, a day in words, a code with spaces."""
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, str) and DAY.fullmatch(value):
        return _day(value)
    return _plain(value) if key in CODES else value


def _day(text: str) -> str:
    try:
        return long_day(date.fromisoformat(text))
    except ValueError:
        return text  # somebody's own words that only look like a day


def _plain(word: object) -> str:
    """The name of a field as words."""
    return str(word).replace("_", " ")


def tell(session: Session, auth_key: AuthKey, chain: int, entries: Iterable[Any]) -> list[Told]:
    """Tell these entries of a chain (with seq, at, body), looking up every name in a fixed number of statements."""
    found = list(entries)
    bodies = opened(session, auth_key, chain, found)
    people = names_of(session, [*(b["actor"] for b in bodies), *(b["id"] for b in bodies if b["kind"] == "Person")])
    accounts = _names(session, Account, [b["account"] for b in bodies])
    areas = _names(session, ServiceArea, [b["id"] for b in bodies if b["kind"] == "ServiceArea"])
    told = []
    for entry, body in zip(found, bodies, strict=True):
        account = accounts.get(body["account"], "")
        what = {"Person": people, "Account": accounts, "ServiceArea": areas}.get(body["kind"], {}).get(body["id"])
        words = {
            "who": people.get(body["actor"], THE_REGISTER),
            "what": what or _plain_name(body),
            "account": account or UNSAID,
            **body["detail"],
        }
        said = sentence(body["act"], words)
        told.append(Told(entry.seq, entry.at, said, body["outcome"], body["account"], account))
    return told


def _names(session: Session, table: type[Account] | type[ServiceArea], ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {number for number in ids if number is not None}
    if not wanted:
        return {}
    return dict(session.execute(select(table.id, table.name).where(table.id.in_(wanted))).all())


def _plain_name(body: Mapping[str, Any]) -> str:
    kind = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in body["kind"]).strip()
    return f"the {kind} {body['id']}" if body["id"] else f"the {kind}"
