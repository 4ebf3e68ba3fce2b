"""Pages of the room: what needs attention, each rule's own page, and putting a finding aside."""

from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.accounts.queries import get_account
from registry.core.wording import long_day
from registry.flags import actions as acts
from registry.flags.acknowledging import latest_day
from registry.flags.forms import AcknowledgeForm
from registry.flags.listing import SHOWN, Reader, chips, listed
from registry.flags.queries import count_by_rule, get_row, known_rule, raised_by_month
from registry.flags.rule import FlagRule, Severity
from registry.flags.rules import RULES
from registry.flags.shown import as_shown
from registry.identity.queries import names_of
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.arguments import whole
from registry.web.charts import Bar, bars
from registry.web.guard import needs
from registry.web.pages import accepted, show

room = Blueprint("flags", __name__, url_prefix="/c/<council>")

ANY = {"value": "", "text": "Any"}
MONTHS_SHOWN = 12
TONES = {Severity.NOTICE: "notice", Severity.WARNING: "warning", Severity.BREACH: "breach"}


@room.get("/flags")
@needs(Permission.FLAG_READ)
def index() -> ResponseReturnValue:
    """What stands open, grouped by what mends it."""
    arguments = request.args.to_dict()
    reader = Reader(context.council().id, context.person_id(), current_user.roles, context.today())
    page = listed(context.db(), reader, arguments)
    return show(
        "flags/index.html",
        page=page,
        groups=[
            {"heading": heading, "flags": list(flags)}
            for heading, flags in groupby(_shown(page.rows), lambda flag: flag["group"])
        ],
        names=names_of(context.db(), (row.acknowledged_by for row in page.rows)),
        arguments=arguments,
        chips=chips(arguments, url_for("flags.index"), _account_name(arguments)),
        shown=SHOWN,
        severity_options=[ANY] + [{"value": s.word.lower(), "text": s.word} for s in reversed(Severity)],
        rule_options=[ANY, *({"value": r.name, "text": r.title} for r in sorted(RULES, key=lambda rule: rule.title))],
    )


def _shown(rows: Any) -> list[dict[str, Any]]:
    return as_shown(rows, context.today())


def _account_name(arguments: dict[str, str]) -> str | None:
    number = whole(arguments.get("account"))
    return get_account(context.db(), context.council().id, number).name if number is not None else None


@room.get("/flags/rules")
@needs(Permission.FLAG_READ)
def rules() -> ResponseReturnValue:
    """Every rule, the clause behind it, and how many of its flags ask for attention."""
    counts = count_by_rule(context.db(), context.council().id, context.today())
    return show("flags/rules.html", rules=RULES, counts=counts)


@room.get("/flags/rules/<name>")
@needs(Permission.FLAG_READ)
def rule(name: str) -> ResponseReturnValue:
    """What one rule looks for, what stands open of it, and how often it has fired."""
    asked = known_rule(name)
    reader = Reader(context.council().id, context.person_id(), current_user.roles, context.today())
    page = listed(context.db(), reader, {**request.args.to_dict(), "rule": name, "show": "all"})
    months = _fired(asked)
    return show(
        "flags/rule.html",
        rule=asked,
        page=page,
        flags=_shown(page.rows),
        names=names_of(context.db(), (row.acknowledged_by for row in page.rows)),
        months=months,
        picture=bars(
            f"{asked.title}: flags raised in each of the last {MONTHS_SHOWN} months",
            [Bar(month["short"], month["value"], TONES[asked.severity]) for month in months],
        ),
    )


def _fired(asked: FlagRule) -> list[dict[str, Any]]:
    months = _last_months(context.today())
    since = datetime(*months[0], 1, tzinfo=UTC)
    counts = raised_by_month(context.db(), context.council().id, asked.name, since)
    named = [(month, date(*month, 1)) for month in months]
    return [{"label": f"{day:%B %Y}", "short": f"{day:%b}", "value": counts.get(month, 0)} for month, day in named]


def _last_months(today: date) -> list[tuple[int, int]]:
    last = today.year * 12 + today.month - 1
    return [(month // 12, month % 12 + 1) for month in range(last - MONTHS_SHOWN + 1, last + 1)]


@room.route("/flags/<int:flag_id>/acknowledge", methods=["GET", "POST"])
@needs(Permission.FLAG_ACKNOWLEDGE)
def acknowledge(flag_id: int) -> ResponseReturnValue:
    """Put a finding aside until a day, for a reason."""
    row = get_row(context.db(), context.council().id, flag_id)
    form = AcknowledgeForm()
    latest = long_day(latest_day(Severity(row.severity), context.today()))
    form.until.description = f"Until {latest} at the latest. It asks for attention again on the day after."

    def put_aside() -> None:
        with context.work() as work:
            acts.acknowledge(work, flag_id, form.until.data, form.why.data)

    if accepted(form, put_aside):
        flash("It is acknowledged. It heals by itself as soon as it is put right.", "success")
        return redirect(url_for("flags.index"))
    return show("flags/acknowledge.html", form, flag=_shown([row])[0], cancel_url=url_for("flags.index"))


@room.post("/flags/<int:flag_id>/acknowledge/end")
@needs(Permission.FLAG_ACKNOWLEDGE)
def end_acknowledgement(flag_id: int) -> ResponseReturnValue:
    """Let it ask for attention again."""
    with context.work() as work:
        acts.end_acknowledgement(work, flag_id)
    flash("It asks for attention again.", "success")
    return redirect(url_for("flags.index"))
