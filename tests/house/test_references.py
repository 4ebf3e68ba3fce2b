"""The references in docs/reference/ are what the register goes by today."""

import re

import pytest
from flask import Flask

from registry.cli.docs import FOLDER, references
from registry.core.settings import Settings

PAGES = ("permissions.md", "doors.md", "flags.md", "events.md", "lifecycles.md", "settings.md", "asvs.md")


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_is_what_the_register_goes_by_today(app: Flask, name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == references(app)[name], (
        "write them again: flask --app app docs"
    )


def test_no_reference_lies_there_that_nobody_writes() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)


def test_every_setting_says_what_it_means() -> None:
    told = set(re.findall(r"- `(\w+)`:", Settings.__doc__ or ""))
    assert told == set(Settings.__dataclass_fields__) - {"instance"}
