"""One closure: its task list, its changes, and the two ways in which it is over."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.accounts.wording import state_name
from registry.closures import actions
from registry.closures.forms import AbandonForm, ChangeForm, without_strangers
from registry.closures.models import Closure, ClosureState
from registry.closures.queries import Step, completion_of, get_closure, steps_in
from registry.closures.rules import MAY_BE_COMPLETED
from registry.closures.tasks import Phase
from registry.closures.views.room import room
from registry.core.errors import Conflict
from registry.identity.queries import names_of
from registry.vocabulary.permissions import Permission, Role
from registry.web import context
from registry.web.filters import away, due
from registry.web.forms import Form
from registry.web.guard import needs
from registry.web.pages import accepted, show

SOON = 7
"""Days before its day from which a step counts as due soon."""


@dataclass(frozen=True)
class Opened:
    """A closure with its account and its steps, as its pages show it."""

    closure: Closure
    account: Account
    steps: list[Step]

    @property
    def is_open(self) -> bool:
        """Whether it is being worked through."""
        return self.closure.state is ClosureState.OPEN

    def is_past(self, step: Step) -> bool:
        """Whether a step was left undone and nobody can do it any more."""
        follows = self.closure.state is ClosureState.COMPLETE and step.task.follows
        return not (step.is_settled or self.is_open or follows)

    @property
    def settled(self) -> int:
        """How many steps are done or not needed."""
        return sum(step.is_settled for step in self.steps)


def opened(closure_id: int) -> Opened:
    """Read a closure of the council."""
    session = context.db()
    found = get_closure(session, context.council().id, closure_id)
    return Opened(found, get_account(session, found.council_id, found.account_id), steps_in(session, found))


@room.get("/closures/<int:closure_id>")
@needs(Permission.CLOSURE_READ)
def closure(closure_id: int) -> ResponseReturnValue:
    """How an account ends: what is decided, what is to be done by whom and when, what will be said."""
    found = opened(closure_id)
    people = [step.record.owner_id for step in found.steps] + [found.closure.decided_by]
    names, council = names_of(context.db(), people), context.council()
    return show(
        "closures/closure.html",
        found=found,
        names=names,
        phases=[(phase, _items(found, names, phase)) for phase in Phase],
        late=[step for step in found.steps if not step.is_settled and step.record.due_on < context.today()],
        verdict=MAY_BE_COMPLETED.judge(completion_of(found.closure, found.steps), context.today()),
        completers=f"{council.title(Role.COMMS)} or the {council.title(Role.CLERK)}",
    )


@room.route("/closures/<int:closure_id>/change", methods=["GET", "POST"])
@needs(Permission.CLOSURE_MANAGE)
def change(closure_id: int) -> ResponseReturnValue:
    """Change the days, the successor or the public sentence of a closure."""
    found = _still_open(closure_id)
    form = ChangeForm(obj=found.closure)
    without_strangers(form, found.closure.ending)

    def act() -> None:
        with context.work() as work:
            actions.change(work, closure_id, **form.data)

    if accepted(form, act):
        flash("The closure is changed.", "success")
        return redirect(url_for("closures.closure", closure_id=closure_id))
    return show("closures/change.html", form, found=found)


@room.route("/closures/<int:closure_id>/complete", methods=["GET", "POST"])
@needs(Permission.CLOSURE_MANAGE)
def complete(closure_id: int) -> ResponseReturnValue:
    """Say what completing means, and complete."""
    form = Form()
    if form.is_submitted():
        with context.work() as work:
            account = actions.complete(work, closure_id)
        flash(f"{account.name} is {state_name(account.state).lower()}. The public register says so.", "success")
        return redirect(url_for("closures.closure", closure_id=closure_id))
    found = _still_open(closure_id)
    verdict = MAY_BE_COMPLETED.judge(completion_of(found.closure, found.steps), context.today())
    return show("closures/complete.html", form, found=found, verdict=verdict)


@room.route("/closures/<int:closure_id>/abandon", methods=["GET", "POST"])
@needs(Permission.CLOSURE_MANAGE)
def abandon(closure_id: int) -> ResponseReturnValue:
    """Take the beginning of an ending back."""
    found, form = _still_open(closure_id), AbandonForm()

    def act() -> None:
        with context.work() as work:
            actions.abandon(work, closure_id, form.why.data)

    if accepted(form, act):
        flash(f"The closure is abandoned. {found.account.name} goes on as it was.", "success")
        return redirect(url_for("register.account", account_id=found.account.id))
    return show("closures/abandon.html", form, found=found)


def _still_open(closure_id: int) -> Opened:
    found = opened(closure_id)
    if not found.is_open and request.method == "GET":  # what is sent the act judges, and nothing typed is lost
        raise Conflict(f"This closure is {found.closure.state.value} already.")
    return found


def _items(found: Opened, names: dict[int, str], phase: Phase) -> list[dict[str, Any]]:
    return [_item(found, step, names) for step in found.steps if step.task.phase is phase]


def _item(found: Opened, step: Step, names: dict[int, str]) -> dict[str, Any]:
    text, colour = status_of(found, step)
    when = f"Settled {away(step.record.done_on, context.today())}" if step.is_settled else _by(step)
    hint = [when, names.get(step.record.owner_id or 0, "nobody yet"), "" if step.task.must else "can be left out"]
    return {
        "title": step.task.title,
        "href": url_for("closures.step", closure_id=found.closure.id, key=step.task.key),
        "status_text": text,
        "status_colour": colour,
        "hint": " · ".join(part for part in hint if part),
    }


def _by(step: Step) -> str:
    return f"By {away(step.record.due_on, context.today())}"


def status_of(found: Opened, step: Step) -> tuple[str, str | None]:
    """How a step stands: a word and a colour; settled steps have none."""
    if step.record.not_needed:
        return "Not needed", None
    if step.is_settled:
        return "Done", None
    if found.is_past(step):
        return "Not done", "grey"
    days = (step.record.due_on - context.today()).days
    if days < 0:
        return due(step.record.due_on, context.today()).capitalize(), "red"
    return ("Due soon", "yellow") if days <= SOON else ("To do", "blue")
