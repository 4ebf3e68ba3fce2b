"""Sweeping from the command line."""

import json
from datetime import datetime
from typing import Any

import click

from registry.cli.house import in_house
from registry.core.house import House
from registry.core.tenants import Beyond
from registry.councils.queries import get_council, list_councils
from registry.flags.queries import open_everywhere
from registry.flags.rule import Severity
from registry.flags.sweep import Settled
from registry.flags.sweep import sweep as sweep_flags


@click.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Judge as if it were this day.")
@click.option("--council", "slug", help="Only this council (its short name).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: raised, cleared, open.")
@in_house
def sweep(house: House, as_of: datetime | None, slug: str | None, as_json: bool) -> None:
    """Raise a flag for whatever is against the policies, and clear what has been mended."""
    done: list[Settled] = []
    with house.reading(Beyond.KEEPER) as session:
        only = get_council(session, slug) if slug else None
        slugs = {council.id: council.slug for council in list_councils(session)}
    swept = sweep_flags(house, as_of.date() if as_of else None, only, done.append)
    with house.reading(Beyond.KEEPER) as session:
        still = [row for row in session.execute(open_everywhere()) if only is None or row.council_id == only.id]
    told = {
        "raised": [_told(row, slugs) for settled in done for row in (*settled.raised, *settled.changed)],
        "cleared": [_told(row, slugs) for settled in done for row in settled.cleared],
        "open": [_told(row, slugs) for row in still],
    }
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _in_lines(told))
    if swept.failed:
        raise click.ClickException(f"The sweep failed in {', '.join(slugs[number] for number in swept.failed)}.")


def _told(row: Any, slugs: dict[int, str]) -> dict[str, Any]:
    number = f"{row.subject_kind} {row.subject_id}"
    return {
        "rule": row.rule,
        "council": slugs[row.council_id],
        "subject": f"{row.platform}:{row.handle}" if row.account_name else number,
        "since": row.since_on.isoformat(),
        "severity": Severity(row.severity).word.lower(),
        "message": row.message,
        "account": row.account_name,
        "kind": row.subject_kind,
        "id": row.subject_id,
    }


def _in_lines(told: dict[str, list[dict[str, Any]]]) -> str:
    lines = []
    for heading, rows in told.items():
        lines.append(f"{heading.capitalize()}: {len(rows)}")
        lines += [f"  {row['severity']:8} {row['council']}  {_line(row)}" for row in rows]
    return "\n".join(lines)


def _line(row: dict[str, Any]) -> str:
    return f"{row['rule']}  {row['account'] or row['subject']}, since {row['since']}: {row['message']}"
