"""What an XLSX file would unpack to, measured before anything opens it whole.

Sizes that a zip declares may be lies, so the parts are really unpacked, up to a limit. The reader
lays a sheet out as a full rectangle, so a cell in the far corner is refused by its position.
"""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

_LARGEST_UNPACKED: Final = 80 * 1024 * 1024
_MOST_PARTS: Final = 2_000
_MOST_CELLS: Final = 3_000_000
_LOCAL_HEADER: Final = struct.Struct("<26xHH")
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")

# What the standard library raises on a bad zip; NotImplementedError is a version from the future.
_DAMAGES: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    NotImplementedError,
    ValueError,
    OSError,
    EOFError,
)
_DAMAGED: Final = "The workbook is damaged: open it, save it again and retry."
_TOO_LARGE: Final = "The workbook unpacks to far more than a register needs: save it as CSV."


class Unreadable(ValueError):
    """The file cannot be read as a table; `reason` is one plain sentence that says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_workbook(data: bytes) -> None:
    """Raise `Unreadable` unless this is an XLSX workbook that is safe to open."""
    try:
        for part in _unpacked(data):
            if b"sheetData" in part:
                _Sheet().measure(part)
    except Unreadable:
        raise
    except _DAMAGES as error:
        raise Unreadable(_DAMAGED) from error


def _unpacked(data: bytes) -> Iterator[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise Unreadable("That is not an XLSX workbook: save the spreadsheet as .xlsx or CSV.")
    if any(stat.S_ISLNK(member.external_attr >> 16) for member in members):
        raise Unreadable(_DAMAGED)
    if len(members) > _MOST_PARTS:
        raise Unreadable(_TOO_LARGE)
    room = _LARGEST_UNPACKED
    for member in members:
        part = _part(data, member, room)
        room -= len(part)
        yield part


def _part(data: bytes, member: zipfile.ZipInfo, room: int) -> bytes:
    """One part as it really is, at most one byte more than there is room for."""
    name, extra = _LOCAL_HEADER.unpack_from(data, member.header_offset)
    start = member.header_offset + 30 + name + extra
    packed = data[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        part = packed
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        part = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, room + 1)
    else:
        raise Unreadable(_DAMAGED)
    if len(part) > room:
        raise Unreadable(_TOO_LARGE)
    return part


class _Sheet:
    """How far the filled cells of one sheet reach."""

    def __init__(self) -> None:
        self.row = self.column = self.last_row = self.last_column = 0

    def measure(self, part: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._element
        parser.StartDoctypeDeclHandler = self._document_type
        parser.Parse(part, True)

    def _document_type(self, *_: object) -> None:
        raise Unreadable(_DAMAGED)

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(" ")[2]:
            case "row":
                self.row, self.column = self._row(attributes.get("r")), 0
            case "c":
                self._cell(attributes.get("r"))
            case "v" | "is":
                self._filled()

    def _row(self, number: str | None) -> int:
        if number is None:
            return self.row + 1
        if not re.fullmatch("[0-9]{1,7}", number):
            raise Unreadable(_DAMAGED)
        return int(number)

    def _cell(self, reference: str | None) -> None:
        if reference is None:
            self.column += 1
            return
        if not (match := _REFERENCE.fullmatch(reference.upper())):
            raise Unreadable(_DAMAGED)
        self.column = 0
        for letter in match[1]:
            self.column = self.column * 26 + ord(letter) - ord("A") + 1
        self.row = int(match[2])

    def _filled(self) -> None:
        self.last_row = max(self.last_row, self.row)
        self.last_column = max(self.last_column, self.column)
        if self.last_row * self.last_column > _MOST_CELLS:
            raise Unreadable("A filled cell lies far from the others: delete it and save again.")
