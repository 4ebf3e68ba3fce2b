"""At the end of every run: no secret of the tests in anything they logged or printed, nor in a file they left."""

import pytest

from tests.custody.canary import EVERY, PATTERNS, files_with_canaries, spellings
from tests.custody.hall import SEED, VALUE

LOOKED_FOR = frozenset().union(*PATTERNS.values(), spellings(VALUE), [SEED.encode()])
found: dict[str, None] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Look through what a test logged and printed; of one that failed, its own report may tell what it typed."""
    told = "".join(text for title, text in report.sections if title.startswith("Captured")).encode()
    if told and report.passed and any(pattern in told for pattern in LOOKED_FOR):
        found[f"{report.nodeid} logged or printed a secret"] = None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Look through what lies about; a run in which a secret slipped out has failed."""
    factory = getattr(session.config, "_tmp_path_factory", None)
    left = getattr(factory, "_basetemp", None)
    if left is not None and left.exists():
        found.update(dict.fromkeys(f"{path} holds a secret" for path in files_with_canaries(left)))
    if found:
        raise AssertionError("\n".join([f"Of {len(EVERY)} canaries and their like, some slipped out:", *found]))
