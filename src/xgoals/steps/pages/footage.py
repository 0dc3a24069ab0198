"""Clips from the storage with a model's answer to every frame: what the animations of a match report are made of.

Who is asked is who has said the number on the shot's card, so that the line ends there.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from xgoals.domain.errors import FeedError, XgoalsError
from xgoals.domain.model import ModelVersion
from xgoals.domain.shot import ShotType
from xgoals.steps.run_context import log
from xgoals.storage import Storage
from xgoals.store import clips as store
from xgoals.store import features as feature_store
from xgoals.store.published import who_published
from xgoals.store.sisters import load_boosters

if TYPE_CHECKING:
    from xgoals.domain.scene import Clip
    from xgoals.features.catalogue import Catalogue
    from xgoals.model.artifact import Boosters
    from xgoals.model.seen.support import Support
    from xgoals.reasons.if_now import IfNow, Question
    from xgoals.report.shot.animation import Footage


@dataclass
class FootageReader:
    """Reads clips and asks models about them; a model is made ready when a match has clips, not before.

    Attributes
    ----------
    storage
        Where the clips lie.
    model
        The champion: whether anything like a moment was seen before is asked of the shots it has learned from.
    """

    storage: Storage
    model: ModelVersion
    _boosters: "dict[str, Boosters]" = field(default_factory=dict)
    _support: "Support | None" = None

    def of_match(self, connection: Connection, provider: str, match_id: str) -> dict[str, "Footage"]:
        """The footage of a match by shot id; empty without tracking, with a warning where it cannot be read."""
        from xgoals.features.scenes import Scenes
        from xgoals.report.shot.animation import Footage

        shots = store.read_clip_shots(connection, provider, match_id)
        paths = shots["clip_path"].dropna().unique()
        if not len(paths):
            return {}
        is_rebound = Scenes(shots, shots.iloc[:0]).is_rebound
        held = shots.assign(is_rebound=is_rebound).set_index("shot_id").to_dict("index")
        names = store.read_names(connection, provider)
        clips = [clip for path in paths for clip in self._clips(path) if clip.shot_id in held]
        questions = [q for clip in clips if (q := _question(clip, held[clip.shot_id]))]
        answers = self._ask_who_published(connection, provider, match_id, questions)
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
            with self.storage.local(path) as file:
                return read_clips(file)
        except FileNotFoundError:
            log.warning("cards without animation: the clips %s are gone", self.storage.where(path))
            return []
        except FeedError as error:
            log.warning("cards without animation: %s", error)
            return []

    def _ask_who_published(
        self, connection: Connection, provider: str, match_id: str, questions: Sequence["Question"]
    ) -> dict[str, "IfNow"]:
        """Answers by shot id, each by the booster that has said the number on the card."""
        asked: dict[tuple[str, int], list[Question]] = {}
        by = who_published(connection, provider, match_id) if questions else {}
        for question in questions:
            if question.clip.shot_id in by:
                asked.setdefault(by[question.clip.shot_id], []).append(question)
        answers: dict[str, IfNow] = {}
        for (version, sister), some in asked.items():
            answers |= self._ask(connection, version, sister, some)
        return answers

    def _ask(
        self, connection: Connection, version: str, sister: int, questions: Sequence["Question"]
    ) -> dict[str, "IfNow"]:
        """One booster's answers by shot id, all at once; where one question cannot be answered, one by one."""
        from xgoals.model.artifact import catalogue_of
        from xgoals.reasons.if_now import xg_if_now

        try:
            boosters = self._boosters_of(connection, version)
            booster, catalogue = boosters.of(sister), catalogue_of(boosters.model)
        except XgoalsError as error:
            log.warning("no xG for the moments before %d shots: %s", len(questions), error)
            return {}
        try:
            answers = xg_if_now(questions, booster, catalogue, self._support_of_model(connection))
        except (ValueError, XgoalsError) as error:
            if len(questions) > 1:
                one_by_one: Iterable[dict[str, IfNow]] = (
                    self._ask(connection, version, sister, [q]) for q in questions
                )
                return {key: answer for found in one_by_one for key, answer in found.items()}
            log.warning("no xG for the moments before shot %s: %s", questions[0].clip.shot_id, error)
            return {}
        return {q.clip.shot_id: answer for q, answer in zip(questions, answers, strict=True)}

    def _boosters_of(self, connection: Connection, version: str) -> "Boosters":
        if version not in self._boosters:
            self._boosters[version] = load_boosters(connection, version)
        return self._boosters[version]

    @cached_property
    def _catalogue(self) -> "Catalogue":
        from xgoals.features.catalogue import find_catalogue

        return find_catalogue(self.model.catalogue)

    def _support_of_model(self, connection: Connection) -> "Support":
        """What the model has learned from; all of its window is read, once."""
        from xgoals.model.seen.support import Support

        if self._support is None:
            window = feature_store.read_window(connection, self.model)
            self._support = Support.of(window, self._catalogue)
        return self._support


def _question(clip: "Clip", shot: Mapping[Hashable, Any]) -> "Question | None":
    """What to ask about a clip; nothing where its shooter is not seen, or where the answer is always the same."""
    from xgoals.reasons.if_now import Question
    from xgoals.report.shot.animation import frames_shown

    if shot["player_id"] not in clip.player_ids or shot["shot_type"] == ShotType.PENALTY:
        return None
    return Question(clip, shot["player_id"], shot, frames_shown(clip))
