"""What the page does of itself in a real browser, under the policy the house sends.

Skipped where no Chromium is installed, unless REQUIRE_BROWSER is set.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response, render_template_string
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from registry.web import fields as f
from registry.web.forms import Form
from registry.web.headers import POLICY
from tests.chromium import window
from tests.web.conftest import shell

pytestmark = pytest.mark.browser

PAGE = """{% extends "layouts/page.html" %}{% from "components/reveal.html" import reveal %}
{% from "components/table.html" import table, select_all, pick, heading %}
{% block title %}Try{% endblock %}{% block main %}<h1>Try</h1>BODY{% endblock %}"""
SECRET = PAGE.replace("BODY", '{{ reveal("Password", "ab<d1234x", "/done", seconds) }}')
TABLE = PAGE.replace(
    "BODY",
    '{% call table("Accounts") %}<thead><tr>{{ select_all("#picked") }}{{ heading("Name") }}</tr></thead><tbody>'
    '{% for n in "abc" %}<tr>{{ pick("account", n, n) }}<td>{{ n }}</td></tr>{% endfor %}</tbody>{% endcall %}'
    '<p id="picked"></p>{{ form.decision() }}',
)
WIDE = PAGE.replace(
    "BODY",
    '{% call table("Waiting") %}<thead><tr>{{ heading("Name") }}{{ heading("Where from") }}{{ heading("Since when") }}'
    '<th scope="col"><span class="govuk-visually-hidden">Take it back</span></th></tr></thead><tbody><tr>'
    '<th scope="row">{{ "Wolfeschlegel" * 4 }}</th><td>{{ "Llanfairpwllgwyngyll" * 3 }}</td><td>3 September 2027</td>'
    "<td><button>Take it back</button></td></tr></tbody>{% endcall %}",
)


class Ask(Form):
    decision = f.Radios("Decision", choices=[f.choice("a", "Agree"), f.choice("r", "Return", conditional="Say why")])


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    def answer(source: str, **given: Any) -> Response:
        page = Response(render_template_string(source, shell=shell(), **given), mimetype="text/html")
        page.headers["Content-Security-Policy"] = POLICY
        return page

    app.add_url_rule("/secret/<int:seconds>", "secret", lambda seconds: answer(SECRET, seconds=seconds))
    app.add_url_rule("/table", "table", lambda: answer(TABLE, form=Ask()))
    app.add_url_rule("/wide", "wide", lambda: answer(WIDE))
    app.add_url_rule("/done", "done", lambda: answer(PAGE.replace("BODY", "<p>Nothing here</p>")))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page whose console must stay silent; it is closed before the server it loads from."""
    assert address
    said: list[str] = []
    with window(browser, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        yield page
    assert said == []


def the_next_page_is_there(page: Page) -> None:
    """By what stands on it: the address alone is changed as soon as the secret is shown, for who goes back."""
    page.get_by_text("Nothing here").wait_for(timeout=5000)
    assert page.locator("#secret-value").count() == 0


def test_a_secret_can_be_copied_whole_and_goes_when_its_time_is_over(page: Page, address: str) -> None:
    page.goto(f"{address}/secret/2")
    page.click("[data-copy]")
    page.wait_for_function("document.querySelector('#secret-copied').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == "ab<d1234x"
    the_next_page_is_there(page)


def test_a_secret_goes_when_the_page_is_covered(page: Page, address: str) -> None:
    page.goto(f"{address}/secret/30")
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true});document.dispatchEvent(new Event('visibilitychange'))"
    )
    the_next_page_is_there(page)


def test_a_page_kept_in_the_browsers_memory_keeps_no_secret(page: Page, address: str) -> None:
    page.goto(f"{address}/secret/30")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert page.inner_text("#secret-value") == ""
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    the_next_page_is_there(page)


def test_all_rows_can_be_picked_at_once_and_are_counted(page: Page, address: str) -> None:
    page.goto(f"{address}/table")
    page.check("[data-select-all]")
    assert page.locator("tbody input:checked").count() == 3
    assert page.inner_text("#picked") == "3 selected"
    page.uncheck("tbody input >> nth=0")
    assert page.inner_text("#picked") == "2 selected"
    assert page.evaluate("document.querySelector('[data-select-all]').indeterminate") is True


def test_on_a_phone_a_row_is_a_card_that_names_its_columns_and_stays_a_row_to_the_ear(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{address}/wide")
    shown = page.get_by_role("region", name="Waiting")
    assert shown.evaluate("region => region.scrollWidth === region.clientWidth")
    before = "(cell, side) => getComputedStyle(cell, side).content"
    assert shown.get_by_role("cell").first.evaluate(before, "::before").startswith('"Where from: "')
    cards = shown.aria_snapshot()
    page.set_viewport_size({"width": 1280, "height": 640})
    assert shown.get_by_role("cell").first.evaluate(before, "::before") == "none"
    assert shown.aria_snapshot() == cards, "the ear is told the same"
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(media="print")
    assert shown.get_by_role("row").first.evaluate("row => getComputedStyle(row).display") == "table-row"


def test_what_belongs_to_a_choice_shows_when_it_is_picked(page: Page, address: str) -> None:
    page.goto(f"{address}/table")
    assert not page.get_by_text("Say why").is_visible()
    page.check("#decision-2")
    assert page.get_by_text("Say why").is_visible()


def test_without_script_nothing_is_offered_that_would_not_work(browser: Browser, address: str) -> None:
    with window(browser, java_script_enabled=False) as page:
        page.goto(f"{address}/secret/30")
        assert page.inner_text("#secret-value").replace(" ", "") == "ab<d1234x"
        assert not page.locator("[data-copy]").is_visible()
        assert page.get_by_text("I am done").is_visible()
        page.goto(f"{address}/table")
        assert not page.locator("[data-select-all]").is_visible()
