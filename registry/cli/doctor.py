"""The doctor: everything that can be examined, in plain sentences with what to do."""

import json

import click
from flask import current_app
from flask.cli import with_appcontext

from registry.upkeep.check import Finding, Level
from registry.upkeep.checks import examine

SIGNS = {Level.WELL: "well   ", Level.WARNING: "warning", Level.BROKEN: "BROKEN "}

SUMMARIES = {
    Level.WELL: "All is well.",
    Level.WARNING: "It works; see the warnings.",
    Level.BROKEN: "Something is broken.",
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object: level, findings.")
@with_appcontext
def doctor(as_json: bool) -> None:
    """Examine the register and what it stands on. Exit 0 all well, 1 warnings, 2 something is broken."""
    trouble = current_app.extensions.get("trouble")
    found = [("start", Finding(Level.BROKEN, trouble))] if trouble else list(examine(current_app.extensions["house"]))
    level = max(finding.level for _, finding in found)
    click.echo(_json(level, found) if as_json else _lines(level, found))
    raise SystemExit(int(level))


def _json(level: Level, found: list[tuple[str, Finding]]) -> str:
    findings = [
        {"check": name, "level": finding.level.word, "sentence": finding.sentence, "mend": finding.mend}
        for name, finding in found
    ]
    return json.dumps({"level": level.word, "findings": findings}, ensure_ascii=False)


def _lines(level: Level, found: list[tuple[str, Finding]]) -> str:
    lines = []
    for name, finding in found:
        lines.append(f"{SIGNS[finding.level]}  {name:<11} {finding.sentence}")
        if finding.mend and finding.level is not Level.WELL:
            lines.append(f"{'':22}→ {finding.mend}")
    return "\n".join((*lines, SUMMARIES[level]))
