import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.accounts.identify import LONGEST_HANDLE, LONGEST_URL, Unrecognised, identify
from registry.accounts.platforms import PLATFORMS, Platform

CHANNEL = "UCabcdefghijklmnopqrstuv"
DID = "did:plc:abcdefghijklmnopqrstuvwx"

# (platform, handle, key, url) -> every spelling that must land on it; "| key" chooses a platform.
SPELLINGS: dict[tuple[str, str, str, str], list[str]] = {
    ("x", "@ChilternCouncil", "chilterncouncil", "https://x.com/ChilternCouncil"): [
        "https://x.com/ChilternCouncil",
        "http://www.x.com/ChilternCouncil/",
        "https://twitter.com/ChilternCouncil",
        "twitter.com/ChilternCouncil",
        "WWW.Twitter.COM/ChilternCouncil",
        "HTTPS://mobile.twitter.com/ChilternCouncil?lang=en&ref_src=twsrc%5Etfw",
        "//m.twitter.com/ChilternCouncil",
        "https://twitter.com/@ChilternCouncil",
        "https://x.com/%40ChilternCouncil",
        "https://twitter.com/#!/ChilternCouncil",
        "https://x.com//ChilternCouncil//with_replies#top",
        "https://x.com/ChilternCouncil/status/1234567890?s=20",
        "https://twitter.com/intent/user?screen_name=ChilternCouncil",
        "https://twitter.com/intent/follow?region=x&screen_name=ChilternCouncil",
        "x:@ChilternCouncil",
        "x:ChilternCouncil",
        "twitter:@ChilternCouncil",
        "Twitter:https://x.com/ChilternCouncil",
        "  https://x.com/ChilternCouncil\r\n",
        "@ChilternCouncil | x",
        "ChilternCouncil | Twitter",
        "twitter.com/ChilternCouncil | X (formerly Twitter)",
    ],
    (
        "facebook",
        "Example.Council",
        "examplecouncil",
        "https://www.facebook.com/Example.Council",
    ): [
        "https://www.facebook.com/Example.Council",
        "http://facebook.com/Example.Council/",
        "m.facebook.com/Example.Council?fbclid=IwAR0",
        "https://en-gb.facebook.com/Example.Council",
        "https://fb.com/Example.Council",
        "fb.me/Example.Council",
        "m.me/Example.Council",
        "https://www.facebook.com/pg/Example.Council/about/",
        "https://www.facebook.com/Example.Council/posts/pfbid0abc",
        "https://www.facebook.com/Example.Council/photos/?ref=page_internal",
        "https://www.facebook.com/Example%2ECouncil",
        "facebook:@Example.Council",
        "fb:Example.Council",
        "Example.Council | Facebook",
    ],
    (
        "facebook",
        "100064123456789",
        "100064123456789",
        "https://www.facebook.com/profile.php?id=100064123456789",
    ): [
        "https://www.facebook.com/profile.php?id=100064123456789",
        "https://m.facebook.com/profile.php?ref=x&id=100064123456789&sk=about",
        "https://www.facebook.com/people/Example-Council/100064123456789/",
        "https://www.facebook.com/pages/Example-Council/100064123456789",
        "https://www.facebook.com/pages/category/Government/Example-Council-100064123456789/",
        "https://www.facebook.com/p/Example-Council-100064123456789/",
        "https://www.facebook.com/Example-Council-100064123456789/",
        "https://www.facebook.com/100064123456789",
        "https://www.facebook.com/permalink.php?story_fbid=1&id=100064123456789",
        "facebook:100064123456789",
    ],
    (
        "facebook_group",
        "groups/examplecouncil",
        "groups/examplecouncil",
        "https://www.facebook.com/groups/examplecouncil",
    ): [
        "https://www.facebook.com/groups/examplecouncil",
        "https://m.facebook.com/Groups/examplecouncil/?ref=share",
        "facebook.com/groups/examplecouncil/about",
        "facebook_group:examplecouncil",
        "examplecouncil | Facebook group",
    ],
    (
        "instagram",
        "@example_council",
        "example_council",
        "https://www.instagram.com/example_council",
    ): [
        "https://www.instagram.com/example_council",
        "https://www.instagram.com/example_council/?hl=en",
        "http://instagram.com/example_council",
        "m.instagram.com/example_council/",
        "instagr.am/example_council",
        "https://instagram.com/_u/example_council",
        "https://www.instagram.com/example_council/reel/Cabc/",
        "https://www.instagram.com/stories/example_council/31415/",
        "instagram:@example_council",
        "Insta:example_council",
        "@example_council | instagram",
    ],
    ("threads", "@example.council", "example.council", "https://www.threads.com/@example.council"): [
        "https://www.threads.com/@example.council",
        "https://www.threads.net/@example.council",
        "threads.net/@example.council/post/Cabc",
        "threads.com/%40example.council?xmt=1",
        "threads:@example.council",
    ],
    ("youtube", "@ExampleCouncil", "examplecouncil", "https://www.youtube.com/@ExampleCouncil"): [
        "https://www.youtube.com/@ExampleCouncil",
        "http://youtube.com/@ExampleCouncil/",
        "m.youtube.com/@ExampleCouncil/videos",
        "https://www.youtube.com/@ExampleCouncil?si=abc",
        "www.youtube.com/%40ExampleCouncil#x",
        "YOUTUBE.com/@ExampleCouncil/featured",
        "youtube:@ExampleCouncil",
        "@ExampleCouncil | You Tube",
    ],
    (
        "youtube",
        f"channel/{CHANNEL}",
        f"channel/{CHANNEL}",
        f"https://www.youtube.com/channel/{CHANNEL}",
    ): [
        f"https://youtube.com/channel/{CHANNEL}",
        f"m.youtube.com/Channel/{CHANNEL}/videos",
        f"youtube:{CHANNEL}",
        f"channel/{CHANNEL} | youtube",
    ],
    ("youtube", "c/ExampleCouncil", "c/examplecouncil", "https://www.youtube.com/c/ExampleCouncil"): [
        "https://www.youtube.com/c/ExampleCouncil",
        "https://www.youtube.com/ExampleCouncil",
    ],
    (
        "youtube",
        "user/ExampleCouncil",
        "user/examplecouncil",
        "https://www.youtube.com/user/ExampleCouncil",
    ): ["https://www.youtube.com/user/ExampleCouncil/videos"],
    (
        "linkedin",
        "company/example-council",
        "company/example-council",
        "https://www.linkedin.com/company/example-council",
    ): [
        "https://www.linkedin.com/company/example-council",
        "https://uk.linkedin.com/company/example-council/",
        "linkedin.com/company/example-council/about/?viewAsMember=true",
        "http://LinkedIn.com/Company/example-council",
        "https://www.linkedin.com/company/example-council/posts/?feedView=all",
        "https://www.linkedin.com/company-beta/example-council",
        "linkedin:company/example-council",
        "linkedin:example-council",
    ],
    (
        "linkedin",
        "company/cyngor-môn",
        "company/cyngor-môn",
        "https://www.linkedin.com/company/cyngor-m%C3%B4n",
    ): [
        "https://www.linkedin.com/company/cyngor-môn",
        "https://www.linkedin.com/company/cyngor-m%C3%B4n/",
        "https://www.linkedin.com/company/cyngor-mo\u0302n",
    ],
    (
        "linkedin",
        "showcase/example-jobs",
        "showcase/example-jobs",
        "https://www.linkedin.com/showcase/example-jobs",
    ): ["uk.linkedin.com/showcase/example-jobs/"],
    (
        "linkedin",
        "school/example-college",
        "school/example-college",
        "https://www.linkedin.com/school/example-college",
    ): ["https://www.linkedin.com/school/example-college/people/"],
    ("tiktok", "@example.council", "example.council", "https://www.tiktok.com/@example.council"): [
        "https://www.tiktok.com/@example.council",
        "tiktok.com/@example.council?lang=en",
        "https://m.tiktok.com/@example.council/video/7123",
        "tiktok:example.council",
    ],
    ("snapchat", "@example-council", "example-council", "https://www.snapchat.com/@example-council"): [
        "https://www.snapchat.com/add/example-council",
        "snapchat.com/@example-council",
        "https://story.snapchat.com/@example-council",
        "snapchat:example-council",
    ],
    (
        "nextdoor",
        "england/exampletown/example-council",
        "england/exampletown/example-council",
        "https://nextdoor.co.uk/agency-detail/england/exampletown/example-council",
    ): [
        "https://nextdoor.co.uk/agency-detail/england/exampletown/example-council/",
        "https://www.nextdoor.com/agency-detail/england/exampletown/example-council/?i=x",
        "nextdoor:england/exampletown/example-council",
    ],
    (
        "nextdoor",
        "pages/example-council-eng",
        "pages/example-council-eng",
        "https://nextdoor.co.uk/pages/example-council-eng",
    ): ["nextdoor.co.uk/pages/example-council-eng/"],
    (
        "whatsapp",
        "channel/0029VaExampleCouncil00",
        "channel/0029VaExampleCouncil00",
        "https://whatsapp.com/channel/0029VaExampleCouncil00",
    ): [
        "https://www.whatsapp.com/channel/0029VaExampleCouncil00",
        "whatsapp.com/channel/0029VaExampleCouncil00/123",
        "whatsapp:0029VaExampleCouncil00",
    ],
    ("telegram", "@examplecouncil", "examplecouncil", "https://t.me/examplecouncil"): [
        "https://t.me/examplecouncil",
        "t.me/s/examplecouncil",
        "https://telegram.me/examplecouncil/42",
        "examplecouncil.t.me",
        "telegram:@examplecouncil",
    ],
    (
        "bluesky",
        "@example.gov.uk",
        "example.gov.uk",
        "https://bsky.app/profile/example.gov.uk",
    ): [
        "https://bsky.app/profile/example.gov.uk",
        "bsky.app/profile/example.gov.uk/post/3kabc",
        "bluesky:@example.gov.uk",
        "bluesky:example.gov.uk",
        "example.gov.uk | Bluesky",
    ],
    (
        "bluesky",
        "@example.bsky.social",
        "example.bsky.social",
        "https://bsky.app/profile/example.bsky.social",
    ): [
        "https://bsky.app/profile/example.bsky.social",
        "https://example.bsky.social",
        "example.bsky.social",
        "@example.bsky.social | bluesky",
    ],
    ("bluesky", DID, DID, f"https://bsky.app/profile/{DID}"): [
        f"https://bsky.app/profile/{DID}",
        f"bluesky:{DID}",
        f"{DID} | bluesky",
    ],
    (
        "mastodon",
        "@Council@social.example",
        "council@social.example",
        "https://social.example/@Council",
    ): [
        "https://social.example/@Council",
        "http://SOCIAL.example/@Council/",
        "social.example/@Council/109876543210",
        "https://social.example/%40Council?x=1#y",
        "@Council@social.example",
        "@Council@Social.Example",
        "mastodon:@Council@social.example",
        "mastodon:Council@social.example",
        "https://social.example/@Council | mastodon",
    ],
    ("reddit", "r/ExampleCouncil", "r/examplecouncil", "https://www.reddit.com/r/ExampleCouncil"): [
        "https://www.reddit.com/r/ExampleCouncil/",
        "old.reddit.com/r/ExampleCouncil/new",
        "https://np.reddit.com/R/ExampleCouncil",
        "reddit:r/ExampleCouncil",
        "/r/ExampleCouncil | reddit",
    ],
    ("reddit", "u/ExampleClerk", "u/exampleclerk", "https://www.reddit.com/user/ExampleClerk"): [
        "https://reddit.com/user/ExampleClerk",
        "https://www.reddit.com/u/ExampleClerk/comments/abc/",
        "reddit:u/ExampleClerk",
    ],
    (
        "pinterest",
        "@examplecouncil",
        "examplecouncil",
        "https://www.pinterest.co.uk/examplecouncil",
    ): [
        "https://www.pinterest.co.uk/examplecouncil/",
        "https://uk.pinterest.com/examplecouncil/parks-and-gardens/",
        "pinterest.com/examplecouncil",
        "pinterest:examplecouncil",
    ],
    (
        "flickr",
        "examplecouncil",
        "examplecouncil",
        "https://www.flickr.com/photos/examplecouncil",
    ): [
        "https://www.flickr.com/photos/examplecouncil/",
        "flickr.com/people/examplecouncil",
        "https://www.flickr.com/photos/examplecouncil/51234567890/in/photostream/",
        "flickr:examplecouncil",
    ],
    ("flickr", "12345678@N00", "12345678@n00", "https://www.flickr.com/photos/12345678@N00"): [
        "https://www.flickr.com/photos/12345678@N00/",
        "https://flickr.com/people/12345678%40N00",
    ],
    ("vimeo", "examplecouncil", "examplecouncil", "https://vimeo.com/examplecouncil"): [
        "https://vimeo.com/examplecouncil",
        "www.vimeo.com/examplecouncil/videos",
        "vimeo:examplecouncil",
    ],
    ("medium", "@examplecouncil", "examplecouncil", "https://medium.com/@examplecouncil"): [
        "https://medium.com/@examplecouncil/our-news-abc123",
        "https://examplecouncil.medium.com/",
        "medium:@examplecouncil",
    ],
    ("medium", "publication/example-news", "publication/example-news", "https://medium.com/example-news"): [
        "https://medium.com/example-news/story-123",
    ],
    ("tumblr", "examplecouncil", "examplecouncil", "https://www.tumblr.com/examplecouncil"): [
        "https://www.tumblr.com/examplecouncil",
        "https://examplecouncil.tumblr.com/",
        "http://ExampleCouncil.tumblr.com/post/123/news",
        "https://www.tumblr.com/blog/view/examplecouncil",
        "tumblr:examplecouncil",
    ],
    (
        "yammer",
        "example.gov.uk",
        "example.gov.uk",
        "https://engage.cloud.microsoft/main/org/example.gov.uk",
    ): [
        "https://www.yammer.com/example.gov.uk/",
        "https://web.yammer.com/main/org/example.gov.uk/feed",
        "https://engage.cloud.microsoft/main/org/example.gov.uk",
        "yammer:example.gov.uk",
    ],
    ("myspace", "examplecouncil", "examplecouncil", "https://myspace.com/examplecouncil"): [
        "http://www.myspace.com/examplecouncil",
        "myspace:examplecouncil",
    ],
    (
        "blog",
        "news.example.gov.uk/Blog",
        "news.example.gov.uk/Blog",
        "https://news.example.gov.uk/Blog",
    ): [
        "blog:https://news.example.gov.uk/Blog/",
        "http://News.Example.gov.uk/Blog?utm_source=x#top | blog",
        "news.example.gov.uk/Blog | Forum",
    ],
    (
        "blog",
        "www.redditchbc.gov.uk/newyddion-môn",
        "redditchbc.gov.uk/newyddion-môn",
        "https://www.redditchbc.gov.uk/newyddion-m%C3%B4n",
    ): ["https://www.redditchbc.gov.uk/newyddion-môn | blog"],
}

