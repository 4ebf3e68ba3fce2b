"""The spreadsheet a council has today, read as text; and cells written so that none is a formula.

A file is what its content says; one whose name says otherwise is refused. Every limit is checked
before the library that would pay for it opens the file: a small zip may unpack to a great deal, and
one cell far from the rest makes a table of millions.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import PurePath
from typing import Final

from registry.accounts.columns import guess_columns
from registry.accounts.workbook import Unreadable, check_workbook

__all__ = [
    "Table",
    "Unreadable",
    "guard_cell",
    "guess_columns",
    "read_table",
    "unguard_cell",
    "write_csv_rows",
]

LARGEST: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 60
_MOST_TITLES: Final = 10

_NAMED_OTHERWISE: Final = {
    False: ("a CSV file", (".xlsx",)),
    True: ("a workbook", (".csv", ".tsv", ".txt")),
}
"""By whether it is a workbook: what a file is called, and the endings that say otherwise."""
_OTHER_KINDS: Final = {
    b"\xd0\xcf\x11\xe0": "That is an old Excel file or has a password: save it as .xlsx or CSV.",
    b"%PDF": "That is a PDF: save the spreadsheet itself as .xlsx or CSV.",
    b"<": "That is a web page: open it in a spreadsheet and save it as .xlsx or CSV.",
    b"{\\rtf": "That is a text document: save the table as .xlsx or CSV.",
}
_BYTE_ORDER_MARKS: Final = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_FORMULA: Final = "'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
_DANGEROUS: Final = re.compile(_FORMULA)
_GUARDED: Final = re.compile(f"'{_FORMULA}")


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows of text, every row as long as the headings.

    `numbers` holds for each row its number in the file, as a person sees it in the spreadsheet.
    """

    headings: list[str]
    rows: list[list[str]]
    numbers: list[int]


def guard_cell(text: str) -> str:
    """The text with an apostrophe before it, where a spreadsheet would otherwise run it."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguard_cell(text: str) -> str:
    """What `guard_cell` was given: `unguard_cell(guard_cell(text)) == text` for every text."""
    return text[1:] if _GUARDED.match(text) else text


def write_csv_rows(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The rows as lines of CSV, every cell guarded; `read_table` gives them back."""
    for row in rows:
        line = io.StringIO(newline="")
        csv.writer(line).writerow([guard_cell(cell) for cell in row])
        yield line.getvalue()


def read_table(data: bytes, filename: str) -> Table:
    """The table in a CSV file or in the first sheet of an XLSX file; raises only `Unreadable`.

    The name serves to say which file is meant; at most 5 MB, 20,000 rows and 60 columns.
    """
    if not data.strip():
        raise Unreadable(f"“{filename}” is empty.")
    if len(data) > LARGEST:
        raise Unreadable("The file is larger than 5 MB: split it, or remove pictures from it.")
    is_book = data.startswith(b"PK")
    cells = _sheet_rows(data) if is_book else _csv_rows(data)
    filled = _filled_rows(cells)
    if not filled:
        raise Unreadable(f"“{filename}” has no filled cells.")
    kind, otherwise = _NAMED_OTHERWISE[is_book]
    if (ending := PurePath(filename).suffix.lower()) in otherwise:
        raise Unreadable(f"“{filename}” ends in {ending} and is {kind}: save it anew as what it is.")
    return _table(filled)


def _sheet_rows(data: bytes) -> Iterator[list[str]]:
    # Imported here because only an import of a workbook needs it.
    from python_calamine import CalamineWorkbook

    check_workbook(data)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except Exception as error:  # whatever the library dislikes, the person needs one sentence
        raise Unreadable("The workbook is damaged: open it, save it again and retry.") from error
    return ([_as_text(cell) for cell in row] for row in rows)


def _as_text(cell: object) -> str:
    """A cell as a person reads it: ISO dates, whole numbers without a decimal point."""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _csv_rows(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    first, _, rest = text.partition("\n")
    if directive := re.fullmatch(r"sep=([^\s\"]|\t)\r?", first):  # Excel writes and obeys this line
        delimiter, text = directive[1], f"\n{rest}"
    else:
        delimiter = _delimiter(text)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Unreadable("The CSV is damaged: a quotation mark may be missing.") from error


def _decoded(data: bytes) -> str:
    """UTF-8 where it is, else the encoding of Windows in Britain; never half-read text."""
    for start, reason in _OTHER_KINDS.items():
        if data.lstrip().startswith(start):
            raise Unreadable(reason)
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("That is neither a CSV nor an XLSX file: save the spreadsheet as one of them.")


def _delimiter(text: str) -> str:
    """The one that splits most of the first rows into as many cells as the widest row."""
    sample = text[:50_000].splitlines(keepends=True)[:20]

    def merit(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        widest = max(widths, default=1)
        return (widths.count(widest) if widest > 1 else 0, widest)

    return max((",", ";", "\t"), key=merit)


def _filled_rows(rows: Iterable[Sequence[str]]) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, trimmed and unguarded, with their numbers in the file."""
    filled = []
    for number, row in enumerate(rows, start=1):
        cells = [unguard_cell(cell.strip()) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(f"Row {number} has more than {MOST_COLUMNS} columns.")
        if cells:
            filled.append((number, cells))
        if len(filled) > MOST_ROWS + 1:
            raise Unreadable(f"There are more than {MOST_ROWS:,} rows: split the file.")
    return filled


def _table(filled: list[tuple[int, list[str]]]) -> Table:
    filled = _without_title(filled)
    (_, headings), *body = filled
    width = max(len(cells) for _, cells in filled)
    headings = _named(headings + [""] * (width - len(headings)))
    rows = [cells + [""] * (width - len(cells)) for _, cells in body]
    return Table(headings, rows, [number for number, _ in body])


def _without_title(filled: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """From the headings on: titles of one cell may stand above them."""
    for place, (_, cells) in enumerate(filled[:_MOST_TITLES]):
        named = [cell for cell in cells if cell]
        if len(named) > 1:
            return filled[place:] if len(guess_columns(named)) > 1 else filled
    return filled


def _named(headings: list[str]) -> list[str]:
    """Every column with a name of its own: blank ones by letter, repeated ones by number."""
    names: list[str] = []
    for place, heading in enumerate(headings):
        name = plain = " ".join(heading.split()) or f"Column {_letters(place)}"
        count = 1
        while name in names:
            count += 1
            name = f"{plain} ({count})"
        names.append(name)
    return names


def _letters(place: int) -> str:
    first, last = divmod(place, 26)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + last)
