"""A council's spreadsheet judged cell by cell, without a database."""

from datetime import date
from pathlib import Path

import pytest

from registry.accounts.importing import Known, Plan, check, guess, template_rows
from registry.accounts.importing.cells import (
    Misread,
    read_cadence,
    read_day,
    read_email,
    read_risk,
    read_state,
    text_of,
)
from registry.accounts.models import AccountState
from registry.accounts.spreadsheet import Table, read_table
from registry.councils.models import Risk

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TODAY = date(2026, 11, 20)
KNOWN = Known(TODAY)
HEADINGS = ["Platform", "Handle", "Link", "Account name", "Service area", "Status", "Owner email", "Last posted"]


def table(*rows: list[str], headings: list[str] = HEADINGS) -> Table:
    width = len(headings)
    return Table(headings, [row + [""] * (width - len(row)) for row in rows], list(range(2, len(rows) + 2)))


def judged(*rows: list[str], known: Known = KNOWN, area_id: int | None = None):
    return check(table(*rows), Plan(guess(HEADINGS), area_id), known)


def messages(preview) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.message) for problem in preview.problems]


@pytest.mark.parametrize("name", ["register-districts.csv", "register-districts.xlsx"])
def test_the_example_register_is_without_a_fault(name: str) -> None:
    found = read_table((EXAMPLES / name).read_bytes(), name)
    preview = check(found, Plan(guess(found.headings)), KNOWN)
    assert messages(preview) == []
    assert len(preview.lines) == 11
    assert {line.identity.platform for line in preview.lines if line.identity} == {"facebook", "x"}
    assert "Waste" in preview.new_areas
    assert preview.lines[0].facts["cadence_days"] == 1
    assert preview.lines[0].facts["risk"] is Risk.HIGH


def test_every_row_of_the_faulty_example_but_the_first_has_its_fault_told_at_the_cell() -> None:
    found = read_table((EXAMPLES / "register-with-errors.csv").read_bytes(), "register-with-errors.csv")
    preview = check(found, Plan(guess(found.headings)), KNOWN)
    columns = {problem.row: problem.column for problem in preview.problems}
    assert list(columns) == list(range(3, 22))
    expected = (
        *("Platform", "Handle", "Handle", "Link", "Link", "Link", "Link", "Link", "Link", "Link", "Link"),
        *("Service area", "Status", "Owner email", "Cadence days", "Last posted", "Last posted", "Risk", "Status"),
    )
    assert tuple(columns.values()) == expected
    assert all(problem.message for problem in preview.problems)
    assert not preview.is_clean


def test_an_account_that_is_known_already_names_the_one_in_the_register() -> None:
    known = Known(TODAY, taken={("x", "examplewaste"): "That is in the register already: “Waste”, live"})
    preview = judged(["Twitter", "@EXAMPLEWASTE", "", "", "Waste"], known=known)
    assert messages(preview) == [(2, "Handle", "That is in the register already: “Waste”, live")]


def test_one_account_twice_in_a_file_is_told_at_the_second_place() -> None:
    preview = judged(["X", "@Example", "", "", "Waste"], ["", "", "https://twitter.com/example?s=20", "", "Waste"])
    assert messages(preview) == [(3, "Link", "That is the same account as in row 2")]


def test_handle_and_link_must_lead_to_one_account() -> None:
    preview = judged(["", "@One", "https://x.com/Two", "", "Waste"], ["", "two", "https://x.com/Two", "", "Waste"])
    assert messages(preview) == [(2, "Link", "The link leads to @Two, but the handle is @One")]


def test_an_invisible_mark_in_a_handle_is_told_and_nothing_else_of_the_row() -> None:
    preview = judged(["X", "@Exa\u202emple", "", "", "Waste"])
    assert messages(preview) == [(2, "Handle", "There is an invisible character inside: type it again")]
    assert preview.lines[0].identity is None


def test_service_areas_are_found_in_any_spelling_and_new_ones_are_gathered_once() -> None:
    known = Known(TODAY, areas={"waste": 7}, ended_areas=frozenset({"museums"}))
    rows = [["x", f"@Example{n}", "", "", area] for n, area in enumerate(["WASTE", "Parks", "parks ", "Museums"])]
    preview = judged(*rows, known=known)
    assert [line.area_id for line in preview.lines] == [7, None, None, None]
    assert preview.new_areas == ("Parks",)
    assert messages(preview) == [
        (5, "Service area", "The service area “Museums” was ended: name the one that answers now")
    ]


def test_one_service_area_may_answer_for_every_row_that_names_none() -> None:
    assert judged(["x", "@Example"], area_id=7).lines[0].area_id == 7
    assert messages(judged(["x", "@Example"])) == [
        (2, "Service area", "Say which service area answers for the account")
    ]


