"""The page of baselines stands on every screen, in both languages, and without scripts."""

import pytest
from promises import LOOKS, keeps_promises, stands_without_scripts

from baselines_by_hand import compared
from xgoals.report.baselines.page import baselines_report

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "look"), [("en", LOOKS[0]), ("de", LOOKS[-1])], ids=str)
def test_it_keeps_the_promises_of_every_page(opened, language, look):
    keeps_promises(opened, baselines_report(compared(), language=language), f"baselines-{language}", look)


def test_it_stands_without_scripts(opened):
    html = baselines_report(compared())
    stands_without_scripts(opened, html, "baselines", "h1", "[data-test=fall] li", "[data-test=lines] li")
