"""The configuration of a Clarify job, as typed values."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

AggMethod = Literal["mean_abs", "median", "mean_sq"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Shap(_Section):
    """``methods.shap``: what each feature adds to a prediction."""

    baseline: str | list[list[int | float | str | None]] | None = None
    num_clusters: int | None = None
    num_samples: int | None = None
    agg_method: AggMethod = "mean_abs"
    use_logit: bool = False
    save_local_shap_values: bool = True
    seed: int | None = None
    features_to_explain: list[int | str] | None = None


class BiasMethods(_Section):
    """``methods.pre_training_bias`` or ``post_training_bias``: which metrics."""

    methods: str | list[str]


class Pdp(_Section):
    """``methods.pdp``: partial dependence."""

    grid_resolution: int
    features: list[int | str] | None = None
    top_k_features: int | None = None


class Report(_Section):
    """``methods.report``."""

    name: str
    title: str | None = None


class Methods(_Section):
    """``methods``: what is asked for."""

    shap: Shap | None = None
    pre_training_bias: BiasMethods | None = None
    post_training_bias: BiasMethods | None = None
    pdp: Pdp | None = None
    report: Report | None = None


class Facet(_Section):
    """One of ``facet``: a column, and which of its values make the group that is looked at."""

    name_or_index: int | str
    value_or_threshold: list[int | float | str] | None = None


class AnalysisConfig(_Section):
    """``analysis_config.json``."""

    version: str | None = None
    dataset_type: str
    headers: list[str] | None = None
    label: int | str | None = None
    predicted_label: int | str | None = None
    label_values_or_threshold: list[int | float | str] | None = None
    probability_threshold: float | None = None
    facet: list[Facet] | None = None
    group_variable: int | str | None = None
    excluded_columns: list[int | str] | None = None
    joinsource_name_or_index: int | str | None = None
    methods: Methods
