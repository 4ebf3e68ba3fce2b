"""How fields are drawn: labelled, described, and reachable from the error summary."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask, render_template, render_template_string
from werkzeug.datastructures import MultiDict

from registry.web import fields as f
from registry.web.forms import Form
from tests.web.conftest import shell

pytestmark = pytest.mark.usefixtures("app")

CHOICES = [
    f.choice("agree", "Agree", hint="It goes on"),
    f.choice("return", "Return", conditional="Say what <must> change"),
]


class Everything(Form):
    handle = f.TextField("Handle", required="Enter the handle", description="With the @")
    why = f.TextArea("Why", required="Say why", count=True)
    mail = f.EmailField("Email", required="Enter an email address")
    secret = f.PasswordField("Password", required="Enter the password")
    posts = f.IntegerField("Posts", required="Enter how many posts")
    day = f.DateField("Last day", required="Enter the last day")
    decision = f.Radios("Decision", choices=CHOICES, required="Choose a decision")
    audience = f.Checkboxes("Audience", choices=CHOICES, required="Choose an audience")
    area = f.Select("Area", choices=CHOICES, required="Choose an area")
    read = f.Checkbox("I have read it", required="Confirm that you have read it")
    minutes = f.FileField("Minutes", required="Choose a file", accept=[".pdf"])
    step = f.HiddenField(default="2")


def empty_form() -> Any:
    form = Everything(formdata=MultiDict())
    form.validate()
    return form


def test_every_error_link_points_at_something_a_person_can_type_in_or_pick() -> None:
    form = empty_form()
    drawn = "".join(str(field()) for field in form.visible_fields())
    items = form.error_items()
    assert len(items) == 11
    for item in items:
        target = re.escape(item["href"][1:])
        assert re.search(rf'<(input|select|textarea)[^>]* id="{target}"', drawn), item


def test_every_error_is_said_at_its_field_and_tied_to_it() -> None:
    for field in empty_form().visible_fields():
        drawn = str(field())
        assert field.errors[0] in drawn
        assert re.search(r'aria-describedby="[^"]*-error', drawn), field.name


def test_a_field_without_a_hint_announces_no_empty_hint() -> None:
    drawn = "".join(str(field()) for field in Everything().visible_fields())
    assert not re.search(r'class="govuk-hint[^"]*">\s*</', drawn)
    ids = set(re.findall(r' id="([^"]+)"', drawn))
    for described in re.findall(r'aria-describedby="([^"]+)"', drawn):
        assert set(described.split()) <= ids


def test_the_wrong_box_of_a_date_is_the_one_that_is_marked_and_focused() -> None:
    form = Everything(formdata=MultiDict([("day", "3"), ("day", "5"), ("day", "")]))
    form.validate()
    assert {"text": "Last day must include a year", "href": "#day-year"} in form.error_items()
    drawn = str(form.day())
    assert drawn.count("govuk-input--error") == 1


def test_a_password_is_never_sent_back() -> None:
    form = Everything(formdata=MultiDict({"secret": "tr0ub4dor"}))
    form.validate()
    assert "tr0ub4dor" not in str(form.secret())
    box = str(form.secret())
    assert 'type="password"' in box
    assert 'autocomplete="current-password"' in box  # password managers fill it in
    assert "paste" not in box


def test_what_was_typed_is_escaped() -> None:
    form = Everything(formdata=MultiDict({"handle": '"><script>', "why": "</textarea><script>"}))
    drawn = str(form.handle()) + str(form.why()) + str(form.decision())
    assert "<script" not in drawn
    assert "&lt;must&gt;" in drawn


def test_what_follows_a_choice_needs_no_script_and_no_forbidden_aria() -> None:
    drawn = str(Everything().decision(conditional={"agree": "Well done"}))
    assert "Well done" in drawn
    assert "aria-controls" not in drawn


def test_a_label_may_be_the_heading_of_the_page() -> None:
    form = Everything()
    assert re.search(r"<h1[^>]*>\s*<label[^>]*govuk-label--l", str(form.handle(size="l", heading=True)))
    drawn = str(form.decision(size="m", heading=True))
    assert "govuk-fieldset__legend--m" in drawn
    assert "<h1" in drawn


def test_a_picked_choice_is_drawn_as_picked() -> None:
    form = Everything(data={"decision": "return", "audience": ["agree"], "area": "agree", "read": True})
    assert re.search(r'value="return" checked', str(form.decision()))
    assert re.search(r'value="agree" checked', str(form.audience()))
    assert re.search(r'value="agree" selected', str(form.area()))
    assert " checked" in str(form.read())


def test_attributes_and_parameters_may_be_added_in_the_template() -> None:
    drawn = str(Everything().handle(params={"classes": "govuk-input--width-5"}, **{"data-x": "1"}))
    assert "govuk-input--width-5" in drawn
    assert 'data-x="1"' in drawn


def test_the_form_page_has_one_heading_its_fields_a_token_and_a_way_back(app: Flask) -> None:
    html = render_template(
        "layouts/form.html",
        shell=shell(),
        form=Everything(),
        heading="Ask for an account",
        submit="Save and continue",
        cancel_url="/register",
    )
    assert html.count("<h1") == 1
    assert "<title>Ask for an account – Account Register</title>" in html
    assert 'name="csrf_token"' in html
    assert 'enctype="multipart/form-data"' in html
    assert re.search(r'<input[^>]*name="step"[^>]*type="hidden"', html)
    assert 'href="/register">Cancel' in html
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_a_form_in_error_says_so_in_the_title_and_at_the_top(app: Flask) -> None:
    html = render_template("layouts/form.html", shell=shell(), form=empty_form(), heading="Ask", submit="Save")
    assert "<title>Error: Ask – Account Register</title>" in html
    assert html.index("There is a problem") < html.index("<h1")


def test_one_summary_may_cover_several_forms(app: Flask) -> None:
    source = '{% from "components/errors.html" import error_summary %}{{ error_summary(a, b) }}'
    html = render_template_string(source, a=empty_form(), b=empty_form())
    assert html.count("Enter the handle") == 2
    assert render_template_string(source, a=Everything(), b=Everything()).strip() == ""


def test_a_label_says_that_its_box_may_be_left_empty_and_nothing_where_that_depends() -> None:
    class Ask(Form):
        note = f.TextField("Note")
        why = f.TextField("Why", required="Say why")
        sponsor = f.TextField("Sponsor", required="")
        until = f.DateField("Until")
        owner = f.Select("Owner", choices=[f.choice("1", "Ann")])
        risk = f.Select("Risk", choices=[f.choice("low", "Low")], blank=None)
        roles = f.Checkboxes("Roles", choices=[f.choice("clerk", "Clerk")])
        sure = f.Checkbox("I am sure")

    form = Ask()
    marked = {field.name for field in form if "(optional)" in str(field())}
    assert marked == {"note", "until", "owner"}
    assert form.told([("note", "x")]) == (("Note", "x"),)
