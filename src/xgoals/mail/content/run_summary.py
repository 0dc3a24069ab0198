"""What mails know of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from xgoals.domain.model import RunVerdict
from xgoals.domain.pipeline import DAG_ID


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run, at its end or under way.

    Attributes
    ----------
    feeds, sources
        Kinds of the files that it reads, and their folders, one of each for a feed; none if it reads nothing.
    figures
        What its steps have counted; of the table ``run``.
    seconds_by_task
        How long each task took.
    champion
        The model that is champion now; the figures are its own and the provider's on matches it had not seen.
    """

    run_id: str
    database: str
    feeds: Sequence[str]
    sources: Sequence[str]
    is_simulated: bool
    dag_id: str = DAG_ID
    started_at: datetime | None = None
    ended_at: datetime | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)
    seconds_by_task: Mapping[str, float] = field(default_factory=dict)
    champion: str | None = None
    auc: float | None = None
    log_loss: float | None = None
    provider_auc: float | None = None
    provider_log_loss: float | None = None

    @classmethod
    def of(cls, known: Mapping[str, Any]) -> "RunSummary":
        """The part of :func:`xgoals.steps.run_context.summary_of` that mails tell."""
        names = {own.name for own in fields(cls)}
        return cls(**{name: value for name, value in known.items() if name in names})

    @property
    def is_of_pipeline(self) -> bool:
        """Whether it is a run of the pipeline, not of the weekly maintenance or the like."""
        return self.dag_id == DAG_ID

    @property
    def verdict(self) -> RunVerdict | None:
        """What ``register`` came to; None if the run has not come to it."""
        return RunVerdict.of(self.figures)

    @property
    def duration_s(self) -> float | None:
        """How long the run took; None while that is not known."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()

    @property
    def moment(self) -> datetime:
        """When what is told of it happened: its end, else its beginning.

        Raises
        ------
        ValueError
            If neither is known.
        """
        moment = self.ended_at or self.started_at
        if moment is None:
            raise ValueError("a run without any time cannot be told")
        return moment
