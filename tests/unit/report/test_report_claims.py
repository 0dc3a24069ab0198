"""The claims of the article on a page: each once, with a verdict, its rule, and what is missing."""

import pandas as pd
from by_hand import evidence

from xgoals.language import language
from xgoals.report.model.claims import CLAIMS, check_claims

NO_FEATURES = {"features": []}


def test_a_model_of_which_nothing_is_known_gets_no_verdict():
    summary = evidence({"x": [1]}, mean_prediction=None).summary
    frame = pd.DataFrame({"is_penalty": [False], "is_goal": [False], "xg": [0.1], "match_id": ["m1"]})
    told = check_claims(frame, summary, NO_FEATURES, language("en"))
    assert {claim.verdict for claim in told} == {"not enough data"}
    assert len(told) == len(CLAIMS) == 19
    assert all(claim.rule for claim in told)


STATEMENTS = [
    *("top three", "between seasons", "between clubs", "Angles under 25°", "about 20 m", "monotonically"),
    *(
        "header lowers",
        "say nothing",
        "above 45°",
        "one or two defenders",
        "little pressure",
        "At equal angle",
    ),
    *("slow shooter", "around zero", "value little", "growing pressure", "best chances", "below 25°"),
    "average xG",
]


def test_every_claim_of_the_article_is_tested_once_and_shown_in_a_picture():
    assert len(STATEMENTS) == len(CLAIMS) == 19
    for part in STATEMENTS:
        assert sum(part in claim.statement for claim in CLAIMS) == 1, part
    assert len({claim.key for claim in CLAIMS}) == 19
    assert all(claim.shown for claim in CLAIMS)


def test_a_claim_without_verdict_says_what_is_missing():
    summary = evidence({"x": [1]}, used=["Header"]).summary
    frame = pd.DataFrame(
        {
            "is_penalty": [False],
            "is_goal": [False],
            "xg": [0.1],
            "match_id": ["m1"],
            "Header": [1.0],
            "shap_Header": 0.1,
        }
    )
    claims = check_claims(frame, summary, NO_FEATURES, language("en"))
    told = {claim.key: claim.figure for claim in claims}
    assert told["claim-slow-is-less-likely"] == (
        "This model makes no use of: angle to goal and speed of the shooter."
    )
    assert told["claim-stable-over-seasons"] == "Too few shots to say."
    assert told["claim-base-value-is-the-average"].startswith("Prediction at the baseline 0.090")