REFUSED: list[tuple[str, str]] = [
    # fake hosts
    ("https://facebook.com@evil.example/ChilternCouncil", "@ before the first slash"),
    ("https://x.com:pass@evil.example/ChilternCouncil", "@ before the first slash"),
    ("facebook.com@evil.example", "@ before the first slash"),
    ("https://facebook.com.evil.example/ChilternCouncil", "looks like facebook.com"),
    ("https://www.x.com.evil.example/ChilternCouncil", "looks like x.com"),
    ("https://notfacebook.com/CIA", "looks like facebook.com"),
    ("https://medium.com.evil.example/@CIA", "looks like medium.com"),
    ("https://f\u0430cebook.com/ChilternCouncil", "looks like facebook.com"),
    ("https://xn--fcebook-8va.com/ChilternCouncil", "looks like facebook.com"),
    ("https://faceb00k.com/ChilternCouncil", "looks like facebook.com"),
    ("https://tvvitter.com/ChilternCouncil", "looks like twitter.com"),
    ("https://\uff46acebook.com/ChilternCouncil", "looks like facebook.com"),
    ("https://facebook\u3002com/ChilternCouncil", "looks like facebook.com"),
    ("facebook:facebook.com.evil.example", "looks like facebook.com"),
    ("instagram:notfacebook.com", "looks like facebook.com"),
    ("mastodon:@council@facebook.com.evil.example", "looks like facebook.com"),
    ("blog:https://twitter-login.example/ChilternCouncil", "looks like twitter.com"),
    ("https://xn--80ak6aa92e.com/@x", "plain letters"),
    # what parsers drop, hide or climb with
    ("https://twitter.com\r\nX:1/", "invisible character"),
    ("https://x.com/Chil\ttern", "invisible character"),
    ("https://x.com/Chil tern", "space"),
    ("https://x.com/Chiltern\u200bCouncil", "invisible character"),
    ("https://x.com/Chiltern\u202ecnuoC", "invisible character"),
    ("https://x.com/Chiltern%00Council", "invisible character"),
    ("https://x.com/Chiltern%0d%0aCouncil", "invisible character"),
    ("https://x.com/\ud800", "invisible character"),
    ("https:\\\\x.com\\ChilternCouncil", "backslash"),
    ("https://x.com/%5cChiltern", "backslash"),
    ("https://x.com/evil%2fChiltern", "hides a slash"),
    ("https://x.com/../evil", "climbs with dots"),
    ("https://x.com/%2e%2e/evil", "climbs with dots"),
    ("https://x.com/%ff", "cannot be read"),
    ("https://x.com/%2540ChilternCouncil", "names no account"),
    ("https://x.com/Chiltern\u017f", "names no account"),
    # hosts and schemes that are none
    ("https://x.com:443/ChilternCouncil", "port"),
    ("facebook.com:8080/ChilternCouncil", "port"),
    ("https://[::1]/@x", "port"),
    ("https://127.0.0.1/@x", "plain letters"),
    ("https://2130706433/@x", "plain letters"),
    ("https://0x7f000001/@x", "plain letters"),
    ("https://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460/@x", "plain letters"),
    ("https://localhost/@x", "plain letters"),
    ("https://social.example./@council", "plain letters"),
    ("https:///ChilternCouncil", "plain letters"),
    ("javascript:alert(1)", "https://"),
    ("javascript://x.com/%0aalert(1)", "https://"),
    ("data:text/html,x", "https://"),
    ("ftp://x.com/ChilternCouncil", "https://"),
    ("facebook://profile/123", "https://"),
    # pages that are no account
    ("https://www.facebook.com/", "front page"),
    ("x.com", "front page"),
    ("https://www.facebook.com/login", "own pages"),
    ("https://www.facebook.com/Login.php?next=x", "own pages"),
    ("https://www.facebook.com/profile.php", "own pages"),
    ("https://www.facebook.com/anything.php", "names no account"),
    ("https://www.facebook.com/events/123", "a post"),
    ("https://www.facebook.com/share/abc", "a post"),
    ("https://www.facebook.com/watch?v=1", "a post"),
    ("https://www.facebook.com/groups/x1/posts/123", "the group itself"),
    ("https://www.facebook.com/groups/feed", "the group itself"),
    ("https://fb.watch/abc", "video"),
    ("https://l.facebook.com/l.php?u=https%3A%2F%2Fx.com", "redirects"),
    ("https://developers.facebook.com/docs", "shows no accounts"),
    ("blog:https://about.instagram.com/blog", "shows no accounts"),
    ("https://x.com/home", "own pages"),
    ("https://x.com/I/user/12", "own pages"),
    ("https://x.com/search?q=x", "own pages"),
    ("x:home", "not a handle"),
    ("https://x.com/AHandleThatIsMuchTooLong", "names no account"),
    ("https://t.co/abc", "short link"),
    ("https://bit.ly/abc", "may lead anywhere"),
    ("https://www.instagram.com/p/Cabc/", "a post"),
    ("https://www.instagram.com/reel/Cabc/", "a post"),
    ("https://www.instagram.com/explore/tags/x", "own pages"),
    ("https://youtu.be/dQw4w9WgXcQ", "video"),
    ("https://www.youtube.com/watch?v=abc", "a post"),
    ("https://www.youtube.com/channel/UCshort", "own pages"),
    ("https://www.linkedin.com/in/a-person", "person's own"),
    ("https://www.linkedin.com/posts/example_abc", "a post"),
    ("https://lnkd.in/abc", "short link"),
    ("https://wa.me/447700900000", "names no account"),
    ("https://chat.whatsapp.com/abc", "invitation"),
    ("https://t.me/joinchat/abc", "own pages"),
    ("https://t.me/+abc", "names no account"),
    ("https://www.reddit.com/r/Example/comments/abc/x/", "subreddit itself"),
    ("https://vimeo.com/123456", "names no account"),
    ("https://api.tumblr.com/v2", "own site"),
    ("https://social.example/@council@other.example", "another server"),
    ("mastodon:@council@x.com", "not a Mastodon server"),
    ("mastodon:@council@bit.ly", "not a Mastodon server"),
    ("mastodon:@council@host", "plain letters"),
    ("https://social.example/users/council", "not a platform we know"),
    ("https://social.example/@no!name", "not a platform we know"),
    # too little or too much said
    ("", "Paste"),
    (" \r\n", "Paste"),
    ("@ChilternCouncil", "which platform"),
    ("ChilternCouncil", "which platform"),
    ("x:", "not a handle"),
    ("example.gov.uk", "not a platform we know"),
    ("https://news.example.gov.uk/blog", "not a platform we know"),
    ("x" * 2049, "2,048"),
    ("https://x.com/" + "a" * 5000, "2,048"),
    ("blog:https://example.gov.uk/" + "a" * 300, "letters a handle may have"),
    ("@x | Friendface", "do not know a platform"),
    ("facebook.com/ExampleWaste | instagram", "the platform chosen is “Instagram”"),
    ("facebook:@ExampleWaste | x", "the platform chosen is"),
    ("facebook.com/groups/examplewaste | facebook", "“Facebook group”"),
    ("https://www.facebook.com/ExampleWaste | blog", "the platform chosen is “Blog or forum”"),
    ("evil.example/ChilternCouncil | facebook", "not a site of Facebook page"),
    ("instagram.com | facebook", "front page"),
    ("@twitter.com | instagram", "the name of a site"),
    ("@api.twitter.com | instagram", "the name of a site"),
    (".. | myspace", "plain letters"),
]


