"""All numbers of the pages of a model; no picture and no word yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xgoals.analysis.calibration import Calibration, calibration
from xgoals.analysis.clubs import ImportanceByClub
from xgoals.analysis.completeness import CompetitionCounts, DataSummary, counts_by_competition, data_summary
from xgoals.analysis.dependence import Dependence
from xgoals.analysis.evaluated.model_change import ModelChange
from xgoals.analysis.evaluated.worst_slices import WorstSlices, worst_slices
from xgoals.analysis.fairness.summary import Fairness, fairness
from xgoals.analysis.importance import Importance
from xgoals.analysis.interactions import InteractionMatrix, interaction_matrix
from xgoals.analysis.model_summary import ModelSummary
from xgoals.analysis.pairs import MissingPair, missing_partners, partners
from xgoals.analysis.quality import Quality, quality
from xgoals.analysis.reference import BaseValues
from xgoals.analysis.seasons import ImportanceBySeason, SeasonQuality, quality_by_season
from xgoals.analysis.shots import Model
from xgoals.analysis.sources import SourceDifferences, source_differences
from xgoals.domain.model import Decision, RecordedDecision
from xgoals.language import Language
from xgoals.report.page.run import Quarantine, RunFacts, quarantine_facts, run_facts
from xgoals.report.words.providers import SOURCES


@dataclass(frozen=True)
class History:
    """What was decided about a model, and what changed with it.

    Attributes
    ----------
    decisions
        Every decision that it had a part in, the latest first.
    change
        From the champion before; None where there was none, or nothing of it is left to compare with.
    """

    version: str
    decisions: tuple[RecordedDecision, ...] = ()
    change: ModelChange | None = None

    @property
    def own(self) -> Decision | None:
        """The last decision about it."""
        return next((row.decision for row in self.decisions if row.decision.challenger == self.version), None)

    @property
    def judged(self) -> Decision | None:
        """The last decision about it that rests on checks: a person's own rests on none."""
        return next(
            (
                row.decision
                for row in self.decisions
                if row.decision.challenger == self.version and row.decision.evidence.get("checks")
            ),
            None,
        )

    @property
    def challenge(self) -> Decision | None:
        """The last decision about another model that wanted its place since it has it; None where none did."""
        latest = self.decisions[0].decision if self.decisions else None
        return latest if latest is not None and latest.challenger != self.version else None


@dataclass(frozen=True)
class Explainer:
    """How explanations were made, and how far they add up; None where that was not recorded or compared."""

    method: str | None
    additivity_max_error: float | None
    library_max_error: float | None
    n_library_sample: int | None
    seconds: float | None

    @classmethod
    def of(cls, model: Model) -> "Explainer":
        """What is known of a model's explanations."""
        names = ("method", "additivity_max_error", "library_max_error", "n_library_sample", "explain_seconds")
        return cls(*(model.get(name) for name in names))


@dataclass(frozen=True)
class ModelFacts:
    """All numbers of the pages of a model; each is described where it is made."""

    model: Model
    history: History
    explainer: Explainer
    run: RunFacts
    base: BaseValues
    importance: Importance
    by_season: ImportanceBySeason
    by_club: ImportanceByClub
    dependence: tuple[Dependence, ...]
    data: DataSummary
    competitions: tuple[CompetitionCounts, ...]
    providers: tuple[str, ...]
    quarantine: Quarantine
    yardsticks: tuple[Mapping[str, Any], ...]
    quality: Quality
    worst: WorstSlices
    calibration: Calibration
    seasons: tuple[SeasonQuality, ...]
    fairness: Fairness | None
    pairs: tuple[tuple[str, str], ...]
    missing_pairs: tuple[MissingPair, ...]
    sources: SourceDifferences
    interactions: InteractionMatrix | None


def model_facts(
    shots: pd.DataFrame,
    model: Model,
    explained: ModelSummary,
    run: Mapping[str, Any],
    quarantine: pd.DataFrame,
    history: History,
    words: Language,
) -> ModelFacts:
    """Work out all numbers; ``explained`` is of the same shots."""
    ranked = explained.importance.ranked
    return ModelFacts(
        **vars(explained),
        model=model,
        history=history,
        explainer=Explainer.of(model),
        run=run_facts(run, shots),
        data=data_summary(shots, model),
        competitions=counts_by_competition(shots),
        providers=_with_own_xg(shots),
        quarantine=quarantine_facts(quarantine, words, run.get("sources") or ()),
        yardsticks=tuple(row for row in run.get("yardsticks") or () if row["n"]),
        quality=quality(model),
        worst=worst_slices(model),
        calibration=calibration(shots),
        seasons=tuple(quality_by_season(shots)),
        fairness=fairness(model.get("fairness") or ()),
        pairs=tuple(partners(model, ranked)),
        missing_pairs=tuple(missing_partners(model, ranked)),
        sources=source_differences(shots, model),
        interactions=interaction_matrix(model, ranked),
    )


def _with_own_xg(shots: pd.DataFrame) -> tuple[str, ...]:
    """How the providers are called that have an xG of their own for some of the shots."""
    known = set(shots.loc[shots["provider_xg"].notna(), "provider"].astype(str))
    return tuple(sorted(SOURCES.get(name, name) for name in known))
