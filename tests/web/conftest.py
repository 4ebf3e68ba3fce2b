"""An application that is nothing but templates: no database, no rooms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from registry.web import filters
from registry.web.once import form_token
from tests.web.strict import OursMustDefine

ROOT = Path(__file__).parents[2]


@pytest.fixture
def app() -> Iterator[Flask]:
    app = Flask("chrome", static_folder=str(ROOT / "static"))
    app.secret_key = "only for this test"
    app.jinja_env.undefined = OursMustDefine
    app.jinja_env.loader = ChoiceLoader(
        [
            FileSystemLoader(ROOT / "templates"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.globals["form_token"] = form_token
    app.jinja_env.globals["mend_url"] = lambda reason: f"/mend/{reason.mend}"
    CSRFProtect(app)
    filters.init_app(app)
    with app.test_request_context("/"):
        yield app


def shell(**given: Any) -> SimpleNamespace:
    """The barest frame a page can have; name what the test needs more."""
    bare: dict[str, Any] = {
        "service_name": "Account Register",
        "council_name": None,
        "home_url": "/",
        "theme_url": None,
        "demo": False,
        "closed": None,
        "nav": [],
        "person_name": None,
        "account_links": [],
        "sign_in_url": None,
        "sign_out_url": None,
        "councils": [],
        "footer_links": [],
    }
    return SimpleNamespace(**{**bare, **given})
