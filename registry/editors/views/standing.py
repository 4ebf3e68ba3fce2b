"""How people stand: I, my team, the people of an account, and who names whom."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.accounts.queries import get_account, list_areas
from registry.editors.queries import (
    count_cleared,
    editors_of_areas,
    facts_of,
    list_acting_by_role,
    list_editors,
    manages,
)
from registry.editors.standing import ROLES_THAT_ACT
from registry.editors.ticks import Line, by_role, line_of, signed, trained
from registry.editors.views.room import room
from registry.identity.queries import names_of, role_grants
from registry.vocabulary.permissions import Permission, Role
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import show
from registry.web.paging import Order, page

P = Permission
SEE_EVERYBODY = (Role.CLERK, Role.COMMS, Role.AUDITOR, Role.MANAGEMENT_TEAM)


@room.get("/standing")
@needs(P.OWN_STANDING)
def mine() -> ResponseReturnValue:
    """The gate as it stands for me: for each service area I act for, or what it would take to become an editor."""
    session, council, today = context.db(), context.council(), context.today()
    facts = facts_of(session, council.id, context.person_id(), today)
    hats = " and ".join(council.title(role) for role in ROLES_THAT_ACT if current_user.wears(role))
    return show(
        "editors/mine.html",
        lines=[line_of(row, today) for row in list_editors(session, council.id, today, person_id=facts.person_id)],
        role=by_role(hats) if hats else None,
        facts=(trained(facts, today), signed(facts, today)),
    )


@room.get("/standing/team")
@needs(P.TEAM_STANDING)
def team() -> ResponseReturnValue:
    """Those named for the service areas one manages as a grid; for those who see everybody, everyone named."""
    session, council, today = context.db(), context.council(), context.today()
    arguments = request.args.to_dict()
    everybody = any(current_user.wears(role) for role in SEE_EVERYBODY)
    own = manages(session, council.id, context.person_id())
    areas = [area for area in list_areas(session, council.id, today) if everybody or area.id in own]
    chosen = request.args.get("area", type=int)
    wanted = [area.id for area in areas if area.id == chosen] or (None if everybody else [area.id for area in areas])
    query = editors_of_areas(council.id, today, wanted)
    if arguments.get("show") == "attention":
        query = query.where(~query.selected_columns.is_cleared)
    orders = [Order(query.selected_columns[name], name) for name in ("sort_name", "editorship_id")]
    found = page(session, query, orders, arguments)
    return show(
        "editors/team.html",
        page=found,
        lines=[line_of(row, today) for row in found.rows],
        areas=areas,
        chosen=chosen,
        shown=arguments.get("show", ""),
        everybody=everybody,
    )


@room.get("/accounts/<int:account_id>/people")
@needs(P.REGISTER_READ)
def account_people(account_id: int) -> ResponseReturnValue:
    """Who may act for an account, how each of them stands, and who names them."""
    session, council, today = context.db(), context.council(), context.today()
    account = get_account(session, council.id, account_id)
    editors = list_editors(session, council.id, today, area_ids=[account.service_area_id])
    return show(
        "editors/account_people.html",
        account=account,
        tab="editors.account_people",
        lines=[line_of(row, today) for row in editors],
        acting=_acting_by_role(),
        manager=names_of(session, [account.service_area.manager_id]).get(account.service_area.manager_id or 0),
        clerk=council.title(Role.CLERK),
    )


def _acting_by_role() -> list[Line]:
    session, council, today = context.db(), context.council(), context.today()
    hats: dict[int, list[str]] = {}
    for grant in session.scalars(role_grants(council.id, today)):
        if grant.role in ROLES_THAT_ACT:
            hats.setdefault(grant.person_id, []).append(council.title(grant.role))
    rows = list_acting_by_role(session, council.id, today)
    return [line_of(row, today, " and ".join(hats[row.person_id])) for row in rows]


@room.get("/editors/who-names")
@needs(P.OWN_STANDING)
def who_names() -> ResponseReturnValue:
    """Which manager names the editors of which service area."""
    session, council, today = context.db(), context.council(), context.today()
    areas = list_areas(session, council.id, today)
    return show(
        "editors/who_names.html",
        areas=areas,
        names=names_of(session, [area.manager_id for area in areas]),
        counts=count_cleared(session, council.id, [area.id for area in areas], today),
        clerk=council.title(Role.CLERK),
    )
