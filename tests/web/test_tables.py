"""A table as a narrow screen shows it: roles and names of columns are written into what a template wrote."""

import re

from markupsafe import Markup

from registry.web.tables import in_cards

HEAD = (
    '<thead><tr class="r"><td></td><th scope="col" class="h">Account <span aria-hidden="true">▲</span></th>'
    '<th scope="col"><a href="?sort=x&amp;order=y">Said &amp; "meant"</a></th>'
    '<th scope="col"><span class="govuk-visually-hidden">Take it back</span></th></tr></thead>'
)


def drawn(row: str) -> str:
    return in_cards(Markup(f"{HEAD}<tbody>{row}</tbody>"))


def test_every_part_of_a_table_keeps_its_role() -> None:
    html = drawn('<tr><td></td><th scope="row">A</th><td>b</td><td>c</td></tr>')
    roles = re.findall(r'<(\w+) role="(\w+)"', html)
    head = [("thead", "rowgroup"), ("tr", "row"), ("td", "cell"), *[("th", "columnheader")] * 3]
    body = [("tbody", "rowgroup"), ("tr", "row"), ("td", "cell"), ("th", "rowheader"), *[("td", "cell")] * 2]
    assert roles == head + body


def test_a_cell_is_told_by_what_its_columns_heading_shows_to_the_eye() -> None:
    html = drawn('<tr><td></td><td class="c">a</td><td>b</td><td>c</td></tr>')
    assert '<td role="cell" data-label="Account" class="c">a</td>' in html
    assert '<td role="cell" data-label="Said &amp; &quot;meant&quot;">b</td>' in html
    assert '<td role="cell">c</td>' in html, "buttons under a heading for the ear speak for themselves"


def test_a_row_of_one_cell_and_cells_beyond_the_headings_have_no_name() -> None:
    html = drawn('<tr><td colspan="4">all</td></tr><tr><td></td><td>a</td><td>b</td><td>c</td><td>d</td></tr>')
    assert '<td role="cell" colspan="4">all</td>' in html
    assert '<td role="cell" data-label="Account">a</td>' in html
    assert '<td role="cell">d</td>' in html


def test_a_cell_without_anything_is_empty_to_the_style_sheet() -> None:
    assert '<td role="cell" data-label="Account" class="c"></td>' in drawn('<tr><td></td><td class="c">\n   </td></tr>')


def test_what_people_typed_stays_text() -> None:
    typed = Markup("<tr><td>{}</td></tr>").format('<td class="x">" onclick="y">')
    assert typed in drawn(str(typed)).replace(' role="cell"', "").replace(' role="row"', "")
