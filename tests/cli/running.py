"""Running commands of the register, each in a process of its own with a folder, an environment and a keyboard.

To start Python and load the register takes longer than most commands do. So one process loads it, and for each line it
reads becomes, forked, one more command, from its first argument to its exit. `afresh` starts Python anew.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import cli

TOP = Path(__file__).resolve().parents[2]
Ran = subprocess.CompletedProcess[str]


def environment_of(instance: Path, **given: str) -> dict[str, str]:
    """What a command is told of the installation in this folder."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("REGISTER_")}
    return kept | {"REGISTER_INSTANCE": str(instance)} | given


def afresh(instance: Path, *arguments: str, typed: str | None = None, **given: str) -> Ran:
    """Run a command in a Python started for it."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *arguments],
        cwd=TOP,
        env=environment_of(instance, **given),
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def flask(instance: Path, *arguments: str, typed: str | None = None, **given: str) -> Ran:
    """Run a command, which finds typed on its keyboard what is given."""
    if not hasattr(os, "fork"):
        return afresh(instance, *arguments, typed=typed, **given)
    return _ready().run(["flask", "--app", "app", *arguments], environment_of(instance, **given), typed or "")


@dataclass
class Ready:
    """The process that has loaded the register."""

    process: "subprocess.Popen[str]"

    def run(self, argv: list[str], environment: dict[str, str], typed: str) -> Ran:
        """Let it become a command, and hear how that ended."""
        with tempfile.TemporaryDirectory(prefix="register-command-") as folder:
            (Path(folder) / "0").write_text(typed, encoding="utf-8")
            asked = {"argv": argv, "environment": environment, "streams": folder}
            assert self.process.stdin
            assert self.process.stdout
            print(json.dumps(asked), file=self.process.stdin, flush=True)
            status = int(self.process.stdout.readline())
            said = [(Path(folder) / stream).read_text(encoding="utf-8") for stream in ("1", "2")]
        return Ran(argv, status, *said)

    def end(self) -> None:
        """Let it go."""
        self.process.communicate()


_started: list[Ready] = []


def _ready() -> Ready:
    if not _started:
        command = [sys.executable, "-m", "tests.cli.running"]
        process = subprocess.Popen(command, cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        _started.append(Ready(process))
    return _started[0]


def end() -> None:
    """Let the process go, if there is one."""
    while _started:
        _started.pop().end()


def main() -> None:
    """Become whatever is asked for until nobody asks any more."""
    import registry.cli  # noqa: F401 (to have it loaded)

    while line := sys.stdin.readline():
        pid = os.fork()
        if pid == 0:
            return become(**json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)  # noqa: T201
    return None


def become(argv: list[str], environment: dict[str, str], streams: str) -> Any:
    """Be the command, with streams of its own, to its exit."""
    for stream, flags in enumerate((os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)):
        os.dup2(os.open(os.path.join(streams, str(stream)), flags), stream)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = argv
    return cli.main()


if __name__ == "__main__":
    main()
