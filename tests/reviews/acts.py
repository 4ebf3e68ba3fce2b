"""Reviews for tests, made through the room's own acts."""

from registry.accounts.models import Account
from registry.identity.models import Person
from registry.reviews import actions
from registry.reviews.answers import Answer
from registry.reviews.checklists import checklist_for
from registry.reviews.models import Finding, SecurityReview
from tests.world import World

MET = Answer(Finding.MET)


def begun(world: World, person: Person, account: Account) -> SecurityReview:
    """A review without an answer."""
    with world.work(person) as work:
        return actions.start(work, account.id)


def answered(world: World, person: Person, account: Account, **findings: Answer) -> SecurityReview:
    """A review with every question answered Met, but for these."""
    review = begun(world, person, account)
    with world.work(person) as work:
        actions.answer(work, review.id, {item.key: MET for item in checklist_for(account.platform)} | findings)
    return review


def completed(world: World, person: Person, account: Account, **findings: Answer) -> SecurityReview:
    """A completed review; what fails becomes the usual actions."""
    review = answered(world, person, account, **findings)
    with world.work(person) as work:
        return actions.complete(work, review.id)
