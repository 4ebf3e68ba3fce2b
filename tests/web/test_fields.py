"""What may be typed, and every sentence that is said when it will not do."""

from __future__ import annotations

import contextlib
import io
import warnings
from datetime import date
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict

from registry.core.errors import Reason
from registry.web import fields as f
from registry.web.dates import MONTHS, DateProblem, read_date
from registry.web.forms import Form

pytestmark = pytest.mark.usefixtures("app")


class Decision(StrEnum):
    AGREE = "agree"
    REFUSE = "refuse"


CHOICES = [f.choice("agree", "Agree"), f.choice("refuse", "Refuse", hint="With a reason")]


def ask(field: Any, *values: Any) -> Any:
    """The field after a form holding it alone was sent with these values and validated."""

    class One(Form):
        it = field

    form = One(formdata=MultiDict([("it", value) for value in values]))
    form.validate()
    return form.it


def said(field: Any, *values: Any) -> list[str]:
    return list(ask(field, *values).errors)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        (lambda needed: f.TextField("Handle", required=needed), [" "]),
        (lambda needed: f.TextArea("Why", required=needed), ["\r\n"]),
        (lambda needed: f.EmailField("Email", required=needed), [""]),
        (lambda needed: f.UrlField("Address", required=needed), [""]),
        (lambda needed: f.CodeField("Code", required=needed), [" "]),
        (lambda needed: f.PasswordField("Password", required=needed), [""]),
        (lambda needed: f.IntegerField("Posts", required=needed), [""]),
        (lambda needed: f.DateField("Day", required=needed), ["", "", ""]),
        (lambda needed: f.Radios("Decision", choices=CHOICES, required=needed), []),
        (lambda needed: f.Select("Decision", choices=CHOICES, required=needed), [""]),
        (lambda needed: f.Checkboxes("Decision", choices=CHOICES, required=needed), []),
        (lambda needed: f.Checkbox("Read", required=needed), []),
        (lambda needed: f.FileField("File", required=needed), []),
    ],
)
def test_an_empty_field_is_refused_in_its_own_words_only_when_it_is_required(field: Any, values: list[str]) -> None:
    assert said(field("Say it"), *values) == ["Say it"]
    assert said(field(None), *values) == []


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (f.TextField("Handle", max_length=3), "abcd", "Handle must be 3 characters or fewer"),
        (f.TextField("Handle"), "a\x00b", "Handle must not contain hidden or control characters"),
        (f.TextField("Handle"), "a\u202eb", "Handle must not contain hidden or control characters"),
        (f.TextField("Handle"), "a\u2028b", "Handle must not contain hidden or control characters"),
        (f.TextField("Handle"), "a\nb", "Handle must not contain hidden or control characters"),
        (f.TextArea("Why"), "a\x1bb", "Why must not contain hidden or control characters"),
        (
            f.EmailField("Email"),
            "nobody",
            "Enter an email address in the correct format, like name@council.example",
        ),
        (
            f.UrlField("Address"),
            "javascript:alert(1)",
            "Enter a full web address, like https://www.council.example",
        ),
        (f.CodeField("Code"), "12345", "Enter the 6 digits shown in your app"),
        (f.IntegerField("Posts"), "two", "Posts must be a whole number, like 12"),
        (f.IntegerField("How many?"), "two", "Your answer to “How many?” must be a whole number, like 12"),
        (f.IntegerField("Posts", least=1, most=7), "9", "Posts must be between 1 and 7"),
        (f.IntegerField("Posts", least=1), "0", "Posts must be 1 or more"),
        (f.IntegerField("Posts", most=7), "8", "Posts must be 7 or less"),
        (f.Radios("Decision", choices=CHOICES), "maybe", "Choose one of the options in the list"),
        (f.Select("Decision", choices=CHOICES), "maybe", "Choose one of the options in the list"),
        (f.Checkboxes("D", choices=CHOICES), "maybe", "Choose one of the options in the list"),
    ],
)
def test_what_will_not_do_is_said_in_one_plain_sentence(field: Any, value: str, sentence: str) -> None:
    assert said(field, value) == [sentence]


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        (f.TextField("Handle"), "  @Council ", "@Council"),
        (f.TextField("Name"), "Cafe\u0301", "Café"),
        (f.TextArea("Why"), " one\r\ntwo ", "one\ntwo"),
        (f.EmailField("Email"), " a.person@council.example ", "a.person@council.example"),
        (f.UrlField("Address"), "https://social.example/a", "https://social.example/a"),
        (f.CodeField("Code"), "123 456", "123456"),
        (f.PasswordField("Password"), "  two spaces  ", "  two spaces  "),
        (f.IntegerField("Posts"), " 1,200 ", 1200),
        (f.Radios("Decision", choices=CHOICES, coerce=Decision), "agree", Decision.AGREE),
        (f.Checkboxes("Decision", choices=CHOICES), "agree", ["agree"]),
        (f.Checkbox("Read"), "y", True),
    ],
)
def test_what_will_do_is_kept_tidy(field: Any, value: str, kept: object) -> None:
    field = ask(field, value)
    assert field.errors == []
    assert field.data == kept


