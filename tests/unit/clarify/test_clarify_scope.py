"""What of a valid configuration a job does here, leaves out and says so, or refuses."""

import json
from pathlib import Path

import pytest

from xgoals.clarify.config import AnalysisConfig, Methods, Pdp, Shap, config_of
from xgoals.clarify.scope import Scope, check_scope, scope_of
from xgoals.domain.errors import SettingsError

SHAP = {"save_local_shap_values": True}
BIAS = {
    "label": "goal",
    "label_values_or_threshold": [1],
    "facet": [{"name_or_index": "club"}],
    "methods": {"post_training_bias": {"methods": "all"}},
}


def scope(**keys: object) -> Scope:
    return scope_of(config_of({"dataset_type": "text/csv", "methods": {"shap": SHAP}} | keys, "job.json"))


def shap(**keys: object) -> Scope:
    return scope(methods={"shap": SHAP | keys})


def refused(found: Scope) -> list[str]:
    return [refusal.key for refusal in found.refusals]


def noted(found: Scope) -> list[str]:
    return [note.key for note in found.notes]


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"headers": ["goal", "age"], "label": "goal", "predicted_label": 1, "version": "1.0"},
        {"excluded_columns": [0], "joinsource_name_or_index": "id", "label": 1},
        {"methods": {"shap": SHAP | {"baseline": [[1, 2.5, None]], "num_samples": 1, "seed": 0}}},
        {"methods": {"shap": SHAP | {"baseline": [{"age": 3}]}}},
        {"methods": {"shap": SHAP | {"num_clusters": 1, "features_to_explain": ["age"], "use_logit": True}}},
        {"methods": {"pdp": {"grid_resolution": 1, "features": ["age"]}}},
        {"methods": {"shap": SHAP, "pdp": {"grid_resolution": 15, "top_k_features": 1}}},
        {"methods": {"shap": SHAP, "report": {"name": "report", "title": "Shots"}}},
        {"dataset_type": "application/json", "features": "[*].values"},
        {"predictor": {"label_headers": ["goal"]}},
        BIAS,
        BIAS | {"probability_threshold": 0.0},
        BIAS | {"probability_threshold": 1.0, "group_variable": "league"},
        BIAS | {"methods": {"pre_training_bias": {"methods": ["CI", "DPL"]}}},
        BIAS | {"methods": {"post_training_bias": {"methods": ["CDDPL"]}}, "group_variable": "league"},
    ],
)
def test_what_is_done_as_clarify_does_it_needs_no_word(keys: dict[str, object]) -> None:
    assert scope(**keys) == Scope((), ())


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"dataset_type": "application/x-image"}, "dataset_type"),
        ({"dataset_type": "application/sagemakercapturejson"}, "dataset_type"),
        ({"headers": []}, "headers"),
        ({"headers": ["a", ""]}, "headers"),
        ({"headers": ["a", "a"]}, "headers"),
        ({"label": "goal", "predicted_label": "goal"}, "predicted_label"),
        ({"facet_dataset_uri": "s3://b/f.csv"}, "facet_dataset_uri"),
        ({"predicted_label_dataset_uri": "p.csv"}, "predicted_label_dataset_uri"),
        (
            {"time_series_data_config": {"target_time_series": 0, "item_id": 1, "timestamp": 2}},
            "time_series_data_config",
        ),
        ({"probability_threshold": 1.1}, "probability_threshold"),
        ({"probability_threshold": -0.1}, "probability_threshold"),
        ({"probability_threshold": float("nan")}, "probability_threshold"),
        ({"methods": {}}, "methods"),
        ({"methods": {"report": {"name": "report"}}}, "methods"),
        (
            {
                "methods": {
                    "asymmetric_shapley_value": {"direction": "chronological", "granularity": "timewise"}
                }
            },
            "methods.asymmetric_shapley_value",
        ),
        ({"methods": {"pdp": {"grid_resolution": 5}}}, "methods.pdp.features"),
        ({"methods": {"shap": SHAP, "pdp": {"grid_resolution": 5, "features": []}}}, "methods.pdp.features"),
        ({"methods": {"shap": SHAP, "pdp": {"grid_resolution": 0}}}, "methods.pdp.grid_resolution"),
        (
            {"methods": {"shap": SHAP, "pdp": {"grid_resolution": 5, "top_k_features": 0}}},
            "methods.pdp.top_k_features",
        ),
        (BIAS | {"label": 0, "facet": [{"name_or_index": 0}]}, "facet[0].name_or_index"),
        (BIAS | {"facet": [{"name_or_index": "a", "value_or_threshold": []}]}, "facet[0].value_or_threshold"),
        (BIAS | {"facet": []}, "facet"),
        (BIAS | {"label_values_or_threshold": []}, "label_values_or_threshold"),
        (BIAS | {"methods": {"pre_training_bias": {"methods": "CI"}}}, "methods.pre_training_bias.methods"),
        (BIAS | {"methods": {"pre_training_bias": {"methods": []}}}, "methods.pre_training_bias.methods"),
        (
            BIAS | {"methods": {"pre_training_bias": {"methods": ["CI", "DI"]}}},
            "methods.pre_training_bias.methods[1]",
        ),
        (BIAS | {"methods": {"pre_training_bias": {"methods": ["CDDL"]}}}, "group_variable"),
        (
            {"predictor": {"label_headers": ["a"], "time_series_predictor_config": {"forecast": "f"}}},
            "predictor.time_series_predictor_config",
        ),
    ],
)
def test_what_is_not_done_here_or_contradicts_itself_is_refused(keys: dict[str, object], key: str) -> None:
    assert refused(scope(**keys)) == [key]


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"text_config": {"granularity": "token", "language": "en"}}, "text_config"),
        ({"image_config": {}}, "image_config"),
        ({"baseline": [[1]], "num_clusters": 3}, "num_clusters"),
        ({"baseline": {"features": [1]}}, "baseline"),
        ({"baseline": []}, "baseline"),
        ({"num_clusters": 0}, "num_clusters"),
        ({"num_samples": 0}, "num_samples"),
        ({"seed": -1}, "seed"),
        ({"seed": 1 << 32}, "seed"),
    ],
)
def test_settings_of_values_that_cannot_be_are_refused(keys: dict[str, object], key: str) -> None:
    assert refused(shap(**keys)) == [f"methods.shap.{key}"]


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"version": "2.0"}, "version"),
        ({"dataset_uri": "s3://bucket/train.csv"}, "dataset_uri"),
        ({"features": "features"}, "features"),
        ({"facet_headers": ["age"]}, "facet_headers"),
        ({"segment_config": [{"name_or_index": 0, "segments": [[1]]}]}, "segment_config"),
        ({"predictor": {"endpoint_name": "e"}}, "predictor"),
        ({"facet": [{"name_or_index": "club"}]}, "facet"),
        ({"group_variable": "league"}, "group_variable"),
        ({"label_values_or_threshold": [1]}, "label_values_or_threshold"),
        ({"probability_threshold": 0.5}, "probability_threshold"),
        (BIAS | {"probability_threshold": 0.5, "predicted_label": "p"}, "probability_threshold"),
        ({"methods": {"shap": {}}}, "methods.shap.save_local_shap_values"),
        (
            {"methods": {"pdp": {"grid_resolution": 5, "features": ["a"], "top_k_features": 3}}},
            "methods.pdp.top_k_features",
        ),
    ],
)
def test_what_is_left_out_or_done_otherwise_is_said(keys: dict[str, object], key: str) -> None:
    found = scope(**keys)
    assert noted(found) == [key]
    assert not found.refusals


