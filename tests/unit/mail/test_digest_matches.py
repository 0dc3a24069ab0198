"""Which matches a digest counts: those that were played to their end."""

import pandas as pd
import pytest

from xgoals.domain.match import MatchStatus
from xgoals.mail.matchday_changes import that_count


@pytest.mark.parametrize("status", MatchStatus)
def test_a_match_that_was_not_played_to_its_end_has_no_place_in_a_digest(status: MatchStatus) -> None:
    fixtures = pd.DataFrame(
        [
            {"provider": "p", "match_id": "m1", "status": "played"},
            {"provider": "p", "match_id": "m2", "status": status.value},
        ]
    ).assign(matchday=3, home_score=1, away_score=0)
    found = list(that_count(fixtures)["match_id"])
    assert found == (["m1", "m2"] if status is MatchStatus.PLAYED else ["m1"])
