"""The bias sections of `analysis.json`, from a configuration, a table and what a model says."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xgoals.bias.metric import POST_TRAINING_METRICS, PRE_TRAINING_METRICS
from xgoals.clarify.bias import bias_sections
from xgoals.clarify.bias_layout import BiasSections
from xgoals.clarify.config import AnalysisConfig
from xgoals.clarify.table import Table
from xgoals.domain.errors import ModelError, SettingsError

N = 100
SHOTS = pd.DataFrame(
    {
        "goal": [1, 1, 1, 0, 0, 0, 0, 0, 0, 0] * 10,
        "home": [1, 0] * 50,
        "club": ["Reds"] * 40 + ["Blues"] * 35 + ["Greens"] * 25,
        "distance_m": np.linspace(5, 30, N),
        "id": [f"shot {i}" for i in range(N)],
    }
)
LIKELY = np.where(SHOTS["goal"] == 1, 0.5, 0.1)


def table_of(
    columns: pd.DataFrame = SHOTS, label: str | None = "goal", predicted: str | None = None
) -> Table:
    return Table(
        columns.select_dtypes("number"),
        columns[label] if label else None,
        columns[predicted] if predicted else None,
        columns,
    )


def sections(table: Table | None = None, probability: Any = LIKELY, **settings: Any) -> BiasSections:
    """Of a job that asks for everything, unless the settings say otherwise; one that is None is left out."""
    whole: dict[str, Any] = {
        "dataset_type": "text/csv",
        "label": "goal",
        "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "home", "value_or_threshold": [0]}],
        "excluded_columns": ["id", "club"],
        "methods": {"pre_training_bias": {"methods": "all"}, "post_training_bias": {"methods": "all"}},
    }
    settings = {name: value for name, value in (whole | settings).items() if value is not None}
    return bias_sections(AnalysisConfig.model_validate(settings), table or table_of(), probability)


def values(found: BiasSections, facet: int = 0) -> dict[str, float | None]:
    both = [section.facets[facet].metrics for section in (found.pre, found.post) if section]
    return {metric.name: metric.value for metrics in both for metric in metrics}


def test_the_layout_is_that_of_clarify() -> None:
    written = json.loads(json.dumps(sections().to_json(), allow_nan=False))
    assert list(written) == ["pre_training_bias_metrics", "post_training_bias_metrics"]
    for section, names in zip(written.values(), (PRE_TRAINING_METRICS, POST_TRAINING_METRICS), strict=True):
        assert {key: section[key] for key in ("label", "label_value_or_threshold")} == {
            "label": "goal",
            "label_value_or_threshold": "1",
        }
        (away,) = section["facets"]["home"]
        assert away["value_or_threshold"] == "0"
        assert [metric["name"] for metric in away["metrics"]] == list(names)
    assert written["pre_training_bias_metrics"]["facets"]["home"][0]["metrics"][:2] == [
        {
            "name": "CDDL",
            "description": "Conditional Demographic Disparity in Labels (CDDL)",
            "value": None,
            "error": "No group variable is given, and the metric compares within its groups.",
        },
        {"name": "CI", "description": "Class Imbalance (CI)", "value": 0.0},
    ]


def test_predicted_is_what_lies_above_the_threshold() -> None:
    """Goals have 0.5 here: not above 0.5, and above 0.49."""
    assert values(sections())["DPPL"] == 0
    assert "No rows are predicted to be positive." in sections().notes
    found = values(sections(probability_threshold=0.49))
    assert found["DPPL"] == found["DPL"] == pytest.approx(0.4 - 0.2)
    assert found["AD"] == 0


def test_positive_can_be_the_label_zero() -> None:
    """Then a low probability predicts it."""
    found = values(sections(label_values_or_threshold=[0], probability_threshold=0.3))
    assert found["DPPL"] == found["DPL"] == pytest.approx(0.6 - 0.8)


@pytest.mark.parametrize(
    ("cells", "positive"), [({1: "yes", 0: "no"}, "yes"), ({1: "True", 0: "False"}, "True")]
)
def test_labels_in_words(cells: dict[int, str], positive: str) -> None:
    told = SHOTS.assign(goal=SHOTS["goal"].map(cells))
    found = sections(table_of(told), label_values_or_threshold=[positive], probability_threshold=0.3)
    assert values(found)["DPPL"] == values(found)["DPL"] == pytest.approx(0.2)
    assert any("taken for that of yes" in note for note in found.notes) == (positive == "yes")


def test_predictions_of_the_dataset_need_no_model() -> None:
    told = SHOTS.assign(said=SHOTS["home"])
    found = values(sections(table_of(told, predicted="said"), probability=None, predicted_label="said"))
    assert found["DPPL"] == 1
    assert found["RD"] == 1


def test_each_club_against_all_others_and_an_age_above_a_threshold() -> None:
    found = sections(
        facet=[{"name_or_index": 2}, {"name_or_index": "distance_m", "value_or_threshold": [20]}],
        group_variable="home",
    )
    assert found.pre is not None
    assert [(group.facet, group.value_or_threshold, group.n) for group in found.pre.facets] == [
        ("club", "Reds", 40),
        ("club", "Blues", 35),
        ("club", "Greens", 25),
        ("distance_m", "(20.0, 30.0]", 40),
    ]
    assert values(found)["CI"] == pytest.approx(0.2)
    assert None not in (values(found)["CDDL"], values(found)["FT"])
    written = found.to_json()["pre_training_bias_metrics"]["facets"]
    assert [len(groups) for groups in written.values()] == [3, 1]


def test_only_what_is_asked_for() -> None:
    assert sections(methods={"shap": {}}).to_json() == {}
    found = sections(methods={"pre_training_bias": {"methods": ["KS", "DPL"]}}, probability=None)
    assert list(found.to_json()) == ["pre_training_bias_metrics"]
    assert list(values(found)) == ["DPL", "KS"]


def test_infinite_is_written_as_a_word() -> None:
    only_away = np.where(SHOTS["home"] == 0, 0.9, 0.1)
    found = sections(probability=only_away, methods={"post_training_bias": {"methods": ["DI", "DCA"]}})
    metrics = found.to_json()["post_training_bias_metrics"]["facets"]["home"][0]["metrics"]
    assert {metric["name"]: metric["value"] for metric in metrics} == {"DCA": "Infinity", "DI": "Infinity"}
    turned = sections(probability=1 - only_away, methods={"post_training_bias": {"methods": ["DCA"]}})
    assert (
        turned.to_json()["post_training_bias_metrics"]["facets"]["home"][0]["metrics"][0]["value"]
        == "-Infinity"
    )


def test_one_facet_of_nobody_spoils_no_other() -> None:
    found = sections(
        facet=[
            {"name_or_index": "club", "value_or_threshold": ["Yellows"]},
            {"name_or_index": "id", "value_or_threshold": ["shot 3"]},
            {"name_or_index": "home", "value_or_threshold": [0]},
        ]
    )
    assert values(found, 0)["DPL"] is None
    assert values(found, 2)["DPL"] == pytest.approx(0.2)
    assert "The facet 'club' with Yellows has no row: there is nobody to compare." in found.notes
    assert (
        "One row is compared with all others in the facet 'id', which says nothing about groups: shot 3."
        in found.notes
    )


def test_missing_labels_and_facets_are_counted_and_said() -> None:
    holes = SHOTS.astype({"goal": "float64"})
    holes.loc[:4, "goal"] = np.nan
    holes.loc[:9, "club"] = None
    found = sections(table_of(holes), facet=[{"name_or_index": "club"}])
    assert found.pre is not None
    assert [group.value_or_threshold for group in found.pre.facets] == ["nan", "Reds", "Blues", "Greens"]
    assert "5 rows have no label: they count as negative." in found.notes
    assert "10 rows have no 'club': in no group, and among the others of each." in found.notes


def test_a_facet_with_a_gap_says_who_counts_and_that_a_value_became_a_threshold() -> None:
    gap = SHOTS.assign(zone=[float(n % 5) for n in range(N)])
    gap.loc[7, "zone"] = np.nan
    found = sections(table_of(gap), facet=[{"name_or_index": "zone", "value_or_threshold": [1]}])
    assert "One row has no 'zone': among the others, as in smclarify." in found.notes
    assert any(
        "'zone' is read as continuous" in note and "(1.0, 4.0], not the value 1" in note
        for note in found.notes
    )
    without = sections(facet=[{"name_or_index": "home", "value_or_threshold": [0]}])
    assert not [note for note in without.notes if "has no" in note or "continuous" in note]


def test_a_group_with_one_label_only_is_told_since_distances_leave_the_other_out() -> None:
    luckless = SHOTS.assign(goal=SHOTS["goal"].where(SHOTS["club"] != "Greens", 0))
    found = sections(table_of(luckless), facet=[{"name_or_index": "club"}])
    note = next(note for note in found.notes if "Only one label" in note)
    assert "in the facet 'club' with Greens:" in note
    assert found.pre is not None
    greens = {metric.name: metric.value for metric in found.pre.facets[2].metrics}
    assert greens["KL"] is not None
    assert greens["KL"] < 0
    assert not [
        note for note in sections(facet=[{"name_or_index": "club"}]).notes if "Only one label" in note
    ]


def test_labels_of_one_class_have_values_and_a_note() -> None:
    lost = sections(table_of(SHOTS.assign(goal=0)))
    assert values(lost)["DPL"] == 0
    assert values(lost)["CDDL"] is None
    assert "All labels are negative: metrics that compare labels have little to say." in lost.notes


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"label_values_or_threshold": None}, "Nothing says which labels are positive. Give label_values_or"),
        (
            {"label_values_or_threshold": [7]},
            r"label_values_or_threshold: No label is positive: \[7\] is asked for, and 'goal' has 1, 0. Name values",
        ),
        ({"facet": None}, "no facet says between whom"),
        (
            {"facet": [{"name_or_index": "sex"}]},
            "facet: there is no column 'sex'; there are: goal, home, club",
        ),
        ({"facet": [{"name_or_index": 5}]}, "facet: there is no column 5"),
        (
            {"facet": [{"name_or_index": "distance_m"}]},
            r"facet\[0\].value_or_threshold: The column 'distance_m' is continuous, and no threshold",
        ),
        ({"group_variable": "team"}, "group_variable: there is no column 'team'"),
        ({"probability": None}, "nothing is predicted. Give a model, or say in predicted_label"),
        ({"table": table_of(label=None)}, "the dataset has no label. Say in label"),
        ({"table": table_of(SHOTS.assign(goal=np.nan))}, "The label 'goal' has no value in any row"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_sentence(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        sections(**settings)


def test_a_model_that_speaks_of_other_rows_is_refused() -> None:
    with pytest.raises(ModelError, match="gave 99 probabilities for 100 rows"):
        sections(probability=LIKELY[1:])


def test_a_facet_of_names_gets_one_note_on_all_who_are_alone() -> None:
    found = sections(facet=[{"name_or_index": "id"}], methods={"pre_training_bias": {"methods": ["CI"]}})
    alone = [note for note in found.notes if "One row is compared" in note]
    assert [note.endswith("shot 0, shot 1, shot 2, shot 3, shot 4 and 95 more.") for note in alone] == [True]


def test_neighbours_are_found_by_truths_and_numbers_and_not_by_texts_or_what_the_model_does_not_see() -> None:
    truths = SHOTS.assign(home=SHOTS["home"] == 1, header=SHOTS.index % 3 == 0)
    settings = {
        "probability_threshold": 0.3,
        "facet": [{"name_or_index": "home", "value_or_threshold": [0]}],
    }
    assert values(sections(table_of(truths), **settings))["FT"] is not None
    with_texts = sections(table_of(truths), **settings, excluded_columns=["id"])
    assert with_texts.post is not None
    (flip,) = [metric for metric in with_texts.post.facets[0].metrics if metric.name == "FT"]
    assert flip.error == "Some features are no numbers, and distances need numbers."
    joined = sections(table_of(truths), **settings, excluded_columns=[2], joinsource_name_or_index="id")
    assert values(joined)["FT"] == values(sections(table_of(truths), **settings))["FT"]
