"""Single shots on the pages about a model, as tiles."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from xgoals.analysis.shots import Model
from xgoals.language import Language
from xgoals.report.facts import Facts
from xgoals.report.shot.facts import highlight_facts
from xgoals.report.words.clock import clock
from xgoals.report.words.headline import headline


@dataclass(frozen=True)
class Tiles:
    """The shots rated highest, and the goals that the model could not see coming, ordered by column ``unseen_by``."""

    highest: tuple[Facts, ...]
    unseen: tuple[Facts, ...]
    unseen_by: str


def tiles(shots: pd.DataFrame, model: Model, words: Language) -> Tiles:
    """The shots of both lists, each with its clock and headline."""
    found = highlight_facts(shots, model)
    return Tiles(_told(found["highest"], words), _told(found["unseen"], words), found["unseen_by"])


def _told(rows: Sequence[Facts], words: Language) -> tuple[Facts, ...]:
    return tuple({**shot, "clock": clock(shot), "headline": headline(shot, words)} for shot in rows)
