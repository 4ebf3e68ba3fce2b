"""What anyone may see: the register, the answer to "is this account ours?", and both as data.

Nothing here sets a cookie, and an answer may be kept for a minute, so a closure is public within one.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.accounts.models import AccountState
from registry.accounts.platforms import find_platform
from registry.accounts.spreadsheet import write_csv_rows
from registry.accounts.wording import platform_name, state_name
from registry.councils.queries import list_councils
from registry.public.published import FIELDS, as_published
from registry.public.queries import ORDERS, all_published, list_choices, published, read
from registry.public.verify import Finding
from registry.public.verify import verify as find_out
from registry.throttle.lanes import network_of
from registry.web import context
from registry.web.guard import public
from registry.web.pages import show
from registry.web.paging import page

room = Blueprint("public", __name__, url_prefix="/public")

KEPT_FOR = 60
OK = 200
TAGS = {
    Finding.OURS: ("Ours", "green"),
    Finding.MOTHBALLED: ("Ours, but not monitored", "purple"),
    Finding.RENAMED: ("Ours, under a new name", "blue"),
    Finding.CLOSED: ("Ours, but closed", "grey"),
    Finding.HANDED_OVER: ("Handed over: no longer ours", "orange"),
    Finding.LOOKS_LIKE_OURS: ("Looks like ours but is not", "red"),
    Finding.NOT_LISTED: ("Not in our register", "orange"),
    Finding.UNREADABLE: ("Cannot be read", "yellow"),
}


@room.before_request
def not_too_often() -> None:
    """Let a network look as often as readers do; who gathers everything by machine is told when to go on (429)."""
    current_app.extensions["looks"].look(network_of(request.remote_addr), context.now())


@room.after_request
def may_be_kept(response: Response) -> Response:
    """Let a good answer be kept for a minute, unless it shows who looks."""
    if response.status_code == OK and not current_user.is_authenticated and not session.modified:
        response.headers["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    return response


@room.get("/")
@public
def councils() -> ResponseReturnValue:
    """The councils whose registers are here."""
    return show("public/councils.html", councils=list_councils(context.db()))


@room.get("/<council>/")
@public
def register() -> ResponseReturnValue:
    """The council's accounts, each with its state and what the council says of it."""
    sought, council = read(request.args), context.council()
    positions = {name: request.args[name] for name in ("after", "before") if request.args.get(name)}
    found = page(context.db(), published(council.id, sought), ORDERS, sought.address | positions)
    return show(
        "public/register.html",
        sought=sought,
        page=found,
        accounts=[as_published(row, council.name) for row in found.rows],
        choices=_choices(list_choices(context.db(), council.id)),
    )


@room.get("/<council>/is-this-ours")
@public
def verify() -> ResponseReturnValue:
    """One box, one answer."""
    asked = request.args.get("q", "").strip()
    answer = find_out(context.db(), context.council(), asked) if asked else None
    site = find_platform(answer.accounts[0].account["platform"]) if answer and answer.accounts else None
    return show("public/verify.html", asked=asked, answer=answer, tags=TAGS, site=site)


@room.get("/<council>/is-this-ours.json")
@public
def verify_data() -> ResponseReturnValue:
    """The same answer for programs."""
    asked = request.args.get("q", "").strip()
    if not asked:
        return jsonify(error="Put the address or name of an account after ?q="), 400
    answer = find_out(context.db(), context.council(), asked)
    return jsonify(
        council=context.council().name,
        asked=asked[:200],
        finding=answer.finding.value,
        is_ours=answer.is_ours,
        sentence=answer.sentence,
        caution=answer.caution,
        accounts=[one.account | {"finding": one.finding.value, "sentence": one.sentence} for one in answer.accounts],
    )


@room.get("/<council>/register.json")
@public
def register_data() -> Response:
    """The published fields of every account that matches, for programs."""
    head = {"council": context.council().name, "fields": FIELDS}

    def text(accounts: Iterator[dict[str, str]]) -> Iterator[str]:
        yield json.dumps(head)[:-1] + ', "accounts": ['
        for number, account in enumerate(accounts):
            yield (",\n" if number else "\n") + json.dumps(account, ensure_ascii=False)
        yield "\n]}\n"

    return Response(_streamed(text), mimetype="application/json")


@room.get("/<council>/register.csv")
@public
def register_spreadsheet() -> Response:
    """The same as a spreadsheet."""

    def text(accounts: Iterator[dict[str, str]]) -> Iterator[str]:
        yield from write_csv_rows([FIELDS])
        yield from write_csv_rows(tuple(account.values()) for account in accounts)

    name = f"accounts-{context.council().slug}.csv"
    return Response(
        _streamed(text), mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _streamed(text: Callable[[Iterator[dict[str, str]]], Iterator[str]]) -> Iterator[str]:
    """Write the accounts that are asked for piece by piece; the request is over by then, so nothing of it is used."""
    house, sought = context.house(), read(request.args)
    council = context.council()

    def pieces() -> Iterator[str]:
        with house.reading(council) as reading:
            yield from text(as_published(row, council.name) for row in all_published(reading, council.id, sought))

    return pieces()


def _choices(held: list[tuple[str, str, AccountState]]) -> dict[str, list[dict[str, Any]]]:
    """What the filters offer: only what leads to something."""
    areas = sorted({area for area, _, _ in held}, key=str.casefold)
    platforms = sorted({platform for _, platform, _ in held}, key=lambda key: platform_name(key).casefold())
    states = {state for _, _, state in held}
    anything = {"value": "", "text": "Any"}
    return {
        "area": [anything, *({"value": area, "text": area} for area in areas)],
        "platform": [anything, *({"value": key, "text": platform_name(key)} for key in platforms)],
        "state": [anything, *({"value": s.value, "text": state_name(s)} for s in AccountState if s in states)],
    }