@pytest.mark.parametrize(
    ("typed", "sentence", "boxes"),
    [
        (["31", "2", "2027"], "Enter a real date, like 3 5 2027", set()),
        (["3", "Smarch", "2027"], "Enter a real date, like 3 5 2027", set()),
        (["3", "ma", "2027"], "Enter a real date, like 3 5 2027", set()),
        (["²", "5", "2027"], "Enter a real date, like 3 5 2027", set()),
        (["3", "5"], "Enter a real date, like 3 5 2027", set()),
        (["3", "", "2027"], "Last day must include a month", {"month"}),
        (["", "", "2027"], "Last day must include a day and month", {"day", "month"}),
        (["3", "5", "27"], "Year must have 4 digits, like 2027", {"year"}),
        (["3", "5", "1899"], "Enter a year between 1900 and 2199", {"year"}),
        (["31", "12", "9999"], "Enter a year between 1900 and 2199", {"year"}),
    ],
)
def test_a_day_that_is_none_says_what_is_wrong_and_where(typed: list[str], sentence: str, boxes: set[str]) -> None:
    with pytest.raises(DateProblem, match=sentence) as problem:
        read_date(typed, "Last day")
    assert problem.value.boxes == boxes
    assert said(f.DateField("Last day"), *typed) == [sentence]


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_every_day_can_be_typed_in_numbers_in_words_and_as_iso(day: date) -> None:
    name = MONTHS[day.month - 1]
    for month in (str(day.month), f"{day.month:02d}", name, name.upper(), name[:3]):
        assert read_date([str(day.day), month, str(day.year)]) == day
    assert read_date([day.isoformat()]) == day


@given(st.lists(st.text(max_size=12), max_size=4))
def test_no_text_whatever_breaks_the_reading_of_a_day(typed: list[str]) -> None:
    found = None
    with contextlib.suppress(DateProblem):
        found = read_date(typed)
    assert found is None or isinstance(found, date)


def test_a_day_typed_wrongly_is_shown_again_as_it_was_typed() -> None:
    assert ask(f.DateField("Day"), "31", "Feb", "2027").typed == ("31", "Feb", "2027")


def upload(name: str, size: int) -> FileStorage:
    return FileStorage(io.BytesIO(b"x" * size), filename=name)


def test_a_file_must_be_of_the_kind_and_size_asked_for() -> None:
    field = f.FileField("List", accept=[".csv", ".xlsx"], max_bytes=1_000_000)
    assert said(field, upload("a.CSV", 10)) == []
    assert said(field, upload("a.exe", 10)) == ["The file must be .csv or .xlsx"]
    assert said(field, upload("a.csv", 0)) == ["The file is empty"]
    assert said(field, upload("a.csv", 1_000_001)) == ["The file must be smaller than 1 MB"]


def test_choices_may_come_from_a_function_and_never_warn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert said(f.Select("Decision", choices=lambda: CHOICES), "agree") == []


def test_an_unticked_box_reads_as_unticked_even_when_nothing_else_was_sent(app: Flask) -> None:
    class Switch(Form):
        on = f.Checkbox("On", default=True)

    with app.test_request_context("/", method="POST"):
        assert Switch().on.data is False
    with app.test_request_context("/"):
        assert Switch().on.data is True


def test_an_action_may_put_its_refusal_on_a_field() -> None:
    class Ask(Form):
        handle = f.TextField("Handle")

    form = Ask(formdata=MultiDict({"handle": "@a"}))
    assert form.validate()
    form.refuse("handle", "This handle is already in the register")
    assert form.error_items() == [{"text": "This handle is already in the register", "href": "#handle"}]
    form.turn_down([withdrawn := Reason("The request was withdrawn meanwhile")], 409)
    assert form.error_items()[-1] == {"reason": withdrawn}
    assert form.errors


def test_a_form_answers_for_its_fields_before_anything_else() -> None:
    class Ask(Form):
        handle = f.TextField("Handle")

    form = Ask(formdata=MultiDict({"handle": "@a"}))
    form.turn_down([Reason("It is not yours")], 403)
    assert form.status == 403
    form.turn_down([Reason("It is taken", "002 §1", about="handle"), Reason("It is late", about="day")], 403)
    assert form.status == 422
    assert form.error_items()[0] == {"text": "It is taken (002 §1)", "href": "#handle"}
    assert [item["reason"].text for item in form.error_items()[1:]] == ["It is not yours", "It is late"]


def test_a_stored_value_fills_the_form_until_something_is_sent() -> None:
    class Ask(Form):
        handle = f.TextField("Handle")
        day = f.DateField("Day")
        posts = f.IntegerField("Posts")

    form = Ask(data={"handle": "@a", "day": date(2027, 5, 3), "posts": 0})
    assert form.day.typed == ("3", "5", "2027")
    assert form.posts._value() == "0"
    assert 'value="@a"' in str(form.handle())