def _asked(line: str) -> tuple[str, str | None]:
    text, _, platform = line.partition(" | ")
    return text, platform or None


@pytest.mark.parametrize(
    ("spelling", "account"),
    [(spelling, account) for account, spellings in SPELLINGS.items() for spelling in spellings],
)
def test_every_spelling_lands_on_one_account(spelling: str, account: tuple[str, str, str, str]) -> None:
    found = identify(*_asked(spelling))
    assert (found.platform, found.handle, found.handle_key, found.url) == account
    assert identify(found.url, found.platform) == found
    if found.platform != "blog":
        assert identify(found.url) == found


def test_every_platform_is_in_the_table_of_spellings() -> None:
    assert {account[0] for account in SPELLINGS} == {platform.key for platform in PLATFORMS}


@pytest.mark.parametrize(("text", "because"), REFUSED)
def test_what_names_no_account_is_refused_with_a_sentence_that_helps(text: str, because: str) -> None:
    with pytest.raises(Unrecognised) as refusal:
        identify(*_asked(text))
    assert because in refusal.value.reason
    assert refusal.value.reason.isprintable()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x:@ChilternCouncil", "https://X.com/chilterncouncil"),
        ("facebook:Example.Council", "facebook.com/examplecouncil"),
        ("youtube:@ExampleCouncil", "youtube.com/@EXAMPLECOUNCIL"),
        ("mastodon:@Council@social.example", "https://social.example/@council"),
        ("blog:https://www.example.gov.uk", "blog:example.gov.uk"),
    ],
)
def test_two_spellings_of_one_account_share_a_key(one: str, other: str) -> None:
    first, second = identify(one), identify(other)
    assert (first.platform, first.handle_key) == (second.platform, second.handle_key)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("whatsapp:0029VaExampleCouncil00", "whatsapp:0029vaExampleCouncil00"),
        (f"youtube:{CHANNEL}", f"youtube:{CHANNEL[:-1]}V"),
        ("instagram:example.council", "instagram:examplecouncil"),
        ("youtube:@example", "youtube:c/example"),
        ("medium:@example", "https://medium.com/example"),
        ("reddit:r/example", "reddit:u/example"),
        ("linkedin:company/example", "linkedin:showcase/example"),
        ("blog:example.gov.uk/News", "blog:example.gov.uk/news"),
    ],
)
def test_two_accounts_never_share_a_key(one: str, other: str) -> None:
    assert identify(one).handle_key != identify(other).handle_key


