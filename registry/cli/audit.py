"""Verifying the trail from the command line, and what else its keepers need."""

import json
from pathlib import Path
from typing import NamedTuple

import click
from sqlalchemy.exc import SQLAlchemyError

from registry.audit import actions as acts
from registry.audit import erasures
from registry.audit.bundles import as_file
from registry.audit.bundles import bundle as bundle_of
from registry.audit.chain import NOBODYS, Break, Proof, list_chains
from registry.audit.examining import examine
from registry.audit.keys import TrailKeys
from registry.audit.models import INSTALLATION_CHAIN
from registry.audit.notes import NotANote, origin_of
from registry.audit.replay import Difference, is_first_vouching_due, replay
from registry.cli.house import in_house
from registry.core.house import House
from registry.core.keyfile import KeyTrouble
from registry.core.tenants import Beyond
from registry.councils.models import Council
from registry.councils.queries import get_council, list_councils

WHOLE, TAMPERED, UNREADABLE = 0, 2, 3
ONLY = click.option("--council", "slug", help="Its short name; without it, the installation’s own chain.")


@click.group()
def audit() -> None:
    """The trail."""


@audit.command()
@click.option("--council", "slug", help="Only this council's chain (its short name).")
@click.option("--against", "notes", multiple=True, type=click.Path(path_type=Path), help="A note kept outside.")
@click.option("--key", "trusted", multiple=True, help="A public key kept outside, in one line.")
@click.option("--replay", "replays", is_flag=True, help="Also hold every row against the trail.")
@click.option("--fast", is_flag=True, help="Leave out what only repeats an entry for searching.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a chain, and one a row found.")
@in_house
def verify(
    house: House,
    slug: str | None,
    notes: tuple[Path, ...],
    trusted: tuple[str, ...],
    replays: bool,
    fast: bool,
    as_json: bool,
) -> None:
    """Check every link of every chain. Exit 0 whole, 2 tampered with, 3 unreadable."""
    try:
        against = [path.read_text(encoding="utf-8") for path in notes]
        found = _collect(house, slug, against, trusted, replays=replays, fast=fast)
    except (SQLAlchemyError, OSError, KeyTrouble, NotANote) as error:
        click.echo(f"The trail cannot be read: {error}", err=True)
        raise SystemExit(UNREADABLE) from error
    except (ValueError, KeyError, TypeError) as error:
        click.echo(f"The trail holds something that is not an entry: {error}", err=True)
        raise SystemExit(TAMPERED) from error
    if slug and not found.proofs:
        click.echo(f"There is no chain of a council {slug!r}.", err=True)
        raise SystemExit(UNREADABLE)
    if found.is_first_vouching_due:
        click.echo("The trail does not vouch for rows yet; it begins to with the job “trail” tonight.", err=True)
    for origin in found.homeless:
        click.echo(f"Your note is about {origin}, and no such trail is here: it was removed, or is another register's.")
    for proof in found.proofs:
        click.echo((_as_json if as_json else _as_text)(proof, found.names.get(proof.chain, f"chain {proof.chain}")))
    for difference in found.differences:
        click.echo(json.dumps(vars(difference)) if as_json else _row(difference, found.names))
    is_broken = found.differences or found.homeless or any(proof.broken for proof in found.proofs)
    raise SystemExit(TAMPERED if is_broken else WHOLE)


class _Found(NamedTuple):
    """What verifying found, and how the chains are called."""

    names: dict[int, str]
    proofs: list[Proof]
    is_first_vouching_due: bool
    differences: list[Difference]
    homeless: list[str]


