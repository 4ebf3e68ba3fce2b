"""Behind a proxy, by https: the register answers to its own names, and takes forms from its own pages."""

import re

import pytest
from flask import Flask

OURS = "https://register.example"


def test_a_request_by_another_name_is_refused_in_plain_words(app: Flask) -> None:
    app.config["TRUSTED_HOSTS"] = ["register.example"]
    client = app.test_client()
    assert client.get("/sign-in", base_url=OURS).status_code == 200
    for method in (client.get, client.post):
        answer = method("/sign-in", base_url="https://evil.example")
        assert answer.status_code == 400
        assert answer.text == "The register does not answer to this name.\n"


@pytest.mark.parametrize(("origin", "status"), [(OURS, 422), ("https://evil.example", 400)])
def test_by_https_a_form_is_taken_from_the_page_a_browser_names_and_from_no_other(
    app: Flask, origin: str, status: int
) -> None:
    app.config.update(WTF_CSRF_ENABLED=True)
    client = app.test_client()
    page = client.get("/sign-in", base_url=OURS)
    assert page.headers["Referrer-Policy"] == "same-origin"  # with less, browsers name no page and no form is taken
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found
    sent = {"csrf_token": found[1], "email": "ann@exampleton.example", "password": "wrong"}
    answer = client.post("/sign-in", base_url=OURS, headers={"Referer": f"{origin}/sign-in"}, data=sent)
    assert answer.status_code == status
