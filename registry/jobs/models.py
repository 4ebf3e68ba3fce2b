"""Which job ran when: the claim that makes it run exactly once among several processes."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base, words


class RunState(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class JobRun(Base):
    """One run of a job, claimed by inserting its row: whoever inserts it runs it."""

    __tablename__ = "job_runs"
    __audited__ = False

    job: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    state: Mapped[RunState] = mapped_column(words(RunState))
    host: Mapped[str] = mapped_column(sa.String(120))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    asked_by: Mapped[int | None]
    error: Mapped[str] = mapped_column(sa.Text, default="")
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
