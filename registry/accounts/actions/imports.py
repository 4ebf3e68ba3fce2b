"""A council's spreadsheet comes in: uploaded, its columns named, then taken over whole or not at all."""

from unicodedata import normalize

from sqlalchemy import delete, update

from registry.accounts.actions.adding import enter, new_account
from registry.accounts.actions.areas import add_area
from registry.accounts.identify import Identity
from registry.accounts.importing import Line, Plan, Preview, check, gaps, guess
from registry.accounts.models import Account, ImportBatch
from registry.accounts.queries import get_area, get_batch, table_of, what_is_known
from registry.accounts.spreadsheet import Table, Unreadable, read_table
from registry.core.errors import Conflict, Invalid
from registry.core.work import Subject, Work
from registry.vocabulary.events import Event

LONGEST_FILENAME = 200


def upload(work: Work, data: bytes, filename: str) -> ImportBatch:
    """Keep a spreadsheet between the steps; what the same person had waiting before is put away."""
    try:
        table = read_table(data, filename)
    except Unreadable as trouble:
        raise Invalid("file", trouble.reason) from trouble
    work.session.execute(
        delete(ImportBatch).where(
            ImportBatch.council_id == work.council,
            ImportBatch.person_id == work.actor_id,
            ImportBatch.applied_at.is_(None),
        )
    )
    batch = ImportBatch(
        council_id=work.council,
        person_id=work.actor_id,
        filename=plain_name(filename),
        headings=list(table.headings),
        rows=[[number, *cells] for number, cells in zip(table.numbers, table.rows, strict=True)],
        mapping={"columns": guess(table.headings), "area_id": None},
        uploaded_at=work.now,
    )
    work.session.add(batch)
    work.flush()
    return batch


def map_batch(work: Work, batch_id: int, plan: Plan) -> ImportBatch:
    """Settle which column holds what, and which service area answers where a row names none."""
    batch = get_batch(work.session, work.council, batch_id)
    if plan.area_id is not None:
        get_area(work.session, work.council, plan.area_id)
    for gap in gaps(table_of(batch)[0], plan):
        raise Invalid("", gap.message)
    batch.mapping = {"columns": dict(plan.columns), "area_id": plan.area_id}
    return batch


def discard_batch(work: Work, batch_id: int) -> None:
    """Put a spreadsheet away; nothing of it is in the register."""
    work.session.delete(get_batch(work.session, work.council, batch_id))


def apply_batch(work: Work, batch_id: int, may_add_areas: bool) -> list[Account]:
    """Take over a spreadsheet that waits, once; its rows are not kept a second time."""
    batch = get_batch(work.session, work.council, batch_id)
    claim = update(ImportBatch).where(ImportBatch.id == batch_id, ImportBatch.applied_at.is_(None))
    claimed = work.session.scalars(claim.values(applied_at=work.now).returning(ImportBatch.id)).all()
    if not claimed:
        raise Conflict("Somebody else has just imported this file. Look at the register.")
    table, plan = table_of(batch)
    accounts = import_accounts(work, table, plan, batch.filename, may_add_areas)
    batch.rows = []
    return accounts


def import_accounts(work: Work, table: Table, plan: Plan, filename: str, may_add_areas: bool) -> list[Account]:
    """Enter every row of a spreadsheet, or none: the register is asked afresh, whatever a preview showed before."""
    preview = check(table, plan, what_is_known(work.session, work.council, work.today))
    _refuse_unfit(preview, may_add_areas)
    areas = {name.casefold(): add_area(work, name).id for name in preview.new_areas}
    accounts = [_account(work, line, line.identity, areas) for line in preview.lines if line.identity]
    work.session.add_all(accounts)
    work.flush()
    work.record(Event.ACCOUNTS_IMPORTED, Subject("import", None), rows=len(accounts), file=plain_name(filename))
    for account in accounts:
        enter(work, account, "import")
    return accounts


def plain_name(filename: str) -> str:
    """A file's name without its folders or anything that does not print."""
    name = normalize("NFC", filename.replace("\\", "/").rpartition("/")[2])
    return "".join(letter for letter in name if letter.isprintable())[:LONGEST_FILENAME] or "a spreadsheet"


def _refuse_unfit(preview: Preview, may_add_areas: bool) -> None:
    if not preview.is_clean:
        faults = len(preview.problems)
        cells = "1 cell needs" if faults == 1 else f"{faults:,} cells need"
        raise Invalid("", f"{cells} mending first. An import is all or nothing, so nothing was entered")
    if preview.new_areas and not may_add_areas:
        raise Invalid("create_areas", "Tick to create the new service areas if they are right; otherwise mend the file")


def _account(work: Work, line: Line, identity: Identity, areas: dict[str, int]) -> Account:
    area_id = line.area_id or areas[line.area_name.casefold()]
    return new_account(work, identity, line.state, name=line.name, service_area_id=area_id, **line.facts)
