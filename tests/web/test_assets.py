"""The committed stylesheet, script and fonts are the ones we built, and carry no GOV.UK marks."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files

import pytest

from registry.web.headers import TEMPLATE_SCRIPT_HASH
from tests.web.conftest import ROOT

STATIC = ROOT / "static"
CSS = (STATIC / "govuk/govuk-6.3.0.min.css").read_text(encoding="utf-8")
OWN_CSS = (STATIC / "app.css").read_text(encoding="utf-8")
OWN_JS = "\n".join((STATIC / "js" / name).read_text(encoding="utf-8") for name in ("app.js", "passkeys.js"))


def test_every_vendored_file_is_the_one_that_was_built() -> None:
    lines = (STATIC / "manifest.sha256").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    found = {p.relative_to(STATIC).as_posix() for p in (STATIC / "govuk").rglob("*") if p.is_file()}
    assert set(listed) == found
    for name, digest in listed.items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest, name


@pytest.mark.parametrize("mark", ["GDS Transport", "crest", "crown.svg", "@font-face"])
def test_the_stylesheet_carries_no_mark_of_gov_uk(mark: str) -> None:
    assert mark not in CSS


def test_no_asset_asks_another_host_for_anything() -> None:
    script = (STATIC / "govuk/govuk-6.3.0.min.js").read_text(encoding="utf-8")
    assert "sourceMappingURL" not in script
    assert not re.search(r"url\(\s*[\"']?(https?:)?//", CSS + OWN_CSS)
    lock = (ROOT / "frontend/package-lock.json").read_text(encoding="utf-8")
    assert "://" not in lock


def test_every_font_the_stylesheet_names_is_there_with_its_licence() -> None:
    for path in re.findall(r'url\("([^"]+)"\)', OWN_CSS):
        assert (STATIC / path).is_file(), path
    assert "SIL Open Font License" in (STATIC / "govuk/fonts/OFL.txt").read_text(encoding="utf-8")


def test_the_one_inline_script_is_the_one_the_policy_allows() -> None:
    template = files("govuk_frontend_jinja").joinpath("templates/template.html").read_text("utf-8")
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", template, re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"sha256-{digest}" == TEMPLATE_SCRIPT_HASH


def test_our_script_writes_no_markup_and_no_styles() -> None:
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "eval(",
        ".style",
        "document.write",
    ):
        assert forbidden not in OWN_JS


def test_our_script_keeps_nothing_global_and_merges_no_objects() -> None:
    """No name of the page's own can stand in for one of ours (DOM clobbering), none reaches a prototype."""
    for forbidden in ("__proto__", "prototype", "Object.assign", "window.", "window[", "globalThis[", "document.forms"):
        assert forbidden not in OWN_JS
    assert not re.search(r"\bvar\b|\]\s*=[^=>]|\bdocument\.[a-z]\w*\s*=[^=]", OWN_JS)
    assert not re.search(r"\bfor\s*\(\s*const \w+ in\b", OWN_JS)
