"""The life of a request: every state, and the verb that leads from one to the next (002 §16.1)."""

from registry.core.lifecycle import Lifecycle
from registry.requests.models import RequestState as S

REQUEST = Lifecycle(
    "request",
    {
        (S.DRAFT, "be_changed"): S.DRAFT,
        (S.DRAFT, "be_submitted"): S.SUBMITTED,
        (S.DRAFT, "be_withdrawn"): S.WITHDRAWN,
        (S.SUBMITTED, "be_agreed"): S.SUBMITTED,
        (S.SUBMITTED, "be_approved"): S.APPROVED,
        (S.SUBMITTED, "be_returned"): S.RETURNED,
        (S.SUBMITTED, "be_refused"): S.REFUSED,
        (S.SUBMITTED, "be_withdrawn"): S.WITHDRAWN,
        (S.RETURNED, "be_changed"): S.RETURNED,
        (S.RETURNED, "be_submitted"): S.SUBMITTED,
        (S.RETURNED, "be_withdrawn"): S.WITHDRAWN,
        (S.REFUSED, "be_asked_again"): S.REFUSED,
        (S.WITHDRAWN, "be_asked_again"): S.WITHDRAWN,
    },
)
"""Nothing leads out of approved, refused or withdrawn; asking again is a new request with the same answers."""
