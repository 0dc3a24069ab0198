"""The keys about bias."""

from collections.abc import Iterator
from typing import get_args

from xgoals.bias.metric import PostTrainingMetric, PreTrainingMetric
from xgoals.clarify.config import AnalysisConfig, BiasMethods
from xgoals.clarify.note import Note
from xgoals.clarify.scope.finding import Finding, Refusal
from xgoals.settings.in_words import did_you_mean

_BY_GROUP = frozenset({"CDDL", "CDDPL"})


def findings(config: AnalysisConfig) -> Iterator[Finding]:
    """What is to say of these keys."""
    before, after = config.methods.pre_training_bias, config.methods.post_training_bias
    yield from _of_the_threshold(config)
    if before is None and after is None:
        yield from _unused(config)
        return
    yield from _needed(config)
    yield from _of_facets(config)
    for key, asked, kind in (
        ("pre_training_bias", before, PreTrainingMetric),
        ("post_training_bias", after, PostTrainingMetric),
    ):
        if asked is not None:
            has_group = config.group_variable is not None
            yield from _of_metrics(f"methods.{key}.methods", asked, get_args(kind), has_group)


def _of_the_threshold(config: AnalysisConfig) -> Iterator[Finding]:
    key, threshold = "probability_threshold", config.probability_threshold
    if threshold is None:
        return
    if not 0 <= threshold <= 1:
        yield Refusal(key, f"{threshold} is no probability: from 0.0 to 1.0")
    elif config.methods.post_training_bias is None:
        yield Note(
            key, "ignored", "Only post_training_bias makes labels of probabilities, and it is not asked for."
        )
    elif config.predicted_label is not None:
        yield Note(key, "ignored", "The dataset has a predicted label, so no probability is turned into one.")


def _unused(config: AnalysisConfig) -> Iterator[Note]:
    for key in ("facet", "group_variable", "label_values_or_threshold"):
        if getattr(config, key) is not None:
            says = "It is for bias, and neither pre_training_bias nor post_training_bias is asked for."
            yield Note(key, "ignored", says)


def _needed(config: AnalysisConfig) -> Iterator[Refusal]:
    if config.label is None:
        yield Refusal("label", "bias is asked for: name the column that says what happened")
    if not config.label_values_or_threshold:
        yield Refusal("label_values_or_threshold", "bias is asked for: say which labels are positive, as [1]")
    if not config.facet:
        yield Refusal(
            "facet", 'bias is asked for: name a column to compare by, as [{"name_or_index": "club"}]'
        )


def _of_facets(config: AnalysisConfig) -> Iterator[Refusal]:
    for n, facet in enumerate(config.facet or ()):
        if facet.value_or_threshold == []:
            says = "there is no value in it; leave it out to compare every value with all others"
            yield Refusal(f"facet[{n}].value_or_threshold", says)
        if facet.name_or_index in (config.label, config.predicted_label):
            says = "it is a label; who is compared, and by what, are two columns"
            yield Refusal(f"facet[{n}].name_or_index", says)


def _of_metrics(key: str, asked: BiasMethods, known: tuple[str, ...], has_group: bool) -> Iterator[Refusal]:
    there_are = f'write "all", or some of {", ".join(known)} in [ ]'
    if isinstance(asked.methods, str):
        if asked.methods != "all":
            yield Refusal(key, f'"{asked.methods}" is not "all"; {there_are}')
        return
    if not asked.methods:
        yield Refusal(key, f"there is no metric in it; {there_are}")
    for n, name in enumerate(asked.methods):
        if name not in known:
            near = did_you_mean(name.upper(), known)
            yield Refusal(f"{key}[{n}]", f'there is no metric "{name}" here{near or f"; {there_are}"}')
        elif name in _BY_GROUP and not has_group:
            yield Refusal("group_variable", f"{name} compares within groups: name the column that has them")
