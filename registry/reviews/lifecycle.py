"""The life of a security review: open until it is completed, or abandoned with nothing claimed."""

from registry.core.lifecycle import Lifecycle
from registry.reviews.models import ReviewState

REVIEW_LIFE = Lifecycle(
    "security review",
    {
        (ReviewState.OPEN, "take_answers"): ReviewState.OPEN,
        (ReviewState.OPEN, "be_completed"): ReviewState.COMPLETE,
        (ReviewState.OPEN, "be_abandoned"): ReviewState.ABANDONED,
    },
)
