"""What the doctor looks at."""

from collections.abc import Iterator

from registry.core.house import House
from registry.upkeep.check import CHECKS, Finding, Level
from registry.upkeep.checks import base, machine, mail, providers, safety

__all__ = ["CHECKS", "base", "examine", "machine", "mail", "providers", "readiness", "safety"]


def examine(house: House) -> Iterator[tuple[str, Finding]]:
    """Everything the doctor finds, check by check."""
    for each in CHECKS:
        for finding in each.findings(house):
            yield each.name, finding


def readiness(house: House) -> dict[str, Level]:
    """The quick checks alone, one word each: whether this process can serve people now."""
    return {
        each.name: max((finding.level for finding in each.findings(house)), default=Level.WELL)
        for each in CHECKS
        if each.decides
    }
