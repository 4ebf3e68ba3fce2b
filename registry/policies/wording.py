"""How pages name where a version stands: a word and a colour."""

from collections.abc import Sequence
from datetime import date

from registry.policies.models import PolicyVersion, VersionState
from registry.policies.queries import current_of


def states_of(versions: Sequence[PolicyVersion], on: date) -> dict[int, tuple[str, str]]:
    """Where each version of one policy stands on a day, by its number; give published ones newest first."""
    current = current_of(versions, on)
    return {version.id: _state(version, current, on) for version in versions}


def _state(version: PolicyVersion, current: PolicyVersion | None, on: date) -> tuple[str, str]:
    if version.state is VersionState.DRAFT or version.effective_on is None:
        return "Draft", "yellow"
    if version is current:
        return "In force", "green"
    return ("To come", "blue") if version.effective_on > on else ("Superseded", "grey")
