"""``methods.shap`` of a configuration."""

from typing import Annotated, Literal

from pydantic import AfterValidator

from xgoals.clarify.config.section import (
    AnyCase,
    Fraction,
    JsonObject,
    NameOrIndex,
    Scalar,
    Section,
    one_of,
)

AggMethod = Literal["mean_abs", "median", "mean_sq"]

_LANGUAGE_WORDS = """
    chinese zh danish da dutch nl english en french fr german de greek el italian it japanese ja lithuanian lt
    multi-language xx nb polish pl portuguese pt romanian ro russian ru spanish es afrikaans af albanian sq arabic ar
    armenian hy basque eu bengali bn bulgarian bg catalan ca croatian hr czech cs estonian et finnish fi gujarati gu
    hebrew he hindi hi hungarian hu icelandic is indonesian id irish ga kannada kn kyrgyz ky latvian lv ligurian lij
    luxembourgish lb macedonian mk malayalam ml marathi mr nepali ne persian fa sanskrit sa serbian sr setswana tn
    sinhala si slovak sk slovenian sl swedish sv tagalog tl tamil ta tatar tt telugu te thai th turkish tr ukrainian uk
    urdu ur vietnamese vi yoruba yo
"""
_LANGUAGES = frozenset(_LANGUAGE_WORDS.split()) | {"norwegian bokmål"}


class TextConfig(Section):
    """``text_config``: valid for the schema, and nothing that a tabular model has."""

    granularity: Annotated[Literal["token", "sentence", "paragraph"], AnyCase]
    language: Annotated[
        str,
        AnyCase,
        AfterValidator(one_of(_LANGUAGES, "a language that Clarify knows, such as english or en")),
    ]
    max_top_tokens: int | None = None


class ImageDebug(Section):
    """``image_config.debug``."""

    image_names: list[str] | None = None
    class_ids: list[int] | None = None
    sample_from: int | None = None
    sample_to: int | None = None


class ImageConfig(Section):
    """``image_config``: valid for the schema, and nothing that a tabular model has."""

    num_segments: int | None = None
    segment_compactness: int | None = None
    feature_extraction_method: str | None = None
    model_type: str | None = None
    max_objects: int | None = None
    iou_threshold: Fraction | None = None
    context: Fraction | None = None
    debug: ImageDebug | None = None


class Shap(Section):
    """``methods.shap``: what each feature adds to a prediction.

    Attributes
    ----------
    baseline
        A file, rows of values, or JSON; None: the job finds one.
    num_clusters
        How many rows the job's own baseline has.
    num_samples
        Coalitions a prediction where values are sampled.
    """

    baseline: str | list[list[Scalar | None] | JsonObject] | JsonObject | None = None
    num_clusters: int | None = None
    num_samples: int | None = None
    agg_method: Annotated[AggMethod, AnyCase] = "mean_abs"
    use_logit: bool = False
    save_local_shap_values: bool = True
    seed: int | None = None
    features_to_explain: list[NameOrIndex] | None = None
    text_config: TextConfig | None = None
    image_config: ImageConfig | None = None
