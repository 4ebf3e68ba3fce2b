"""An account's custody: what is held, who knows it, and what may be done."""

from flask.typing import ResponseReturnValue

from registry.accounts.queries import get_account
from registry.custody.opening import custody_status
from registry.custody.queries import list_destroyed, list_held
from registry.custody.views.room import may_use, my_ticks, room
from registry.custody.wording import HOW_KNOWN
from registry.identity.queries import names_of
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import show


@room.get("/accounts/<int:account_id>/custody")
@needs(Permission.CUSTODY_READ)
def account(account_id: int) -> ResponseReturnValue:
    """What is in custody for an account, with who has seen it; never a value."""
    session, council_id = context.db(), context.council().id
    shown = get_account(session, council_id, account_id)
    held, mine = list_held(session, council_id, account_id), my_ticks(shown)
    people = {each.version.deposited_by for each in held} | {e.person_id for each in held for e in each.exposures}
    return show(
        "custody/account.html",
        account=shown,
        tab="custody.account",
        held=held,
        destroyed=list_destroyed(session, council_id, account_id),
        names=names_of(session, people),
        how_known=HOW_KNOWN,
        ticks=mine,
        may_reveal=may_use(mine, Permission.CUSTODY_REVEAL),
        may_deposit=may_use(mine, Permission.CUSTODY_DEPOSIT),
        custody=custody_status(session, context.house().settings),
    )
