"""The references in docs/reference/, written from the tables the register itself goes by; none is edited by hand."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields
from importlib import import_module
from inspect import cleandoc
from pathlib import Path

import click
from flask import Flask, current_app

from registry.application import TOP
from registry.cli import assurance
from registry.cli.house import in_house
from registry.core.house import House
from registry.core.lifecycle import Lifecycle
from registry.core.settings import PREFIX, Settings
from registry.councils.models import DEFAULT_TITLES
from registry.flags.rule import FlagRule
from registry.flags.rules import RULES
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import GRANTS, Permission, Role
from registry.web.guard import is_fresh, need_of

FOLDER = TOP / "docs" / "reference"
WRITTEN = "\n*Written by `flask --app app docs`; a change here is lost.*\n"


@click.command()
@in_house
def docs(_house: House) -> None:
    """Write the references in docs/reference/ afresh (for developers)."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in references(current_app).items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        click.echo(f"docs/reference/{name}")


def references(app: Flask) -> dict[str, str]:
    """Every reference by its file's name, as it must stand today."""
    pages = {
        "permissions.md": permissions(),
        "doors.md": doors(app),
        "flags.md": flags(),
        "events.md": events(),
        "lifecycles.md": lifecycles(),
        "settings.md": settings(),
        "asvs.md": assurance.page(),
    }
    return {name: "\n".join((*lines, WRITTEN)) for name, lines in pages.items()}


def permissions() -> Iterator[str]:
    """Which role may press which button."""
    yield "# Who may press which button\n"
    yield "Everybody employed wears *Staff* and whoever is named for a service area wears *Editor*; the others are"
    yield "granted. Titles are the council’s own words; these are the ones it starts with. Whether somebody may do it"
    yield "to this thing now is a rule, asked when the button is pressed.\n"
    roles = (Role.STAFF, Role.EDITOR, *(role for role in GRANTS if role not in (Role.STAFF, Role.EDITOR)))
    yield from table(
        ("permission", *(DEFAULT_TITLES[role] for role in roles)),
        ((f"`{p.value}`", *("✓" if p in GRANTS[role] else "" for role in roles)) for p in Permission),
    )


def doors(app: Flask) -> Iterator[str]:
    """Every address with what it needs."""
    yield "# Every door, and what it needs\n"
    yield "*public*: open to anyone. *signed in*: to anyone who is. All others: [the permission](permissions.md)."
    yield "A council’s pages are not there (404) for whoever does not work for it. *Fresh proof*: the door"
    yield "wants the second step again after five minutes; `tests/house/test_doors.py` says why.\n"
    found = sorted(
        (rule.rule, method, need_of(app, rule.endpoint, method), is_fresh(app, rule.endpoint))
        for rule in app.url_map.iter_rules()
        for method in ("GET", "POST")
        if method in (rule.methods or ())
    )
    yield from table(
        ("method", "address", "needs", "fresh proof"),
        ((m, f"`{at}`", str(need or ""), "✓" if fresh else "") for at, m, need, fresh in found),
    )


def flags() -> Iterator[str]:
    """Every standing question of the sweep."""
    yield "# What the register flags\n"
    yield "The sweep asks these questions every night. A flag is raised once, and cleared when the answer changes.\n"
    yield from table(
        ("rule", "severity", "clause"),
        (
            (f"[{rule.title}](#{rule.title.lower().replace(' ', '-')})", rule.severity.word, rule.clause)
            for rule in RULES
        ),
    )
    for rule in RULES:
        yield from _flag(rule)


def _flag(rule: FlagRule) -> Iterator[str]:
    mends = dict.fromkeys((rule.mend.text, rule.mend_own.text))
    yield f"\n## {rule.title}\n\n{rule.why}\n"
    yield f"- {rule.severity.word}, {rule.clause}. In the code: `{rule.find.__module__}.{rule.name}`"
    yield f"- It says: “{rule.message}”"
    yield f"- Told: {', '.join(rule.tell)}"
    yield f"- Mended by: {'; for the person concerned: '.join(mends)}"


def events() -> Iterator[str]:
    """Everything that can happen."""
    yield "# What can happen\n"
    yield "Each entry of the trail holds one of these words and tells it in this sentence.\n"
    yield from table(("event", "sentence"), ((f"`{event.value}`", event.sentence) for event in Event))


def lifecycles() -> Iterator[str]:
    """Every table of states and verbs."""
    yield "# The lives of things\n"
    yield "What stands in no row cannot be done; the register answers where the thing stands."
    for path in sorted((TOP / "registry").glob("*/lifecycle.py")):
        module = import_module(f"registry.{path.parent.name}.lifecycle")
        for life in (thing for thing in vars(module).values() if isinstance(thing, Lifecycle)):
            yield f"\n## {life.name.capitalize()}\n\n{cleandoc(module.__doc__ or '')}\n"
            yield from table(
                ("from", "verb", "to"),
                (tuple(word.replace("_", " ") for word in (*step, to)) for step, to in life.moves.items()),
            )


def settings() -> Iterator[str]:
    """The settings of an installation, from the docstring of `Settings`."""
    told = dict(re.findall(r"- `(\w+)`: (.+)", cleandoc(Settings.__doc__ or "")))
    yield "# The settings of an installation\n"
    yield "In `settings.toml` of the instance folder, or in the environment, which overrules the file.\n"
    yield from table(
        ("setting", "in the environment", "means", "unless set"),
        (
            (f"`{f.name}`", f"`{PREFIX}{f.name.upper()}`", told[f.name], _default(f.default))
            for f in fields(Settings)
            if f.name != "instance"
        ),
    )


def _default(value: object) -> str:
    return "" if value in (MISSING, "", (), Path()) else f"`{str(value).lower()}`"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A Markdown table, a line at a time."""
    heads = tuple(heads)
    for cells in (heads, ("---",) * len(heads), *rows):
        yield f"| {' | '.join(cells)} |"
