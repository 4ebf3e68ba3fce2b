"""The checklist in sections: every question once, on every platform."""

import pytest

from registry.reviews.checklists import COMMON, checklist_for
from registry.reviews.sections import TITLES, sections_for
from tests.reviews.test_checklists import PLATFORMS


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_question_stands_in_exactly_one_section(platform: str) -> None:
    keys = [item.key for section in sections_for(platform) for item in section.items]
    assert sorted(keys) == sorted(item.key for item in checklist_for(platform))
    assert sections_for(platform)[-1].title == "On this platform"


def test_every_common_question_has_a_section_of_its_own_kind() -> None:
    assert {key for keys in TITLES.values() for key in keys} == {item.key for item in COMMON}


def test_a_platform_with_nothing_of_its_own_has_no_empty_section() -> None:
    assert [section.title for section in sections_for("somewhere_else")] == list(TITLES)
