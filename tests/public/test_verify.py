"""Is this account ours? One answer, and never "yes" for lack of data."""

import string
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.accounts.identify import identify
from registry.accounts.models import Account, AccountState, FormerName, ServiceArea
from registry.public.verify import Answer, Finding, verify
from registry.throttle.looks import Looks
from tests.world import World

S, F = AccountState, Finding


def enter(world: World, area: ServiceArea, address: str, state: AccountState = S.LIVE, **facts: Any) -> Account:
    """An account under its real identity."""
    who = identify(address, facts.pop("platform", None))
    account = world.account(area, who.platform, who.handle, url=who.url, state=state, name=who.handle, **facts)
    if account.handle_key != who.handle_key:
        with world.work() as work:
            from registry.vocabulary.events import Event

            work.session.get_one(Account, account.id).handle_key = who.handle_key
            work.record(Event.DEMO_MADE)
    return account


@pytest.fixture
def council(world: World) -> World:
    """A council with an account in every state."""
    area = world.area()
    enter(world, area, "https://x.com/ExampleBins")
    enter(world, area, "https://www.facebook.com/ExampleParks")
    enter(world, area, "https://www.instagram.com/example.fair", S.MOTHBALLED)
    enter(world, area, "https://x.com/ExampleGone", S.CLOSED, ended_on=date(2026, 5, 3))
    enter(world, area, "https://x.com/ExampleGiven", S.HANDED_OVER, ended_on=date(2026, 5, 3))
    enter(world, area, "https://x.com/ExampleSoon", S.AUTHORISED)
    enter(world, area, "https://www.youtube.com/@ExampleTown", platform_uid="UCabcdefghijklmnopqrstuv")
    enter(world, area, "https://blog.exampleton.example/news", platform="blog")
    enter(world, area, "@bins@social.exampleton.example")
    new = enter(world, area, "https://x.com/ExampleNew")
    closed = enter(world, area, "https://x.com/ExampleLater", S.CLOSED)
    for account, handle in ((new, "ExampleOld"), (closed, "ExampleEarlier")):
        world.add(
            FormerName(
                council_id=world.council.id,
                account_id=account.id,
                platform="x",
                handle=f"@{handle}",
                handle_key=handle.lower(),
                until_on=date(2026, 5, 3),
            )
        )
    return world


def ask(world: World, asked: str) -> Answer:
    with world.house.reading() as session:
        return verify(session, world.council, asked)


ANSWERS = {
    F.OURS: (
        *(
            "https://x.com/ExampleBins",
            "twitter.com/examplebins?s=20",
            "http://mobile.twitter.com/ExampleBins/",
            "x:examplebins",
        ),
        *(
            "@ExampleBins",
            "EXAMPLEBINS",
            "  @examplebins ",
            "Twitter:@ExampleBins",
            "https://m.facebook.com/ExampleParks?ref=x",
        ),
        *(
            "ExampleParks",
            "https://youtube.com/@exampletown",
            "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
        ),
        *("https://blog.exampleton.example/news/", "blog.exampleton.example/news", "@bins@social.exampleton.example"),
        "https://social.exampleton.example/@bins",
    ),
    F.MOTHBALLED: ("https://instagram.com/example.fair", "@example.fair"),
    F.RENAMED: ("https://x.com/ExampleOld", "@exampleold"),
    F.CLOSED: ("https://x.com/ExampleGone", "ExampleGone", "https://twitter.com/ExampleEarlier"),
    F.HANDED_OVER: ("https://x.com/ExampleGiven", "@ExampleGiven"),
    F.LOOKS_LIKE_OURS: (
        *(
            "https://x.com/Examp1eBins",
            "@ExampleB1ns",
            "@Example_Bins",
            "@ExampleBinsUK",
            "https://instagram.com/ExampleBins",
        ),
        *(
            "https://faceb00k.com/ExampleParks",
            "https://facebook.com.evil.example/ExampleParks",
            "xn--fcebook-8va.com/ExampleParks",
        ),
        *("@Ехаmрleвins".replace("в", "B"), "https://evil.example/ExampleBins", "@ExampleBins@evil.example"),
        "https://x.com@evil.example/ExampleBins".replace("x.com", "facebook.com.evil.example"),
    ),
    F.NOT_LISTED: (
        "https://x.com/SomebodyElse",
        "@NobodyKnows",
        "https://x.com/ExampleSoon",
        "https://another.example/page",
    ),
    F.UNREADABLE: (
        *(
            "https://x.com/",
            "facebook.com",
            "https://bit.ly/abc",
            "two words here",
        ),
        *(
            "Example Bins",
            "javascript:alert(1)",
            "https://x.com/Exa\u200bmpleBins/lists",
            "@",
            "\x00",
            "https://x.com/home",
        ),
        "x" * 3000,
    ),
}


