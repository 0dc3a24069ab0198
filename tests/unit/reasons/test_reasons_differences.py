"""Our number minus the provider's, part by part."""

import numpy as np

from xgoals.reasons.differences import InParts, differences


def test_ours_minus_theirs_adds_up_part_by_part_and_the_rest_is_what_features_cannot_say():
    ours = InParts(0.10, np.array([[0.02, 0.03, np.nan, 0.01]]))
    theirs = InParts(0.09, np.array([[0.01, 0.05, np.nan, 0.00]]))
    published, provider = np.array([0.1600001]), np.array([0.20])
    told = differences(ours, theirs, published, provider)
    np.testing.assert_allclose(told.average, [0.01])
    np.testing.assert_allclose(told.parts, [[0.0100001, -0.02, np.nan, 0.01]])
    np.testing.assert_allclose(told.rest, [0.15 - 0.20])
    np.testing.assert_allclose(told.average + np.nansum(told.parts, axis=1) + told.rest, published - provider)
