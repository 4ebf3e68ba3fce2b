"""Taking over a spreadsheet: upload, name its columns, look at every row, apply all or nothing."""

from urllib.parse import urlencode

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.accounts import actions
from registry.accounts.forms import ApplyForm, UploadForm, columns_form
from registry.accounts.importing import FIELDS, Line, Preview, check, template_rows
from registry.accounts.queries import find_waiting_batch, get_batch, list_areas, table_of, what_is_known
from registry.accounts.spreadsheet import write_csv_rows
from registry.accounts.views.room import room
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.arguments import whole
from registry.web.filters import plural
from registry.web.guard import needs
from registry.web.pages import accepted, show
from registry.web.paging import SIZE, Page

MARK = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""


@room.route("/accounts/import", methods=["GET", "POST"])
@needs(Permission.ACCOUNTS_IMPORT)
def import_file() -> ResponseReturnValue:
    """Choose the spreadsheet the council has today."""
    form = UploadForm()

    def keep() -> int:
        with context.work() as work:
            return actions.upload(work, form.file.data.read(), form.file.data.filename).id

    if kept := accepted(form, keep):
        return redirect(url_for("accounts.import_columns", batch_id=kept.came))
    waiting = find_waiting_batch(context.db(), context.council().id, context.person_id())
    return show("accounts/import_file.html", form, fields=FIELDS, waiting=waiting)


@room.get("/accounts/import/template.csv")
@needs(Permission.ACCOUNTS_IMPORT)
def import_template() -> ResponseReturnValue:
    """A sample spreadsheet with every heading the import knows."""
    answer = Response(MARK + "".join(write_csv_rows(template_rows())), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="accounts-template.csv"'
    return answer


@room.route("/accounts/import/<int:batch_id>/columns", methods=["GET", "POST"])
@needs(Permission.ACCOUNTS_IMPORT)
def import_columns(batch_id: int) -> ResponseReturnValue:
    """Say which column holds what."""
    batch = get_batch(context.db(), context.council().id, batch_id)
    table, plan = table_of(batch)
    form = columns_form(table, plan, list_areas(context.db(), context.council().id, context.today()))

    def settle() -> None:
        with context.work() as work:
            actions.map_batch(work, batch_id, form.plan())

    if accepted(form, settle):
        return redirect(url_for("accounts.import_preview", batch_id=batch_id))
    return show("accounts/import_columns.html", form, batch=batch, rows=len(table.rows))


@room.route("/accounts/import/<int:batch_id>", methods=["GET", "POST"])
@needs(Permission.ACCOUNTS_IMPORT)
def import_preview(batch_id: int) -> ResponseReturnValue:
    """Look at every row as the register would take it, then take all of them or none."""
    batch = get_batch(context.db(), context.council().id, batch_id)
    form = ApplyForm()

    def take_over() -> int:
        with context.work() as work:
            return len(actions.apply_batch(work, batch_id, form.create_areas.data))

    if entered := accepted(form, take_over):
        flash(f"{plural(entered.came, 'account is', 'accounts are')} in the register.", "success")
        return redirect(url_for("register.accounts"))
    preview = check(*table_of(batch), what_is_known(context.db(), context.council().id, context.today()))
    form.create_areas.label.text = f"Create {plural(len(preview.new_areas), 'new service area')}"
    only_faulty = request.args.get("show", "" if preview.is_clean else "faulty") == "faulty"
    return show(
        "accounts/import_preview.html",
        form,
        batch=batch,
        preview=preview,
        faulty=sum(1 for line in preview.lines if line.problems),
        only_faulty=only_faulty,
        page=_cut(preview, only_faulty),
    )


@room.post("/accounts/import/<int:batch_id>/discard")
@needs(Permission.ACCOUNTS_IMPORT)
def import_discard(batch_id: int) -> ResponseReturnValue:
    """Put the spreadsheet away; nothing of it was entered."""
    with context.work() as work:
        actions.discard_batch(work, batch_id)
    flash("The spreadsheet is put away. Nothing of it was entered.", "success")
    return redirect(url_for("accounts.import_file"))


def _cut(preview: Preview, only_faulty: bool) -> Page:
    """One page of rows; they lie in memory, so a page's number is position enough."""
    lines: list[Line] = [line for line in preview.lines if line.problems or not only_faulty]
    last = max(1, -(-len(lines) // SIZE))
    number = max(1, min(whole(request.args.get("page")) or 1, last))

    def address(page: int) -> str | None:
        shown = {"show": "faulty" if only_faulty else "all", "page": page}
        return f"?{urlencode(shown)}" if 1 <= page <= last and page != number else None

    return Page(lines[(number - 1) * SIZE : number * SIZE], address(number - 1), address(number + 1))
