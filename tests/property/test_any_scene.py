"""Whatever scene the domain's types allow: features inside their ranges or missing, never an exception."""

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from odd_records import records, sensible

from record_promises import assert_features_hold, assert_noted, assert_printable, assert_storable
from xgoals.domain.errors import FeedError
from xgoals.domain.plausible import plausible
from xgoals.domain.scene import MatchRecord
from xgoals.features.catalogue import CATALOGUES, Catalogue

catalogues = pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=lambda c: c.name)
patient = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def through_the_gate(record: MatchRecord) -> None:
    try:
        checked, problems = plausible(record, "events/M1.json")
    except FeedError as error:
        assert_printable([str(error)])
        return
    assert_storable(checked)
    assert_noted(problems)
    assert plausible(checked, "events/M1.json")[0] == checked
    for catalogue in CATALOGUES.values():
        assert_features_hold(checked, catalogue)


@patient
@given(records())
def test_what_leaves_the_gate_can_be_stored_and_gives_features(record: MatchRecord) -> None:
    through_the_gate(record)


@pytest.mark.slow
@settings(patient, max_examples=5_000)
@given(records())
def test_ten_thousand_scenes_through_the_gate(record: MatchRecord) -> None:
    through_the_gate(record)


@catalogues
@settings(patient, phases=[Phase.explicit, Phase.generate])
@given(record=records())
def test_scenes_that_no_gate_has_seen_give_features_or_missing_values(
    catalogue: Catalogue, record: MatchRecord
) -> None:
    with np.errstate(all="ignore"):
        assert_features_hold(sensible(record), catalogue)
