"""Checking the links of a chain, and what people outside keep of it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.audit.canonical import digest
from registry.audit.merkle import Frontier, leaf
from registry.audit.models import INSTALLATION_CHAIN, ChainHead, Checkpoint, Entry, Sealed
from registry.core.database import Rows
from registry.councils.models import Council

GENESIS = "0" * 64
NOBODYS = "nobody's"
MEANING = {
    "altered": "its text, or a column beside it, is not what was written",
    "altered details": "what is sealed beside it was changed or removed",
    "altered head": "the mark of where the trail ends was changed or removed",
    "missing": "entries were removed here",
    "missing first": "entries were removed from the beginning",
    "missing last": "entries were removed from the end",
    "reordered": "entries changed places",
    "unlinked": "it does not follow from the entry before it: something was slipped in or taken out",
    "fork": "there is more than one entry of this number",
    "shrunk": "the trail is shorter than it was: an old copy was put back, or its end was removed",
    "rewritten": "the trail is not the one that was vouched for: it was written anew",
    "vouched for by a note with a bad signature": "a checkpoint, or your note, does not bear the signature it claims",
    "vouched for by a note signed by another key": "somebody else's key vouches for it: the trail may be forged",
    NOBODYS: "no council has this number: entries were moved, or the council was removed",
}
"""What each kind of break means to whoever keeps the register."""


@dataclass(frozen=True)
class Break:
    """The first place where a chain is not what was written, and how."""

    chain: int
    seq: int
    kind: str

    @property
    def meaning(self) -> str:
        """What happened, in a sentence."""
        return MEANING[self.kind.partition(":")[0]]


@dataclass(frozen=True)
class Claim:
    """What somebody holds that a chain was: its size and its root. `kept`: whose word it is."""

    size: int
    root: bytes
    kept: str = "by the register"


@dataclass(frozen=True)
class Proof:
    """What verifying a chain found: its length, last hash and root, and its first break if there is one."""

    chain: int
    length: int
    hash: str
    broken: Break | None
    root: str = ""


def verify(session: Session, chain: int, claims: Iterable[Claim] = (), *, fast: bool = False) -> Proof:
    """Walk a chain from its first link and compare every link with what it claims, and the whole with these claims.

    `fast` leaves out the columns that only repeat the body for searching.
    """
    with session.execute(_links(chain)) as links, session.execute(_sealed(chain)) as sealed:  # closed at a break too
        walk = _Walk(chain, claims, fast, sealed)
        for entry in links:
            broken = walk.claimed() or walk.step(entry)
            if broken:
                return walk.proof(broken)
    return walk.proof(walk.ends(session.get(ChainHead, chain)))


class _Walk:
    """How far a verification has come."""

    def __init__(self, chain: int, claims: Iterable[Claim], fast: bool, sealed: Iterable[Any]) -> None:
        self.chain, self.fast, self.previous, self.tree = chain, fast, GENESIS, Frontier()
        self.sealed = iter(sealed)
        self.next_sealed = next(self.sealed, None)
        self.ahead = sorted(claims, key=lambda claim: claim.size, reverse=True)
        self.agreed = 0

    def step(self, entry: Any) -> Break | None:
        """Take one link more, or tell how it is broken."""
        body = entry.body.encode()
        found = _fault(entry, body, self.tree.size + 1, self.previous, self.fast)
        if not found and not self.fast and self._hashes_of(entry.seq) != _sealed_in(entry.body):
            found = "altered details"
        if found:
            return Break(self.chain, self.tree.size + 1 if "missing" in found else entry.seq, found)
        self.tree.add(leaf(body))
        self.previous = entry.hash
        return None

    def ends(self, head: ChainHead | None) -> Break | None:
        """What is wrong with where the chain ends."""
        broken, size = self.claimed(), self.tree.size
        if broken:
            return broken
        if self.ahead:
            return Break(
                self.chain, size + 1, f"shrunk: {self.ahead[-1].size} entries were noted {self.ahead[-1].kept}"
            )
        if head is None:
            return Break(self.chain, size, "altered head") if size else None
        if head.seq > size:
            return Break(self.chain, size + 1, "missing last")
        if (head.seq, head.frontier) != (size, self.tree.text()) or (size and head.hash != self.previous):
            return Break(self.chain, size, "altered head")
        return None

    def proof(self, broken: Break | None) -> Proof:
        """What was found so far."""
        return Proof(self.chain, self.tree.size, self.previous, broken, self.tree.root().hex())

    def _hashes_of(self, seq: int) -> dict[int, str]:
        """The hashes of what is sealed beside an entry, by person."""
        found = {}
        while self.next_sealed is not None and self.next_sealed.seq <= seq:
            found[self.next_sealed.person_id] = digest(bytes(self.next_sealed.ciphertext))
            self.next_sealed = next(self.sealed, None)
        return found

    def claimed(self) -> Break | None:
        """Compare with every claim about the chain as it was at this size, be that none yet."""
        while self.ahead and self.ahead[-1].size == self.tree.size:
            claim = self.ahead.pop()
            if self.tree.root() != claim.root:
                return Break(self.chain, self.agreed + 1, f"rewritten: not what was noted {claim.kept} at {claim.size}")
            self.agreed = claim.size
        return None


def _links(chain: int) -> Rows:
    columns = select(
        Entry.seq, Entry.prev_hash, Entry.hash, Entry.body, Entry.at, Entry.act, Entry.actor_id, Entry.account_id
    )
    return columns.where(Entry.chain == chain).order_by(Entry.seq).execution_options(yield_per=1000)


def _sealed(chain: int) -> Rows:
    columns = select(Sealed.seq, Sealed.person_id, Sealed.ciphertext).where(Sealed.chain == chain)
    return columns.order_by(Sealed.seq, Sealed.person_id).execution_options(yield_per=1000)


def _sealed_in(text: str) -> dict[int, str]:
    if '"sealed":[' not in text:
        return {}
    return {one["person"]: one["sha256"] for one in json.loads(text).get("sealed", ()) if one["sha256"]}


def _fault(entry: Any, text: bytes, expected: int, previous: str, fast: bool) -> str:
    if entry.seq != expected:
        return "fork" if entry.seq < expected else "missing first" if expected == 1 else "missing"
    if digest(text) != entry.hash:
        return "altered"
    if fast:
        linked = f'"prev":"{previous}"' in entry.body and f'"seq":{expected},' in entry.body
        return "" if linked and entry.prev_hash == previous else "unlinked"
    body = json.loads(entry.body)
    if body["seq"] != expected:
        return "reordered"
    if entry.prev_hash != previous or body["prev"] != previous:
        return "unlinked"
    shown = (body["at"], body["act"], body["actor"], body["account"])
    if shown != (entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), entry.act, entry.actor_id, entry.account_id):
        return "altered"
    return ""


def leaves(session: Session, chain: int, after: int, to: int) -> Iterator[bytes]:
    """The leaves of a chain's tree from one size to another."""
    bodies = select(Entry.body).where(Entry.chain == chain, Entry.seq > after, Entry.seq <= to).order_by(Entry.seq)
    for body in session.scalars(bodies.execution_options(yield_per=1000)):
        yield leaf(body.encode())


def list_chains(session: Session) -> list[int]:
    """Every chain there is or should be, the installation's first: one that was emptied is looked at as well."""
    found = {INSTALLATION_CHAIN, *session.scalars(select(Council.id))}
    for told in (ChainHead.chain, Entry.chain, Checkpoint.chain):
        found |= set(session.scalars(select(told).distinct()))
    return sorted(found)
