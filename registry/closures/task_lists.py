"""Which steps each ending asks for. The steps themselves lie in the two modules beside."""

from registry.closures import steps_before as before
from registry.closures import steps_last as last

_EVERY = (
    *(before.DECISION, before.INSTEAD, before.HOLDS, before.PARTNERS_TOLD, before.SCHEDULED),
    *(before.ARCHIVE, before.METRICS, before.MODERATION, before.PROFILE),
    *(last.PRINT, last.ADVERTS, last.LINKS, last.APPS, last.SESSIONS),
    *(last.STRANGER, last.PUBLIC_ANSWER),
)
# While a profile stays the council's, somebody must be able to get in, and nobody else.
_STAYS_OURS = (
    before.MESSAGES,
    *(last.TWO_CUSTODIANS, last.ROTATE, last.TWO_STEP, last.RECOVERY),
)

CLOSE = (
    *_EVERY,
    *_STAYS_OURS,
    *before.CLOSE_NOTICES,
    before.LOCK_OR_DELETE,
    *(last.CLOSED_PROFILE, last.LAST_CHANCE, last.NAME_WATCH),
)
MOTHBALL = (
    *_EVERY,
    *_STAYS_OURS,
    *before.MOTHBALL_NOTICES,
    before.REVIEW_DAY,
    *(last.RESTING_PROFILE, last.COMMENTS_OFF, last.QUARTER, last.DECIDE_AGAIN),
)
HAND_OVER = (
    *_EVERY,
    *before.HAND_OVER_NOTICES,
    *(before.AGREEMENT, before.NEW_OWNER, before.MESSAGES_STAY),
    *(last.COUNCIL_NAME, last.OWNERSHIP, last.TRANSFER, last.WITHDRAW, last.LOOK_BACK),
)
