"""Which details of an entry are somebody's own, so that they can be erased while the trail stays whole.

Every key that an act gives to `work.record` stands in one of the two tables below; a test sees to it. What stands in
neither is sealed like what is somebody's own, which is the safe mistake.
"""

from enum import StrEnum


class Whose(StrEnum):
    """Whose a detail is: of the person the entry is about, or of whoever wrote it (or came by that browser)."""

    SUBJECT = "subject"
    ACTOR = "actor"


PERSONAL: dict[str, Whose] = {
    "person": Whose.SUBJECT,  # a name
    "message": Whose.SUBJECT,  # a flag's sentence; one about a person names them
    "reason": Whose.ACTOR,  # free text
    "reasons": Whose.ACTOR,  # why somebody was refused
    "browser": Whose.ACTOR,
    "device": Whose.ACTOR,
    "file": Whose.ACTOR,  # a file's name, as somebody called it
    "why": Whose.ACTOR,
    "words": Whose.ACTOR,  # what a second person said
    "found": Whose.ACTOR,  # what a review of an emergency says
    "holder": Whose.SUBJECT,  # a name, or a place that may hold one
}

OPEN = frozenset(
    """
    account account_id actions after again answer answers area area_id before chain codes
    completed_on content_hash copied_from course demo deputy detail effective_on ending ends_on envelope
    envelopes error exception factor failed fields handle holders hours how is_minor item job key kind lane left
    length look messages minute minute_ref minutes most name needed next_due_on not_needed number on opens_gate part
    person_id platform policy position posted_on posts provider removed result role root row rows rule second sessions
    severity since size starts_on state step table terms text_hash title until valid_months version warnings
    what backup breaches ended entries lost
    """.split()  # noqa: SIM905
)
"""What never names or describes a person: codes, days, numbers, titles of things, and fixed words."""
