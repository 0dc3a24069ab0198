"""Which matches a digest counts: those of its matchday that have a page and were played to their end."""

import pandas as pd
import pytest

from xgoals.domain.match import MatchStatus
from xgoals.mail.digest_facts import _matches_of

FACTS = {"competition": "C", "season": "S", "matchday": 3}


@pytest.mark.parametrize("status", MatchStatus)
def test_a_match_that_was_not_played_to_its_end_has_no_place_in_a_digest(status: MatchStatus) -> None:
    fixtures = pd.DataFrame(
        [
            {"provider": "p", "match_id": "m1", "status": "played"},
            {"provider": "p", "match_id": "m2", "status": status.value},
            {"provider": "p", "match_id": "no page", "status": "played"},
        ]
    )
    pages = {f"p-{match_id}": {"facts": FACTS, "path": f"{match_id}.html"} for match_id in ("m1", "m2")}
    found = [match["match_id"] for match in _matches_of({"facts": FACTS}, fixtures, pages)]
    assert found == (["m1", "m2"] if status is MatchStatus.PLAYED else ["m1"])
