"""Names in a posted scene are text: they stand in sentences as they are, whatever they hold."""

from types import SimpleNamespace

import pytest

from xgoals.explore.scene import PostedScene
from xgoals.explore.words import stand
from xgoals.language import language
from xgoals.report.shot.positions_in_words import nearest

SCENE = {"x_m": 41.5, "y_m": 0.0, "body_part": "head"}


@pytest.mark.parametrize(
    ("name", "said"),
    [("Per Mertesacker", "Mertesacker"), ("<b>x</b>", "<b>x</b>"), ("%(n)s", "%(n)s"), ("", "an opponent"),
     (" \n", "an opponent")],
)  # fmt: skip
def test_somebody_is_called_by_his_surname_or_by_what_he_is(name, said):
    person = {"x_m": 43.0, "y_m": 0.0, "is_teammate": False, "name": name}
    posted = PostedScene.model_validate_json(PostedScene.model_validate(
        {**SCENE, "people": [person]}, strict=False).model_dump_json(by_alias=True))  # fmt: skip
    around = stand(SimpleNamespace(posted=posted))
    assert nearest(around, language("en")) == f"the nearest, {said}, 1.5 m away"
