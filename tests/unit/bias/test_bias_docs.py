"""The page of the metrics names each of them, and the function that gives it."""

import inspect
from types import ModuleType

import pytest

from reading_docs import tables_below
from xgoals.bias import conditional, distances, individuals, proportions, rates
from xgoals.bias.metric import POST_TRAINING_METRICS, PRE_TRAINING_METRICS


@pytest.mark.parametrize(
    ("heading", "names"),
    [("Before training", PRE_TRAINING_METRICS), ("After training", POST_TRAINING_METRICS)],
)
def test_every_metric_is_there_with_its_function(heading: str, names: tuple[str, ...]) -> None:
    (table,) = tables_below("bias-metrics.md", heading)
    assert sorted(row["Metric"] for row in table) == sorted(names)
    modules: tuple[ModuleType, ...] = (conditional, distances, individuals, proportions, rates)
    for row in table:
        (function,) = (
            getattr(module, row["Function"]) for module in modules if hasattr(module, row["Function"])
        )
        described = inspect.getdoc(function) or ""
        assert described.startswith(f"{row['Metric']}: ")
        assert "Source: Amazon SageMaker Clarify" in described
        assert "`smclarify` 0.5" in described