def test_a_known_host_alone_never_makes_an_answer() -> None:
    """GSA's registry answered yes to any address on a known platform."""
    for platform in PLATFORMS:
        for host in platform.hosts:
            with pytest.raises(Unrecognised):
                identify(f"https://{host}/")


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.key)
def test_a_host_that_only_ends_or_starts_like_a_platforms_is_refused(platform: Platform) -> None:
    """GSA's registry took notfacebook.com for Facebook and medium.com.evil.example for Medium."""
    path = platform.example.split("/", 3)[3]
    own = {host.removeprefix("www.") for host in platform.hosts}
    for host in own:
        if any(host.endswith(f".{other}") for other in own):
            continue
        for fake in (f"not{host}", f"{host}.evil.example", f"evil.example/{host}"):
            with pytest.raises(Unrecognised):
                identify(f"https://{fake}/{path}", platform.key)


def test_a_rebrand_keeps_both_names() -> None:
    assert identify("twitter:@ChilternCouncil") == identify("x:@ChilternCouncil")


PIECES = st.sampled_from(
    [
        *("https://", "http://", "//", "/", "@", ":", ".", "?", "#", "%", "%2F", "%40", "#!/", "\\"),
        *(host for platform in PLATFORMS for host in platform.hosts[:2]),
        *("x:", "facebook:", "mastodon:", "blog:", "groups/", "profile.php?id=", "channel/", "c/"),
        *("Example", "12345678", CHANNEL, "social.example", ".tumblr.com", ".evil.example", "xn--"),
        *("..", " ", "\n", "é", "\u0430", "\u200b", "ß", "İ", "ﬃ", "-", "_", "www."),
    ]
)
PASTED = st.one_of(
    st.text(max_size=80),
    st.lists(PIECES, max_size=9).map("".join),
    st.builds("{}{}".format, PIECES, st.text(max_size=40)),
    st.builds(
        "{}/{}".format,
        st.sampled_from([platform.example for platform in PLATFORMS]),
        st.text(max_size=20),
    ),
)
CHOSEN = st.one_of(st.none(), st.sampled_from([platform.key for platform in PLATFORMS]), st.text(max_size=10))


