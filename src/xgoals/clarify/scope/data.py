"""The keys about the dataset and the endpoint."""

from collections.abc import Iterator

from xgoals.clarify.columns import named, twins
from xgoals.clarify.config import AnalysisConfig, Predictor
from xgoals.clarify.note import Note
from xgoals.clarify.scope.finding import Finding, Refusal

_NO_TABLES = {
    "application/x-image": "pictures are not explained here, only tables of numbers are",
    "application/sagemakercapturejson": "captured traffic of an endpoint is not read; write its rows into a table",
}
_READ_HERE = frozenset({"label_headers"})
"""What of ``predictor`` is of use without an endpoint."""


def findings(config: AnalysisConfig) -> Iterator[Finding]:
    """What is to say of these keys."""
    if says := _NO_TABLES.get(config.dataset_type):
        yield Refusal("dataset_type", says)
    if config.version not in (None, "1.0"):
        yield Note(
            "version", "otherwise", f"Version {config.version} is not known: it is read as version 1.0."
        )
    if config.dataset_uri is not None:
        yield Note("dataset_uri", "ignored", "The dataset is the one of --data; dataset_uri is not fetched.")
    yield from _of_columns(config)
    yield from _beside_the_dataset(config)
    if config.time_series_data_config is not None:
        yield Refusal("time_series_data_config", "models of time series are not explained here")
    if config.segment_config is not None:
        says = "Segments are not analysed one by one; a job on the rows of one segment does it."
        yield Note("segment_config", "ignored", says)
    if config.predictor is not None:
        yield from _of_the_endpoint(config.predictor)


def _of_columns(config: AnalysisConfig) -> Iterator[Finding]:
    headers = config.headers
    if headers is not None:
        if not headers or "" in headers:
            yield Refusal("headers", "every column needs a name; leave headers out where the data have names")
        elif twin := twins(headers):
            yield Refusal("headers", f"{twin!r} is there twice; every column needs a name of its own")
    if config.label is not None and config.label == config.predicted_label:
        yield Refusal(
            "predicted_label", "it is the column of label; what happened and what was predicted are two"
        )
    if config.features is not None and config.dataset_type in ("text/csv", "application/x-parquet"):
        says = f"It is a path into JSON, and the dataset is {config.dataset_type}."
        yield Note("features", "ignored", says)


def _beside_the_dataset(config: AnalysisConfig) -> Iterator[Finding]:
    for what in ("facet", "predicted_label"):
        if getattr(config, f"{what}_dataset_uri") is not None:
            yield Refusal(f"{what}_dataset_uri", "no second file is joined; put its columns into the dataset")
        elif getattr(config, f"{what}_headers") is not None:
            says = f"There is no {what}_dataset_uri whose columns it could name."
            yield Note(f"{what}_headers", "ignored", says)


def _of_the_endpoint(predictor: Predictor) -> Iterator[Finding]:
    if predictor.time_series_predictor_config is not None:
        yield Refusal(
            "predictor.time_series_predictor_config", "models of time series are not explained here"
        )
    if unused := sorted(predictor.model_fields_set - _READ_HERE):
        says = f"The model is the one of --model, and no endpoint is asked; not used: {named(unused)}."
        yield Note("predictor", "ignored", says)
