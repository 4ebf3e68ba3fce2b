"""What can go wrong with a sign-in outside: a word for the trail, a sentence for the person."""

from enum import Enum


class Trouble(Enum):
    """Why an outside sign-in was refused; nothing is changed by any of them."""

    DENIED = ("denied there", "The sign-in was stopped there. Try again, or sign in with your password.")
    UNREACHABLE = ("not reachable", "It does not answer at the moment. Try again later, or sign in with your password.")
    WRONG_ANSWER = (
        "answer not understood",
        "Its answer could not be understood. Tell whoever looks after the register.",
    )
    FORGED = ("state not ours", "This answer belongs to no sign-in begun in this browser. Begin again here.")
    TOO_LATE = ("too late", "That took longer than ten minutes. Begin again.")
    USED = ("answer used before", "This answer was used already. Begin again.")
    CODE = ("code not accepted", "It would not confirm the sign-in. Begin again.")
    SIGNATURE = (
        "signature or key wrong",
        "Its confirmation is not signed as it should be. Tell whoever looks after the register.",
    )
    ISSUER = ("another issuer", "The confirmation comes from another provider than the one set here.")
    AUDIENCE = ("meant for another", "The confirmation was made for another application.")
    TIME = (
        "out of time",
        "The confirmation has run out, or a clock is wrong. Begin again; if it stays so, tell whoever looks after "
        "the register.",
    )
    NONCE = ("nonce wrong", "The confirmation belongs to another sign-in. Begin again.")
    NOT_AGAIN = ("not signed in afresh", "You were not asked to sign in again there. Begin again.")
    ONE_STEP = (
        "in one step only",
        "You were asked for one step there, and this needs two. Confirm with a code instead.",
    )
    UNKNOWN = (
        "nobody connected",
        "This account is not connected to anybody who works here. Sign in with your password, then connect it under "
        "“Where I am signed in”.",
    )
    ELSEWHERE = (
        "for other councils",
        "It is not the sign-in of a council that you work for here. Sign in with your password.",
    )
    ANOTHER = ("another person's", "This is not the account that is connected to you.")
    SESSION = ("another session", "You were signed out, or signed in again, in between. Begin again.")

    def __init__(self, why: str, sentence: str) -> None:
        self.why, self.sentence = why, sentence

    @property
    def status(self) -> int:
        """What to answer with: the provider failed (502), or this is not let in (403)."""
        return 502 if self in (Trouble.UNREACHABLE, Trouble.WRONG_ANSWER) else 403


class OutsideTrouble(Exception):
    """An outside sign-in that came to nothing."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.why)
        self.trouble = trouble


class StillDown(OutsideTrouble):
    """A provider did not answer a moment ago, and was not asked again."""
