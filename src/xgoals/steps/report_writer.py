"""The desk that the pages of a run are written at: what they are written from, and where they go."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from xgoals.steps.footage import Projector
from xgoals.steps.run_context import RunContext, log
from xgoals.store import runs

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Desk:
    """What all pages of a run are written from, and where they go.

    ``shots`` hold the champion's numbers and values of today, ``published`` those that were published; ``models``
    are the facts of every model that published one of them, by version.
    """

    context: RunContext
    model_version: str
    models: Mapping[str, dict[str, Any]]
    shots: "pd.DataFrame"
    published: "pd.DataFrame"
    fixtures: "pd.DataFrame"
    own_goals: "pd.DataFrame"
    language: str
    folder: Path
    projector: Projector
    failed: list[str] = field(default_factory=list)

    @property
    def model(self) -> dict[str, Any]:
        """The champion's facts."""
        return self.models[self.model_version]

    def file(
        self, connection: Connection, kind: str, scope_id: str, title: str, html: str, facts: dict[str, Any]
    ) -> Path:
        """Write one page and register it."""
        path = self.path(kind, scope_id)
        runs.save_report(
            connection,
            kind=kind,
            scope_id=scope_id,
            title=title,
            path=str(path),
            model_version=self.model_version,
            sha256=write_whole(path, html),
            run_id=self.context.run_id,
            facts=facts,
        )
        return path

    def path(self, kind: str, scope_id: str) -> Path:
        """Where a page lies; the index above all the others."""
        if kind == "index":
            return self.folder / "index.html"
        return self.folder / kind / f"{file_name(scope_id)}.html"

    @contextmanager
    def or_warn(self, title: str) -> Iterator[None]:
        """A page that cannot be written costs a warning, not the other pages; the one before it stays."""
        try:
            yield
        except SQLAlchemyError:
            raise  # the transaction is lost, and with it the bookkeeping of all pages
        except Exception:  # whatever is wrong with one match must not take the others' pages
            log.warning("the page '%s' could not be written", title, exc_info=True)
            self.failed.append(title)


def as_published(shots: "pd.DataFrame", otherwise: "Sequence[pd.DataFrame]") -> "pd.DataFrame":
    """The shots with the numbers and values that were published, and ``champion_xg``, today's number.

    Parameters
    ----------
    shots
        As the champion sees them today.
    otherwise
        What was published by other models or from other feature values: ``shot_key, model_version, xg,
        base_value`` and the features, values and group values of that model.
    """
    import pandas as pd

    shots = shots.assign(champion_xg=shots["xg"])
    if not otherwise:
        return shots
    theirs = [column for column in shots.columns if column.startswith(("shap_", "group_"))]
    names = [column.removeprefix("shap_") for column in theirs if column.startswith("shap_")]
    about = shots.drop(columns=["model_version", "xg", "base_value", *names, *theirs])
    parts = [about.merge(part, on="shot_key", how="inner", validate="1:1") for part in otherwise]
    replaced = pd.concat(parts)["shot_key"]
    rows = pd.concat([shots[~shots["shot_key"].isin(replaced)], *parts], ignore_index=True)
    place = pd.Series(range(len(shots)), index=shots["shot_key"])
    return rows.iloc[rows["shot_key"].map(place).argsort(kind="stable")].reset_index(drop=True)


def plain_rows(matches: "pd.DataFrame") -> list[dict[str, Any]]:
    """Rows as dictionaries with whole numbers, and None where a value is missing."""
    columns = [str(column) for column in matches.columns]
    values = matches.astype(object).where(matches.notna(), None).itertuples(index=False, name=None)
    rows: list[dict[str, Any]] = [dict(zip(columns, row, strict=True)) for row in values]
    for row in rows:
        for key in ("matchday", "home_score", "away_score"):
            row[key] = None if row[key] is None else int(row[key])
    return rows


def searched(match: dict[str, Any], shots: "pd.DataFrame") -> dict[str, Any]:
    """What the index lists and searches, and from which state of the match the page was written."""
    clubs = {*shots["team"], match["home_team"], match["away_team"]}
    xg = shots.groupby("team")["xg"].sum()
    return {
        **{key: match[key] for key in ("competition", "season", "matchday", "round")},
        **{key: match[key] for key in ("provider", "match_id", "fingerprint")},
        "match_date": str(match["match_date"]),
        "xg": [round(float(xg.get(match[side], 0.0)), 2) for side in ("home_team", "away_team")],
        "clubs": sorted(clubs),
        "players": sorted(set(shots["player"].dropna())),
    }


def file_name(scope_id: str) -> str:
    """A file name that every file system takes, different for different ids."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", scope_id).strip("-.")
    return plain if plain == scope_id else f"{plain}-{hashlib.sha256(scope_id.encode()).hexdigest()[:6]}"


def write_whole(path: Path, text: str) -> str:
    """Write a file so that nobody ever sees half of it; its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    content = text.encode()
    unfinished.write_bytes(content)
    unfinished.replace(path)
    return hashlib.sha256(content).hexdigest()
