"""One step's own small page: what to do, words to copy, what shows it, whose it is and by when."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from registry.closures import actions
from registry.closures.forms import HandOnForm, NotNeededForm, ProofForm
from registry.closures.queries import Step, get_step, instead_of, worker_of
from registry.closures.rules import MAY_WORK
from registry.closures.tasks import worded
from registry.closures.views.closure import Opened, opened, status_of
from registry.closures.views.room import room
from registry.closures.wording import words_of_closure
from registry.core.work import Work
from registry.identity.queries import list_people, name_of, names_of
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.fields import choice
from registry.web.forms import Form
from registry.web.guard import needs
from registry.web.pages import Done, accepted, show

P = Permission
STEP = "/closures/<int:closure_id>/steps/<key>"


@room.route(STEP, methods=["GET", "POST"])
@needs(get=P.CLOSURE_READ, post=P.CLOSURE_STEP_DONE)
def step(closure_id: int, key: str) -> ResponseReturnValue:
    """Show a step, and record that it is done."""
    found, one = _read(closure_id, key)
    form = ProofForm(proof=one.record.proof)
    if _accepted(form, lambda work: actions.finish_step(work, closure_id, key, form.proof.data)):
        flash(f"“{one.task.title}” is done.", "success")
        return _back(closure_id)
    return _page(found, one, proof=form)


@room.post(f"{STEP}/not-needed")
@needs(P.CLOSURE_STEP_DONE)
def drop(closure_id: int, key: str) -> ResponseReturnValue:
    """Record that a step is not needed."""
    found, one = _read(closure_id, key)
    form = NotNeededForm()
    if _accepted(form, lambda work: actions.drop_step(work, closure_id, key, form.why.data)):
        flash(f"“{one.task.title}” is recorded as not needed.", "success")
        return _back(closure_id)
    return _page(found, one, not_needed=form)


@room.post(f"{STEP}/reopen")
@needs(P.CLOSURE_STEP_DONE)
def reopen(closure_id: int, key: str) -> ResponseReturnValue:
    """Take a step up again."""
    with context.work() as work:
        one = actions.reopen_step(work, closure_id, key)
    flash(f"“{one.task.title}” is open again. What was written stays, to be put right.", "success")
    return redirect(url_for("closures.step", closure_id=closure_id, key=key))


@room.post(f"{STEP}/hand-on")
@needs(P.CLOSURE_STEP_DONE)
def hand_on(closure_id: int, key: str) -> ResponseReturnValue:
    """Change whose a step is, or by when."""
    found, one = _read(closure_id, key)
    form = HandOnForm()
    _offer_people(form, one)

    def act(work: Work) -> Any:
        return actions.hand_on_step(work, closure_id, key, form.lock.data, form.owner_id.data, form.due_on.data)

    if _accepted(form, act):
        flash(f"“{one.task.title}” is changed.", "success")
        return redirect(url_for("closures.step", closure_id=closure_id, key=key))
    return _page(found, one, hand_on=form)


def _read(closure_id: int, key: str) -> tuple[Opened, Step]:
    found = opened(closure_id)
    return found, get_step(context.db(), found.closure, key)


def _accepted(form: Form, act: Callable[[Work], Any]) -> Done[Any] | None:
    def do() -> Any:
        with context.work() as work:
            return act(work)

    return accepted(form, do)


def _back(closure_id: int) -> ResponseReturnValue:
    return redirect(url_for("closures.closure", closure_id=closure_id))


def _page(
    found: Opened,
    one: Step,
    *,
    proof: ProofForm | None = None,
    not_needed: NotNeededForm | None = None,
    hand_on: HandOnForm | None = None,
) -> ResponseReturnValue:
    """The page with its three forms; of one that was posted and refused, what was typed stays."""
    proof = proof or ProofForm(formdata=None, proof=one.record.proof)
    not_needed = not_needed or NotNeededForm(formdata=None)
    if hand_on is None:
        hand_on = HandOnForm(formdata=None, obj=one.record)
        _offer_people(hand_on, one)
    session, on = context.db(), context.today()
    status, colour = status_of(found, one)
    return show(
        "closures/step.html",
        next((form for form in (proof, not_needed, hand_on) if form.errors), None),
        found=found,
        step=one,
        status=status,
        colour=colour,
        proof=proof,
        not_needed=not_needed,
        hand_on=hand_on,
        verdict=MAY_WORK.judge(worker_of(session, found.closure, one, context.person_id(), on), on),
        names=names_of(session, (one.record.owner_id, one.record.done_by)),
        words=_words(found, one),
    )


def _words(found: Opened, one: Step) -> str:
    """The words to copy, filled with what is known; nothing where a step has none."""
    if one.task.template_text is None:
        return ""
    known = words_of_closure(context.council(), found.account, found.closure, instead_of(found.steps))
    return worded(one.task.template_text, known)


def _offer_people(form: HandOnForm, one: Step) -> None:
    people = list_people(context.db(), context.council().id, context.today())
    choices = {each.person_id: each.person.name for each in people}
    owner_id = one.record.owner_id
    if owner_id is not None and owner_id not in choices:
        choices[owner_id] = f"{name_of(context.db(), owner_id)} (left)"
    form.owner_id.choices = [choice(str(person_id), name) for person_id, name in choices.items()]
