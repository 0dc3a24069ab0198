"""Results in the layout of a Clarify job: analysis.json, explanations_shap/out.csv, explanations_shap/baseline.csv."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import orjson

from xgoals.clarify.baseline import BaselineRows
from xgoals.clarify.bias_layout import BiasSections
from xgoals.clarify.pdp import Curve
from xgoals.clarify.results_folder import ANALYSIS, BASELINE, LOCAL_VALUES, SIGNATURE
from xgoals.clarify.shap import Explained

VERSION = "1.0"
LABEL = "label0"
"""How Clarify calls the only output of a model without ``label_headers``."""


@dataclass(frozen=True, slots=True)
class GlobalValues:
    """``explanations.kernel_shap.label0``."""

    global_shap_values: dict[str, float]
    expected_value: float


@dataclass(frozen=True, slots=True)
class PdpEntry:
    """One of ``explanations.pdp``."""

    feature_name: str
    data_type: Literal["numerical", "categorical"]
    feature_values: list[float]
    data_distribution: list[float]
    model_predictions: dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Origin:
    """``xgoals``: what Clarify's layout has no place for; a former result is known by it.

    Attributes
    ----------
    model_sha256
        Of the model's own bytes, out of whatever they were packed in.
    method
        "exact", "kernel", or None where no values are asked for.
    space
        The unit of the values: "probability" or "log_odds".
    baseline_weights
        How much each row of ``baseline.csv`` counts.
    additivity_gap
        How far a row's expected value and values are from the prediction, at most.
    sampling_error
        Mean standard error of a value, where values are sampled.
    notes
        What was done otherwise than in Clarify.
    """

    report: str
    data: str
    model: str
    model_sha256: str
    n_rows: int
    method: Literal["exact", "kernel"] | None
    space: Literal["probability", "log_odds"] | None
    baseline: str | None
    baseline_weights: list[float] | None
    additivity_gap: float | None
    sampling_error: float | None
    notes: tuple[str, ...]


def analysis_json(
    explained: Explained | None,
    curves: Sequence[Curve] | None,
    bias: BiasSections,
    origin: Origin,
    label: str,
) -> bytes:
    """The content of ``analysis.json``; numbers that are none become null."""
    explanations: dict[str, object] = {}
    if explained is not None:
        values = dict(zip(explained.names, explained.global_values.tolist(), strict=True))
        explanations["kernel_shap"] = {label: GlobalValues(values, float(explained.base_value))}
    if curves is not None:
        explanations["pdp"] = [_entry(curve, label) for curve in curves]
    content: dict[str, object] = {"version": VERSION}
    if explanations:
        content["explanations"] = explanations
    content |= bias.to_json()
    content[SIGNATURE] = origin
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _entry(curve: Curve, label: str) -> PdpEntry:
    return PdpEntry(
        curve.name,
        curve.data_type,
        curve.values.tolist(),
        curve.shares.tolist(),
        {label: curve.predictions.tolist()},
    )


def write_layout(
    folder: Path,
    analysis: bytes,
    explained: Explained | None,
    baseline: BaselineRows | None,
    label: str,
    *,
    local_values: bool,
) -> None:
    """Write the files that programs read into a folder.

    Parameters
    ----------
    local_values
        Whether ``out.csv`` is wanted: a column ``FEATURE_LABEL`` for each explained feature, a line a row of the
        dataset in its order.
    """
    (folder / ANALYSIS).write_bytes(analysis)
    if explained is None or baseline is None:
        return
    (folder / BASELINE).parent.mkdir()
    _write_csv(folder / BASELINE, [str(name) for name in baseline.rows], baseline.rows.to_numpy(np.float64))
    if local_values:
        _write_csv(folder / LOCAL_VALUES, [f"{name}_{label}" for name in explained.names], explained.values)


def _write_csv(path: Path, names: list[str], values: npt.NDArray[np.float64]) -> None:
    """Numbers with all their digits, a missing one as nothing; 40,000 x 17 of them take a twentieth of a second."""
    import pyarrow as pa
    from pyarrow.csv import write_csv

    columns = [pa.array(np.ascontiguousarray(column), from_pandas=True) for column in values.T]
    with path.open("wb") as file:  # Python's own file: a full disk is told as everywhere
        write_csv(pa.Table.from_arrays(columns, names), file)
