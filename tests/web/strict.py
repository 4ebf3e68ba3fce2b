"""An undefined value that our own templates may not touch, while the GOV.UK ones may lean on it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NoReturn

from jinja2 import Undefined

GOVUK = "govuk_frontend_jinja"


class OursMustDefine(Undefined):
    """Use as `app.jinja_env.undefined`: a name our templates forgot fails the test."""

    def _touched(self) -> None:
        name = sys._getframe(2).f_code.co_filename
        if "templates" in name and GOVUK not in name:
            self._fail()

    def _fail(self) -> NoReturn:
        self._fail_with_undefined_error()

    def __bool__(self) -> bool:
        self._touched()
        return False

    def __str__(self) -> str:
        self._touched()
        return ""

    def __iter__(self) -> Iterator[object]:
        self._touched()
        return iter(())

    def __len__(self) -> int:
        self._touched()
        return 0
