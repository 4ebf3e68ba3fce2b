"""The life of a closure: begun, then completed or abandoned; nothing leads on from either (002 §12.12)."""

from registry.closures.models import ClosureState as S
from registry.core.lifecycle import Lifecycle

CLOSURE = Lifecycle(
    "closure",
    {
        (S.OPEN, "complete"): S.COMPLETE,
        (S.OPEN, "abandon"): S.ABANDONED,
        (S.OPEN, "change"): S.OPEN,
    },
)
