"""Which flags a list shows: the filters of the address, as conditions and as the chips that take them off again."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Select
from sqlalchemy.orm import Session

from registry.core.errors import NotFound
from registry.flags.models import Flag
from registry.flags.queries import concerns, mend_rank, open_flags
from registry.flags.rule import Severity
from registry.flags.rules import BY_NAME
from registry.flags.tally import is_loud, is_quiet
from registry.vocabulary.permissions import Role
from registry.web.arguments import whole
from registry.web.paging import Order, Page, page

ORDERS = (
    Order(mend_rank, "mend_rank"),
    Order(Flag.severity.expression, "severity", descending=True),
    Order(Flag.since_on.expression, "since_on"),
    Order(Flag.id.expression, "id"),
)
SHOWN = {"": "Needing attention", "acknowledged": "Acknowledged", "all": "All that are open"}


@dataclass(frozen=True)
class Reader:
    """Who looks at the list, in which council, on which day."""

    council_id: int
    person_id: int
    roles: frozenset[Role]
    today: date


def listed(session: Session, reader: Reader, arguments: dict[str, str]) -> Page:
    """One page of the council's open flags, grouped by what mends them; the filters stand in the address."""
    query = _shown(open_flags(reader.council_id), arguments.get("show", ""), reader.today)
    if arguments.get("severity"):
        query = query.where(Flag.severity == int(_severity(arguments["severity"])))
    if arguments.get("rule"):
        query = query.where(Flag.rule == arguments["rule"])
    if arguments.get("account"):
        query = query.where(Flag.account_id == _number(arguments["account"]))
    if arguments.get("mine"):
        query = query.where(concerns(reader.council_id, reader.person_id, reader.roles, reader.today))
    return page(session, query, ORDERS, arguments)


def _shown(query: Select[Any], show: str, on: date) -> Select[Any]:
    if show == "all":
        return query
    return query.where(is_quiet(on) if show == "acknowledged" else is_loud(on))


def _severity(word: str) -> Severity:
    try:
        return Severity[word.upper()]
    except KeyError as error:
        raise NotFound from error


def _number(text: str) -> int:
    number = whole(text)
    if number is None:
        raise NotFound
    return number


def chips(arguments: dict[str, str], url: str, account_name: str | None) -> list[dict[str, str]]:
    """The filters in force, each with the address of the same list without it."""
    words = {
        "show": SHOWN.get(arguments.get("show", ""), ""),
        "severity": arguments.get("severity", "").capitalize(),
        "rule": BY_NAME[arguments["rule"]].title if arguments.get("rule") in BY_NAME else "A rule that is gone",
        "mine": "Those I am told of",
        "account": account_name or "One account",
    }
    applied = {name: value for name, value in arguments.items() if name in words and value}
    return [{"text": words[name], "remove_url": _without(url, applied, name)} for name in applied]


def _without(url: str, applied: dict[str, str], name: str) -> str:
    rest = urlencode({key: value for key, value in applied.items() if key != name})
    return f"{url}?{rest}" if rest else url
