"""The life of a training record: it counts only while it is confirmed."""

from registry.core.lifecycle import Lifecycle
from registry.training.models import RecordState

S = RecordState

RECORD = Lifecycle(
    "training record",
    {
        (S.RECORDED, "confirm"): S.CONFIRMED,
        (S.RECORDED, "be_refused"): S.REJECTED,
        (S.CONFIRMED, "be_refused"): S.REJECTED,
        (S.REJECTED, "be_recorded_again"): S.RECORDED,
    },
)
