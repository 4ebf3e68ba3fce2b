"""QR codes: named for whoever does not see them, without style, and of nothing but numbers."""

import re

from registry.web.qr import qr


def test_a_code_is_named_and_holds_nothing_of_its_text() -> None:
    drawn = str(qr("otpauth://totp/ann?secret=<JBSWY3DP>", "The key & its letters"))
    assert drawn.startswith('<svg role="img" aria-label="The key &amp; its letters" viewBox="0 0 ')
    assert "style" not in drawn
    shapes = re.findall(r'<path (?:fill|stroke)="#[0-9a-f]+" (?:class="[a-z-]*" )?d="[Mmhvz0-9. -]+"/>', drawn)
    head = re.match(r'<svg role="img" aria-label="[^"]*" viewBox="0 0 \d+ \d+" class="app-qr">', drawn)
    assert head is not None
    assert drawn == head[0] + "".join(shapes) + "</svg>"


def test_the_same_text_is_drawn_with_its_quiet_zone_on_white() -> None:
    drawn = str(qr("exampleton", "The council"))
    side = int(re.findall(r'viewBox="0 0 (\d+) ', drawn)[0])
    assert f'fill="#fff" d="M0 0h{side}v{side}h-{side}z"' in drawn
    assert 'stroke="#000" d="M4 4.5h7' in drawn
