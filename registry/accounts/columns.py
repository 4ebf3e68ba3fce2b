"""Which column of a council's spreadsheet holds what, guessed from the words councils use."""

import re
from collections.abc import Sequence
from typing import Final

_SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "platform": (
        *("platform", "social media platform", "social media", "social network", "network"),
        *("social media site", "site", "channel", "media", "account type", "type"),
    ),
    "handle": (
        *("handle", "account handle", "twitter handle", "username", "user name", "screen name"),
        *("account", "profile"),
    ),
    "url": (
        *("url", "link", "web address", "address", "account link", "profile link", "page link"),
        *("website", "hyperlink"),
    ),
    "name": ("name", "account name", "display name", "page name", "profile name", "title"),
    "service_area": (
        *("service area", "service", "department", "team", "directorate", "section", "division"),
        *("business area", "unit"),
    ),
    "purpose": ("purpose", "reason", "aim", "aims", "objectives", "description", "used for"),
    "audience": ("audience", "target audience", "aimed at"),
    "state": ("state", "status", "account status"),
    "responsible": (
        *("responsible", "responsible person", "responsible officer", "owner", "owner email"),
        *("account owner", "contact", "contact email", "email", "e mail", "lead officer"),
        *("managed by", "editor", "manager"),
    ),
    "cadence_days": (
        *("cadence days", "cadence", "posting frequency", "frequency", "how often"),
        *("days between posts",),
    ),
    "last_posted": (
        *("last posted", "last post", "last activity", "last active", "last updated", "last used"),
        *("latest post",),
    ),
    "risk": ("risk", "risk rating", "risk level"),
    "language": ("language",),
    "notes": ("notes", "note", "comments", "comment", "remarks"),
}


def guess_columns(headings: Sequence[str]) -> dict[str, str]:
    """Which heading holds which field, as far as the words tell; a person confirms it.

    A heading that is a synonym wins over one that only holds its words; each serves one field.
    """
    words = {heading: re.findall(r"[a-z0-9]+", heading.casefold()) for heading in headings}
    phrases = [(field, phrase.split()) for field in _SYNONYMS for phrase in _SYNONYMS[field]]
    phrases.sort(key=lambda pair: -len(pair[1]))
    guessed: dict[str, str] = {}
    for whole in (True, False):
        for field, phrase in phrases:
            for heading in headings:
                fits = words[heading] == phrase if whole else set(phrase) <= set(words[heading])
                if fits and field not in guessed and heading not in guessed.values():
                    guessed[field] = heading
    return guessed
