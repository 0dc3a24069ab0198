"""The bias part of a Clarify job: the metrics of each group that the configuration names."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from xgoals.bias.metric import MetricValue
from xgoals.bias.post_training import post_training_bias
from xgoals.bias.pre_training import pre_training_bias
from xgoals.clarify.bias_groups import Group, group_variable, groups_of, neighbours_by, notes_on_one_label
from xgoals.clarify.bias_labels import label_of, positive_labels, predictions
from xgoals.clarify.bias_layout import BiasSection, BiasSections, FacetBias
from xgoals.clarify.config import AnalysisConfig
from xgoals.clarify.table import Table


def bias_sections(
    config: AnalysisConfig, table: Table, probability: NDArray[np.float64] | None
) -> BiasSections:
    """The bias sections that a configuration asks for.

    Parameters
    ----------
    probability
        (n,) what the model says for each row: label 1 is predicted above ``probability_threshold`` (0.5); where labels
        are not 0 and 1, a positive label is. Not used where the dataset has a predicted label itself.

    Returns
    -------
    BiasSections
        A metric that is not defined for a group has no value and says why; other metrics and groups have theirs.

    Raises
    ------
    SettingsError
        There is no label or no facet; a column does not exist; no label is positive although labels differ; a
        continuous facet has no threshold; bias of predictions is asked for, and nothing is predicted.
    """
    methods = config.methods
    if not (methods.pre_training_bias or methods.post_training_bias):
        return BiasSections()
    notes: list[str] = []
    label = positive_labels(config, table, notes)
    groups = groups_of(config, table, notes)
    by = group_variable(config, table)

    def section(metrics_of: Callable[[Group], tuple[MetricValue, ...]]) -> BiasSection:
        facets = (
            FacetBias(g.facet, g.rows.value_or_threshold, int(g.rows.members.sum()), metrics_of(g))
            for g in groups
        )
        return BiasSection(str(label_of(table).name), label.value_or_threshold, tuple(facets))

    before = after = None
    if asked := methods.pre_training_bias:
        which = asked.methods
        notes.extend(notes_on_one_label(groups, label.members))
        before = section(lambda g: pre_training_bias(label.members, g.rows.members, by, which))
    if asked := methods.post_training_bias:
        what = asked.methods
        predicted = predictions(config, table, probability, notes)
        columns = {facet: neighbours_by(config, table, facet) for facet in {g.facet for g in groups}}
        after = section(
            lambda g: post_training_bias(label.members, predicted, g.rows.members, by, columns[g.facet], what)
        )
    return BiasSections(before, after, tuple(dict.fromkeys(notes)))
