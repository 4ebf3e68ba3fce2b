"""Is this account ours? One answer in a sentence, and never "yes" for lack of data.

Only an account that stands in the register, letter by letter, and is live or mothballed there, is vouched for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from registry.accounts.address import Unrecognised, short
from registry.accounts.identify import Identity, identify
from registry.accounts.lookalike import looks_like_platform_host, similar
from registry.accounts.models import AccountState
from registry.accounts.platforms import PLATFORMS
from registry.accounts.wording import platform_name
from registry.core.wording import long_day
from registry.public.published import as_published
from registry.public.queries import Match, list_matches, list_own_names

LONGEST, LONGEST_NAME = 2100, 100
"""Characters that are read of what was pasted, and of a name that is no address."""


class Finding(StrEnum):
    """What is found out about an account, best first."""

    OURS = "ours"
    MOTHBALLED = "mothballed"
    RENAMED = "renamed"
    CLOSED = "closed"
    HANDED_OVER = "handed_over"
    LOOKS_LIKE_OURS = "looks_like_ours"
    NOT_LISTED = "not_listed"
    UNREADABLE = "unreadable"


VOUCHED = (Finding.OURS, Finding.MOTHBALLED)
NAME_ONLY = (
    "You gave a name without its platform. On any platform not named here, an account with this name is not ours: "
    "paste its whole address to be sure."
)
WITHIN = (
    "You pasted the address of something within the account, such as a post. Some platforms open such an address "
    "whatever name stands in it: look who posted it."
)
BY_STATE = {
    AccountState.LIVE: Finding.OURS,
    AccountState.MOTHBALLED: Finding.MOTHBALLED,
    AccountState.CLOSED: Finding.CLOSED,
    AccountState.HANDED_OVER: Finding.HANDED_OVER,
}


@dataclass(frozen=True)
class Found:
    """One account of the council that the question is about, as published."""

    finding: Finding
    sentence: str
    account: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """The answer, and a caution where what was pasted says less, or more, than which account is meant."""

    finding: Finding
    sentence: str
    accounts: tuple[Found, ...] = ()
    caution: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether the council vouches for the account today."""
        return self.finding in VOUCHED


def verify(session: Session, council: Any, asked: str) -> Answer:
    """Answer whether what was pasted (an address, `platform:handle` or a bare name) is an account of the council."""
    asked = asked.strip()[:LONGEST]
    identities, why = candidates(asked)
    matches = list_matches(session, council.id, identities)
    told = (_told(match, council.name) for match in matches if match.row is not None)
    found = sorted(told, key=lambda one: list(Finding).index(one.finding))
    if found:
        return Answer(found[0].finding, found[0].sentence, tuple(found), _caution(asked, identities))
    host = host_of(asked)
    if "." in host and (twin := looks_like_platform_host(host)):
        sentence = f"No. {short(host)} only looks like {twin}. Do not sign in there or send it anything."
        return Answer(Finding.LOOKS_LIKE_OURS, sentence)
    if not identities and "/" not in asked and len(asked) > LONGEST_NAME:
        return Answer(Finding.UNREADABLE, f"That has more than the {LONGEST_NAME} letters of a name: paste an address.")
    if not matches and " " not in asked and (double := _double(session, council.id, asked, identities)):
        sentence = (
            f"No. “{short(asked)}” is not in the register of {council.name}. "
            f"It looks like our account {double.handle} on {platform_name(double.platform)}, and is not that account."
        )
        return Answer(Finding.LOOKS_LIKE_OURS, sentence)
    if not identities:
        return Answer(Finding.UNREADABLE, why)
    return Answer(Finding.NOT_LISTED, f"No. “{short(asked)}” is not in the register of {council.name}.")


def candidates(asked: str) -> tuple[list[Identity], str]:
    """Every account the text may mean (a bare name: one on each platform), and why it means none."""
    try:
        return [identify(asked)], ""
    except Unrecognised as unrecognised:
        why = unrecognised.reason
    meant = []
    for platform in PLATFORMS:
        try:
            meant.append(identify(asked, platform.key))
        except Unrecognised:
            continue
    return meant, why


def host_of(asked: str) -> str:
    """The site a pasted address leads to, as far as it has one."""
    site = re.split(r"[/?#]", asked.rpartition("://")[2], maxsplit=1)[0]
    return site.rpartition("@")[2].partition(":")[0].lower()


def _caution(asked: str, identities: Sequence[Identity]) -> str:
    if len(identities) > 1:
        return NAME_ONLY
    return WITHIN if "/" in asked and _depth(asked) > _depth(identities[0].url) else ""


def _depth(address: str) -> int:
    path = re.split(r"[?#]", address.rpartition("://")[2], maxsplit=1)[0]
    return len(list(filter(None, path.split("/"))))


def _told(match: Match, council_name: str) -> Found:
    row = match.row
    finding, account = BY_STATE[row.state], as_published(row, council_name)  # type: ignore[union-attr]
    where = account["platform_name"]
    if match.once is not None:
        until = long_day(match.once.until_on)
        then = f"{match.once.former} on {where} was the name of an account of {council_name} until {until}."
        if finding in VOUCHED:
            said = f"{then} That account is now {account['handle']}. Whoever uses the old name today is not us."
            return Found(Finding.RENAMED, said, account)
        return Found(finding, f"{then} {account['says']}", account)
    name = f"{account['handle']} on {where}"
    said = {
        Finding.OURS: f"Yes. {name} is an account of {council_name}.",
        Finding.MOTHBALLED: f"{name} is an account of {council_name}, but nobody uses or monitors it at present.",
        Finding.CLOSED: f"{name} was an account of {council_name} and is closed. Whatever is there now is not from us.",
        Finding.HANDED_OVER: f"{name} was an account of {council_name} and was handed over. It is no longer ours.",
    }[finding]
    return Found(finding, said, account)


def _double(session: Session, council_id: int, asked: str, identities: Sequence[Identity]) -> Any | None:
    """An account of ours that a hurried reader would take this for."""
    names = {_name(identity.handle) for identity in identities} or {_name(asked)}
    own = list_own_names(session, council_id)
    return next((row for row in own if any(similar(name, _name(row.handle)) for name in names)), None)


def _name(handle: str) -> str:
    """The name itself: of `@bins@social.example` and of `blog.example/bins` it is `bins`."""
    return handle.partition("?")[0].rstrip("/").rpartition("/")[2].strip("@").partition("@")[0]
