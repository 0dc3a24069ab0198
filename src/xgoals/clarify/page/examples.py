"""Single rows: how a prediction comes about, feature by feature."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xgoals.clarify.facts import JobFacts
from xgoals.clarify.page.numbers import decimals_for, value_in_words
from xgoals.clarify.shap import Explained
from xgoals.language import Language

SHOWN = 8
"""Features of a row; the rest is summed up."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a feature adds: its bar in per cent of the width, 0 in the middle; ``value`` is empty for a sum."""

    name: str
    value: str
    adds: float
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Example:
    """A row of the dataset; ``number`` counts from 1, ``decimals`` show what each part adds."""

    title: str
    number: int
    prediction: float
    parts: tuple[Part, ...]
    decimals: int


def examples(facts: JobFacts, explained: Explained, words: Language) -> tuple[Example, ...]:
    """The rows with the highest, the middle and the lowest prediction."""
    order = np.argsort(explained.predictions, kind="stable")
    picked = {
        int(order[-1]): words.text("The highest prediction"),
        int(order[len(order) // 2]): words.text("The one in the middle"),
        int(order[0]): words.text("The lowest prediction"),
    }
    found = []
    for row, title in picked.items():
        parts = _parts(facts, explained, row, words)
        decimals = decimals_for(max(abs(part.adds) for part in parts), least=3)
        found.append(Example(title, row + 1, float(explained.predictions[row]), parts, decimals))
    return tuple(found)


def _parts(facts: JobFacts, explained: Explained, row: int, words: Language) -> tuple[Part, ...]:
    values = explained.values[row]
    order = np.argsort(-np.abs(values), kind="stable")
    others = float(values[order[SHOWN:]].sum() + explained.rest[row])
    scale = float(max(np.abs(values).max(), abs(others), 1e-12))
    features = facts.table.features
    parts = [
        _part(
            explained.names[i],
            value_in_words(float(features[explained.names[i]].iloc[row]), words),
            values[i],
            scale,
        )
        for i in order[:SHOWN]
    ]
    if len(order) > SHOWN or len(explained.names) < facts.n_features:
        parts.append(_part(words.text("all other features"), "", others, scale))
    return tuple(parts)


def _part(name: str, value: str, adds: float | npt.NDArray[np.float64], scale: float) -> Part:
    share = float(np.clip(50 * float(adds) / scale, -50, 50))
    return Part(name, value, float(adds), 50 + min(share, 0.0), abs(share))
