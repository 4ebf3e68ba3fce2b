"""What must be covered whole, branch by branch: the policy's rules, lives and acts, the guard, work and the vault.

Run after the tests, on the data they left; prints what is missing and fails if anything is.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[1]


def watched() -> set[str]:
    """The files that carry the policy or its walls: those that coverage is told to look at."""
    patterns = tomllib.loads((TOP / "pyproject.toml").read_text())["tool"]["coverage"]["run"]["include"]
    return {str(path.relative_to(TOP)) for pattern in patterns for path in TOP.glob(pattern)}


def main() -> int:
    """Tell what is missing; gives the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        subprocess.run([sys.executable, "-m", "coverage", "json", "-q", "-o", report], cwd=TOP, check=True)
        files = json.loads(report.read_text())["files"]
    whole = {path for path, found in files.items() if found["summary"]["percent_covered"] == 100}
    for path in sorted(watched() - whole):
        print(f"{path}: {told(files.get(path))}")
    print(f"{len(watched() & whole)} of {len(watched())} files of rules, lives and acts are covered whole.")
    return 1 if watched() - whole else 0


def told(found: dict[str, Any] | None) -> str:
    """What is missing of a file."""
    if found is None:
        return "no test comes by it"
    lines = ", ".join(map(str, found["missing_lines"])) or "none"
    branches = ", ".join(f"{a}->{b}" for a, b in found["missing_branches"]) or "none"
    return f"{found['summary']['percent_covered']:.1f} %; missing lines {lines}; missing branches {branches}"


if __name__ == "__main__":
    sys.exit(main())
