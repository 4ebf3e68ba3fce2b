"""Asking for an account, and what each decider answered."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base, of_person, one_of_its_council, same_council, words
from registry.core.tenants import OfCouncil
from registry.vocabulary.permissions import Role


class RequestState(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class AccountRequest(OfCouncil, Base):
    """A request for a new account (002 §16.1), from first draft to decision.

    `answers`: what was typed, by field, in the parts of the form. `version` grows with every change of the
    answers; a decision binds the version it saw. `chain` is frozen at submission; `step` is the index of the
    step whose turn it is. `content_hash`: SHA-256 of the canonical answers of the submitted version.
    """

    __tablename__ = "account_requests"
    __table_args__ = (
        one_of_its_council(),
        same_council("service_area_id", "service_areas"),
        same_council("account_id", "accounts"),
        of_person("asker_id"),
        sa.CheckConstraint("(state = 'approved') = (account_id IS NOT NULL)", name="approved_has_account"),
        sa.Index("ix_account_requests_state", "council_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    asker_id: Mapped[int]
    service_area_id: Mapped[int | None]
    state: Mapped[RequestState] = mapped_column(words(RequestState), default=RequestState.DRAFT)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    content_hash: Mapped[str] = mapped_column(sa.String(64), default="")
    chain: Mapped[list[Any]] = mapped_column(default=list)
    step: Mapped[int] = mapped_column(default=0)
    waiting_since: Mapped[datetime | None]
    account_id: Mapped[int | None]
    started_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}


class Answer(StrEnum):
    """What a decider can say."""

    AGREE = "agree"
    AGREE_WITH_CONDITIONS = "agree_with_conditions"
    RETURN = "return"
    REFUSE = "refuse"


class Decision(OfCouncil, Base):
    """One decider's answer at one step, bound to the version they saw."""

    __tablename__ = "request_decisions"
    __table_args__ = (
        one_of_its_council(),
        same_council("request_id", "account_requests"),
        of_person("decider_id"),
        sa.UniqueConstraint("council_id", "request_id", "request_version", "step"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    request_id: Mapped[int]
    request_version: Mapped[int]
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    step: Mapped[int]
    role: Mapped[Role] = mapped_column(words(Role))
    decider_id: Mapped[int]
    answer: Mapped[Answer] = mapped_column(words(Answer))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    conditions: Mapped[str] = mapped_column(sa.Text, default="")
    minute_ref: Mapped[str] = mapped_column(sa.String(80), default="")
    decided_on: Mapped[date]
    as_deputy: Mapped[bool] = mapped_column(default=False)
    exception: Mapped[str] = mapped_column(sa.String(200), default="")
    decided_at: Mapped[datetime]