def _collect(
    house: House, slug: str | None, against: list[str], trusted: tuple[str, ...], *, replays: bool, fast: bool
) -> _Found:
    keys = TrailKeys.of(house)
    with house.reading(Beyond.KEEPER) as session:
        names = {INSTALLATION_CHAIN: "the installation", **{c.id: c.slug for c in list_councils(session)}}
        wanted = [chain for chain in list_chains(session) if slug is None or names.get(chain) == slug]
        proofs = [
            examine(session, keys, chain, against, trusted, fast=fast)
            if chain in names
            else Proof(chain, 0, "", Break(chain, 1, NOBODYS))
            for chain in wanted
        ]
        is_due = replays and is_first_vouching_due(session)
        differences = replay(session, keys) if replays and not is_due else []
        slugs = {"" if chain == INSTALLATION_CHAIN else name for chain, name in names.items()}
        homeless = [origin for origin in map(origin_of, against) if origin.partition("/")[2] not in slugs]
        return _Found(names, proofs, is_due, differences, homeless)


def _as_json(proof: Proof, place: str) -> str:
    broken = {"seq": proof.broken.seq, "kind": proof.broken.kind} if proof.broken else None
    said = {"chain": place, "length": proof.length, "hash": proof.hash, "root": proof.root, "broken": broken}
    return json.dumps(said, ensure_ascii=False)


def _as_text(proof: Proof, place: str) -> str:
    if proof.broken:
        at, kind = proof.broken.seq, proof.broken.kind
        return (
            f"{place}: NOT WHOLE. At entry {at} {proof.broken.meaning} ({kind}). "
            f"Entries before it that agree with one another: {proof.length}."
        )
    return f"{place}: {proof.length} entries, whole; last hash {proof.hash[:16]}…, root {proof.root[:16]}…"


def _row(found: Difference, names: dict[int, str]) -> str:
    last = f"; last told of in entry {found.seq} of {names.get(found.chain, found.chain)}" if found.seq else ""
    return f"row {found.key} of {found.table} was {found.kind}{last}"


@audit.command()
@ONLY
@in_house
def key(house: House, slug: str | None) -> None:
    """Print the public key that checkpoints are signed with, to be kept outside."""
    council = _council(house, slug)
    click.echo(TrailKeys.of(house).verifier(council.slug if council else ""))


@audit.command()
@ONLY
@in_house
def checkpoint(house: House, slug: str | None) -> None:
    """Sign a checkpoint now, send it to its keepers, and print the note."""
    with house.work(None, _council(house, slug), "audit checkpoint") as work:
        signed = acts.make_checkpoint(work, TrailKeys.of(house))
    click.echo(signed.note, nl=False)


@audit.command()
@click.argument("seq", type=int)
@ONLY
@in_house
def bundle(house: House, seq: int, slug: str | None) -> None:
    """Print one entry with its proof, to be checked without this register by docs/verify_bundle.py."""
    council = _council(house, slug)
    with house.reading(Beyond.KEEPER) as session:
        made = bundle_of(session, TrailKeys.of(house), council.id if council else INSTALLATION_CHAIN, seq)
    click.echo(as_file(made), nl=False)


@audit.command()
@click.argument("person_id", type=int)
@click.confirmation_option(prompt="Nobody can bring these details back. Erase them?")
@in_house
def erase(house: House, person_id: int) -> None:
    """Erase what the trail holds of somebody's own (names, reasons, browsers), in every chain."""
    erasures.erase(house, person_id)
    click.echo("Erased. The chains stay whole.")


@audit.command("erase-again")
@in_house
def erase_again(house: House) -> None:
    """Erase whoever was erased once and came back with a backup: after a restore, once the keys are in their place."""
    click.echo(f"Erased again: {erasures.erase_again(house)}.")


@audit.command()
@click.argument("table")
@click.argument("row")
@click.option("--reason", required=True, help="Why the row may stay as it is; it stands in the trail.")
@ONLY
@in_house
def accept(house: House, table: str, row: str, reason: str, slug: str | None) -> None:
    """Accept a row that was changed past the register, as `verify --replay` names it."""
    with house.work(None, _council(house, slug), "audit accept") as work:
        acts.accept_row(work, table, row, reason)
    click.echo("Accepted and entered in the trail.")


def _council(house: House, slug: str | None) -> Council | None:
    if slug is None:
        return None
    with house.reading(Beyond.KEEPER) as session:
        return get_council(session, slug)