def test_every_spelling_gets_the_answer_it_deserves(council: World) -> None:
    for finding, texts in ANSWERS.items():
        for text in texts:
            answer = ask(council, text)
            assert answer.finding is finding, (text[:60], answer.sentence)
            assert answer.sentence
            assert answer.is_ours == (finding in (F.OURS, F.MOTHBALLED))


def test_the_sentence_says_what_is_so(council: World) -> None:
    assert ask(council, "@ExampleBins").sentence == (
        "Yes. @ExampleBins on X (formerly Twitter) is an account of Exampleton Council."
    )
    assert "That account is now @ExampleNew" in ask(council, "@ExampleOld").sentence
    assert "closed this account" in ask(council, "https://x.com/ExampleEarlier").sentence
    assert "It looks like our account @ExampleBins" in ask(council, "@Examp1eBins").sentence
    assert "only looks like facebook.com" in ask(council, "https://faceb00k.com/ExampleParks").sentence


def test_a_bare_name_is_looked_for_on_every_platform(council: World) -> None:
    with council.house.reading() as session:
        area = session.query(ServiceArea).one()
    enter(council, area, "https://www.instagram.com/ExampleGone")
    answer = ask(council, "ExampleGone")
    assert answer.caution.startswith("You gave a name without its platform")
    assert [one.finding for one in answer.accounts] == [F.OURS, F.CLOSED]
    assert not ask(council, "https://x.com/ExampleGone").is_ours


def test_a_post_is_not_vouched_for_because_a_name_stands_in_its_address(council: World) -> None:
    """X opens a post by its number, whatever name stands before it."""
    answer = ask(council, "https://x.com/ExampleBins/status/123")
    assert answer.finding is F.OURS
    assert "look who posted it" in answer.caution
    for whole in ("https://x.com/ExampleBins", "twitter.com/ExampleBins/?x=/a/b", "https://youtube.com/@exampletown"):
        assert ask(council, whole).caution == "", whole


def test_closed_account_never_verified(council: World) -> None:
    """Whatever the council adds to it, and under whichever name it is asked for."""
    with council.house.reading() as session:
        area = session.query(ServiceArea).one()
    for number, state in enumerate((S.CLOSED, S.HANDED_OVER, S.AUTHORISED, S.PROPOSED)):
        address = f"https://x.com/Ended{number}"
        enter(council, area, address, state, public_note="Yes, this is ours.", ended_on=council.day(-1))
        answer = ask(council, address)
        assert not answer.is_ours, state
        assert not answer.sentence.startswith("Yes"), state


def test_a_name_that_was_given_up_and_taken_again_is_the_new_accounts(council: World) -> None:
    with council.house.reading() as session:
        area = session.query(ServiceArea).one()
    enter(council, area, "https://x.com/ExampleOld")
    assert [one.finding for one in ask(council, "https://x.com/ExampleOld").accounts] == [F.OURS]


def test_one_council_never_vouches_for_anothers_account(council: World) -> None:
    assert ask(council.another(), "https://x.com/ExampleBins").finding is F.NOT_LISTED


HANDLES = ("ExampleBins", "ExampleParks", "example.fair", "ExampleNew", "bins")
HOSTS = (
    "x.com",
    "twitter.com",
    "facebook.com",
    "www.instagram.com",
    "evil.example",
    "x.com.evil.example",
    "x.co",
    "youtube.com",
)
ODD = st.text(alphabet=string.ascii_letters + string.digits + "@._-:/%?#&= \u200b\u0430\u0435ао１", max_size=30)


@st.composite
def nearly(draw: st.DrawFn) -> str:
    """An address or name that is somewhere near to one of the council's."""
    handle = draw(st.sampled_from(HANDLES))
    at = draw(st.integers(0, len(handle)))
    bent = handle[:at] + draw(ODD) + handle[at + draw(st.integers(0, 2)) :]
    host = draw(st.sampled_from(HOSTS))
    shape = draw(
        st.sampled_from(
            ("{0}", "@{0}", "https://{1}/{0}", "{1}/{0}", "https://{0}@{1}/{0}", "x:{0}", "//{1}/{0}?x={0}")
        )
    )
    return shape.format(bent, host)


