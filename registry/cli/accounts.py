"""The register from the command line: taking over a spreadsheet, and recognising addresses."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from registry.accounts.actions import import_accounts
from registry.accounts.identify import Unrecognised
from registry.accounts.identify import identify as recognise
from registry.accounts.importing import Plan, Preview, Problem, check, guess
from registry.accounts.queries import what_is_known
from registry.accounts.spreadsheet import Table, Unreadable, read_table
from registry.cli.house import in_house
from registry.core.clock import day_in
from registry.core.house import House
from registry.core.tenants import Beyond
from registry.councils.models import Council
from registry.councils.queries import find_council
from registry.web.filters import plural

SHOWN = 50
"""Faults told to a person before the rest is only counted."""


@click.group()
def accounts() -> None:
    """The accounts in the register."""


@accounts.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--council", "slug", required=True, help="The council's short name, as in its addresses.")
@click.option("--dry-run", is_flag=True, help="Only say what is wrong and what would be entered.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
@click.option("--no-new-areas", is_flag=True, help="Refuse service areas that the register does not have.")
@in_house
def import_file(house: House, file: Path, slug: str, dry_run: bool, as_json: bool, no_new_areas: bool) -> None:
    """Take over a CSV or XLSX file, all of it or nothing. Exit 0 applied (or clean), 1 with errors."""
    with house.reading(Beyond.INSTALLATION) as session:
        council = find_council(session, slug)
    if council is None:
        raise click.ClickException(f"There is no council with the short name “{slug}”.")
    try:
        table = read_table(file.read_bytes(), file.name)
    except Unreadable as trouble:
        preview = Preview((), (), (Problem(0, "", trouble.reason),))
        table = Table([], [], [])
    else:
        preview = _preview(house, council, table, no_new_areas)
    imported = 0
    if preview.is_clean and not dry_run:
        with house.work(None, council, "accounts import") as work:
            imported = len(import_accounts(work, table, Plan(guess(table.headings)), file.name, not no_new_areas))
    _tell(table, preview, imported, as_json)
    raise SystemExit(0 if preview.is_clean else 1)


def _preview(house: House, council: Council, table: Table, no_new_areas: bool) -> Preview:
    today = day_in(council.time_zone, house.clock.now())
    with house.reading(council) as session:
        preview = check(table, Plan(guess(table.headings)), what_is_known(session, council.id, today))
    if not (no_new_areas and preview.new_areas):
        return preview
    unknown = tuple(Problem(1, "", f"There is no service area “{name}” in the register") for name in preview.new_areas)
    return Preview(preview.lines, preview.new_areas, unknown)


def _tell(table: Table, preview: Preview, imported: int, as_json: bool) -> None:
    if as_json:
        answer = {
            "rows": len(table.rows),
            "errors": [_plain(problem) for problem in preview.problems],
            "imported": imported,
            "warnings": [_plain(warning) for warning in preview.warnings],
            "new_service_areas": list(preview.new_areas),
        }
        click.echo(json.dumps(answer))
        return
    problems = preview.problems
    _list(problems or preview.warnings)
    if problems:
        click.echo(f"{len(problems):,} to mend in {len(table.rows):,} rows; nothing was imported.")
    elif imported:
        click.echo(f"{plural(imported, 'account is', 'accounts are')} in the register.")
    else:
        click.echo(f"{len(table.rows):,} rows without a fault; nothing was imported yet.")


def _list(told: list[Problem]) -> None:
    for problem in told[:SHOWN]:
        where = ", ".join(filter(None, (f"row {problem.row}" if problem.row else "", problem.column)))
        click.echo(f"{where or 'file'}: {problem.message}")
    if len(told) > SHOWN:
        click.echo(f"… and {len(told) - SHOWN:,} more.")


def _plain(problem: Problem) -> dict[str, Any]:
    return {"row": problem.row, "column": problem.column, "message": problem.message}


@accounts.command()
def identify() -> None:
    """Read addresses or `platform:handle` from standard input, one a line; write a JSON line for each.

    Asks no database and no network, and goes on after whatever it cannot read.
    """
    for raw in sys.stdin.buffer:
        text = raw.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", errors="replace")
        click.echo(json.dumps({"input": text, **_identified(text)}))


def _identified(text: str) -> dict[str, str]:
    try:
        found = recognise(text)
    except Unrecognised as trouble:
        return {"error": trouble.reason}
    except Exception:  # one line that breaks us must not cost the answers to the others
        return {"error": "We could not read that."}
    return {"platform": found.platform, "handle": found.handle, "url": found.url}
