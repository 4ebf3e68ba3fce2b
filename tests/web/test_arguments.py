"""What an address or a hidden field may carry: numbers, and all that is none."""

import pytest

from registry.web.arguments import GREATEST, plain_text, whole

ENDLESS = "9" * 5_000


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("007", 7), (str(GREATEST), GREATEST)])
def test_plain_digits_are_a_number(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize("text", [None, "", "-1", "1.0", "١", "²", " 1", "abc", str(GREATEST + 1), ENDLESS])
def test_whatever_no_row_is_numbered_by_is_no_number(text: str | None) -> None:
    assert whole(text) is None


def test_words_of_an_address_hold_nothing_unseen_and_are_not_endless() -> None:
    assert plain_text(" wa\0ste\n ") == "waste"
    assert len(plain_text("x" * 5_000)) == 200
