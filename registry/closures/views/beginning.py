"""The way into an ending: choose it with its consequences in sight, say when and why, check what will be said."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.closures import actions
from registry.closures.forms import CheckedPlanForm, EndingForm, PlanForm, usual_days, without_strangers
from registry.closures.models import Closure
from registry.closures.queries import open_closure
from registry.closures.rules import MAY_BEGIN, Beginning
from registry.closures.tasks import CONSEQUENCES, Ending
from registry.closures.views.room import room
from registry.closures.wording import proposed_sentence, words_of
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import Done, accepted, show


@room.route("/accounts/<int:account_id>/close", methods=["GET", "POST"])
@needs(Permission.CLOSURE_MANAGE)
def start(account_id: int) -> ResponseReturnValue:
    """Begin to end an account."""
    account = get_account(context.db(), context.council().id, account_id)
    going = open_closure(context.db(), account.council_id, account_id, context.today())
    if going is not None and request.method == "GET":
        return redirect(url_for("closures.closure", closure_id=going.closure_id))
    endings = [ending for ending in Ending if MAY_BEGIN.judge(Beginning(account.state, ending), context.today())]
    chosen = next((ending for ending in endings if ending.value == request.args.get("ending")), None)
    if chosen is None:
        return _choose(account, endings)
    if request.method == "GET":
        return _ask(account, chosen, PlanForm(data=usual_days(context.today(), account.planned_end_on)))
    return _check(account, chosen)


def _choose(account: Account, endings: list[Ending]) -> ResponseReturnValue:
    form = EndingForm(request.args) if "ending" in request.args else EndingForm()
    form.offer(endings)
    if form.is_submitted() or "ending" in request.args:
        form.validate()
    verdict = MAY_BEGIN.judge(Beginning(account.state, Ending.CLOSE), context.today())
    return show("closures/choose.html", form, account=account, rows=CONSEQUENCES, endings=list(Ending), verdict=verdict)


def _ask(account: Account, ending: Ending, form: PlanForm) -> ResponseReturnValue:
    without_strangers(form, ending)
    return show("closures/plan.html", form, account=account, ending=ending)


def _check(account: Account, ending: Ending) -> ResponseReturnValue:
    """The plan as typed; then the same with the public sentence; then the closure itself."""
    if "back" in request.form:
        return _ask(account, ending, PlanForm())
    asked = PlanForm()
    without_strangers(asked, ending)
    if not accepted(asked, lambda: actions.refuse_unfit(asked.plan(ending), context.today())):
        return show("closures/plan.html", asked, account=account, ending=ending)
    form = CheckedPlanForm()
    without_strangers(form, ending)
    if "public_message" not in request.form:
        form.public_message.data = _proposed(account, asked, ending)
    elif made := _begun(account, form, ending):
        flash(f"{account.name} is being ended. Here are the steps, each with its day.", "success")
        return redirect(url_for("closures.closure", closure_id=made.came.id))
    return show("closures/check.html", form, account=account, ending=ending)


def _proposed(account: Account, form: PlanForm, ending: Ending) -> str:
    plan = form.plan(ending)
    words = words_of(context.council(), account, plan.last_day_on, plan.successor, plan.instead)
    return proposed_sentence(ending, words)


def _begun(account: Account, form: CheckedPlanForm, ending: Ending) -> Done[Closure] | None:
    def act() -> Closure:
        with context.work() as work:
            return actions.start(work, account.id, form.plan(ending, form.public_message.data))

    return accepted(form, act)
