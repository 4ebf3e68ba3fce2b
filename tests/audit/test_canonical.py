import json
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.canonical import GREATEST, NotCanonical, canonical, digest

ZEROS = "0" * 64


def event(seq: int, prev: str) -> dict[str, object]:
    return {
        "v": 1,
        "seq": seq,
        "prev": prev,
        "at": datetime(2026, 11, 20, 9, 0, seq, tzinfo=UTC),
        "actor": "p_01",
        "act": "secret.revealed",
        "obj": "acc_01",
        "res": "ok",
        "detail_sha256": None,
    }


def test_the_published_events() -> None:
    first = canonical(event(1, ZEROS))
    assert first.decode() == (
        '{"act":"secret.revealed","actor":"p_01","at":"2026-11-20T09:00:01.000000Z",'
        f'"detail_sha256":null,"obj":"acc_01","prev":"{ZEROS}","res":"ok","seq":1,"v":1}}'
    )
    hashes = [digest(first)]
    for seq in (2, 3):
        hashes.append(digest(canonical(event(seq, hashes[-1]))))
    assert hashes == [
        "3a4c5fb16b5de8ebb088282b1edf497d12d4498e4525b55f7cb8dc05efcd63a8",
        "08ee646b95aa732b8ddb3718dcc283f7ba07a8d50d76027d1c47c04ee96df4a5",
        "31ebf6ea4fbdb05ce1c17a797b47737b695796bf0579b016f7f13bad84e4875d",
    ]


def test_text_is_written_as_rfc_8785_writes_it() -> None:
    assert canonical('é€\u2028\x7f"\\/\b\t\n\f\r\x0b\x1f').decode() == (
        '"é€\u2028\x7f\\"\\\\/\\b\\t\\n\\f\\r\\u000b\\u001f"'
    )


def test_a_moment_is_written_in_utc_to_the_microsecond() -> None:
    summer = timezone(timedelta(hours=1))
    assert canonical(datetime(2026, 7, 1, 0, 30, 0, 5, tzinfo=summer)) == (b'"2026-06-30T23:30:00.000005Z"')


def test_words_of_the_vocabulary_are_written_as_their_values() -> None:
    class Word(StrEnum):
        OPENED = "account.opened"

    assert canonical([Word.OPENED, True, (1, None)]) == b'["account.opened",true,[1,null]]'


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (1.0, "a float cannot be written"),
        (float("nan"), "a float cannot be written"),
        (b"bytes", "a bytes cannot be written"),
        ({1}, "a set cannot be written"),
        ({"é": 1}, "a key that is not ASCII text"),
        ({1: 1}, "a key that is not ASCII text"),
        (GREATEST + 1, "beyond the integers"),
        (-GREATEST - 1, "beyond the integers"),
        ("e\u0301", "composed form"),
        ("\ud800", "lone surrogate"),
        (datetime(2026, 1, 1), "without a time zone"),  # noqa: DTZ001
    ],
)
def test_what_has_no_single_form_is_refused(value: object, why: str) -> None:
    with pytest.raises(NotCanonical, match=why):
        canonical({"detail": [value]})


def test_a_refusal_says_where() -> None:
    with pytest.raises(NotCanonical, match=r"^detail\.rows\[1\]: a float"):
        canonical({"detail": {"rows": [1, 0.5]}})
    with pytest.raises(NotCanonical, match=r"^The value: a float"):
        canonical(0.5)


def test_a_value_within_itself_is_refused() -> None:
    loop: list[object] = []
    loop.append(loop)
    with pytest.raises(NotCanonical, match="nested deeper"):
        canonical(loop)


def test_the_greatest_integers_are_written() -> None:
    assert canonical([GREATEST, -GREATEST]) == b"[9007199254740991,-9007199254740991]"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).filter(
    lambda text: text == json.loads(json.dumps(text))
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-GREATEST, GREATEST) | texts,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


def written(value: object) -> bytes | None:
    try:
        return canonical(value)
    except NotCanonical:
        return None


@given(values)
def test_what_is_written_reads_back_and_is_written_the_same(value: object) -> None:
    body = written(value)
    if body is not None:
        assert json.loads(body) == value
        assert canonical(json.loads(body)) == body
        assert b"\n" not in body


@given(st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=5), st.integers(0, 9)))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@given(values, values)
def test_different_values_are_written_differently(one: object, other: object) -> None:
    if repr(one) != repr(other) and one != other and written(one) is not None:
        assert written(one) != written(other)


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_moment_has_the_same_shape(at: datetime) -> None:
    text = json.loads(canonical(at))
    assert len(text) == 27
    assert datetime.fromisoformat(text) == at
