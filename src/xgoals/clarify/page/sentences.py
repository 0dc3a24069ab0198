"""What a job's report says beside its numbers."""

from collections.abc import Iterator

import numpy as np

from xgoals.clarify.columns import named
from xgoals.clarify.facts import JobFacts
from xgoals.clarify.shap import Explained
from xgoals.language import Language
from xgoals.report.words.said import Said


def notes(facts: JobFacts, words: Language) -> tuple[Said, ...]:
    """What is done otherwise than a Clarify job does it, and what a reader has to know of the values."""
    english = words.code == "en"
    return (
        *(Said(text) for text in _of_values(facts, words)),
        *(Said(text) for text in _of_curves(facts, words)),
        *(Said(text) for text in _of_the_job(facts, words)),
        *(Said(text, is_translated=english) for text in facts.notes),
    )


def _of_values(facts: JobFacts, words: Language) -> Iterator[str]:
    explained, shap, baseline = facts.explained, facts.config.methods.shap, facts.baseline
    if explained is None or shap is None or baseline is None:
        return
    if explained.method == "exact" and shap.num_samples is not None:
        yield words.text(
            "num_samples (%(n)s) is not needed: the values are exact, and no coalition is sampled. Sampling as Clarify "
            "does it: --method kernel.",
            n=words.count(shap.num_samples),
        )
    if shap.baseline is None and shap.num_clusters is None:
        yield words.text(
            "No baseline is given. Clarify takes centres of clusters; here it is one typical row by column type. "
            "num_clusters asks for clusters."
        )
    if explained.method == "exact" and shap.use_logit and len(baseline.rows) > 1:
        yield words.text(
            "With several baseline rows the log-odds against each are averaged. Clarify takes the log-odds of the mean "
            "probability; --method kernel does that, too."
        )
    if explained.method == "kernel" and np.ptp(baseline.weights) > 1e-12:
        yield words.text(
            "Sampled values count all baseline rows alike; exact ones weigh clusters by their size."
        )
    yield from _of_what_is_written(facts, explained, words)


def _of_what_is_written(facts: JobFacts, explained: Explained, words: Language) -> Iterator[str]:
    shap, others = facts.config.methods.shap, facts.n_features - len(explained.names)
    if others:
        yield words.plural(
            "The value of one other feature is not written (features_to_explain). It still plays: a value is the same, "
            "whatever else is asked for, and a row adds up to its prediction only together with it.",
            "The values of %(n)s other features are not written (features_to_explain). They still play: a value is the "
            "same, whatever else is asked for, and a row adds up to its prediction only together with them.",
            others,
        )
    if shap is not None and not shap.save_local_shap_values:
        yield words.text(
            "Values of single rows are not asked for (save_local_shap_values): there is no out.csv, and this page "
            "shows no row."
        )


def _of_curves(facts: JobFacts, words: Language) -> Iterator[str]:
    if facts.curves is None:
        return
    features = facts.table.features
    if empty := [str(name) for name in features if features[name].isna().all()]:
        yield words.text(
            "Features without a value in any row have no curve of partial dependence: %(names)s.",
            names=named(empty),
        )


def _of_the_job(facts: JobFacts, words: Language) -> Iterator[str]:
    if facts.config.methods.report is not None:
        yield words.text("The report is this page; no notebook and no PDF are written.")
    if facts.is_registered:
        yield words.text(
            "All numbers are of this one model. Rows that it was trained on it knows: of them predictions and metrics "
            "are better than of rows to come."
        )


def lead(facts: JobFacts, words: Language) -> str:
    """What the report is about, in a sentence."""
    n, data = len(facts.table.features), facts.data
    if facts.explained is not None:
        return words.plural(
            "One row of %(data)s: what the model predicts, and why.",
            "%(n)s rows of %(data)s: what the model predicts, and why.",
            n,
            data=data,
        )
    if facts.curves is not None or facts.bias.post is not None:
        return words.plural(
            "One row of %(data)s: what the model predicts.",
            "%(n)s rows of %(data)s: what the model predicts.",
            n,
            data=data,
        )
    return words.plural(
        "One row of %(data)s: its label.",
        "%(n)s rows of %(data)s: how labels differ between groups.",
        n,
        data=data,
    )


def unit(explained: Explained, words: Language) -> str:
    """What values are counted in."""
    return words.text("log-odds") if explained.space == "log_odds" else words.text("probability")


def aggregated(explained: Explained, words: Language) -> str:
    """What a feature's global value is."""
    names = {
        "mean_abs": words.text("mean |value|"),
        "median": words.text("median value"),
        "mean_sq": words.text("mean squared value"),
    }
    return names[explained.agg_method]


def how_exact(explained: Explained, words: Language) -> tuple[str, ...]:
    """By what the values are proved, and how far they may be off."""
    adds_up = words.text(
        "In every row the expected value and the values of all features add up to what the model predicts; the largest "
        "gap of all rows is %(gap)s (XGBoost itself counts in single precision).",
        gap=f"{explained.gap:.0e}",
    )
    if explained.method == "exact":
        return (
            words.text(
                "Exact Shapley values: every coalition of features is counted, none is sampled. Another seed gives the "
                "same numbers."
            ),
            adds_up,
        )
    return (
        words.text(
            "Shapley values sampled by Kernel SHAP, %(n)s coalitions a row. The mean standard error of a value is "
            "%(error)s.",
            n=words.count(explained.n_samples),
            error=words.number(explained.sampling_error, 5),
        ),
        adds_up,
    )
