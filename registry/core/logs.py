"""How the register logs: one JSON object a line where it serves, readable lines on a terminal.

A line holds what its writer meant to say and nothing by accident: no query string, no form, no name, no local
variable, and no message of an exception, since those quote what was typed. JSON keeps a line break inside its line;
on a terminal it is shown as a sign.
"""

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.types import Processor

TOP = str(Path(__file__).resolve().parent.parent.parent)
QUIET = ("werkzeug", "waitress", "apscheduler", "alembic", "sqlalchemy", "PIL")
Line = MutableMapping[str, Any]


def start(stream: TextIO | None = None) -> None:
    """Send every logger's lines to standard error, ours and those of what we stand on, which speaks up only in need."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(stream.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def formatter(for_eyes: bool) -> logging.Formatter:
    """What turns a record into its line."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tell_fault,
    ]
    last: list[Processor] = (
        [shown_in_one_line, structlog.dev.ConsoleRenderer(colors=False, sort_keys=False)]
        if for_eyes
        else [structlog.processors.JSONRenderer(sort_keys=True, default=str)]
    )
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(processors=[remove, *last], foreign_pre_chain=shared)


def tell_fault(_logger: Any, _name: str, line: Line) -> Line:
    """Put an exception into a line: its kind and the way through our code, without a word of what it was about."""
    info = line.pop("exc_info", None)
    line.pop("stack_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, tuple) and info[1] is not None:
        line.update(told_of(info[1], info[2]))
    return line


def told_of(error: BaseException, trace: TracebackType | None) -> Mapping[str, Any]:
    """The kind of an exception, of what caused it, and the frames it came through; paths within the register."""
    kinds, seen = [type(error).__name__], error
    while seen.__cause__ is not None:
        seen = seen.__cause__
        kinds.append(type(seen).__name__)
    frames = traceback.extract_tb(trace)
    ours = [frame for frame in frames if frame.filename.startswith(TOP) and "/.venv/" not in frame.filename]
    way = [f"{frame.filename.removeprefix(TOP + '/')}:{frame.lineno} {frame.name}" for frame in (ours or frames[-3:])]
    return {"fault": " from ".join(kinds), "way": way}


def shown_in_one_line(_logger: Any, _name: str, line: Line) -> Line:
    """Show what would break or colour a line of a terminal as a sign."""
    return {key: _plain(value) if isinstance(value, str) else value for key, value in line.items()}


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() else "␤" for sign in text)
