import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.accounts.lookalike import looks_like_platform_host, similar, skeleton
from registry.accounts.platforms import PLATFORMS

# Latin, with the look-alikes spelled out by code point so that a reader can tell them apart.
FAKES = [
    ("ChilternCouncil", "chilterncouncil"),
    ("ChilternCouncil", "@Chiltern_Council"),
    ("ChilternCouncil", "Chiltern.Council-"),
    ("ChilternCouncil", "Chi1ternCounci1"),
    ("ChilternCouncil", "ChiIternCounciI"),
    ("ChilternCouncil", "Chi|tern Council"),
    ("ChilternCouncil", "ChilternC0uncil"),
    ("ChilternCouncil", "\u0421h\u0456ltern\u0421\u043euncil"),  # Cyrillic
    ("ChilternCouncil", "Chilternc\u03bfuncil"),  # Greek omicron
    ("ChilternCouncil", "\uff23hilternCouncil"),  # full width
    ("ChilternCouncil", "\U0001d402hilternCouncil"),  # mathematical bold
    ("ChilternCouncil", "Chiltérn\u200bCouncil"),
    ("ExampleFarm", "ExampleFarrn"),
    ("ExampleTown", "ExampleTovvn"),
    ("CyngorMôn", "CyngorMon"),
]


@pytest.mark.parametrize(("real", "fake"), FAKES)
def test_names_a_hurried_reader_cannot_tell_apart_share_a_skeleton(real: str, fake: str) -> None:
    assert skeleton(real) == skeleton(fake)
    assert similar(real, fake)


@pytest.mark.parametrize(
    "fake",
    [
        *("ChilternCouncils", "ChilternCouncl", "ChilternCouncel", "xChilternCouncil"),
        *("ChilternCouncilUK", "ChilternCouncil_Official", "TheRealChilternCouncil"),
        *("ChilternCouncilHelp", "chilterncouncil_support"),
    ],
)
def test_a_name_one_letter_off_or_dressed_up_is_similar(fake: str) -> None:
    assert similar("ChilternCouncil", fake)
    assert similar(fake, "ChilternCouncil")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ExampleWaste", "ExampleSafety"),
        ("ChilternCouncil", "ChilternLibraries"),
        ("Derby", "Deal"),
        ("Bath", "Bat"),
        ("the", "uk"),
        ("", ""),
        ("___", "..."),
        ("ExampleWard5", "ExampleWard17"),
    ],
)
def test_names_that_nobody_confuses_are_not_similar(one: str, other: str) -> None:
    assert not similar(one, other)


@given(st.text(max_size=40))
def test_a_skeleton_has_no_further_skeleton(text: str) -> None:
    assert skeleton(skeleton(text)) == skeleton(text)


@given(st.text(max_size=20), st.text(max_size=20))
def test_being_similar_has_no_direction(one: str, other: str) -> None:
    assert similar(one, other) == similar(other, one)


@pytest.mark.parametrize(
    ("host", "twin"),
    [
        ("facebook.com.evil.example", "facebook.com"),
        ("www.facebook.com.evil.example", "facebook.com"),
        ("x.com.evil.example", "x.com"),
        ("login.t.me.evil.example", "t.me"),
        ("notfacebook.com", "facebook.com"),
        ("facebook-login.example", "facebook.com"),
        ("faceb00k.com", "facebook.com"),
        ("f\u0430cebook.com", "facebook.com"),
        ("xn--fcebook-8va.com", "facebook.com"),
        ("\uff46acebook.com", "facebook.com"),
        ("www.rnedium.com", "medium.com"),
        ("tvvitter.com", "twitter.com"),
        ("1inkedin.com", "linkedin.com"),
        ("\u0445.com", "x.com"),
    ],
)
def test_a_host_made_to_look_like_a_platforms_is_named(host: str, twin: str) -> None:
    assert looks_like_platform_host(host) == twin


@pytest.mark.parametrize(
    "host",
    [
        *("redditchbc.gov.uk", "www.redditchbc.gov.uk", "netflix.com", "mediumwell.example"),
        *("threads.example.gov.uk", "social.example", "news.example.gov.uk", "localhost", ""),
        *("developers.facebook.com", "xn--", "xn--\u0430.example", "telegram.example", "a" * 300),
    ],
)
def test_an_honest_host_is_no_look_alike(host: str) -> None:
    assert looks_like_platform_host(host) is None


def test_a_name_dressed_up_without_end_is_undressed_all_the_same() -> None:
    assert similar("uk" * 900 + "examplewaste", "ExampleWaste")
    assert not similar("uk" * 1000, "ExampleWaste")


def test_a_platforms_own_host_is_no_look_alike() -> None:
    for platform in PLATFORMS:
        for host in platform.hosts:
            assert looks_like_platform_host(host) is None
