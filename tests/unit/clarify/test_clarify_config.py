"""Configurations of Clarify: what its SDK's schema accepts is accepted, and what it refuses is refused, in words."""

import json
import subprocess
from pathlib import Path

import pytest
from side_environment import python_with

from xgoals.clarify.config import AnalysisConfig, Shap, config_of, read_config
from xgoals.domain.errors import SettingsError

HERE = Path(__file__).parent
GOLDENS = json.loads((HERE / "clarify_configs.json").read_text())
SMALLEST = {"dataset_type": "text/csv", "methods": {"shap": {}}}


def refused(content: object) -> str:
    with pytest.raises(SettingsError) as error:
        config_of(content, "job.json")
    return str(error.value)


def test_the_goldens_are_200_of_each_of_the_sdk() -> None:
    assert GOLDENS["origin"].startswith("sagemaker 2.")
    for group in ("accepted", "refused"):
        assert len({json.dumps(config) for config in GOLDENS[group]}) == 200


def test_what_the_sdk_accepts_is_accepted() -> None:
    for config in GOLDENS["accepted"]:
        assert isinstance(config_of(config, "job.json"), AnalysisConfig)


def test_what_the_sdk_refuses_is_refused_with_the_file_and_a_reason() -> None:
    for config in GOLDENS["refused"]:
        said = refused(config)
        assert said.startswith("job.json: ")
        assert "Input should" not in said  # a validator's own words


@pytest.mark.slow
def test_the_sdk_itself_says_what_the_goldens_say(tmp_path: Path) -> None:
    pins = (pin.replace(" ", "==") for pin in GOLDENS["origin"].split(", ")[:2])
    python = python_with(tmp_path, *pins)
    made = tmp_path / "made.json"
    subprocess.run([python, HERE / "make_clarify_config_goldens.py", made], check=True)
    assert json.loads(made.read_text()) == GOLDENS


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"methods": {"shap": {"num_sampels": 5}}},
            "methods.shap.num_sampels: unknown key; did you mean num_samples?",
        ),
        ({"num_samples": 5}, "num_samples: unknown key; did you mean methods.shap.num_samples?"),
        ({"Label": "goal"}, "Label: unknown key; did you mean label?"),
        (
            {"methods": {"shap": {"num_samples": True}}},
            "methods.shap.num_samples: true is not a whole number",
        ),
        ({"probability_threshold": 1}, "probability_threshold: 1 is not a number with a decimal point"),
        ({"label": None}, "label: null is no value; leave the key out"),
        ({"facet": [{"value_or_threshold": [1]}]}, "facet[0].name_or_index: it has to be given"),
        ({"methods": {"shap": {"baseline": [[1, True]]}}}, "methods.shap.baseline[0][1]: true is not"),
        (
            {"methods": {"shap": {"agg_method": "mean"}}},
            "methods.shap.agg_method: \"mean\" is not one of 'mean_abs', 'median', 'mean_sq'",
        ),
    ],
)
def test_an_error_names_the_key_what_is_there_and_what_is_allowed(
    change: dict[str, object], says: str
) -> None:
    assert says in refused(SMALLEST | change)


def test_all_errors_are_told_and_of_very_many_the_first() -> None:
    said = refused(SMALLEST | {"label": 1.5, "headers": "a"})
    assert "label: 1.5" in said
    assert 'headers: "a"' in said
    assert "and 12 more" in refused(SMALLEST | {"headers": [0] * 20})


def test_null_is_no_value_in_a_file_and_nothing_in_python() -> None:
    with pytest.raises(ValueError, match="null"):
        AnalysisConfig.model_validate(SMALLEST | {"label": None})
    assert Shap(seed=None) == Shap()


def test_capitals_do_not_matter_where_the_schema_says_so() -> None:
    config = config_of(
        {"dataset_type": "TEXT/CSV", "methods": {"shap": {"agg_method": "Mean_Sq"}}}, "job.json"
    )
    assert config.dataset_type == "text/csv"
    assert config.methods.shap == Shap(agg_method="mean_sq")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b'{\n "dataset_type": "text/csv",\n "methods": {,}\n}', "broken JSON in line 3, column 14"),
        (b'{"label": "a", "label": "b"}', "the key label is there twice"),
        (b" \n", "the file is empty"),
        ('{"dataset_type": "naïve"}'.encode("latin-1"), "not in UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_no_json_is_refused_with_the_place(tmp_path: Path, text: bytes, says: str) -> None:
    path = tmp_path / "job.json"
    path.write_bytes(text)
    with pytest.raises(SettingsError, match=r"job\.json") as error:
        read_config(path)
    assert says in str(error.value)


def test_a_file_is_read_with_and_without_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "job.json"
    for mark in (b"", b"\xef\xbb\xbf"):
        path.write_bytes(mark + json.dumps(SMALLEST).encode())
        assert read_config(path).dataset_type == "text/csv"
    with pytest.raises(SettingsError, match="cannot be read"):
        read_config(tmp_path / "absent.json")
