"""What a feed has not said stays unsaid at the pitch to play with: a stored shot gets there the number it has."""

import json
from pathlib import Path

import pandas as pd
import pytest

from small_event_feeds import Attempt, matches_csv, ten_attempts, wyscout_v2
from xgoals.domain.shot import BallControl, BodyPart, SetUp, ShotType, Technique
from xgoals.explore.page import explorer_page
from xgoals.explore.scene import PostedScene
from xgoals.explore.stored import posted_scene
from xgoals.explore.table.reading import read_table
from xgoals.features.build import build_features
from xgoals.features.catalogue import CATALOGUES
from xgoals.features.scenes import Scenes
from xgoals.feeds import load_feed
from xgoals.scoring import features_of_scene
from xgoals.store.explored.scene import StoredScene

WORDS = {
    "body_part": BodyPart, "shot_type": ShotType, "set_up": SetUp, "technique": Technique, "ball_control": BallControl,
}  # fmt: skip
HEADER_UNSAID = [1201]


def wyscout_record(folder: Path):
    """A match as Wyscout tells it: no technique, no ball control, and one shot without a body part."""
    events = wyscout_v2(7, [*ten_attempts(), Attempt(x=92, y=44, tags=HEADER_UNSAID, shot_id=1)])
    (folder / "7.json").write_text(json.dumps(events), encoding="utf-8")
    (folder / "matches.csv").write_bytes(matches_csv(7))
    (delivery,), _ = load_feed("wyscout").discover(folder)
    return load_feed("wyscout").read_match(delivery)[0]


def stored(shot, pitch) -> StoredScene:
    words = {name: getattr(shot, name).value for name in WORDS}
    return StoredScene(
        1, shot.x_m, shot.y_m, pitch.length_m, pitch.width_m, **words, shooter_vx_ms=None, shooter_vy_ms=None,
        is_won_in_the_air=False, since_own_shot_s=None, people=(),
    )  # fmt: skip


@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=CATALOGUES)
def test_a_stored_shot_of_wyscout_put_back_in_has_the_features_that_it_has(catalogue, tmp_path):
    record = wyscout_record(tmp_path)
    of_pipeline = build_features(Scenes.of([record]), catalogue)
    unknown = [shot for shot in record.shots if shot.body_part is BodyPart.UNKNOWN]
    assert [shot.shot_id for shot in unknown] == ["1"]
    for n, shot in enumerate(record.shots):
        sent = posted_scene(stored(shot, record.match.pitch), ("wyscout", "7", shot.shot_id))
        back = PostedScene.model_validate_json(sent.model_dump_json(by_alias=True))
        _, of_scene = features_of_scene(catalogue, back.shot(), back.scene(), back.on_pitch(), None)
        pd.testing.assert_frame_equal(of_scene, of_pipeline.iloc[[n]].reset_index(drop=True))


@pytest.mark.parametrize(("code", "said"), [("en", "unknown"), ("de", "unbekannt")])
def test_unknown_can_be_chosen_of_every_word(code, said):
    from lxml import html as parser

    page = parser.fromstring(explorer_page(code, database="main").html)
    for name in ("shot_type", "set_up", "ball_control", "technique"):
        (option,) = page.xpath(f"//select[@name='{name}']/option[@value='unknown']")
        assert option.text == said
    (label,) = page.xpath("//label[input[@name='body_part'][@value='unknown']]")
    assert label.text_content().lower() == said


def test_a_table_may_say_that_a_word_is_unknown():
    table = read_table(
        b"x_m,y_m,body_part,shot_type,set_up,technique,ball_control\n"
        b"40,2,unknown,unknown,Unknown,UNKNOWN,unknown\n"
    )
    (row,) = table.rows
    assert row.mistakes == ()
    assert {name: getattr(row.scene, name) for name in WORDS} == {
        name: words.UNKNOWN for name, words in WORDS.items()
    }
