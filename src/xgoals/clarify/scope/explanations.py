"""The keys about values, partial dependence and what is asked for at all."""

from collections.abc import Iterator

from xgoals.clarify.config import AnalysisConfig, Methods, Pdp, Shap
from xgoals.clarify.note import Note
from xgoals.clarify.scope.finding import Finding, Refusal

_LARGEST_SEED = (1 << 32) - 1


def findings(config: AnalysisConfig) -> Iterator[Finding]:
    """What is to say of these keys."""
    methods = config.methods
    if all(getattr(methods, name) is None for name in Methods.model_fields if name != "report"):
        says = "nothing is asked for; add shap, pdp, pre_training_bias or post_training_bias"
        yield Refusal("methods", says)
    if methods.asymmetric_shapley_value is not None:
        yield Refusal("methods.asymmetric_shapley_value", "models of time series are not explained here")
    if methods.shap is not None:
        yield from _of_shap(methods.shap)
    if methods.pdp is not None:
        yield from _of_pdp(methods.pdp, methods)


def _of_shap(shap: Shap) -> Iterator[Finding]:
    key = "methods.shap"
    for name in ("text_config", "image_config"):
        if getattr(shap, name) is not None:
            yield Refusal(
                f"{key}.{name}", "texts and pictures are not explained here, only tables of numbers are"
            )
    if shap.baseline is not None and shap.num_clusters is not None:
        says = "it makes a baseline, and one is given; leave one of the two out"
        yield Refusal(f"{key}.num_clusters", says)
    if isinstance(shap.baseline, dict):
        yield Refusal(f"{key}.baseline", "a baseline is a list of rows: put the object into [ ]")
    if shap.baseline == []:
        yield Refusal(f"{key}.baseline", "there is no row in it; leave it out for a baseline of the data")
    for name in ("num_clusters", "num_samples"):
        number = getattr(shap, name)
        if number is not None and number < 1:
            yield Refusal(f"{key}.{name}", f"{number} is too small: at least 1")
    if shap.seed is not None and not 0 <= shap.seed <= _LARGEST_SEED:
        yield Refusal(f"{key}.seed", f"{shap.seed} is no seed: from 0 to {_LARGEST_SEED}")
    if "save_local_shap_values" not in shap.model_fields_set:
        says = (
            "It is not given: values of single rows are written, as Clarify's SDK asks for them. A job of Clarify "
            "itself leaves them out then; write false for that."
        )
        yield Note(f"{key}.save_local_shap_values", "otherwise", says)


def _of_pdp(pdp: Pdp, methods: Methods) -> Iterator[Finding]:
    key = "methods.pdp"
    if pdp.features is None and methods.shap is None:
        says = "it has to be given where shap is not: nothing else says which features matter most"
        yield Refusal(f"{key}.features", says)
    if pdp.features == []:
        yield Refusal(f"{key}.features", "there is no feature in it; leave it out for those that matter most")
    if pdp.features is not None and pdp.top_k_features is not None:
        says = "The features are named; the number of those that matter most is not used."
        yield Note(f"{key}.top_k_features", "ignored", says)
    for name in ("grid_resolution", "top_k_features"):
        number = getattr(pdp, name)
        if number is not None and number < 1:
            yield Refusal(f"{key}.{name}", f"{number} is too small: at least 1")
