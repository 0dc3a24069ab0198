"""Clarify's metrics of bias in plain words, as a club's representative reads them."""

from dataclasses import dataclass

from xgoals.language import Language


@dataclass(frozen=True)
class MetricInWords:
    """A metric: its short name, what it is called, and what it says of the part's shots beside all others."""

    name: str
    title: str
    told: str


_METRICS = (
    MetricInWords(
        "CI",
        "Class imbalance",
        "Others' share of the shots minus the part's: how small the part is.",
    ),
    MetricInWords(
        "DPL",
        "Difference in proportions of labels",
        "Goals a shot of all others, minus the part's.",
    ),
    MetricInWords(
        "KL",
        "Kullback–Leibler divergence",
        "How far apart goals a shot are, by information; 0: alike.",
    ),
    MetricInWords(
        "JS",
        "Jensen–Shannon divergence",
        "The same, alike in both directions.",
    ),
    MetricInWords(
        "LP",
        "L2 norm",
        "The same as a distance: 1.41 times DPL without its sign.",
    ),
    MetricInWords(
        "TVD",
        "Total variation distance",
        "DPL without its sign.",
    ),
    MetricInWords(
        "KS",
        "Kolmogorov–Smirnov distance",
        "With two outcomes the same as TVD.",
    ),
    MetricInWords(
        "CDDL",
        "Conditional demographic disparity of labels",
        "The part's share of the misses minus its share of the goals, among shots from equally far.",
    ),
    MetricInWords(
        "DPPL",
        "Difference in proportions of predicted labels",
        "Big chances a shot of all others, minus the part's.",
    ),
    MetricInWords(
        "DI",
        "Disparate impact",
        "Big chances a shot of the part, over those of all others; 1: alike.",
    ),
    MetricInWords(
        "DCA",
        "Difference in conditional acceptance",
        "Goals for each big chance of all others, minus the part's.",
    ),
    MetricInWords(
        "DCR",
        "Difference in conditional rejection",
        "Misses for each small chance of the part, minus all others'.",
    ),
    MetricInWords(
        "RD",
        "Recall difference",
        "How many of the goals were big chances, others minus part.",
    ),
    MetricInWords(
        "SD",
        "Specificity difference",
        "How many of the misses were small chances, part minus others.",
    ),
    MetricInWords(
        "DAR",
        "Difference in acceptance rates",
        "How many of the big chances went in, others minus part.",
    ),
    MetricInWords(
        "DRR",
        "Difference in rejection rates",
        "How many of the small chances did not go in, part minus others.",
    ),
    MetricInWords(
        "AD",
        "Accuracy difference",
        "How often big and goal, or small and miss, go together, others minus part.",
    ),
    MetricInWords(
        "CDDPL",
        "Conditional demographic disparity of predicted labels",
        "The part's share of the small chances minus its share of the big ones, among shots from equally far.",
    ),
    MetricInWords(
        "TE",
        "Treatment equality",
        "Goals from small chances for each big one missed, part minus others.",
    ),
    MetricInWords(
        "GE",
        "Generalized entropy",
        "How unequally errors are spread over all shots: the same for every part.",
    ),
)


def metrics_in_words(words: Language) -> tuple[MetricInWords, ...]:
    """All metrics in Clarify's order, those before training first."""
    return tuple(MetricInWords(of.name, words.text(of.title), words.text(of.told)) for of in _METRICS)


def texts() -> list[str]:
    """For the test that every text has its German."""
    return [text for of in _METRICS for text in (of.title, of.told)]