def test_bias_without_its_columns_names_all_that_is_missing() -> None:
    found = scope(methods=BIAS["methods"])
    assert refused(found) == ["label", "label_values_or_threshold", "facet"]


def test_a_metric_that_is_spelled_otherwise_is_recognised() -> None:
    (refusal,) = scope(**BIAS | {"methods": {"post_training_bias": {"methods": ["dppl"]}}}).refusals
    assert refusal.says == 'there is no metric "dppl" here; did you mean DPPL?'


def test_all_refusals_are_one_message_with_the_file() -> None:
    config = config_of({"dataset_type": "text/csv", "headers": [], "methods": {}}, "job.json")
    with pytest.raises(SettingsError, match=r"^job\.json: headers: every .*; methods: nothing is asked for"):
        check_scope(config, "job.json")
    config = config_of({"dataset_type": "text/csv", "methods": {"shap": {}}}, "job.json")
    assert len(check_scope(config)) == 1


def test_every_configuration_of_the_sdk_gets_an_answer() -> None:
    goldens = json.loads((Path(__file__).parent / "clarify_configs.json").read_text())
    for config in goldens["accepted"]:  # no two of which make sense, and each is told why
        assert all(refusal.says for refusal in scope_of(config_of(config, "job.json")).refusals)


def test_the_page_about_configurations_names_every_key() -> None:
    page = (Path(__file__).parents[3] / "docs" / "clarify-configuration.md").read_text()
    for section in (AnalysisConfig, Methods, Shap, Pdp):
        for key in section.model_fields:
            assert f"`{key}`" in page or f"`methods.{key}`" in page, key
