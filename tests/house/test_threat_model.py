"""Every proof that the threat model names is a test that exists."""

import re

from registry.application import TOP
from tests.house.test_asvs import symbols

NAMED = re.findall(r"`([a-z_/]+\.py)::([a-z_?]+)`", (TOP / "docs" / "threat-model.md").read_text(encoding="utf-8"))


def test_every_proof_named_in_the_threat_model_exists() -> None:
    assert len(NAMED) > 60
    missing = [
        f"{path}::{name}"
        for path, name in NAMED
        if not (TOP / "tests" / path).exists() or name not in symbols(f"tests/{path}")
    ]
    assert missing == []


def test_every_attack_and_every_fact_stands_in_it() -> None:
    text = (TOP / "docs" / "threat-model.md").read_text(encoding="utf-8")
    wanted = [f"T{number:02}" for number in range(1, 31)] + [f"F{number}" for number in range(1, 15)]
    assert [row for row in wanted if f"| {row} |" not in text] == []
