"""The house's rules for words: every event happens somewhere, every sentence can be told."""

import ast
import re
from pathlib import Path

from registry.vocabulary.events import Event

REGISTRY = Path(__file__).resolve().parents[2] / "registry"
SOURCES = {path: path.read_text(encoding="utf-8") for path in REGISTRY.rglob("*.py") if path.name != "events.py"}


def test_every_event_is_recorded_somewhere() -> None:
    text = "\n".join(SOURCES.values())
    assert [event.name for event in Event if not re.search(rf"Event\.{event.name}\b", text)] == []


def test_every_event_has_a_sentence() -> None:
    assert [event.name for event in Event if not event.sentence] == []


def test_only_work_commits() -> None:
    callers = [
        str(path.relative_to(REGISTRY))
        for path, text in SOURCES.items()
        if any(
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
            for node in ast.walk(ast.parse(text))
        )
    ]
    assert callers == ["core/work.py"]


def test_no_template_marks_text_as_safe_or_holds_script_or_style() -> None:
    wrong = []
    for path in (REGISTRY.parent / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"\|\s*safe\b|<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", text):
            wrong.append(path.name)
    assert wrong == []


def headings_in(template: Path) -> int:
    """How many headings of the first level a template writes, by itself or through what it extends."""
    text = template.read_text(encoding="utf-8")
    parent = re.search(r'{%-? extends "([^"]+)"', text)
    above = REGISTRY.parent / "templates" / parent[1] if parent else None
    return text.count("<h1") or (headings_in(above) if above and above.exists() else 0)


def test_every_page_has_one_heading_of_the_first_level() -> None:
    """What a page overrides is not known here; that each rendered page has exactly one is seen in the browser."""
    wrong = [
        f"{path.parent.name}/{path.name}"
        for path in (REGISTRY.parent / "templates").rglob("*.html")
        if path.parent.name not in ("components", "layouts", "errors")
        and "{% extends" in path.read_text(encoding="utf-8")
        and headings_in(path) != 1
    ]
    assert wrong == []
