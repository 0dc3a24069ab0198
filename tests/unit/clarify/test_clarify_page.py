"""The report of a Clarify job, in English and in German."""

import re
from itertools import pairwise

import numpy as np
import pytest
from churn import BASELINE, BIAS, config, run, table

from xgoals.clarify.page.curves import LEFT, WIDTH, curve_picture
from xgoals.clarify.page.numbers import decimals_for, decimals_of, value_in_words
from xgoals.clarify.pdp import Curve
from xgoals.language import language

EVERYTHING = (
    config(
        {"baseline": BASELINE, "num_samples": 100},
        pdp={"grid_resolution": 5, "top_k_features": 2},
        pre_training_bias={"methods": "all"},
        post_training_bias={"methods": ["DPPL", "DI"]},
        report={"name": "report", "title": "Who <b>leaves</b>?"},
    )
    | BIAS
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """``pages["de"]``: the same job's report in a language."""

    def page(code):
        folder = tmp_path_factory.mktemp(code)
        run(folder, EVERYTHING, language=code)
        return (folder / "out" / "report.html").read_text()

    return {code: page(code) for code in ("en", "de")}


def test_the_page_has_every_part_that_was_asked_for(pages):
    for code, page in pages.items():
        assert f'<html lang="{code}">' in page
        assert re.findall(r'<section id="([\w-]+)"', page) == [
            "asked",
            "importance",
            "rows",
            "curves",
            "bias-pre",
            "bias-post",
            "exact",
        ]
        assert page.count('data-test="curve"') == 2
        assert page.count('data-test="example"') == 3
        assert not re.search(r'(?:src|href)="(?!data:|#)', page)


def test_what_a_configuration_says_is_shown_and_never_run(pages):
    assert "Who &lt;b&gt;leaves&lt;/b&gt;?" in pages["en"]
    assert "<b>leaves" not in pages["en"]


def test_each_language_speaks_its_own_words(pages):
    assert "240 rows of train.csv: what the model predicts, and why." in pages["en"]
    assert "num_samples (100) is not needed" in pages["en"]
    assert "Share of positive labels among the others" in pages["en"]
    assert "240 Zeilen aus train.csv: was das Modell vorhersagt, und warum." in pages["de"]
    assert "num_samples (100) wird nicht gebraucht" in pages["de"]
    assert "Anteil positiver Fälle im Rest" in pages["de"]
    assert "What moves it" not in pages["de"]


def test_english_on_a_german_page_is_marked_as_such(pages):
    assert '<span lang="en">One row of the configuration</span>' in pages["de"]
    assert '<span lang="en">One row' not in pages["en"]


def test_a_metric_without_a_value_says_why(pages):
    row = re.search(r"<tr><th[^>]*>CDDL.*?</tr>", pages["en"], re.DOTALL).group()
    assert "<td>–</td>" in row
    assert "group variable" in row


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        (1234.0, "1,234", "1.234"),
        (0.123456, "0.123", "0,123"),
        (12.3456, "12.3", "12,3"),
        (-0.0004, "−0.000400", "−0,000400"),
        (0.0, "0", "0"),
        (999_999_999_999.0, "999,999,999,999", "999.999.999.999"),
        (-9.0071e24, "−9.01e+24", "−9,01e+24"),
        (2.5e-9, "2.50e-09", "2,50e-09"),
        (float("nan"), "–", "–"),
        (float("-inf"), "−∞", "−∞"),
    ],
)
def test_numbers_of_any_table_have_the_decimals_that_they_need(value, english, german):
    assert value_in_words(value, language("en")) == english
    assert value_in_words(value, language("de")) == german


def test_neighbours_on_an_axis_are_told_apart():
    assert [decimals_of(step) for step in (5.0, 0.5, 0.02, 0.0)] == [0, 1, 2, 2]


def test_small_values_keep_three_digits_and_large_ones_are_as_ever():
    assert [decimals_for(largest, 3) for largest in (0.4, 0.0208, 0.00016, 0.0, 1e-30)] == [3, 4, 6, 3, 9]


@pytest.mark.parametrize("data_type", ["numerical", "categorical"])
@pytest.mark.parametrize("largest", [100.0, 6e10, 3e-9, 1e25])
def test_labels_of_an_axis_lie_within_the_picture_and_apart(largest, data_type):
    values = np.linspace(0.0, largest, 12)
    curve = Curve("fee", data_type, values, np.linspace(1e-6, 9e-6, 12), np.full(12, 1 / 12), 0.0)
    drawn = curve_picture(curve, language("en"))
    edges = [(tick.at - tick.width / 2, tick.at + tick.width / 2) for tick in drawn.x_ticks]
    assert len(edges) > 1
    assert edges[0][0] > 0
    assert edges[-1][1] < WIDTH
    assert all(right < left for (_, right), (left, _) in pairwise(edges))
    assert len({tick.text for tick in drawn.x_ticks}) == len(edges)
    assert all(tick.width < LEFT - 6 for tick in drawn.y_ticks)


def test_of_many_groups_each_has_a_line_and_every_metric_is_told_once(tmp_path):
    many = config(pre_training_bias={"methods": ["CI", "DPL"]}) | {
        "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "calls", "value_or_threshold": [n]} for n in range(5)],
    }
    run(tmp_path, many)
    page = (tmp_path / "out" / "report.html").read_text()
    assert "240 rows of train.csv: how labels differ between groups." in page, "no model is asked"
    table_of_groups = re.search(r'data-test="groups".*?</table>', page, re.DOTALL).group()
    assert re.findall(r'<th scope="row">(.*?)</th>', table_of_groups) == [
        f"calls in ({n}.0, 7.0]" for n in range(5)
    ]
    n, more_than_two = len(table()), int((table()["calls"] > 2).sum())
    assert f"<td>{more_than_two}</td><td>{(n - 2 * more_than_two) / n:.4f}</td>" in table_of_groups
    assert page.count("Share of positive labels among the others") == 1
    assert "–: no value" not in page


def test_sampled_log_odds_are_told_as_such(tmp_path):
    sampled = config({"baseline": BASELINE, "num_samples": 64, "use_logit": True, "agg_method": "median"})
    run(tmp_path, sampled, method="kernel", language="de")
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Kernel SHAP, 64 Stichproben, Einheit: Log-Odds" in page
    assert "Der mittlere Standardfehler eines Werts ist 0,00000." in page
    assert "Median der Werte" in page
