"""The configuration of a Clarify job, as typed values; the names are Clarify's own.

Accepted is what the schema of the ``sagemaker`` SDK, 2.x, accepts (``ANALYSIS_CONFIG_SCHEMA_V1_0``), no more and no
less. What of it a job can do here, `xgoals.clarify.scope` says.
"""

from typing import Annotated, Literal

from xgoals.clarify.config.elsewhere import AsymmetricShapleyValue, Predictor, TimeSeriesDataConfig
from xgoals.clarify.config.section import AnyCase, Fraction, NameOrIndex, Scalar, Section
from xgoals.clarify.config.shap import Shap

DatasetType = Literal[
    "text/csv",
    "application/jsonlines",
    "application/json",
    "application/sagemakercapturejson",
    "application/x-parquet",
    "application/x-image",
]


class BiasMethods(Section):
    """``methods.pre_training_bias`` or ``post_training_bias``: ``"all"``, or which metrics."""

    methods: str | list[str]


class Pdp(Section):
    """``methods.pdp``: partial dependence."""

    grid_resolution: int
    features: list[NameOrIndex] | None = None
    top_k_features: int | None = None


class Report(Section):
    """``methods.report``."""

    name: str
    title: str | None = None


class Methods(Section):
    """``methods``: what is asked for."""

    shap: Shap | None = None
    pre_training_bias: BiasMethods | None = None
    post_training_bias: BiasMethods | None = None
    pdp: Pdp | None = None
    report: Report | None = None
    asymmetric_shapley_value: AsymmetricShapleyValue | None = None


class Facet(Section):
    """One of ``facet``: a column, and which of its values make the group that is looked at."""

    name_or_index: NameOrIndex
    value_or_threshold: list[Scalar] | None = None


class SegmentConfig(Section):
    """One of ``segment_config``: a column whose values part the rows."""

    config_name: str | None = None
    name_or_index: NameOrIndex
    segments: list[list[NameOrIndex]]
    display_aliases: list[str] | None = None


class AnalysisConfig(Section):
    """``analysis_config.json``."""

    version: str | None = None
    dataset_type: Annotated[DatasetType, AnyCase]
    dataset_uri: str | None = None
    headers: list[str] | None = None
    label: NameOrIndex | None = None
    predicted_label: NameOrIndex | None = None
    features: str | None = None
    label_values_or_threshold: list[Scalar] | None = None
    probability_threshold: Fraction | None = None
    segment_config: list[SegmentConfig] | None = None
    facet: list[Facet] | None = None
    facet_dataset_uri: str | None = None
    facet_headers: list[str] | None = None
    predicted_label_dataset_uri: str | None = None
    predicted_label_headers: list[str] | None = None
    excluded_columns: list[NameOrIndex] | None = None
    joinsource_name_or_index: NameOrIndex | None = None
    group_variable: NameOrIndex | None = None
    time_series_data_config: TimeSeriesDataConfig | None = None
    methods: Methods
    predictor: Predictor | None = None
