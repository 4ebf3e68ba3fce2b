import io
import stat
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.accounts import columns, workbook
from registry.accounts.identify import Unrecognised, identify
from registry.accounts.spreadsheet import (
    Table,
    Unreadable,
    guard_cell,
    guess_columns,
    read_table,
    unguard_cell,
    write_csv_rows,
)

EXAMPLES = Path(__file__).parents[2] / "examples"


def _example(name: str) -> Table:
    return read_table((EXAMPLES / name).read_bytes(), name)


def _xlsx(rows: Sequence[Sequence[object]], far: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if far:
        sheet[far] = "far away"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _repacked(data: bytes, **parts: bytes) -> bytes:
    """The workbook with some of its parts replaced; `sheet1` stands for the first sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(Path(name).stem, b"") or old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return out.getvalue()


def _sheet(rows: str, before: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{before}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def test_the_example_register_reads_the_same_from_csv_and_xlsx() -> None:
    table = _example("register-districts.csv")
    assert table == _example("register-districts.xlsx")
    assert len(table.rows) == 11
    assert table.numbers == list(range(2, 13))
    assert set(guess_columns(table.headings)) == set(columns._SYNONYMS)


def test_handle_and_link_of_every_example_row_name_one_account() -> None:
    table = _example("register-districts.csv")
    columns = [table.headings.index(name) for name in ("Platform", "Handle", "Link")]
    accounts = set()
    for row in table.rows:
        platform, handle, link = (row[column] for column in columns)
        assert identify(handle, platform) == identify(link, platform)
        accounts.add(identify(link))
    assert len(accounts) == 11
    assert identify("x:@ChilternCouncil") in accounts


def test_the_example_with_errors_shows_accounts_that_cannot_be_read_and_one_that_can() -> None:
    table = _example("register-with-errors.csv")
    assert identify(table.rows[0][2], table.rows[0][0]).handle == "ExampleWaste"
    refused = 0
    for row in table.rows[1:]:
        try:
            identify(row[2] or row[1], row[0])
        except Unrecognised:
            refused += 1
    assert refused >= 9


@pytest.mark.parametrize(
    "data",
    [
        b"Platform,Handle\nTwitter,@Example\n",
        b"\xef\xbb\xbfPlatform,Handle\r\nTwitter,@Example\r\n",
        b"Platform;Handle\nTwitter;@Example",
        b"Platform\tHandle\nTwitter\t@Example",
        b"sep=;\r\nPlatform;Handle\r\nTwitter;@Example\r\n",
        b"sep=\t\nPlatform\tHandle\nTwitter\t@Example\n",
        b'"Platform","Handle"\n"Twitter","@Example"\n',
        b"Platform,Handle\n\n,\nTwitter,@Example,,,\n\n",
        b" Platform , Handle \n Twitter , '@Example \n",
        b"Our social media register 2026\nUpdated in May\n\nPlatform,Handle\nTwitter,@Example\n",
        "Platform,Handle\nTwitter,@Example\n".encode("utf-16"),
        _xlsx([["Platform", "Handle"], ["Twitter", "@Example"]]),
        _xlsx([["Register"], [], ["Platform", "Handle"], ["Twitter", "'@Example"]]),
    ],
)
def test_a_table_reads_the_same_however_it_was_saved(data: bytes) -> None:
    table = read_table(data, "register")
    assert table.headings == ["Platform", "Handle"]
    assert table.rows == [["Twitter", "@Example"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_and_pound_signs_survive_every_usual_encoding(encoding: str) -> None:
    data = "Name,Notes\nCyngor Môn,“£5” – café\n".encode(encoding)
    assert read_table(data, "x.csv").rows == [["Cyngor Môn", "“£5” – café"]]


def test_a_row_keeps_the_number_it_has_in_the_file() -> None:
    table = read_table(b'Title\n\nName,Notes\nA,"two\nlines"\n,\nB,x\n', "x.csv")
    assert table.numbers == [4, 6]
    assert table.rows == [["A", "two\nlines"], ["B", "x"]]


def test_a_heading_alone_is_an_empty_table() -> None:
    assert read_table(b"Platform,Handle\n", "x.csv") == Table(["Platform", "Handle"], [], [])


def test_one_column_of_links_is_a_table_whose_first_row_is_its_heading() -> None:
    table = read_table(b"Link\nhttps://x.com/a\nhttps://x.com/b,a note\n", "x.csv")
    assert table.headings == ["Link", "Column B"]
    assert table.rows == [["https://x.com/a", ""], ["https://x.com/b", "a note"]]


def test_ragged_rows_and_nameless_or_repeated_headings_lose_nothing() -> None:
    table = read_table(b"Name,,Name\nA\nB,1,2,3\n", "x.csv")
    assert table.headings == ["Name", "Column B", "Name (2)", "Column D"]
    assert table.rows == [["A", "", "", ""], ["B", "1", "2", "3"]]


def test_a_comma_inside_text_does_not_split_a_file_of_semicolons() -> None:
    data = b"Name;Notes, if any\nA;one, two\nB;three\n"
    assert read_table(data, "x.csv").headings == ["Name", "Notes, if any"]


def test_dates_become_iso_and_whole_numbers_lose_their_point() -> None:
    row = [date(2027, 5, 3), datetime.fromisoformat("2027-05-03 09:30"), time(9, 0), 7.0, 1.5, True, None, "x"]
    table = read_table(_xlsx([list("abcdefgh"), row]), "x.xlsx")
    assert table.rows == [["2027-05-03", "2027-05-03 09:30:00", "09:00:00", "7", "1.5", "yes", "", "x"]]


def test_a_moment_at_midnight_is_a_day() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_xlsx([["Last posted"], [date(2027, 5, 3)]])))
    assert book.active is not None
    book.active["A2"].number_format = "dd/mm/yyyy hh:mm"
    out = io.BytesIO()
    book.save(out)
    assert read_table(out.getvalue(), "x.xlsx").rows == [["2027-05-03"]]


def test_only_the_first_sheet_is_read() -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Other")
    assert first is not None
    first.append(["Platform", "Handle"])
    second.append(["Something", "else"])
    out = io.BytesIO()
    book.save(out)
    assert read_table(out.getvalue(), "x.xlsx").headings == ["Platform", "Handle"]


def test_the_content_counts_and_a_name_that_says_otherwise_is_refused() -> None:
    plain, book = b"Name,Notes\nA,b\n", _xlsx([["Name"], ["A"]])
    for data, name, is_what in ((plain, "register.XLSX", "a CSV file"), (book, "register.csv", "a workbook")):
        with pytest.raises(Unreadable, match=f"is {is_what}: save it anew"):
            read_table(data, name)
    assert read_table(plain, "register").rows == read_table(plain, "register.csv").rows == [["A", "b"]]
    assert read_table(book, "register").rows == read_table(book, "register.xlsx").rows == [["A"]]


def _zip_of(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "because"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b",,\n,,\n", "no filled cells"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"<!doctype html><table>", "web page"),
        (b"{\\rtf1 x}", "text document"),
        (b"\x89PNG\r\n\x1a\n\0\0", "neither"),
        (b"Name\x00,Notes\n", "neither"),
        (b"Name,\x81\x8d\n", "neither"),
        (b"\xff\xfeN", "neither"),
        (b"PK\x03\x04junk", "damaged"),
        (b"PK is what we call it,x\n1,2\n", "damaged"),
        (_zip_of({"readme": b"x"}), "not an XLSX"),
        (_xlsx([["Name"]])[:-40], "damaged"),
        (_xlsx([["Name"]]).replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\x99"), "damaged"),
        (_zip_of({"xl/workbook.xml": b"x"}), "damaged"),
        (_zip_of({"xl/workbook.xml": b"x"} | {f"part{n}": b"" for n in range(2_000)}), "unpacks"),
        (_zip_of({"xl/workbook.xml": b"x"}, zipfile.ZIP_BZIP2), "damaged"),
        (b"a" * (5 * 1024 * 1024 + 1), "5 MB"),
        (b"Name\n" + b"x\n" * 20_001, "20,000 rows"),
        (b"Name\n" + b"x," * 60 + b"x\n", "60 columns"),
        (b'Name,Notes\nA,"' + b"x" * 200_000, "quotation mark"),
        (_xlsx([["Name"]], far="XFD1048576"), "far from the others"),
        (_xlsx([["x"] * 61]), "60 columns"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence_that_helps(data: bytes, because: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_table(data, "register")
    assert because in refusal.value.reason


def test_a_full_table_is_read() -> None:
    data = b"Name\n" + b"x\n" * 20_000
    assert len(read_table(data, "x.csv").rows) == 20_000


def test_a_zip_that_unpacks_to_too_much_is_refused_before_it_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbook, "_LARGEST_UNPACKED", 1_000_000)
    bomb = _repacked(_xlsx([["Name"]]), **{"xl/media/picture.bin": b"\0" * 2_000_000})
    assert len(bomb) < 20_000
    with pytest.raises(Unreadable, match="unpacks"):
        read_table(bomb, "x.xlsx")


def test_a_zip_that_lies_about_its_size_is_measured_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workbook, "_LARGEST_UNPACKED", 1_000_000)
    bomb = bytearray(_repacked(_xlsx([["Name"]]), **{"xl/media/picture.bin": b"\0" * 2_000_000}))
    declared = (2_000_000).to_bytes(4, "little")
    while (place := bomb.find(declared)) >= 0:
        bomb[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(Unreadable, match="unpacks"):
        read_table(bytes(bomb), "x.xlsx")


@pytest.mark.parametrize(
    ("sheet", "because"),
    [
        (_sheet('<row r="1048576"><c t="inlineStr"><is><t>x</t></is></c><c r="XFD1"><v>1</v></c></row>'), "far"),
        (_sheet('<row r="1"><c r="zzz1048576"><v>1</v></c></row>'), "far"),
        (_sheet('<row r="1048576">' + "<c/>" * 4 + "<c><v>1</v></c></row>"), "far"),
        (_sheet("<row><c r='nonsense'><v>1</v></c></row>"), "damaged"),
        (_sheet('<row r="99999999999"><c><v>1</v></c></row>'), "damaged"),
        (_sheet("<row><c><v>1</v></row>"), "damaged"),
        (_sheet("<row><c><v>&a;</v></c></row>", '<!DOCTYPE x [<!ENTITY a "aa">]>'), "damaged"),
    ],
)
def test_a_sheet_made_to_exhaust_memory_is_refused_before_it_is_laid_out(sheet: bytes, because: str) -> None:
    with pytest.raises(Unreadable, match=because):
        read_table(_repacked(_xlsx([["Name"]]), sheet1=sheet), "x.xlsx")


def test_a_workbook_with_a_link_to_another_file_is_refused() -> None:
    out = io.BytesIO(_xlsx([["Name"]]))
    link = zipfile.ZipInfo("xl/media/picture.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(out, "a") as book:
        book.writestr(link, "/etc/passwd")
    with pytest.raises(Unreadable, match="damaged"):
        read_table(out.getvalue(), "x.xlsx")


def test_where_a_workbook_says_its_parts_lie_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deep" / "down").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "down")
    climbing = {"../../evil.txt": b"x", str(tmp_path / "evil.txt"): b"x"}
    assert read_table(_repacked(_xlsx([["Name"], ["Bins"]]), **climbing), "../../evil.xlsx").rows == [["Bins"]]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_entities_that_name_files_or_multiply_are_never_followed() -> None:
    """Shared texts are read by another parser than sheets; it knows no entities of the file's own."""
    text = '<!DOCTYPE sst [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "bbbbbbbb">]>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    shared = f'{text}<sst xmlns="{space}"><si><t>x&a;&b;</t></si></sst>'.encode()
    sheet = _sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
    book = _repacked(_xlsx([["Name"]]), sheet1=sheet, sharedStrings=shared)
    try:
        told = str(read_table(book, "x.xlsx"))
    except Unreadable:
        told = ""
    assert "root:" not in told
    assert "bbbb" not in told


def test_an_empty_styled_cell_far_away_does_no_harm() -> None:
    sheet = _sheet('<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"><c r="XFD1048576"/></row>')
    table = read_table(_repacked(_xlsx([["Name"]]), sheet1=sheet), "x.xlsx")
    assert table.headings == ["7"]


DANGEROUS = ["=1+1", "+44 7700 900000", "-1", "@Example", "\tx", "\rx", "\nx", "＝1", "'=1", "''@x"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_cell_that_would_run_is_guarded_by_an_apostrophe(text: str) -> None:
    assert guard_cell(text) == f"'{text}"
    assert unguard_cell(guard_cell(text)) == text


@pytest.mark.parametrize("text", ["", "Example", "1", "'tis", "a=1", " =1", "''", "https://x.com/a"])
def test_a_harmless_cell_is_left_alone(text: str) -> None:
    assert guard_cell(text) == unguard_cell(text) == text


CELLS = st.one_of(
    st.text(max_size=20),
    st.text(alphabet="'=+-@\t\r\n＝ a,;\"", max_size=8),
)


@given(CELLS)
def test_a_guarded_cell_can_always_be_given_back(text: str) -> None:
    guarded = guard_cell(text)
    assert unguard_cell(guarded) == text
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r"))


PLAIN = CELLS.filter(lambda text: text == text.strip() and "\0" not in text and text.isprintable())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(PLAIN.filter(bool), min_size=3, max_size=3), min_size=1, max_size=6))
def test_what_is_exported_is_read_back_cell_for_cell(rows: list[list[str]]) -> None:
    csv = "".join(write_csv_rows([["Name", "Handle", "Notes"], *rows]))
    assert read_table(csv.encode(), "export.csv").rows == rows


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.binary(max_size=60).map(lambda end: b"PK\x03\x04" + end)))
def test_whatever_is_uploaded_the_answer_is_a_table_or_a_reason(data: bytes) -> None:
    try:
        table = read_table(data, "upload")
    except Unreadable:
        return
    assert all(len(row) == len(table.headings) for row in table.rows)
    assert len(set(table.headings)) == len(table.headings)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_a_table_or_a_reason(data: st.DataObject) -> None:
    whole = bytearray((EXAMPLES / "register-districts.xlsx").read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_table(bytes(whole), "upload")
    except Unreadable:
        return


@pytest.mark.parametrize(
    ("headings", "guessed"),
    [
        (
            ["Social media", "Account name", "Twitter handle", "Web link", "Department", "Owner email"],
            {
                "platform": "Social media",
                "name": "Account name",
                "handle": "Twitter handle",
                "url": "Web link",
                "service_area": "Department",
                "responsible": "Owner email",
            },
        ),
        (
            ["Network", "USERNAME", "Link", "Team", "Managed by", "How often?", "Date of last post"],
            {
                "platform": "Network",
                "handle": "USERNAME",
                "url": "Link",
                "service_area": "Team",
                "responsible": "Managed by",
                "cadence_days": "How often?",
                "last_posted": "Date of last post",
            },
        ),
        (["Service area", "Service"], {"service_area": "Service area"}),
        (["Name", "Account"], {"name": "Name", "handle": "Account"}),
        (["Column A", "", "Shoe size"], {}),
        ([], {}),
    ],
)
def test_columns_are_guessed_by_the_words_councils_use(headings: list[str], guessed: dict[str, str]) -> None:
    assert guess_columns(headings) == guessed
