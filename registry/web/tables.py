"""Tables that a narrow screen shows as cards: each part says what it is, and each cell the name of its column.

Browsers forget that a table is one as soon as its rows are drawn as blocks, so the roles are written out
(WAI-ARIA 1.2 §5.3.3; WCAG 1.3.1). It is done here once, over what a template wrote, and not in every template.
"""

import re

from markupsafe import Markup

ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "th": "columnheader", "td": "cell"}
CELLS = ("th", "td")
PART = re.compile(r"<(thead|tbody|tr|th|td)\b([^>]*)>(?:\s+(?=</td>))?")
HEADING = re.compile(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", re.DOTALL)
UNSEEN = re.compile(r"<span[^>]*hidden[^>]*>.*?</span>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")


def in_cards(rows: Markup) -> Markup:
    """The head and the body of a table, ready to be shown as cards; what the cells hold stays as it is.

    A column whose heading is only for the ear has no name to show: its buttons speak for themselves.
    """
    head, end, body = str(rows).partition("</thead>")
    names = [_name(heading[1]) for heading in HEADING.finditer(head)]
    column = 0

    def labelled(part: re.Match[str]) -> str:
        nonlocal column
        tag, attributes = part[1], part[2]
        column = column + 1 if tag in CELLS else 0
        is_named = tag == "td" and 0 < column <= len(names) and "colspan" not in attributes and names[column - 1]
        return _with_role(part, f' data-label="{names[column - 1]}"' if is_named else "")

    return Markup(PART.sub(_with_role, head) + end + PART.sub(labelled, body))  # noqa: S704  (escaped as it came)


def _with_role(part: re.Match[str], more: str = "") -> str:
    tag, attributes = part[1], part[2]
    role = "rowheader" if tag == "th" and 'scope="row"' in attributes else ROLES[tag]
    return f'<{tag} role="{role}"{more}{attributes}>'


def _name(heading: str) -> str:
    """What a heading says to the eye, fit for an attribute."""
    return " ".join(TAG.sub("", UNSEEN.sub("", heading)).split()).replace('"', "&quot;")
