"""What must be covered whole, branch by branch: the policy's rules, lives and acts, the guard, work and the vault.

Run after the tests, on the data they left; prints what is missing and fails if anything is.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
WHOLE = ("rules.py", "lifecycle.py", "actions.py")
NAMED = ("registry/web/guard.py", "registry/core/work.py", "registry/custody/vault.py", "registry/custody/envelope.py")


def must_be_whole(path: str) -> bool:
    """Whether a file is one of those that carry the policy or its walls."""
    parts = Path(path).parts
    return parts[-1] in WHOLE or bool({"actions", "rules"} & set(parts)) or path in NAMED


def main() -> int:
    """Tell what is missing; gives the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        subprocess.run([sys.executable, "-m", "coverage", "json", "-q", "-o", report], cwd=TOP, check=True)
        files = json.loads(report.read_text())["files"]
    watched = {path: found for path, found in files.items() if must_be_whole(path)}
    missing = {path: found for path, found in watched.items() if found["summary"]["percent_covered"] < 100}
    for path, found in sorted(missing.items()):
        lines = ", ".join(map(str, found["missing_lines"])) or "none"
        branches = ", ".join(f"{a}->{b}" for a, b in found["missing_branches"]) or "none"
        share = found["summary"]["percent_covered"]
        print(f"{path}: {share:.1f} %; missing lines {lines}; missing branches {branches}")
    print(f"{len(watched) - len(missing)} of {len(watched)} files of rules, lives and acts are covered whole.")
    return 1 if missing or not watched else 0


if __name__ == "__main__":
    sys.exit(main())
