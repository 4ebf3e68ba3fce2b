"""What is done about an account's end: begun, changed, worked on, concluded; or rest."""

from registry.closures.actions.beginning import change, refuse_unfit, start
from registry.closures.actions.concluding import abandon, complete
from registry.closures.actions.resting import keep_mothballed
from registry.closures.actions.stepping import drop_step, finish_step, hand_on_step, reopen_step

__all__ = [
    "abandon",
    "change",
    "complete",
    "drop_step",
    "finish_step",
    "hand_on_step",
    "keep_mothballed",
    "refuse_unfit",
    "reopen_step",
    "start",
]
