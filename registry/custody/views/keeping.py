"""What is done with credentials in custody besides putting them there and looking."""

from flask.typing import ResponseReturnValue

from registry.custody.actions.describe import FIELDS
from registry.custody.actions.describe import describe as describe_credential
from registry.custody.actions.destroy import destroy as destroy_credential
from registry.custody.forms import DescribeForm, DestroyForm
from registry.custody.shred import shred
from registry.custody.views.room import done, found, room
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import accepted, show


@room.route("/custody/<int:credential_id>/notes", methods=["GET", "POST"])
@needs(Permission.CUSTODY_DEPOSIT)
def describe(credential_id: int) -> ResponseReturnValue:
    """Change label, sign-in name and notes; the value stays."""
    credential, account = found(credential_id)
    form = DescribeForm(obj=credential)

    def change() -> None:
        with context.work() as work:
            describe_credential(work, credential_id, form["lock"].data, {name: form[name].data for name in FIELDS})

    if accepted(form, change):
        return done(account, "The changes are saved.")
    return show("custody/describe.html", form, account=account, credential=credential)


@room.route("/custody/<int:credential_id>/destroy", methods=["GET", "POST"])
@needs(Permission.CUSTODY_DESTROY, fresh=True)
def destroy(credential_id: int) -> ResponseReturnValue:
    """Destroy a credential for good; whoever does so types the account's handle."""
    credential, account = found(credential_id)
    form = DestroyForm()
    if not account.is_ended:
        form.reason.required = "Say why it is not needed any more"

    def end() -> None:
        with context.work() as work:
            destroy_credential(work, credential_id, form.handle.data, form.reason.data)

    if accepted(form, end):
        answer = done(account, "It is destroyed. The record of who knew it stays.")
        context.close_db()  # an open look at the database would keep its log from being cleared
        shred(context.house().database)
        return answer
    return show("custody/destroy.html", form, account=account, credential=credential)
