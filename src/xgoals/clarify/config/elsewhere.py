"""Sections that are valid for the schema and concern what is not here: endpoints, and models of time series."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from xgoals.clarify.config.section import AnyCase, NameOrIndex, Scalar, Section


def _of_one_kind(values: list[NameOrIndex]) -> list[NameOrIndex]:
    if len({type(value) for value in values}) > 1:
        raise PydanticCustomError("mixed", "names and indices are mixed; write only names or only indices")
    return values


def _names_an_endpoint(value: str) -> str:
    if not re.search("^[a-zA-Z0-9]-*[a-zA-Z0-9]", value):
        raise PydanticCustomError(
            "prefix", "it has to begin with a letter or digit, hyphens or none, and a letter or digit again"
        )
    return value


class TimeSeriesDataConfig(Section):
    """``time_series_data_config``."""

    target_time_series: NameOrIndex
    item_id: NameOrIndex
    timestamp: NameOrIndex
    related_time_series: Annotated[list[NameOrIndex], AfterValidator(_of_one_kind)] | None = None
    static_covariates: Annotated[list[NameOrIndex], AfterValidator(_of_one_kind)] | None = None
    dataset_format: Annotated[Literal["columns", "item_records", "timestamp_records"], AnyCase] | None = None


class TimeSeriesBaseline(Section):
    """``asymmetric_shapley_value.baseline``, written in place."""

    target_time_series: Annotated[Literal["zero", "mean"], AnyCase] = "zero"
    related_time_series: Annotated[Literal["zero", "mean"], AnyCase] | None = None
    static_covariates: Annotated[dict[str, list[Scalar]], Field(min_length=1)] | None = None


class AsymmetricShapleyValue(Section):
    """``methods.asymmetric_shapley_value``."""

    direction: Annotated[Literal["chronological", "anti_chronological", "bidirectional"], AnyCase]
    granularity: Annotated[Literal["timewise", "fine_grained"], AnyCase]
    num_samples: int | None = None
    baseline: str | TimeSeriesBaseline | None = None


class TimeSeriesPredictorConfig(Section):
    """``predictor.time_series_predictor_config``."""

    forecast: str


class Predictor(Section):
    """``predictor``: the endpoint that Clarify asked for predictions."""

    endpoint_name: str | None = None
    endpoint_name_prefix: Annotated[str, AfterValidator(_names_an_endpoint)] | None = None
    model_name: str | None = None
    target_model: str | None = None
    instance_type: str | None = None
    initial_instance_count: int | None = None
    accelerator_type: str | None = None
    content_type: (
        Annotated[
            Literal[
                "text/csv", "application/jsonlines", "application/json", "image/jpeg", "image/png", "application/x-npy"
            ],
            AnyCase,
        ]
        | None
    ) = None  # fmt: skip
    accept_type: (
        Annotated[Literal["text/csv", "application/jsonlines", "application/json"], AnyCase] | None
    ) = None
    label: NameOrIndex | None = None
    probability: NameOrIndex | None = None
    label_headers: list[NameOrIndex] | None = None
    content_template: str | Annotated[dict[str, str], Field(min_length=1)] | None = None
    record_template: str | None = None
    custom_attributes: str | None = None
    time_series_predictor_config: TimeSeriesPredictorConfig | None = None
