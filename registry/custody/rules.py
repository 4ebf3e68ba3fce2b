"""What custody asks beside the gate of the editors' room, which is asked for every deposit and every reveal."""

from dataclasses import dataclass

from registry.core.rule import Condition, Rule


@dataclass(frozen=True)
class Destruction:
    """A credential about to be destroyed: whether its account has ended, and whether a reason is given."""

    is_account_ended: bool
    has_reason: bool


OUT_OF_USE = Condition(
    lambda d, on: d.is_account_ended | d.has_reason,
    otherwise="The account is still in use. Say why its credential is not needed any more.",
    clause="002 §12.12",
)

MAY_BE_DESTROYED = Rule((OUT_OF_USE,))
"""A credential outlives neither its account nor its use (002 §12.12); until then somebody must answer for its loss."""
