"""What the policies say about policies: drafts, publication, and the text that is signed."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from registry.core.clock import year_after
from registry.core.rule import Condition, Rule
from registry.core.wording import long_day


def hash_of_text(text: str) -> str:
    """The fingerprint of a text: SHA-256 of its UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def last_day_of_grace(effective_on: date, grace_days: int) -> date:
    """The last day on which people who signed an earlier version may go on without signing this one."""
    return effective_on + timedelta(days=grace_days)


def usual_review(effective_on: date) -> date:
    """When a policy falls due for review unless the council says otherwise: after a year (004 §9.1)."""
    return year_after(effective_on)


@dataclass(frozen=True)
class Text:
    """Whether a version's text may still be changed."""

    is_draft: bool


IS_DRAFT = Condition(
    lambda t, on: t.is_draft,
    otherwise="This version is published, so its text is frozen for good. Draft a new version instead.",
    clause="000 §4",
)
MAY_BE_EDITED = Rule((IS_DRAFT,))


@dataclass(frozen=True)
class Publication:
    """A version about to be published; `last_effective_on` is that of the one before it, day one if there is none."""

    is_draft: bool
    has_text: bool
    is_first: bool
    is_minor: bool
    effective_on: date
    last_effective_on: date


def _why_too_early(publication: Any, _on: date) -> str:
    return f"It must take effect after the version before it, which does on {long_day(publication.last_effective_on)}."


MAY_BE_PUBLISHED = Rule(
    (
        IS_DRAFT,
        Condition(
            lambda p, on: p.has_text,
            otherwise="A version without any text cannot be published.",
            clause="000 §4",
        ),
    )
)

MINOR_FITS = Rule(
    (
        Condition(
            lambda p, on: (not p.is_first) | (not p.is_minor),
            otherwise="A policy’s first version is not a minor correction: nobody has signed it yet.",
            clause="004 §10.1",
        ),
    )
)
"""Whether a version can be a correction that asks nobody to sign again."""

DAY_FITS = Rule(
    (
        Condition(
            lambda p, on: (
                (p.effective_on > p.last_effective_on) | (p.is_minor & (p.effective_on == p.last_effective_on))
            ),
            otherwise=_why_too_early,
            clause="000 §4",
        ),
        Condition(
            lambda p, on: p.is_first | (p.effective_on >= on),
            otherwise="A new version cannot take effect before the day it is published: nobody could have read it.",
            clause="000 §4; 004 §10.1",
        ),
    )
)
"""Whether the day on which a version takes effect leaves the order of versions and people's notice whole."""
