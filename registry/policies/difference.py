"""What changed between two texts, line by line and within a line word by word, for people who see or hear it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from markupsafe import Markup, escape

AROUND = 2
"""Unchanged lines shown around a change."""
WORDS = re.compile(r"\s+|\w+|[^\w\s]")
NOTHING = Markup()


@dataclass(frozen=True)
class Change:
    """One line of a comparison: what was done to it, and the line before and after; "skipped" stands for same ones."""

    kind: str
    before: Markup = NOTHING
    after: Markup = NOTHING


def difference(before: str, after: str) -> list[Change]:
    """Compare two texts; an empty list when they are the same."""
    old, new = _lines(before), _lines(after)
    if old == new:
        return []
    found: list[Change] = []
    reached = 0
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        if group[0][1] > reached:
            found.append(Change("skipped"))
        for tag, a, b, c, d in group:
            found.extend(_changes(tag, old[a:b], new[c:d]))
        reached = group[-1][2]
    return [*found, Change("skipped")] if reached < len(old) else found


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _changes(tag: str, old: list[str], new: list[str]) -> Iterator[Change]:
    for was, now in zip_longest(old, new):
        if tag == "equal":
            yield Change("same", escape(was), escape(now))
        elif was is None:
            yield Change("added", NOTHING, Markup("<ins>{}</ins>").format(now))
        elif now is None:
            yield Change("removed", Markup("<del>{}</del>").format(was))
        else:
            yield Change("changed", *_within(was, now))


def _within(was: str, now: str) -> tuple[Markup, Markup]:
    """The two lines with the words that differ marked."""
    old, new = WORDS.findall(was), WORDS.findall(now)
    left = right = NOTHING
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            left, right = left + gone, right + come
            continue
        left += Markup("<del>{}</del>").format(gone) if gone else ""
        right += Markup("<ins>{}</ins>").format(come) if come else ""
    return left, right
