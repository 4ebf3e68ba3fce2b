"""Versions of a policy: reading, comparing, drafting, discarding, publishing."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.core.errors import Conflict, Invalid, NotFound
from registry.identity.queries import names_of
from registry.policies import actions as acts
from registry.policies.difference import difference
from registry.policies.forms import DiscardForm, DraftForm, PublishForm
from registry.policies.models import PolicyVersion, VersionState
from registry.policies.queries import current_of, get_policy, get_version, published
from registry.policies.rendering import render
from registry.policies.rules import usual_review
from registry.policies.views.room import room
from registry.policies.wording import states_of
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import accepted, show

P = Permission
CONFLICT = 409


def _readable(version_id: int) -> PolicyVersion:
    """A version the reader may see: to most people a draft is not there."""
    version = get_version(context.db(), context.council().id, version_id)
    if version.state is VersionState.DRAFT and not current_user.may(P.POLICY_MANAGE):
        raise NotFound
    return version


def _draft(version_id: int) -> PolicyVersion:
    version = get_version(context.db(), context.council().id, version_id)
    if version.state is not VersionState.DRAFT and request.method == "GET":
        raise Conflict("This version is published, so its text is frozen for good. Draft a new version instead.")
    return version


def _versions(version: PolicyVersion) -> list[PolicyVersion]:
    return published(context.db(), context.council().id, version.policy_id)


def _before(version: PolicyVersion, versions: Sequence[PolicyVersion]) -> PolicyVersion | None:
    """The version that came before one: for a draft, the latest that is published."""
    if version.state is VersionState.DRAFT:
        return versions[0] if versions else None
    later = versions.index(version) + 1
    return versions[later] if later < len(versions) else None


@room.get("/policies/versions/<int:version_id>")
@needs(P.POLICY_READ)
def version(version_id: int) -> ResponseReturnValue:
    """One text, to be read or printed."""
    shown = _readable(version_id)
    versions = _versions(shown)
    state = states_of([shown, *versions] if shown not in versions else versions, context.today())[shown.id]
    return show(
        "policies/version.html",
        version=shown,
        state=state,
        reading=render(shown.text),
        current=current_of(versions, context.today()),
        before=_before(shown, versions),
        names=names_of(context.db(), [shown.published_by]),
    )


@room.get("/policies/versions/<int:version_id>/difference")
@needs(P.POLICY_READ)
def compare(version_id: int) -> ResponseReturnValue:
    """What changed from one version to another; from the one before unless `since` names one."""
    shown = _readable(version_id)
    versions = [each for each in _versions(shown) if each is not shown]
    since = request.args.get("since", type=int)
    base = next((each for each in versions if each.id == since), None) or _before(shown, _versions(shown))
    if base is None:
        raise NotFound
    changes = difference(base.text, shown.text)
    return show("policies/difference.html", version=shown, base=base, others=versions, changes=changes)


@room.route("/policies/<int:policy_id>/versions/new", methods=["GET", "POST"])
@needs(P.POLICY_MANAGE)
def start_draft(policy_id: int) -> ResponseReturnValue:
    """Begin the next version from the text of the last."""
    session, council_id = context.db(), context.council().id
    policy = get_policy(session, council_id, policy_id)
    versions = published(session, council_id, policy_id)
    form = DraftForm(text=versions[0].text if versions else "")

    def act() -> int:
        draft = _typed(form)
        with context.work() as work:
            return acts.start_draft(work, policy_id, draft).id

    if started := accepted(form, act):
        flash("The draft is saved. Nothing changes until it is published.", "success")
        return redirect(url_for("policies.version", version_id=started.came))
    cancel_url = url_for("policies.policy", policy_id=policy_id)
    return show(
        "policies/draft.html", form, heading="Draft a version", policy=policy, cancel_url=cancel_url, changes=None
    )


@room.route("/policies/versions/<int:version_id>/edit", methods=["GET", "POST"])
@needs(P.POLICY_MANAGE)
def edit_draft(version_id: int) -> ResponseReturnValue:
    """Edit a draft; when somebody saved it meanwhile, both texts are shown and none is lost."""
    shown = _draft(version_id)
    form = DraftForm(obj=shown)
    here = url_for("policies.version", version_id=version_id)
    told: dict[str, Any] = {"heading": f"Edit version {shown.version}", "policy": shown.policy, "cancel_url": here}

    def act() -> None:
        draft = _typed(form)
        with context.work() as work:
            acts.save_draft(work, version_id, form.lock.data, draft)

    try:
        if accepted(form, act):
            flash("The draft is saved. Nothing changes until it is published.", "success")
            return redirect(here)
    except Conflict as lost:
        if not lost.theirs:
            raise
        form.lock.data = shown.lock
        changes = difference(dict(lost.theirs)["Text"], form.text.data)
        return show("policies/draft.html", form, status_code=CONFLICT, **told, changes=changes, lost=lost)
    return show("policies/draft.html", form, **told, changes=None)


@room.route("/policies/versions/<int:version_id>/discard", methods=["GET", "POST"])
@needs(P.POLICY_MANAGE)
def discard_draft(version_id: int) -> ResponseReturnValue:
    """Throw a draft away, after being asked."""
    shown = _draft(version_id)
    form = DiscardForm(lock=shown.lock)
    policy = shown.policy

    def act() -> None:
        with context.work() as work:
            acts.discard_draft(work, version_id, form.lock.data)

    if accepted(form, act):
        flash("The draft is discarded.", "success")
        return redirect(url_for("policies.policy", policy_id=policy.id))
    return show("policies/discard.html", form, version=shown)


@room.route("/policies/versions/<int:version_id>/publish", methods=["GET", "POST"])
@needs(P.POLICY_MANAGE, fresh=True)
def publish(version_id: int) -> ResponseReturnValue:
    """Publish a draft, after reading what follows from it."""
    shown = _draft(version_id)
    form = PublishForm(lock=shown.lock, effective_on=context.today())

    def act() -> None:
        effective_on = form.effective_on.data
        approval = acts.Approval(
            form.approved_by.data,
            form.minute_ref.data,
            effective_on,
            form.review_due_on.data or usual_review(effective_on),
            form.is_minor.data,
        )
        with context.work() as work:
            acts.publish(work, version_id, form.lock.data, approval)

    if accepted(form, act):
        flash(f"Version {shown.version} is published.", "success")
        return redirect(url_for("policies.policy", policy_id=shown.policy_id))
    versions = _versions(shown)
    return show("policies/publish.html", form, version=shown, before=_before(shown, versions))


def _typed(form: DraftForm) -> acts.Draft:
    form.take_file()
    if not form.text.data:
        raise Invalid("text", "Enter the text, or choose a file that has it")
    return acts.Draft(form.version.data, form.text.data, form.summary_of_changes.data)
