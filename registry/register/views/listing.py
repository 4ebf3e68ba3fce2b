"""The register as a list, and as a spreadsheet."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.models import ENDED as ENDED_STATES
from registry.accounts.models import AccountState
from registry.accounts.platforms import PLATFORMS
from registry.accounts.spreadsheet import write_csv_rows
from registry.accounts.wording import platform_name, state_name
from registry.activity.cadence import cadence_of
from registry.editors.queries import count_cleared
from registry.register.asked import ANY, ENDED, IN_USE, Asked, numbers, read
from registry.register.queries import exported, listed, orders_of, tally
from registry.register.tally import Tally
from registry.register.views.room import room
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import show
from registry.web.paging import page

MARKS = {platform.key: platform.mark for platform in PLATFORMS}
STATE_CHOICES = ((IN_USE, "In use"), (ENDED, "Ended"), (ANY, "Any"), *((s.value, state_name(s)) for s in AccountState))
HEADINGS = (
    "Platform", "Handle", "URL", "Name", "Service area", "State", "Purpose", "Audience", "Responsible", "Cadence days",
    "Last posted", "Next security review", "Risk", "Language", "Open flags", "Live since", "Ended", "Notes",
)  # fmt: skip


@room.get("/accounts")
@needs(Permission.REGISTER_READ)
def accounts() -> ResponseReturnValue:
    """Every account of the council: to search, narrow down, sort, page through and take away.

    Six statements at any depth: sign-in, councils, roles; the counts, the page, the editors of its areas.
    """
    asked = read(request.args)
    council_id, session = context.council().id, context.db()
    counts = Tally(tally(session, council_id, asked, context.person_id()), asked)
    positions = {name: request.args[name] for name in ("after", "before") if request.args.get(name)}
    query = listed(council_id, asked, context.person_id())
    found = page(session, query, orders_of(asked), asked.address | positions)
    editors = count_cleared(session, council_id, {row.service_area_id for row in found.rows}, context.today())
    return show(
        "register/accounts.html",
        asked=asked,
        counts=counts,
        page=found,
        editors=editors,
        every=lambda row: cadence_of(row, context.council()),
        choices=_choices(counts),
        chips=_chips(asked, counts),
        marks=MARKS,
        ended=ENDED_STATES,
    )


@room.get("/accounts.csv")
@needs(Permission.REGISTER_READ, fresh=True)
def export() -> ResponseReturnValue:
    """The accounts that are asked for, or those chosen among them, as a spreadsheet that the import reads back."""
    asked, only = read(request.args), numbers(request.args.getlist("account"))
    house, council, person_id = context.house(), context.council(), context.person_id()

    def lines() -> Iterator[str]:
        yield "\ufeff"  # without it, spreadsheets take Welsh letters for noise
        with house.reading(council) as session:
            rows = exported(session, council.id, asked, person_id, only)
            yield from write_csv_rows(_spread(rows))

    name = f"accounts-{council.slug}-{context.today()}.csv"
    return Response(lines(), mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _spread(rows: Iterator[Any]) -> Iterator[tuple[str, ...]]:
    yield HEADINGS
    for row in rows:
        words = row._asdict() | {"platform": platform_name(row.platform), "state": state_name(row.state)}
        yield tuple("" if value is None else str(value) for value in words.values())


def _choices(counts: Tally) -> dict[str, list[dict[str, Any]]]:
    """What each filter offers, with the count of what it would leave."""
    asked = counts.asked
    areas = [{"value": str(key), "text": name, "count": count} for key, name, count in counts.areas()]
    platforms = [{"value": key, "text": platform_name(key), "count": count} for key, count in counts.platforms()]
    if asked.area and str(asked.area) not in {area["value"] for area in areas}:
        areas.append({"value": str(asked.area), "text": "The chosen service area", "count": 0})
    if asked.platform and asked.platform not in {platform["value"] for platform in platforms}:
        platforms.append({"value": asked.platform, "text": platform_name(asked.platform), "count": 0})
    states = [{"value": value, "text": text, "count": counts.in_state(value)} for value, text in STATE_CHOICES]
    return {
        "area": [{"value": "", "text": "Any"}, *areas],
        "platform": [{"value": "", "text": "Any"}, *platforms],
        "state": [state for state in states if state["count"] or state["value"] in (IN_USE, ENDED, ANY, asked.state)],
        "flags": [{"value": "open", "text": "Has open flags", "count": counts.flagged}],
        "responsible": [{"value": "me", "text": "I am responsible", "count": counts.mine}],
    }


def _address(arguments: dict[str, Any]) -> str:
    return url_for("register.accounts", **arguments)


def _chips(asked: Asked, counts: Tally) -> list[dict[str, str]]:
    """The filters that are set, each with the address of the list without it."""
    areas = {str(key): name for key, name, _ in counts.areas()}
    said: dict[str, Callable[[str], str]] = {
        "area": lambda value: f"Service area: {areas.get(value, 'the chosen one')}",
        "platform": lambda value: f"Platform: {platform_name(value)}",
        "state": lambda value: f"State: {dict(STATE_CHOICES)[value].lower()}",
        "flags": lambda _: "Has open flags",
        "responsible": lambda _: "I am responsible",
        "flag": lambda value: f"Flag: {value.replace('_', ' ')}",
    }
    return [
        {"text": said[name](value), "remove_url": _address(asked.without(name))}
        for name, value in asked.filters.items()
    ]
