"""The life of an account: every state, and the verb that leads from one to the next."""

from registry.accounts.models import AccountState as S
from registry.core.lifecycle import Lifecycle

ACCOUNT = Lifecycle(
    "account",
    {
        (S.PROPOSED, "authorise"): S.AUTHORISED,
        (S.AUTHORISED, "go_live"): S.LIVE,
        (S.AUTHORISED, "mothball"): S.MOTHBALLED,
        (S.AUTHORISED, "close"): S.CLOSED,
        (S.AUTHORISED, "hand_over"): S.HANDED_OVER,
        (S.LIVE, "mothball"): S.MOTHBALLED,
        (S.LIVE, "close"): S.CLOSED,
        (S.LIVE, "hand_over"): S.HANDED_OVER,
        (S.MOTHBALLED, "close"): S.CLOSED,
        (S.MOTHBALLED, "hand_over"): S.HANDED_OVER,
    },
)
"""Nothing leads out of closed or handed over: opening such an account again is a new request (002 §12.5, §12.12)."""
