"""Parting an entry's details into what anybody may keep for ever and what is somebody's own, and bringing them back."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.audit.models import Sealed
from registry.audit.people import PersonKeys
from registry.core.authkey import AuthKey
from registry.vocabulary.details import OPEN, PERSONAL, Whose

ERASED = "(erased)"
PEOPLE = ("Person", "Employment")


def part(body: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """The details of an entry that are people's own, by person. What is nobody's in particular stays open."""
    found: dict[int, dict[str, Any]] = {}
    for key, value in body["detail"].items():
        owner = None if key in OPEN else _owner(body, PERSONAL.get(key, Whose.ACTOR))
        if owner is not None:
            found.setdefault(owner, {})[key] = value
    return found


def _owner(body: Mapping[str, Any], whose: Whose) -> int | None:
    about = body["detail"].get("person_id") or (body["id"] if body["kind"] in PEOPLE else None)
    owner = about if whose is Whose.SUBJECT else body["actor"] or about
    return owner if isinstance(owner, int) else None


def opened(session: Session, auth_key: AuthKey, chain: int, entries: Iterable[Any]) -> list[dict[str, Any]]:
    """The bodies of these entries (with seq, body) with their details opened, or marked where they were erased.

    Every reader of the trail comes this way; the number of statements does not grow with the entries.
    """
    bodies = [json.loads(entry.body) for entry in entries]
    sealed = [body for body in bodies if body.get("sealed")]
    if not sealed:
        return bodies
    found = select(Sealed).where(Sealed.chain == chain, Sealed.seq.in_([body["seq"] for body in sealed]))
    texts = {(row.seq, row.person_id): row.ciphertext for row in session.scalars(found)}
    keys = PersonKeys.load(session, auth_key, {one["person"] for body in sealed for one in body["sealed"]})
    for body in sealed:
        for one in body["sealed"]:
            body["detail"] |= _said(keys, chain, body["seq"], one, texts.get((body["seq"], one["person"])))
    return bodies


def _said(keys: PersonKeys, chain: int, seq: int, one: Mapping[str, Any], text: bytes | None) -> dict[str, Any]:
    person_id = one["person"]
    if text is None or person_id not in keys.keys:
        return dict.fromkeys(one["keys"], ERASED)
    try:
        return keys.open(chain, seq, person_id, text)
    except InvalidTag:  # verifying finds what was altered; a page goes on
        return dict.fromkeys(one["keys"], "(unreadable)")
