"""How an account stands, in one line of plain sentences."""

from dataclasses import dataclass
from datetime import date

from registry.accounts.models import Account, AccountState
from registry.web.filters import day, due, in_days, plural

NUMBERS = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@dataclass(frozen=True)
class Health:
    """What the line is made from: the account, its editors, the cadence that counts for it, and the day."""

    account: Account
    named: int
    cleared: int
    every: int
    on: date

    def __str__(self) -> str:
        if self.account.is_ended:
            return self._state()
        sentences = (self._state(), self._editors(), self._review(), self._activity(), self._flags())
        return " ".join(sentence for sentence in sentences if sentence)

    def _state(self) -> str:
        account = self.account
        if account.state is AccountState.LIVE:
            return "Live, and being closed." if account.under_closure else "Live."
        if account.state is AccountState.MOTHBALLED:
            review = account.mothball_review_on
            return f"Mothballed, its review {due(review, self.on)}." if review else "Mothballed."
        ended = f" on {day(account.ended_on)}" if account.ended_on else ""
        said = {
            AccountState.PROPOSED: "Proposed, not agreed yet.",
            AccountState.AUTHORISED: "Authorised, not live yet.",
            AccountState.CLOSED: f"Closed{ended}.",
            AccountState.HANDED_OVER: f"Handed over{ended}: no longer the council’s.",
        }
        return said[account.state]

    def _editors(self) -> str:
        if not self.named:
            return "No editor is named."
        if self.cleared == self.named:
            return f"{_count(self.cleared)} cleared {'editor' if self.cleared == 1 else 'editors'}."
        return f"{_count(self.cleared)} of {plural(self.named, 'editor')} cleared."

    def _review(self) -> str:
        account = self.account
        seen = (
            f"Reviewed {in_days(account.last_reviewed_on, self.on)}." if account.last_reviewed_on else "Never reviewed."
        )
        is_late = account.next_review_on is not None and account.next_review_on < self.on
        return (
            f"{seen} Next review {due(account.next_review_on, self.on)}."
            if is_late and account.next_review_on
            else seen
        )

    def _activity(self) -> str:
        if self.account.state is not AccountState.LIVE:
            return ""
        if self.account.last_posted_on is None:
            return "No post is recorded."
        said = f"Posted {in_days(self.account.last_posted_on, self.on)}"
        over = (self.on - self.account.last_posted_on).days - self.every
        return (
            f"{said}, {plural(over, 'day')} beyond the agreed {plural(self.every, 'day')}." if over > 0 else f"{said}."
        )

    def _flags(self) -> str:
        return f"{plural(self.account.open_flags, 'open flag')}." if self.account.open_flags else ""


def _count(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)
