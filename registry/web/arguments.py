"""Reading what an address or a hidden field carries: anything may stand there, and nonsense stands for nothing."""

from werkzeug.routing import IntegerConverter

GREATEST = 2**31 - 1
"""Of the numbers by which both databases name their rows."""
LONGEST = 200


class RowNumber(IntegerConverter):
    """A row's number as part of an address; one that no row can have leads to no page."""

    def __init__(self, *arguments: object, **keywords: object) -> None:
        super().__init__(*arguments, **{"max": GREATEST, **keywords})  # type: ignore[arg-type]


def whole(text: str | None) -> int | None:
    """The number that plain digits write; None for anything else, and for more than a row's number can be."""
    if not (text and text.isascii() and text.isdigit() and len(text) <= len(str(GREATEST))):
        return None
    return int(text) if int(text) <= GREATEST else None


def plain_text(typed: str) -> str:
    """Without what no database holds or no eye sees, and no longer than a name may be."""
    return "".join(letter for letter in typed[:LONGEST] if letter.isprintable()).strip()