def test_an_owner_whom_nobody_knows_is_left_out_with_a_warning_and_stops_nothing() -> None:
    known = Known(TODAY, people={"ann@council.example": 3})
    row = ["x", "@Example", "", "", "Waste", ""]
    preview = judged([*row, "Ann@council.example"], [*row[:1], "@Other", *row[2:], "bob@council.example"], known=known)
    assert preview.is_clean
    assert [line.facts["responsible_id"] for line in preview.lines] == [3, None]
    assert [(w.row, w.column) for w in preview.warnings] == [(3, "Owner email")]


def test_a_day_to_come_is_no_day_on_which_somebody_posted() -> None:
    row = ["x", "@Example", "", "", "Waste", "live", ""]
    assert messages(judged([*row, "21/11/2026"])) == [(2, "Last posted", "That day has not come yet")]
    assert judged([*row, "20/11/2026"]).lines[0].facts["last_posted_on"] == TODAY


def test_a_retired_platform_takes_a_closed_account_but_no_live_one() -> None:
    assert judged(["MySpace", "examplebands", "", "", "Arts", "closed"]).is_clean
    assert messages(judged(["MySpace", "examplebands", "", "", "Arts", "live"]))[0][1] == "Status"


def test_cells_that_say_nothing_count_as_empty() -> None:
    preview = judged(["Twitter", "\xa0@Example\xa0", "n/a", "-", "Waste", "TBC"])
    assert preview.is_clean
    assert preview.lines[0].state is AccountState.LIVE
    assert preview.lines[0].name == "@Example"


def test_a_file_without_the_columns_that_matter_is_told_so_once() -> None:
    found = table(["Waste", "bins"], headings=["Colour", "Shape"])
    assert [message for _, _, message in messages(check(found, Plan({}), KNOWN))] == [
        "No column says which account it is: choose the link, or platform and handle",
        "No column says which service area answers for the account",
    ]
    assert messages(check(table(), Plan(guess(HEADINGS)), KNOWN)) == [(1, "", "There is no row under the headings")]


def test_our_own_template_is_understood_whole() -> None:
    headings, sample = template_rows()
    mapping = guess(headings)
    assert len(mapping) == len(headings)
    assert check(Table(headings, [sample], [2]), Plan(mapping), KNOWN).is_clean


@pytest.mark.parametrize(
    ("text", "state"),
    [("Active", "live"), ("handed over", "handed_over"), ("Handed-over", "handed_over"), ("On hold", "mothballed")],
)
def test_states_are_read_in_the_words_councils_use(text: str, state: str) -> None:
    assert read_state(text) == state


@pytest.mark.parametrize(
    "text",
    ["2026-11-16", "16/11/2026", "16.11.2026", "16 November 2026", "16th Nov 2026", "16/11/26", "2026-11-16 09:30:00"],
)
def test_days_are_read_as_britain_writes_them(text: str) -> None:
    assert read_day(text) == date(2026, 11, 16)


@pytest.mark.parametrize(
    ("text", "days"), [("7", 7), ("weekly", 7), ("Every 10 days", 10), ("Twice a week", 3), ("14 days", 14)]
)
def test_a_cadence_is_a_number_of_days_or_a_word(text: str, days: int) -> None:
    assert read_cadence(text) == days


def test_medium_is_the_spreadsheets_word_for_normal_risk() -> None:
    assert read_risk("Medium") is Risk.NORMAL


@pytest.mark.parametrize(
    ("read", "text"),
    [
        *((read_day, text) for text in ("31/02/2026", "11/16/2026", "soon", "1/1/1920", "16/11")),
        *((read_cadence, text) for text in ("0", "now and then", "9999", "-3")),
        *((read_email, text) for text in ("room 4", "a@b", "@council.example")),
        (read_risk, "frightful"),
        (read_state, "dormant"),
        (text_of(5), "longer"),
        (text_of(), "hidden\u202emark"),
        (text_of(), "\x00"),
    ],
)
def test_what_will_not_do_is_one_sentence(read, text: str) -> None:
    with pytest.raises(Misread) as trouble:
        read(text)
    assert str(trouble.value)[0].isupper() or str(trouble.value).startswith("“")


def test_ten_thousand_rows_are_judged_without_growing_slower_by_the_row() -> None:
    rows = [
        ["Twitter", f"@Example{n}", f"https://x.com/Example{n}", "", f"Area {n % 12}", "live"] for n in range(10_000)
    ]
    preview = judged(*rows)
    assert preview.is_clean
    assert len(preview.new_areas) == 12
