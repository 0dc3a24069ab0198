"""The report of a Clarify job as a reader meets it."""

import pytest
from churn import BASELINE, BIAS, config, run
from promises import LOOKS, keeps_promises, never_scrolls_sideways

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def a_page(tmp_path_factory):
    """The page of a job with everything, in German."""
    folder = tmp_path_factory.mktemp("clarify")
    everything = config(
        {"baseline": BASELINE},
        pdp={"grid_resolution": 5, "top_k_features": 3},
        pre_training_bias={"methods": "all"},
        post_training_bias={"methods": "all"},
    )
    run(folder, everything | BIAS, language="de")
    return (folder / "out" / "report.html").read_text()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_it_keeps_what_every_page_promises(opened, a_page, look):
    keeps_promises(opened, a_page, "clarify", look, max_mb=1.0)


def test_the_page_never_scrolls_sideways(opened, a_page):
    never_scrolls_sideways(opened(a_page).page, 1280, 360)
