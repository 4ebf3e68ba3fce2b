"""Set up and use Account Register with nothing but Python 3.11 or newer.

    python3 dev.py run      serve the demonstration at http://localhost:8000
    python3 dev.py test     run every test
    python3 dev.py check    style, types, floors and templates
    python3 dev.py lock     lock the packages again after changing a requirements*.in
    python3 dev.py bench    measure
    python3 dev.py crash    let the server die two hundred times on each database

Whatever stands after the command goes to the program it starts. Needs only the standard library.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
EIGHT_WRITERS = "tests/audit/test_chain.py::test_eight_writers_at_once_make_one_chain_without_a_loss_or_a_fork"
RUN, DEVELOP = ("requirements.txt",), ("requirements.txt", "requirements-dev.txt")


def main(arguments: list[str]) -> int:
    """Do one command; gives its exit status."""
    command, rest = (arguments[0] if arguments else "help"), arguments[1:]
    if command not in COMMANDS:
        print(__doc__)
        return 0 if command in ("help", "-h", "--help") else 2
    if sys.version_info < (3, 11):
        sys.exit(f"Account Register needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    return COMMANDS[command](rest)


def run(rest: list[str]) -> int:
    """Serve the demonstration."""
    prepare(RUN)
    return start("flask", "--app", "app", "serve", "--demo", *rest)


def test(rest: list[str]) -> int:
    """Run every test, in two processes, with branch coverage of what must be whole."""
    prepare(DEVELOP)
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK):  # thousands of small databases: spare the disk their fsyncs
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))
    if rest:
        return start("pytest", *rest)
    shared = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")  # tests/conftest.py puts the longest first
    return start("pytest", *shared, "--cov", "--cov-report=") or start("python", "tests/coverage_floor.py")


def check(_rest: list[str]) -> int:
    """Style, types, floors and templates; tells every fault before it fails."""
    prepare(DEVELOP)
    steps = (
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("lint-imports",),
        ("djlint", "--lint", "--quiet", "templates"),
    )
    return max([start(*step) for step in steps])


def lock(_rest: list[str]) -> int:
    """Resolve requirements*.in into locked files with hashes and without host names."""
    prepare(DEVELOP)
    start("python", "-m", "pip", "install", "-q", "uv")
    how = (
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--no-header",
        "--no-annotate",
        "--no-emit-index-url",
        "--upgrade",
    )
    first = start("uv", "pip", "compile", "-q", "requirements.in", *how, "-o", "requirements.txt")
    return first or start("uv", "pip", "compile", "-q", "requirements-dev.in", *how, "-o", "requirements-dev.txt")


def bench(rest: list[str]) -> int:
    """Measure, as ratios within one run."""
    prepare(DEVELOP)
    return start("python", "-m", "bench", *rest)


def crash(rest: list[str]) -> int:
    """The crash tests, ten times as long as among the others, and eight writers at one chain as long."""
    prepare(DEVELOP)
    os.environ.setdefault("CRASH_ROUNDS", "200")
    os.environ.setdefault("CHAIN_WRITES", "200")
    return start("pytest", "-q", "-o", "faulthandler_timeout=0", "tests/crash", EIGHT_WRITERS, *rest)


COMMANDS = {"run": run, "test": test, "check": check, "lock": lock, "bench": bench, "crash": crash}


def prepare(locks: tuple[str, ...]) -> None:
    """Make the environment and install exactly the locked packages, unless that is done."""
    wanted = hashlib.sha256(b"".join((HERE / lock).read_bytes() for lock in locks) + sys.version.encode()).hexdigest()
    mark = VENV / f".ready-{len(locks)}"
    if mark.exists() and mark.read_text() == wanted:
        return
    print("Preparing the environment (once) …", flush=True)
    uv = shutil.which("uv")
    make_environment()
    given = [part for lock in locks for part in ("-r", str(HERE / lock))]
    installer = [uv, "pip", "install", "-q", "--python", str(BIN / "python")] if uv else [
        str(BIN / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]  # fmt: skip
    if subprocess.run([*installer, "--require-hashes", *given], cwd=HERE).returncode:
        sys.exit("The packages could not be installed; the lines above say why. Is the package index reachable?")
    mark.write_text(wanted)


def make_environment() -> None:
    """Make `.venv`, or say in one sentence what is missing."""
    if (BIN / ("python.exe" if os.name == "nt" else "python")).exists():
        return
    try:
        import venv

        venv.create(VENV, with_pip=True)
    except (ImportError, subprocess.CalledProcessError):
        shutil.rmtree(VENV, ignore_errors=True)
        sys.exit("Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv")


def start(program: str, *arguments: str) -> int:
    """Run a program of the environment; Ctrl+C is its own affair."""
    try:
        return subprocess.run([str(BIN / program), *arguments], cwd=HERE).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
