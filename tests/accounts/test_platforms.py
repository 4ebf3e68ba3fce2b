import pytest

from registry.accounts.identify import identify
from registry.accounts.platforms import PLATFORMS, AccessModel, Platform, find_platform

KEYS = {platform.key for platform in PLATFORMS}
every_platform = pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.key)


def test_the_catalogue_holds_every_platform_the_policies_and_councils_name() -> None:
    assert {
        *("facebook", "facebook_group", "x", "instagram", "threads", "youtube", "linkedin"),
        *("tiktok", "snapchat", "nextdoor", "whatsapp", "telegram", "bluesky", "mastodon"),
        *("reddit", "pinterest", "flickr", "vimeo", "medium", "tumblr", "yammer", "myspace"),
        "blog",
    } == KEYS


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Twitter", "x"),
        ("twitter", "x"),
        ("X", "x"),
        ("X (formerly Twitter)", "x"),
        ("Facebook", "facebook"),
        ("facebook page", "facebook"),
        ("FB", "facebook"),
        ("Facebook Group", "facebook_group"),
        ("facebook_group", "facebook_group"),
        ("You Tube", "youtube"),
        ("Linked-In", "linkedin"),
        ("Yammer", "yammer"),
        ("Viva Engage", "yammer"),
        ("MySpace", "myspace"),
        ("Forum", "blog"),
    ],
)
def test_a_platform_is_found_by_any_name_it_ever_had(name: str, key: str) -> None:
    found = find_platform(name)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize("name", ["", " ", "Friendface", "@", "x.com", "facebook.com", "\ud800"])
def test_what_is_no_platforms_name_finds_none(name: str) -> None:
    assert find_platform(name) is None


def test_no_two_platforms_share_a_name_or_a_mark() -> None:
    for platform in PLATFORMS:
        for name in (platform.key, platform.name, *platform.former_names, *platform.also):
            assert find_platform(name) is platform
    assert len({platform.mark for platform in PLATFORMS}) == len(PLATFORMS)


@every_platform
def test_the_example_of_a_platform_is_its_own_canonical_address(platform: Platform) -> None:
    found = identify(platform.example, platform.key)
    assert (found.platform, found.url) == (platform.key, platform.example)


@every_platform
def test_a_platform_says_how_people_get_in_and_how_a_post_is_reported(platform: Platform) -> None:
    assert isinstance(platform.access, AccessModel)
    assert platform.report.endswith(".")
    assert platform.report_url == "" or platform.report_url.startswith("https://")
    assert platform.minimum_age is None or 13 <= platform.minimum_age <= 18


@every_platform
def test_a_platform_is_open_or_says_why_it_is_not(platform: Platform) -> None:
    assert platform.is_open == (platform.closed_because == "")


@every_platform
def test_hosts_and_reserved_words_are_written_in_the_spelling_they_are_matched_in(
    platform: Platform,
) -> None:
    for word in (*platform.hosts, *platform.reserved, *platform.posts, *platform.refused):
        assert word == word.casefold().strip("/")


def test_retired_platforms_stay_findable() -> None:
    assert {p.key for p in PLATFORMS if not p.is_open} == {"myspace", "yammer"}


def test_a_platform_run_through_peoples_own_logins_is_known_as_such() -> None:
    by_roles = {p.key for p in PLATFORMS if p.access is AccessModel.ROLES}
    assert {"facebook", "facebook_group", "linkedin", "youtube", "whatsapp"} <= by_roles


def test_only_a_handle_whose_case_counts_is_called_case_sensitive() -> None:
    assert {p.key for p in PLATFORMS if p.forms and all(form.case_sensitive for form in p.forms)} == {"whatsapp"}
