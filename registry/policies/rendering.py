"""A policy's Markdown as safe HTML for a long read: headings from h2 on, without gaps, each with a place to jump to.

HTML in the text stands as the characters typed; pictures are not fetched; links can only lead to the web or to mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

DEEPEST = 6
CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "link_open": "govuk-link",
    "table_open": "govuk-table app-table",
    "th_open": "govuk-table__header",
    "td_open": "govuk-table__cell",
    "tr_open": "govuk-table__row",
    "blockquote_open": "app-panel",
    "hr": "govuk-section-break govuk-section-break--m govuk-section-break--visible",
}
WORTH_LISTING = 4
"""Headings of one level that make a list of contents worth its room."""
SIZES = {2: "govuk-heading-m", 3: "govuk-heading-s"}
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


@dataclass(frozen=True)
class Heading:
    """A heading of the text: where to jump to, its words, and its level."""

    anchor: str
    text: str
    level: int


@dataclass(frozen=True)
class Reading:
    """A text ready to be read, and its headings."""

    html: Markup
    headings: tuple[Heading, ...]

    @property
    def contents(self) -> tuple[Heading, ...]:
        """The headings of the highest level that has enough of them for a list of contents."""
        for level in SIZES:
            found = tuple(heading for heading in self.headings if heading.level == level)
            if len(found) >= WORTH_LISTING:
                return found
        return ()


@lru_cache(maxsize=64)
def render(text: str) -> Reading:
    """Make a text readable."""
    tokens = MARKDOWN.parse(text)
    headings = tuple(_level_headings(tokens))
    _dress(tokens)
    html = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    return Reading(Markup(html), headings)  # noqa: S704 (the renderer has escaped the text, and HTML is off)


def _level_headings(tokens: Sequence[Token]) -> list[Heading]:
    """Put the headings on levels from h2 on so that none is skipped, whatever level the author began at."""
    found: list[Heading] = []
    above: list[int] = []
    for index, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        if token.type == "heading_open":
            typed = int(token.tag[1:])
            above = [*(level for level in above if level < typed), typed]
            found.append(Heading(f"part-{len(found) + 1}", _words(tokens[index + 1]), min(1 + len(above), DEEPEST)))
            token.attrSet("id", found[-1].anchor)
            token.attrSet("class", SIZES.get(found[-1].level, "govuk-heading-s"))
        token.tag = f"h{found[-1].level}"
    return found


def _words(inline: Token) -> str:
    return "".join(child.content for child in inline.children or () if child.type in ("text", "code_inline"))


def _dress(tokens: Sequence[Token]) -> None:
    """Give the elements the classes of the pages around them."""
    for token in tokens:
        if token.type in CLASSES:
            token.attrSet("class", CLASSES[token.type])
        if token.type == "link_open":
            token.attrSet("rel", "noreferrer nofollow")
        if token.children:
            _dress(token.children)


def _open_table(_self: object, tokens: Sequence[Token], index: int, _options: object, _env: object) -> str:
    frame = '<div class="app-scroll" role="group" aria-label="Table" tabindex="0">'
    return f'{frame}<table class="{tokens[index].attrGet("class")}">\n'


MARKDOWN.add_render_rule("table_open", _open_table)
MARKDOWN.add_render_rule("table_close", lambda *_: "</table></div>\n")