def test_nothing_is_vouched_for_that_does_not_stand_in_the_register(council: World) -> None:
    with council.house.reading() as session:
        keys = {
            key.removeprefix("@")
            for account in session.query(Account).filter(Account.state.in_((S.LIVE, S.MOTHBALLED)))
            for key in (account.handle_key, account.platform_uid.lower())
            if key
        }

        @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.one_of(st.text(max_size=60), nearly()))
        def holds(text: str) -> None:
            answer = verify(session, council.council, text)
            if answer.is_ours:
                assert any(
                    key in unquote(text).lower().replace("@", "") for key in (k.replace("@", "") for k in keys)
                ), text
                assert all(ord(letter) < 128 for letter in text.strip()), text
                assert answer.accounts

        holds()


def test_the_page_answers_in_one_sentence_and_says_what_to_do(council: World, client: FlaskClient) -> None:
    where = f"/public/{council.council.slug}/is-this-ours"
    assert "Check another" not in client.get(where).text
    page = client.get(where, query_string={"q": "https://x.com/ExampleBins"})
    assert "is an account of Exampleton Council" in page.text
    assert "What to do" not in page.text
    page = client.get(where, query_string={"q": "<script>alert(1)</script>"})
    assert "<script>alert" not in page.text
    page = client.get(where, query_string={"q": "@Examp1eBins"})
    assert "Looks like ours but is not" in page.text
    assert "Report it to the platform" in page.text
    page = client.get(where, query_string={"q": "Example Bins"})
    assert "look for these words" in page.text


def test_programs_get_the_same_answer(council: World, client: FlaskClient) -> None:
    where = f"/public/{council.council.slug}/is-this-ours.json"
    assert client.get(where).status_code == 400
    answer = client.get(where, query_string={"q": "@ExampleBins"}).get_json()
    assert (answer["finding"], answer["is_ours"], answer["accounts"][0]["handle"]) == ("ours", True, "@ExampleBins")
    answer = client.get(where, query_string={"q": "@ExampleGone"}).get_json()
    assert (answer["finding"], answer["is_ours"]) == ("closed", False)
    assert client.get("/public/nowhere/is-this-ours.json?q=x").status_code == 404


@pytest.mark.parametrize(
    ("platform", "theirs", "number", "number_address", "anothers"),
    [
        (
            *("youtube", "https://www.youtube.com/@ExampleFilms", "UCzyxwvutsrqponmlkjihgfe"),
            *("https://www.youtube.com/channel/UCzyxwvutsrqponmlkjihgfe", "https://www.youtube.com/user/UCzyxwvutsrqponmlkjihgfe"),
        ),
        (
            *("linkedin", "https://www.linkedin.com/company/example-town", "1234567"),
            *("https://www.linkedin.com/company/1234567", "https://www.linkedin.com/groups/1234567"),
        ),
        (
            *("facebook", "https://www.facebook.com/ExampleFair", "100064000"),
            *("https://www.facebook.com/profile.php?id=100064000", "https://www.facebook.com/groups/100064000"),
        ),
        ("blog", "https://news.exampleton.example/", "441963", "", "https://evil.example/441963"),
        ("reddit", "https://www.reddit.com/r/exampleton", "exampleuid", "", "https://www.reddit.com/user/exampleuid"),
        ("vimeo", "https://vimeo.com/exampleton", "user123", "", "https://vimeo.com/channels/user123"),
    ],
)  # fmt: skip
def test_a_permanent_number_vouches_only_in_the_form_in_which_nobody_can_choose_it(
    world: World, platform: str, theirs: str, number: str, number_address: str, anothers: str
) -> None:
    enter(world, world.area(), theirs, platform=platform, platform_uid=number)
    assert not number_address or ask(world, number_address).finding is F.OURS
    assert not ask(world, anothers).is_ours


def test_a_network_that_asks_without_end_is_told_when_to_go_on(app: Flask, client: FlaskClient, world: World) -> None:
    app.extensions["looks"] = Looks(most=2)
    address = f"/public/{world.council.slug}/is-this-ours"
    assert [client.get(f"{address}?q=x:nobody").status_code for _ in range(3)] == [200, 200, 429]
    page, data = client.get(address), client.get(f"{address}.json?q=x:nobody")
    assert "Try again in a minute" in page.text
    assert data.json == {"error": "This was tried too often. Try again in a minute.", "reasons": []}
    assert {answer.headers["Retry-After"] for answer in (page, data)} == {"60"}
    elsewhere = client.get(address, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
    assert elsewhere.status_code == 200
    world.clock.advance(minutes=1)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("asked", ["uk" * 950, "https://" + "uk" * 950, "x.com/" + "uk" * 950])
def test_a_name_longer_than_any_is_answered_and_not_looked_for(council: World, client: FlaskClient, asked: str) -> None:
    told = client.get(f"/public/{council.council.slug}/is-this-ours.json", query_string={"q": asked})
    assert (told.status_code, told.get_json()["finding"]) == (200, "unreadable")
