import hashlib
import re

import pytest

from registry.reviews.checklists import (
    CHECKLIST_VERSION,
    COMMON,
    PLATFORM_ITEMS,
    Item,
    checklist_for,
    find_item,
)
from registry.reviews.hints import HINTS

PLATFORMS = (
    *("facebook_page", "facebook_group", "x", "instagram", "threads", "youtube", "linkedin"),
    *("tiktok", "snapchat", "nextdoor", "whatsapp", "telegram", "bluesky", "mastodon", "reddit"),
    *("pinterest", "flickr", "vimeo", "medium", "tumblr", "yammer", "myspace", "blog"),
)
EVERY_ITEM = COMMON + PLATFORM_ITEMS


def test_every_account_is_asked_at_least_twenty_common_questions() -> None:
    assert len(COMMON) >= 20
    assert all(item.applies_to == () for item in COMMON)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_is_asked_something_of_its_own(platform: str) -> None:
    checklist = checklist_for(platform)
    assert [item.key for item in checklist[: len(COMMON)]] == [item.key for item in COMMON]
    assert len(checklist) > len(COMMON)
    assert all(platform in item.applies_to for item in checklist[len(COMMON) :])


def test_a_platform_the_council_added_is_asked_the_common_questions() -> None:
    assert checklist_for("a_new_platform") == COMMON


def test_facebook_alone_is_a_page() -> None:
    assert checklist_for("facebook") == checklist_for("facebook_page")


def test_only_known_platforms_and_questions_are_named() -> None:
    assert {name for item in PLATFORM_ITEMS for name in item.applies_to} == set(PLATFORMS)
    assert all(item.applies_to for item in PLATFORM_ITEMS)
    assert set(HINTS) <= set(PLATFORMS)
    for hints in HINTS.values():
        assert set(hints) <= {item.key for item in COMMON}


@pytest.mark.parametrize("item", EVERY_ITEM, ids=lambda item: item.key)
def test_every_item_is_a_plain_question_with_its_reason_and_its_place(item: Item) -> None:
    assert re.fullmatch(r"[a-z_]{3,60}", item.key)
    assert item.question.endswith("?")
    assert len(item.question) <= 110
    assert item.why.endswith(".")
    assert item.how.endswith(".")
    assert re.fullmatch(r"00[0-4] §\d+(\.\d+)*(, §\d+(\.\d+)*)*", item.clause)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_place_to_look_is_a_sentence_of_its_own(platform: str) -> None:
    assert all(hint.endswith(".") for hint in HINTS.get(platform, {}).values())


def test_the_place_to_look_is_the_platforms_own_where_it_is_known() -> None:
    general, on_x = find_item("flickr", "sessions"), find_item("x", "sessions")
    assert general in COMMON
    assert on_x is not None
    assert general is not None
    assert on_x.how != general.how
    assert on_x.question == general.question
    assert find_item("x", "youtube_children") is None


def test_keys_are_unique() -> None:
    assert len({item.key for item in EVERY_ITEM}) == len(EVERY_ITEM)


def test_other_questions_need_another_version() -> None:
    asked = "\n".join(f"{item.key} {' '.join(item.applies_to)}" for item in EVERY_ITEM)
    pinned = {"2026.1": "8e922ae5ef01495a"}
    assert pinned[CHECKLIST_VERSION] == hashlib.sha256(asked.encode()).hexdigest()[:16]
