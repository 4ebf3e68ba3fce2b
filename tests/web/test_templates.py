"""The frame of every page, its parts, and the error pages."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, flash, render_template, render_template_string

from registry.web.charts import Bar, bars, health_bar
from tests.web.conftest import ROOT, shell

OURS = sorted(
    path for room in ("layouts", "components", "errors") for path in (ROOT / "templates" / room).glob("*.html")
)
STATUSES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)
REASON = SimpleNamespace(
    text="Your training lapsed on 3 May 2027.",
    clause="004 §5.2",
    mend="training",
    mend_text="Take the course",
)
UNMENDABLE = SimpleNamespace(text="You left the council.", clause="", mend=None, mend_text="")


class Verdict:
    def __init__(self, *reasons: Any) -> None:
        self.reasons = reasons

    def __bool__(self) -> bool:
        return not self.reasons


def draw(source: str, **given: Any) -> str:
    return render_template_string(source, **given)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_templates_trust_no_text_and_hold_no_style_or_script(path: Any) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape", source)
    assert " style=" not in source
    assert "<style" not in source
    assert not re.search(r"<script(?![^>]* src=)", source)
    assert not re.search(r"\son[a-z]+=", source)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_every_part_says_how_it_is_used(path: Any) -> None:
    if path.parent.name != "errors":
        assert path.read_text(encoding="utf-8").startswith("{#-")


@pytest.mark.parametrize("status", STATUSES)
def test_an_error_page_needs_no_person_no_council_and_no_detail(app: Flask, status: int) -> None:
    for error in ({}, {"error": None}, {"error": SimpleNamespace()}):
        html = render_template(f"errors/{status}.html", shell=shell(), **error)
        assert html.count("<h1") == 1
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
        assert heading is not None
        assert f"<title>{heading[1].strip()} – Account Register</title>" in html


def test_a_refusal_says_why_by_which_clause_and_what_mends_it(app: Flask) -> None:
    error = SimpleNamespace(reasons=[REASON, UNMENDABLE])
    html = render_template("errors/403.html", shell=shell(), error=error)
    assert "Your training lapsed on 3 May 2027." in html
    assert "(004 §5.2)" in html
    assert '<a class="govuk-link" href="/mend/training">Take the course</a>' in html
    assert "You left the council." in html


def test_a_conflict_shows_both_versions(app: Flask) -> None:
    error = SimpleNamespace(message="Saved.", yours={"Name": "A"}, theirs={"Name": "B"})
    html = render_template("errors/409.html", shell=shell(), error=error)
    assert re.search(r">Name</th><td[^>]*>A</td><td[^>]*>B</td>", html)


def test_the_page_shows_whose_it_is_and_how_to_leave(app: Flask) -> None:
    frame = shell(
        council_name="Borsetshire <Council>",
        person_name="Ada Example",
        sign_out_url="/sign-out",
        account_links=[{"text": "My standing", "href": "/standing", "active": False}],
        nav=[{"text": "Register", "href": "/register", "active": True}],
        councils=[
            {"text": "Borsetshire", "href": "/b", "current": True},
            {"text": "Felpersham", "href": "/f", "current": False},
        ],
        footer_links=[{"text": "Accessibility", "href": "/accessibility", "active": True}],
        theme_url="/theme.css?v=1",
        demo=True,
    )
    flash("The request was agreed", "success")
    flash("Training lapses soon", "notice")
    html = render_template("layouts/page.html", shell=frame)
    assert "Borsetshire &lt;Council&gt;" in html
    assert re.search(r'<form method="post" action="/sign-out">\s*<input type="hidden" name="csrf_token"', html)
    assert 'aria-current="true"' in html
    assert '<a class="govuk-link" href="/f">Felpersham</a>' in html
    assert "Demonstration." in html
    assert 'href="/theme.css?v=1"' in html
    assert 'href="/accessibility" aria-current="page">Accessibility' in html
    assert html.count("govuk-notification-banner--success") == 1
    assert "Skip to main content" in html
    assert "crown" not in html.lower()
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_a_page_for_nobody_offers_to_sign_in(app: Flask) -> None:
    html = render_template("layouts/page.html", shell=shell(sign_in_url="/sign-in"))
    assert 'href="/sign-in">Sign in</a>' in html
    assert "Sign out" not in html
    assert "Demonstration" not in html


def test_the_gate_shows_the_button_or_every_reason_but_never_both(app: Flask) -> None:
    source = (
        '{% from "components/gate.html" import gate %}'
        '{% call gate(verdict, "You cannot reveal it.") %}<button>Reveal</button>{% endcall %}'
    )
    assert draw(source, verdict=Verdict()).strip() == "<button>Reveal</button>"
    shut = draw(source, verdict=Verdict(REASON, UNMENDABLE))
    assert "<button" not in shut
    assert "You cannot reveal it." in shut
    assert shut.count("<li>") == 2


def test_a_sorted_heading_says_which_way(app: Flask) -> None:
    source = (
        '{% from "components/table.html" import table, heading, select_all, pick %}'
        '{% call table("Accounts") %}<thead><tr>{{ select_all("#n") }}'
        '{{ heading("Name", "?sort=-name", "ascending") }}{{ heading("Flags") }}</tr></thead>'
        '<tbody><tr>{{ pick("account", 7, "@a") }}</tr></tbody>{% endcall %}'
    )
    html = draw(source)
    assert 'aria-sort="ascending"' in html
    assert 'role="region" aria-label="Accounts" tabindex="0"' in html
    assert 'aria-label="Select @a"' in html


def test_a_secret_is_grouped_for_the_eye_and_whole_for_the_clipboard(app: Flask) -> None:
    source = (
        '{% from "components/reveal.html" import reveal, one_time_code %}{{ reveal("Password", "ab<d1234x", "/done") }}'
    )
    html = draw(source)
    value = re.search(r'id="secret-value"[^>]*>(.*?)</p>', html)
    assert value is not None
    assert re.sub(r"<[^>]+>", "", value[1]) == "ab&lt;d1234x"
    assert value[1].count("app-secret__group") == 3
    assert 'data-hide-after="30" data-done-url="/done"' in html
    code = draw(
        source.replace(
            'reveal("Password", "ab<d1234x", "/done")',
            'one_time_code("492013", 9, "/done", "118204")',
        )
    )
    assert ">492</span><span" in code
    assert ">118</span>" in code


PARTS: dict[str, tuple[str, str]] = {
    "tag": ('tag("Live", "green")', "govuk-tag--green"),
    "summary": (
        'summary([{"key": "Why", "value": ""}, {"key": "A", "value": "B", "action": {"text": "Change", "href": "#"}}])',
        "Not given",
    ),
    "timeline": (
        'timeline([{"when": "3 May 2027", "title": "Agreed"}, '
        '{"when": "", "title": "Next", "state": "next", "body": "b", "link": {"text": "t", "href": "#"}}])',
        'aria-current="step"',
    ),
    "decision": (
        'chain([{"office": "Head of Service", "outcome": "Agreed", "state": "done"}])',
        "Head of Service",
    ),
    "pager": (
        'pager({"previous_url": None, "next_url": "?after=x", "summary": "50 shown"})',
        'rel="next"',
    ),
    "empty": (
        'empty("No accounts yet", "They appear here.", {"text": "Ask", "href": "/ask"})',
        "/ask",
    ),
    "tasklist": (
        'tasks([{"title": "Why", "href": "#", "status_text": "Completed"}, '
        '{"title": "Checks", "status_text": "Cannot start yet", "status_colour": "grey", "hint": "h"}])',
        "Cannot start yet",
    ),
    "flags": (
        'flag_list([{"severity_text": "Breach", "colour": "red", "message": "Nobody is named", "since": ""}])',
        "Nobody is named",
    ),
    "tabs": (
        'tabs([{"text": "People", "href": "#", "current": True, "count": 0}], "Account")',
        'aria-current="page"',
    ),
    "banner": ('warning("Shown once")', "Shown once"),
    "health": ('health("All well.")', "All well."),
    "crumbs": (
        'breadcrumbs([{"text": "Register", "href": "/"}, {"text": "Here"}])',
        "govuk-breadcrumbs",
    ),
    "button": (
        'post_button("Start", "/x", "secondary", {"version": 3})',
        'name="version" value="3"',
    ),
    "gate": (
        'standing_ticks([{"text": "Named", "ok": True}, '
        '{"text": "Trained", "ok": False, "href": "#", "link_text": "Take it"}])',
        "Take it",
    ),
    "filters": (
        'filter_select("state", "State", [{"value": "live", "text": "Live", "count": 0}], "live")',
        "Live (0)",
    ),
    "errors": ('error_list([{"text": "Odd"}, {"text": "Even", "href": "#even"}])', "#even"),
}


@pytest.mark.parametrize("name", sorted(PARTS))
def test_every_part_draws_what_it_is_given_and_needs_no_more(app: Flask, name: str) -> None:
    call, expected = PARTS[name]
    macro = call.split("(")[0]
    html = draw(f'{{% from "components/{name}.html" import {macro} %}}{{{{ {call} }}}}')
    assert expected in html


def test_the_filter_panel_carries_its_chips_and_hidden_values(app: Flask) -> None:
    html = draw(
        '{% from "components/filters.html" import filters, filter_text, filter_ticks, search_box %}'
        '{% call filters("/r", active=[{"text": "State: live", "remove_url": "/r?x"}], clear_url="/r",'
        ' hidden={"sort": "name"}) %}{{ filter_text("q", "Name", hint="h") }}'
        '{{ filter_ticks("s", "State", [{"value": "live", "text": "Live"}], ["live"]) }}{% endcall %}'
        '{{ search_box("/r", "q", "Find") }}'
    )
    assert 'name="sort" value="name"' in html
    assert "Remove<span" in html
    assert "Clear all filters" in html
    assert 'role="search"' in html


def test_pictures_stand_beside_their_numbers(app: Flask) -> None:
    html = draw(
        '{% from "components/chart.html" import chart_with_table %}{% from "components/health.html" import health %}'
        '{{ chart_with_table(year, "Posts", [{"label": "May", "value": 3}]) }}{{ health("One account.", bar) }}',
        year=bars("Posts", [Bar("May", 3)]),
        bar=health_bar("Health", [Bar("well", 1)]),
    )
    assert html.count("<svg") == 2
    assert re.search(r">May</th><td[^>]*>3</td>", html)
