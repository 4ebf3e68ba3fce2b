"""What docs/assurance.md decides about the whole house, held against the whole house."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.application import TOP, create_app
from registry.identity.passwords import Passwords
from registry.identity.tokens import new_token
from tests.conftest import PASSWORDS
from tests.world import World

PYTHON = sorted((TOP / "registry").rglob("*.py"))
SCRIPTS = sorted((TOP / "static" / "js").glob("*.js"))
CRYPTOGRAPHY = (
    "core/authkey.py", "core/keyfile.py", "audit/", "custody/", "identity/",
)  # fmt: skip
"""Where keys are used, files or rooms; docs/assurance.md lists for what."""
HOME = "https://register.example"


def calls(tree: ast.AST) -> Iterator[str]:
    """The name of everything that is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.fixture(scope="module")
def served(template_sqlite: Path, root_key_file: Path) -> Flask:
    """The register as it is served by https under its own name, behind one proxy."""
    from tests.conftest import settings_for

    settings = settings_for(f"sqlite:///{template_sqlite}", root_key_file, template_sqlite.parent)
    return create_app(replace(settings, base_url=HOME, proxies=1), None, PASSWORDS)


def test_nothing_runs_another_program_or_text_as_code() -> None:
    never = {"eval", "exec", "compile", "os.system", "os.popen", "pickle.loads", "yaml.load", "marshal.loads"}
    found = {str(path.relative_to(TOP)): never & set(calls(ast.parse(path.read_text()))) for path in PYTHON}
    assert {path: names for path, names in found.items() if names} == {}
    text = {path: path.read_text() for path in PYTHON}
    assert [path for path, words in text.items() if re.search(r"render_template_string|from_string\(", words)] == []
    assert [path for path, words in text.items() if re.search(r"shell=True|import pickle|import shelve", words)] == []


def test_no_statement_is_put_together_from_text() -> None:
    """Statements are SQLAlchemy's; the few of plain text are pinned elsewhere and hold nothing that anybody typed."""
    woven = re.compile(r"(?:text|execute|exec_driver_sql)\(\s*f\"[^\"]*(?:SELECT|INSERT|UPDATE|DELETE)[^\"]*\{")
    assert [str(path) for path in PYTHON if woven.search(path.read_text())] == []


def test_no_pattern_is_put_together_from_what_people_type() -> None:
    """A pattern made of parts is made once, of parts of our own, when the program starts."""
    woven = re.compile(r"re\.(?:match|search|fullmatch|sub|findall)\(\s*(?:rf|fr|f)[\"']")
    assert [str(path) for path in PYTHON if woven.search(path.read_text())] == []
    within = re.compile(r"^ {4,}.*re\.compile\((?:rf|fr|f)", re.MULTILINE)
    assert [str(path) for path in PYTHON if within.search(path.read_text())] == []


def test_cryptography_stands_only_where_the_inventory_says() -> None:
    using = [str(path.relative_to(TOP / "registry")) for path in PYTHON if "from cryptography" in path.read_text()]
    assert [path for path in using if not path.startswith(CRYPTOGRAPHY)] == []
    weak = re.compile(r"\b(?:MD5|ECB|Blowfish|ARC4|TripleDES|PKCS1v15)\b|hashlib\.md5|hashlib\.sha1\b")
    assert [str(path) for path in PYTHON if weak.search(path.read_text())] == []
    chance = re.compile(r"^import random\b|from random import|uuid\.uuid[14]\(", re.MULTILINE)
    assert [str(path) for path in PYTHON if chance.search(path.read_text()) and "demo" not in path.parts] == []


def test_passwords_are_kept_as_argon2id_with_the_settings_we_decided() -> None:
    assert Passwords().hash("a long enough password").startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_tokens_are_random_and_long() -> None:
    drawn = {new_token() for _ in range(1000)}
    assert len(drawn) == 1000
    assert {len(token) for token in drawn} == {43}  # 256 bits in base64url


def test_every_package_is_locked_by_its_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (TOP / name).read_text().splitlines()
        packages = [number for number, line in enumerate(lines) if re.match(r"^[a-z0-9][\w.\[\]-]*==", line)]
        assert packages
        assert [lines[n] for n in packages if "--hash=sha256:" not in lines[n] + lines[n + 1]] == []
        assert not re.search(r"https?://|--index-url|@ git", "\n".join(lines))


def test_nothing_is_kept_in_the_browsers_own_store() -> None:
    kept = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie")
    assert [path.name for path in SCRIPTS if kept.search(path.read_text())] == []


def test_by_https_browsers_are_told_to_come_by_https_only(served: Flask) -> None:
    for path in ("/sign-in", "/nowhere", "/static/js/app.js", "/healthz"):
        with served.test_client().get(path, base_url=HOME) as answer:
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_by_https_every_cookie_is_of_this_host_alone(served: Flask) -> None:
    cookies = served.test_client().get("/sign-in", base_url=HOME).headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain=" not in cookie
        assert len(cookie.split(";")[0]) < 4096


def test_what_a_visitor_says_of_their_address_counts_for_nothing(served: Flask) -> None:
    """One proxy stands in front: the last address is its word, all before it the visitor's; the host is in `Host`."""
    from flask import request

    seen: list[tuple[str | None, str]] = []
    client = served.test_client()
    served.before_request_funcs.setdefault(None, []).append(lambda: seen.append((request.remote_addr, request.host)))
    told = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9", "X-Forwarded-Host": "false.example", "X-Forwarded-Port": "1"}
    client.get("/sign-in", base_url=HOME, headers=told)
    served.before_request_funcs[None].pop()
    assert seen == [("203.0.113.9", "register.example")]


def test_no_other_site_may_read_our_answers(client: FlaskClient, world: World) -> None:
    head = client.get("/sign-in", headers={"Origin": "https://evil.example"}).headers
    assert "Access-Control-Allow-Origin" not in head
    assert head["Cross-Origin-Opener-Policy"] == head["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "callback" not in client.get("/sign-in?callback=steal").text


def test_every_answer_says_what_it_is(client: FlaskClient, world: World) -> None:
    slug = world.council.slug
    handed_out = (f"/public/{slug}/register.csv", f"/public/{slug}/register.json")
    assert {client.get(path).mimetype for path in handed_out} == {"text/csv", "application/json"}
    for path in ("/sign-in", "/healthz", f"/public/{slug}/", "/nowhere", *handed_out):
        answer = client.get(path)
        assert "charset" in answer.headers["Content-Type"] or answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"])
def test_no_other_method_is_answered(client: FlaskClient, world: World, method: str) -> None:
    assert client.open("/sign-in", method=method).status_code == 405
    assert client.open(world.path("people"), method=method).status_code in (404, 405)


def test_nobody_is_told_with_what_we_serve(client: FlaskClient, world: World) -> None:
    for path in ("/sign-in", "/nowhere"):
        head = client.get(path).headers
        assert "Server" not in head
        assert not any("python" in value.lower() or "werkzeug" in value.lower() for value in dict(head).values())


def test_a_field_sent_twice_is_read_once(client: FlaskClient, world: World) -> None:
    """What an address says never fills in for a form, and of two values of a field the first counts."""
    ann = world.has_password(world.person("Ann Example"))
    asked = f"/sign-in?email={ann.email}&password=a+long+enough+password"
    assert client.post(asked, data={"email": "", "password": ""}).status_code == 422
    twice = {"email": [ann.email, "other@x.example"], "password": ["a long enough password", "wrong"]}
    assert client.post("/sign-in", data=twice).status_code == 302
    assert client.post("/sign-in", data={name: both[::-1] for name, both in twice.items()}).status_code == 422
