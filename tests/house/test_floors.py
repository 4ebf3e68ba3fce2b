"""The floors of the house: nobody imports upward, rooms on one floor are strangers."""

import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def test_every_arrow_falls() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([tool, "--no-cache"], cwd=TOP, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_no_file_grows_past_what_one_reader_holds() -> None:
    long = {
        str(path.relative_to(TOP)): lines
        for path in (TOP / "registry").rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 320
    }
    assert long == {}
