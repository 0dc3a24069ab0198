"""Clips from disk with the model's answer to every frame: what the animations of a match report are made of."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from xgoals.domain.errors import FeedError
from xgoals.domain.model import ModelVersion
from xgoals.steps.context import log
from xgoals.store import clips as store

if TYPE_CHECKING:
    import pandas as pd
    import xgboost

    from xgoals.domain.scene import Clip
    from xgoals.features.catalogue import Catalogue
    from xgoals.model.support import Support
    from xgoals.report.animation import Footage


@dataclass(frozen=True)
class Projector:
    """Reads clips and asks a model about them; the model is made ready when a match has clips, not before.

    Attributes
    ----------
    home
        ``XGOALS_HOME``, which the paths of clips are relative to.
    model
        The model to be asked.
    shots
        Shots with this model's features by name; those that it was trained on have ``xg_out_of_fold``.
    """

    home: Path
    model: ModelVersion
    shots: "pd.DataFrame"

    def footage(self, connection: Connection, provider: str, match_id: str) -> dict[str, "Footage"]:
        """The footage of a match by shot id; empty without tracking, with a warning where it cannot be read."""
        from xgoals.features.scenes import Scenes

        shots = store.read_clip_shots(connection, provider, match_id)
        paths = shots["clip_path"].dropna().unique()
        if not len(paths):
            return {}
        is_rebound = Scenes(shots, shots.iloc[:0]).is_rebound
        held = shots.assign(is_rebound=is_rebound).set_index("shot_id").to_dict("index")
        names = store.read_names(connection, provider)
        clips = [clip for path in paths for clip in self._clips(path)]
        return {c.shot_id: self._of_shot(c, held[c.shot_id], names) for c in clips if c.shot_id in held}

    def _clips(self, path: str) -> list["Clip"]:
        from xgoals.feeds.clips import read_clips

        try:
            return read_clips(self.home / path)
        except FeedError as error:
            log.warning("cards without animation: %s", error)
            return []

    def _of_shot(self, clip: "Clip", shot: Mapping[Hashable, Any], names: Mapping[str, str]) -> "Footage":
        from xgoals.explain.if_now import IfNow, xg_if_now
        from xgoals.report.animation import Footage, frames_shown
        from xgoals.report.figures import attempt

        shooter_id, now = shot["player_id"], None
        if shooter_id in clip.player_ids and shot["shot_type"] != "penalty":
            now = attempt(
                "xG if he shot now",
                partial(
                    xg_if_now,
                    clip,
                    shooter_id,
                    shot,
                    frames_shown(clip),
                    booster=self._booster,
                    catalogue=self._catalogue,
                    support=self._support,
                ),
            )
        known = {player: names[player] for player in clip.player_ids if player in names}
        goal_x_m = shot["pitch_length_m"] / 2
        return Footage(clip, shooter_id, goal_x_m, known, now if isinstance(now, IfNow) else None)

    @cached_property
    def _catalogue(self) -> "Catalogue":
        from xgoals.features.catalogue import find_catalogue

        return find_catalogue(self.model.catalogue)

    @cached_property
    def _booster(self) -> "xgboost.Booster":
        from xgoals.model.artifact import load_booster

        return load_booster(self.model)

    @cached_property
    def _support(self) -> "Support":
        from xgoals.model.support import Support

        learned_from = self.shots[self.shots["xg_out_of_fold"].notna()]
        return Support.of(learned_from[list(self.model.feature_names)], self._catalogue)
