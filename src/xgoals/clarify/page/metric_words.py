"""Every metric of bias in plain words."""

from xgoals.language import Language


def definition(name: str, words: Language) -> str:
    """What a metric is, in one sentence; "the group" is the facet, "the others" are all other rows."""
    return _of_shares(words).get(name) or _of_errors(words).get(name, "")


def _of_shares(words: Language) -> dict[str, str]:
    return {
        "CI": words.text(
            "By how much smaller the group is than the others, as a share of all rows: 0 for halves, towards 1 for a "
            "small group."
        ),
        "DPL": words.text(
            "Share of positive labels among the others less that in the group: above 0 the group has fewer."
        ),
        "KL": words.text(
            "How far the labels of the others are from the group's (in nats): 0 for the same shares."
        ),
        "JS": words.text(
            "How far the labels of both are from what lies between them: 0 for the same shares, 0.69 at most."
        ),
        "LP": words.text("The straight distance between the shares of both labels: 0 for the same shares."),
        "TVD": words.text("Which share of the labels would have to change for the same shares."),
        "KS": words.text("The greatest difference between the shares of a label: 0 for the same shares."),
        "CDDL": words.text(
            "The group's share of the negative labels less its share of the positive ones, averaged over the subgroups "
            "of the group variable: above 0 it has more of the negative ones."
        ),
        "DPPL": words.text(
            "Share of positive predictions among the others less that in the group: above 0 the group gets fewer."
        ),
        "DI": words.text(
            "Share of positive predictions in the group, divided by that among the others: 1 for the same share."
        ),
        "CDDPL": words.text(
            "The group's share of the negative predictions less its share of the positive ones, averaged over the "
            "subgroups of the group variable: above 0 it gets more of the negative ones."
        ),
    }


def _of_errors(words: Language) -> dict[str, str]:
    return {
        "DCA": words.text(
            "Positive labels for each positive prediction, among the others less in the group: below 0 the group is "
            "given too little."
        ),
        "DCR": words.text(
            "Negative labels for each negative prediction, in the group less among the others: below 0 the group is "
            "refused too often."
        ),
        "RD": words.text(
            "Share of the positives that are found (recall), among the others less in the group: above 0 the group's "
            "are missed more often."
        ),
        "SD": words.text(
            "Share of the negatives that are recognised (specificity), in the group less among the others: below 0 the "
            "group has more false alarms."
        ),
        "DAR": words.text(
            "Share of the positive predictions that are right (precision), among the others less in the group."
        ),
        "DRR": words.text(
            "Share of the negative predictions that are right, in the group less among the others."
        ),
        "AD": words.text("Share of right predictions among the others less that in the group."),
        "TE": words.text(
            "Misses for each false alarm, in the group less among the others: above 0 the errors about the group are "
            "rather misses."
        ),
        "FT": words.text(
            "Share of the group that is treated better than its nearest neighbours among the others, less the share "
            "that is treated worse: below 0 it is treated worse."
        ),
        "GE": words.text(
            "How unevenly right and wrong predictions are spread over all rows: 0 for evenly; the same for every group."
        ),
    }
