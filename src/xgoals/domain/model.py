"""A model version and the decision about the champion, as the registry keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

CatalogueName = Literal["article-17", "best-17", "events-9"]
"""The feature catalogues that a model can be trained by; `xgoals.features.catalogue` has what is in them."""


ColumnKind = Literal["continuous", "count", "binary", "category"]
"""What kind of quantity a feature, or a column of any table, is: it decides what a typical value of it is."""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A trained model with all that made it.

    Attributes
    ----------
    model_version
        Its name: the hash of data, catalogue, parameters, seed and library versions.
    parameters
        XGBoost's parameters, and ``n_trees`` for each of ``n_seeds`` boosters that were merged.
    data_hash
        Hash of every shot's key, features and outcome in the window.
    booster
        The model's bytes (UBJSON); empty where they were cleaned away.
    golden
        ``{"rows": [[...]], "predictions": [...]}``: what a loaded model must repeat.
    metrics
        ``{"held_out": {...}, "out_of_fold": {...}}``; see :mod:`xgoals.model.metrics`.
    parent
        The version whose trees these are, where only the levels of providers were learnt anew; None: it was trained.
    is_sealed
        Whether what is stored under its name is what was stored under it, and not another version's.
    """

    model_version: str
    catalogue: str
    catalogue_version: int
    feature_names: Sequence[str]
    parameters: Mapping[str, Any]
    seed: int
    window_from: date
    window_to: date
    n_matches: int
    n_shots: int
    n_goals: int
    data_hash: str
    library_versions: Mapping[str, str]
    is_simulated: bool
    booster: bytes
    sha256: str
    golden: Mapping[str, Any]
    metrics: Mapping[str, Any]
    created_by_run: str
    created_at: datetime
    parent: str | None = None
    is_sealed: bool = True

    @property
    def trees_in_booster(self) -> int:
        """Trees that a prediction adds up; models from before boosters were merged have one booster's."""
        return int(self.parameters["n_trees"]) * int(self.parameters.get("n_seeds", 1))


@dataclass(frozen=True, slots=True)
class SpeaksFor:
    """The matches of a provider that a sister with its level speaks for.

    Attributes
    ----------
    base
        Whose trees it shares: the number of a sister, or 0.
    fold
        The fold of matches that has not taught its level; None: all of them have, and it speaks for others.
    """

    provider: str
    base: int
    fold: int | None


NO_MODEL = ""
"""The champion's name while there is nothing to learn from: the tasks after `register` have nothing to do."""
CHAMPION = 0
"""The number of the champion itself, where its sisters are numbered from 1."""


@dataclass(frozen=True, slots=True)
class ModelSister:
    """A model of a version that has not seen some of the matches which the champion has learned from.

    Attributes
    ----------
    sister
        Its number, counted from 1.
    booster, sha256, golden
        As of the champion.
    level
        Whose level is built in, and who it speaks for; None: none is.
    is_sealed
        As of the champion.
    """

    model_version: str
    sister: int
    booster: bytes
    sha256: str
    golden: Mapping[str, Any]
    level: "SpeaksFor | None" = None
    is_sealed: bool = True


def scored_by(model_version: str, sister: int) -> str:
    """Which booster of a version said something: ``xg-abc``, or ``xg-abc/3`` for its third sister."""
    return f"{model_version}/{sister}" if sister != CHAMPION else model_version


Verdict = Literal["promoted", "kept", "rolled_back", "awaiting_approval"]


class Because(StrEnum):
    """Why a decision came out as it did, for pages in any language; the sentence beside it is English."""

    FIRST = "first"
    """There was no champion to compare with, and the floor was reached."""
    FIRST_REFUSED = "first_refused"
    NOT_WORSE = "not_worse"
    """Not worse than the champion, calibrated, plausible."""
    LEVEL = "level"
    """The champion's trees, with the level of a provider."""
    DATA_REFUSED = "data_refused"
    """A guard of the data refused it, before any prediction was looked at."""
    REFUSED = "refused"
    """A check of its predictions refused it."""
    NOT_COMPARABLE = "not_comparable"
    PINNED = "pinned"
    """It would have passed, and a person has pinned the champion."""
    BY_HAND = "by_hand"
    APPROVED = "approved"
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about the champion, why, and the figures that decided it."""

    challenger: str
    champion_before: str | None
    verdict: Verdict
    reason: str
    evidence: Mapping[str, Any]

    @property
    def champion_after(self) -> str | None:
        """The champion once the decision is carried out."""
        return self.challenger if self.verdict in ("promoted", "rolled_back") else self.champion_before

    @property
    def because(self) -> Because | None:
        """Why: as the evidence says, or lets tell where it is of before that was kept; None where it does not.

        Then the stored sentence is all there is.
        """
        if (said := self.evidence.get("because")) is not None:
            return Because(said)
        if self.verdict == "rolled_back":
            return Because.ROLLED_BACK
        if not self.evidence.get("checks"):
            return None
        if self.evidence.get("pinned") and self._all_passed("guards", "checks"):
            return Because.PINNED
        if self.champion_before is None:
            return Because.FIRST if self._all_passed("checks") else Because.FIRST_REFUSED
        if not self._all_passed("guards"):
            return Because.DATA_REFUSED
        return Because.NOT_WORSE if self._all_passed("checks") else Because.REFUSED

    def _all_passed(self, *kinds: str) -> bool:
        return all(check["passed"] for kind in kinds for check in self.evidence.get(kind, ()))


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """A decision, and when it was taken."""

    decision: Decision
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class RunVerdict:
    """What ``register`` came to in a run: a decision's verdict and reason, or why there was none to take."""

    verdict: Verdict | Literal["no_new_challenger", "judged_before"]
    reason: str | None = None

    @classmethod
    def of(cls, figures: Mapping[str, Any]) -> "RunVerdict | None":
        """What a run's figures hold of it; None if the run has not come to it."""
        found = figures.get("decision")
        return cls(found["verdict"], found["reason"]) if found else None

    def __str__(self) -> str:
        return f"{self.verdict}: {self.reason}" if self.reason else self.verdict.replace("_", " ")
