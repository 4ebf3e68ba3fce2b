"""What the public register will say, kept in step with what is settled while an account is being ended."""

from registry.accounts.models import Account
from registry.closures.models import Closure
from registry.closures.queries import instead_of, steps_in
from registry.closures.wording import GAP, proposed_sentence, words_of_closure
from registry.core.errors import Invalid
from registry.core.work import Work
from registry.councils.queries import get_council_by_id

LONGEST = 300


def proposed(work: Work, account: Account, closure: Closure) -> str:
    """The public sentence that follows from a closure as it stands."""
    council = get_council_by_id(work.session, work.council)
    words = words_of_closure(council, account, closure, instead_of(steps_in(work.session, closure)))
    return proposed_sentence(closure.ending, words)


def follow(work: Work, account: Account, closure: Closure, before: str, field: str) -> None:
    """Let the public sentence follow what was settled: wholly if it was the one proposed `before`, else in its gap."""
    if closure.public_message == before:
        closure.public_message = fitting(proposed(work, account, closure), field)
        return
    instead = instead_of(steps_in(work.session, closure))
    closure.public_message = fitting(closure.public_message.replace(GAP, instead or GAP), field)


def fitting(sentence: str, field: str) -> str:
    """The sentence, unless it is too long to be shown: then `field` is to be shortened."""
    if len(sentence) > LONGEST:
        raise Invalid(field, f"Shorten this: the public sentence would have more than {LONGEST} characters")
    return sentence
