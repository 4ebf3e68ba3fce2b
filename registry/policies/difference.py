"""What changed between two texts, line by line and within a line word by word, for people who see or hear it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from markupsafe import Markup, escape

AROUND = 2
"""Unchanged lines shown around a change."""
WORDS = re.compile(r"\s+|\w+|[^\w\s]")
NOTHING = Markup()
ALIKE = 0.5
"""How much of two lines must be the same for one to count as the other, changed."""
MOST_PAIRS = 900
STARTS_ANEW = re.compile(r"\s*([#|>*+-]|\d+[.)]\s)")
"""A line that begins something of its own and does not carry on the paragraph before it."""


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
    """The paragraphs, headings, list items and table rows of a text; a paragraph broken into lines is one."""
    found: list[str] = []
    is_open = False
    for line in text.splitlines():
        if is_open and line.strip() and not STARTS_ANEW.match(line):
            found[-1] += f" {line.strip()}"
            continue
        is_open = bool(line.strip())
        if is_open:
            found.append(line.rstrip())
            is_open = not line.lstrip().startswith(("#", "|"))
    return found


def _changes(tag: str, old: list[str], new: list[str]) -> Iterator[Change]:
    if tag == "equal":
        for was, now in zip(old, new, strict=True):
            yield Change("same", escape(was), escape(now))
        return
    pair = _most_alike(old, new)
    if pair is None:
        yield from (Change("removed", Markup("<del>{}</del>").format(was)) for was in old)
        yield from (Change("added", NOTHING, Markup("<ins>{}</ins>").format(now)) for now in new)
        return
    i, j = pair
    yield from _changes("replace", old[:i], new[:j])
    yield (
        Change("changed", *_within(old[i], new[j]))
        if old[i] != new[j]
        else Change("same", escape(old[i]), escape(new[j]))
    )
    yield from _changes("replace", old[i + 1 :], new[j + 1 :])


def _most_alike(old: list[str], new: list[str]) -> tuple[int, int] | None:
    """Which old line became which new one, if any two are alike enough; none is sought in a whole rewriting."""
    if len(old) * len(new) > MOST_PAIRS:
        return None
    best, found = ALIKE, None
    for j, now in enumerate(new):
        matcher = SequenceMatcher(None, "", now, autojunk=False)
        for i, was in enumerate(old):
            matcher.set_seq1(was)
            if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
                best, found = matcher.ratio(), (i, j)
    return found


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
