"""Writes what smclarify 0.5 says of the tables of `bias_tables.py` and of the files of `readings.py`.

smclarify (Amazon Software License) needs an older pandas, so it runs in an environment of its own; nothing of it is
kept here but numbers about our own tables. Its Python is 3.11:

    uv venv --python 3.11 smclarify-env
    uv pip install --python smclarify-env/bin/python smclarify==0.5 pandas==2.3.3 numpy==1.26.4 scikit-learn==1.9.1
    OMP_NUM_THREADS=1 smclarify-env/bin/python tests/unit/bias/make_bias_goldens.py tests/unit/bias/goldens

A second argument is the first table, a third the step: ``... folder 0 100`` makes every hundredth.
"""

import gzip
import io
import json
import logging
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from bias_tables import N_TABLES, BiasTable, bias_table
from readings import N_READINGS, Reading, reading
from smclarify.bias.metrics import POSTTRAINING_METRICS, PRETRAINING_METRICS, call_metric
from smclarify.bias.report import FacetColumn, LabelColumn, StageType, bias_report, label_value_or_threshold

METRICS = sorted(PRETRAINING_METRICS, key=lambda m: m.__name__) + sorted(
    POSTTRAINING_METRICS, key=lambda m: m.__name__
)


def values_of(table: BiasTable) -> list[float]:
    """All metrics in the order of `METRICS`; NaN where smclarify raises an error."""
    given = {
        "feature": pd.Series(np.zeros(len(table.label))),
        "df": pd.DataFrame(table.features),
        "sensitive_facet_index": pd.Series(table.in_facet),
        "label": pd.Series(table.label),
        "positive_label_index": pd.Series(table.label),
        "positive_predicted_label_index": pd.Series(table.predicted),
        "group_variable": None if table.group is None else pd.Series(table.group),
    }
    return [_value(metric, given) for metric in METRICS]


def _value(metric: Callable[..., float], given: dict[str, object]) -> float:
    try:
        value = float(call_metric(metric, **given))
    except Exception:  # every kind of error is "no value"
        return float("nan")
    if np.isnan(value):
        raise AssertionError(f"{metric.__name__} is NaN, which was taken for an error")
    return value


def report_of(file: Reading) -> dict[str, object]:
    """The sections of a file, or the error of smclarify."""
    table = pd.read_csv(io.StringIO(file.csv))
    return {
        "label": _or_error(lambda: label_value_or_threshold(table["label"], list(file.label_values))),
        "pre": _or_error(lambda: _section(table, file, StageType.PRE_TRAINING)),
        "post": _or_error(lambda: _section(table, file, StageType.POST_TRAINING)),
    }


def _section(table: pd.DataFrame, file: Reading, stage: StageType) -> list[list[object]]:
    predicted = LabelColumn("predicted", table["predicted"], None)
    groups = bias_report(
        table,
        FacetColumn("facet", list(file.facet_values) if file.facet_values else None),
        LabelColumn("label", table["label"], list(file.label_values)),
        stage,
        predicted if stage is StageType.POST_TRAINING else None,
        group_variable=table["group"] if file.has_group else None,
    )
    return [
        [group["value_or_threshold"], [[m["name"], m["value"]] for m in group["metrics"]]] for group in groups
    ]


def _or_error(made: Callable[[], object]) -> object:
    try:
        return made()
    except Exception as error:
        return {"error": str(error)}


def main(folder: Path, first: int = 0, step: int = 1) -> None:
    """Write both files of goldens."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    values = np.array([values_of(bias_table(i)) for i in range(first, N_TABLES, step)])
    np.savez_compressed(folder / "smclarify_values.npz", values=values, names=[m.__name__ for m in METRICS])
    reports = [report_of(reading(i)) for i in range(first, N_READINGS, step)]
    with gzip.GzipFile(folder / "smclarify_reports.json.gz", "wb", mtime=0) as file:
        file.write(json.dumps(reports, separators=(",", ":")).encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
