"""Clips from disk with the model's answer to every frame: what the animations of a match report are made of."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from xgoals.domain.errors import FeedError, XgoalsError
from xgoals.domain.model import ModelVersion
from xgoals.domain.shot import ShotType
from xgoals.steps.run_context import log
from xgoals.store import clips as store
from xgoals.store import features as feature_store

if TYPE_CHECKING:
    import xgboost

    from xgoals.domain.scene import Clip
    from xgoals.explain.if_now import IfNow, Question
    from xgoals.features.catalogue import Catalogue
    from xgoals.model.seen.support import Support
    from xgoals.report.animation import Footage


@dataclass
class FootageReader:
    """Reads clips and asks a model about them; the model is made ready when a match has clips, not before.

    Attributes
    ----------
    home
        ``XGOALS_HOME``, which the paths of clips are relative to.
    model
        The model to be asked.
    """

    home: Path
    model: ModelVersion
    _support: "Support | None" = None

    def of_match(self, connection: Connection, provider: str, match_id: str) -> dict[str, "Footage"]:
        """The footage of a match by shot id; empty without tracking, with a warning where it cannot be read."""
        from xgoals.features.scenes import Scenes
        from xgoals.report.animation import Footage

        shots = store.read_clip_shots(connection, provider, match_id)
        paths = shots["clip_path"].dropna().unique()
        if not len(paths):
            return {}
        is_rebound = Scenes(shots, shots.iloc[:0]).is_rebound
        held = shots.assign(is_rebound=is_rebound).set_index("shot_id").to_dict("index")
        names = store.read_names(connection, provider)
        clips = [clip for path in paths for clip in self._clips(path) if clip.shot_id in held]
        answers = self._ask(connection, [q for clip in clips if (q := _question(clip, held[clip.shot_id]))])
        return {
            clip.shot_id: Footage(
                clip,
                held[clip.shot_id]["player_id"],
                held[clip.shot_id]["pitch_length_m"] / 2,
                {player: names[player] for player in clip.player_ids if player in names},
                answers.get(clip.shot_id),
            )
            for clip in clips
        }

    def _clips(self, path: str) -> list["Clip"]:
        from xgoals.feeds.clips import read_clips

        try:
            return read_clips(self.home / path)
        except FeedError as error:
            log.warning("cards without animation: %s", error)
            return []

    def _ask(self, connection: Connection, questions: Sequence["Question"]) -> dict[str, "IfNow"]:
        """The model's answers by shot id, all at once; where one question cannot be answered, one by one."""
        from xgoals.explain.if_now import xg_if_now

        if not questions:
            return {}
        try:
            answers = xg_if_now(questions, self._booster, self._catalogue, self._support_of_model(connection))
        except (ValueError, XgoalsError) as error:
            if len(questions) > 1:
                return {key: answer for q in questions for key, answer in self._ask(connection, [q]).items()}
            log.warning("no xG for the moments before shot %s: %s", questions[0].clip.shot_id, error)
            return {}
        return {q.clip.shot_id: answer for q, answer in zip(questions, answers, strict=True)}

    @cached_property
    def _catalogue(self) -> "Catalogue":
        from xgoals.features.catalogue import find_catalogue

        return find_catalogue(self.model.catalogue)

    @cached_property
    def _booster(self) -> "xgboost.Booster":
        from xgoals.model.artifact import load_booster

        return load_booster(self.model)

    def _support_of_model(self, connection: Connection) -> "Support":
        """What the model has learned from; all of its window is read, once."""
        from xgoals.model.seen.support import Support

        if self._support is None:
            window = feature_store.read_window(connection, self.model)
            self._support = Support.of(window, self._catalogue)
        return self._support


def _question(clip: "Clip", shot: Mapping[Hashable, Any]) -> "Question | None":
    """What to ask about a clip; nothing where its shooter is not seen, or where the answer is always the same."""
    from xgoals.explain.if_now import Question
    from xgoals.report.animation import frames_shown

    if shot["player_id"] not in clip.player_ids or shot["shot_type"] == ShotType.PENALTY:
        return None
    return Question(clip, shot["player_id"], shot, frames_shown(clip))
