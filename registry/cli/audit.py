"""Verifying the trail from the command line."""

import json

import click
from sqlalchemy.exc import SQLAlchemyError

from registry.audit.chain import list_chains
from registry.audit.chain import verify as verify_chain
from registry.cli.house import in_house
from registry.core.house import House
from registry.councils.queries import list_councils

WHOLE, TAMPERED, UNREADABLE = 0, 2, 3


@click.group()
def audit() -> None:
    """The trail."""


@audit.command()
@click.option("--council", "slug", help="Only this council's chain (its short name).")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a chain.")
@in_house
def verify(house: House, slug: str | None, as_json: bool) -> None:
    """Check every link of every chain. Exit 0 whole, 2 tampered with, 3 unreadable."""
    try:
        with house.reading() as session:
            names = {0: "the installation", **{c.id: c.slug for c in list_councils(session)}}
            wanted = [chain for chain in list_chains(session) if slug is None or names.get(chain) == slug]
            proofs = [verify_chain(session, chain) for chain in wanted]
    except SQLAlchemyError as error:
        click.echo(f"The trail cannot be read: {error}", err=True)
        raise SystemExit(UNREADABLE) from error
    except (ValueError, KeyError, TypeError) as error:
        click.echo(f"The trail holds something that is not an entry: {error}", err=True)
        raise SystemExit(TAMPERED) from error
    if slug and not proofs:
        click.echo(f"There is no chain of a council {slug!r}.", err=True)
        raise SystemExit(UNREADABLE)
    for proof in proofs:
        place = names.get(proof.chain, f"chain {proof.chain}")
        if as_json:
            broken = {"seq": proof.broken.seq, "kind": proof.broken.kind} if proof.broken else None
            click.echo(json.dumps({"chain": place, "length": proof.length, "hash": proof.hash, "broken": broken}))
        elif proof.broken:
            click.echo(
                f"{place}: entry {proof.broken.seq} is {proof.broken.kind}; {proof.length} entries before it are whole"
            )
        else:
            click.echo(f"{place}: {proof.length} entries, whole; last hash {proof.hash[:16]}…")
    raise SystemExit(TAMPERED if any(proof.broken for proof in proofs) else WHOLE)
