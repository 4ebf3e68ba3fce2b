"""Which version of a request somebody had before their eyes: a decision binds that version and no other."""

from dataclasses import dataclass

from registry.audit.canonical import canonical, digest
from registry.core.errors import Conflict
from registry.requests.models import AccountRequest
from registry.requests.parts import PARTS
from registry.requests.questions import Answers, Part

SHORT = 12
FIELDS = 4
DIGITS = 9


def hash_of(answers: Answers) -> str:
    """SHA-256 of the answers in their one canonical form."""
    return digest(canonical(dict(answers)))


def _hash_of_part(part: Part, answers: Answers) -> str:
    return hash_of({question.name: answers.get(question.name) for question in part.questions})[:SHORT]


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= DIGITS


@dataclass(frozen=True)
class Seen:
    """The version, the step and the content that a page showed; travels with its form."""

    version: int
    step: int
    content_hash: str
    parts: tuple[str, ...]

    @classmethod
    def of(cls, request: AccountRequest) -> "Seen":
        """What a page shows of a request now."""
        parts = tuple(_hash_of_part(part, request.answers) for part in PARTS)
        return cls(request.version, request.step, hash_of(request.answers), parts)

    @classmethod
    def read(cls, token: str) -> "Seen":
        """What the form carried; a token that was tampered with stands for no version."""
        fields = token.split(".")
        if len(fields) != FIELDS or not all(_is_count(field) for field in fields[:2]):
            raise Conflict("This page was not whole when it was sent. Open the request again, then decide.")
        return cls(int(fields[0]), int(fields[1]), fields[2], tuple(fields[3].split("-")))

    @property
    def token(self) -> str:
        """The same as text, for a hidden field."""
        return f"{self.version}.{self.step}.{self.content_hash}.{'-'.join(self.parts)}"

    def is_same_content(self, other: "Seen") -> bool:
        """Whether both are the same version of the same answers."""
        return (self.version, self.content_hash) == (other.version, other.content_hash)

    def changed_since(self, now: "Seen") -> list[str]:
        """The titles of the parts that differ now."""
        before = dict(zip((part.key for part in PARTS), self.parts, strict=False))
        return [part.title for part, after in zip(PARTS, now.parts, strict=True) if before.get(part.key) != after]
