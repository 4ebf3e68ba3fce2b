"""Who asks by a name that is not the register's gets no page."""

from flask import Flask


def test_a_request_by_another_name_is_refused_in_plain_words(app: Flask) -> None:
    app.config["TRUSTED_HOSTS"] = ["register.example"]
    client = app.test_client()
    assert client.get("/sign-in", base_url="https://register.example").status_code == 200
    for method in (client.get, client.post):
        answer = method("/sign-in", base_url="https://evil.example")
        assert answer.status_code == 400
        assert answer.text == "The register does not answer to this name.\n"