@settings(max_examples=1500, deadline=None)
@given(PASTED, CHOSEN)
def test_whatever_is_pasted_the_answer_is_an_account_or_a_reason(text: str, chosen: str | None) -> None:
    try:
        found = identify(text, chosen)
    except Unrecognised:
        return
    assert identify(found.url, found.platform) == found
    assert found.url.startswith("https://")
    assert found.url.isascii()
    assert found.url.isprintable()
    assert " " not in found.url
    assert max(len(found.handle), len(found.handle_key)) <= LONGEST_HANDLE
    assert len(found.url) <= LONGEST_URL


EVERY_FORM = [(platform.key, form) for platform in PLATFORMS for form in platform.forms]


@settings(max_examples=1500, deadline=None)
@given(st.data())
def test_every_handle_a_pattern_allows_leads_back_from_its_address(data: st.DataObject) -> None:
    key, form = data.draw(st.sampled_from(EVERY_FORM))
    handle = data.draw(st.from_regex(form.handle, fullmatch=True))
    try:
        found = identify(form.shown.format(handle=handle), key)
    except Unrecognised:
        return
    assert identify(found.url) == found


@pytest.mark.parametrize(
    "text",
    [
        "https://www.facebook.com/" + "a-1" * 670,
        "https://www.facebook.com/pages/category/" + "-" * 2000,
        "https://" + "a." * 1000 + "example/@x",
        "https://" + "xn--a." * 300 + "com/x",
        "blog:https://" + "rnvv" * 500,
        "bluesky:" + "a-" * 1000,
        "yammer:" + "a." * 1000,
        "youtube:" + "é" * 2000,
        "nextdoor:" + "a/" * 1000,
        "https://x.com/" + "%41" * 670,
        "https://x.com/intent/user?" + "&" * 2000,
    ],
)
def test_a_long_hostile_text_is_answered_at_once(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(Unrecognised):
        identify(text)
    assert time.perf_counter() - started < 0.25
