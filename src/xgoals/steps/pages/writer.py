"""What all pages of a run are written from, where they go, and how they are registered."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from xgoals.domain.errors import UnwritableError
from xgoals.steps.pages.files import file_name, write_atomically
from xgoals.steps.pages.footage import FootageReader
from xgoals.steps.pages.model_facts import model_facts
from xgoals.steps.pages.published import as_published
from xgoals.steps.pages.selection import with_rounds
from xgoals.steps.run_context import RunContext, log
from xgoals.store import explanations as explanation_store
from xgoals.store import records as record_store
from xgoals.store import registry, runs
from xgoals.store.published import read_published_otherwise

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ReportWriter:
    """Writes the pages of a run.

    Attributes
    ----------
    model_version
        The champion.
    models
        The facts of every model that published one of the numbers, by version, and of the champion.
    shots
        With the champion's numbers and values of today.
    published
        The same shots with the numbers and values that were published.
    fixtures
        Every match with its round.
    folder
        Where the pages go.
    failed
        Titles of the pages that could not be written.
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
    footage: FootageReader
    failed: list[str] = field(default_factory=list)

    @classmethod
    def load(
        cls, connection: Connection, context: RunContext, model_version: str, language: str
    ) -> "ReportWriter":
        """Read what the pages are written from."""
        shots = explanation_store.read_explained(connection, model_version)
        window = registry.out_of_fold(connection, model_version)
        shots = shots.merge(window, on="shot_key", how="left", validate="1:1")
        shots["is_held_out"] = shots["is_held_out"].astype("boolean").fillna(False).astype(bool)
        otherwise = read_published_otherwise(connection, model_version)
        return cls(
            context,
            model_version,
            {version: model_facts(connection, version) for version in {model_version, *otherwise}},
            shots,
            as_published(shots, list(otherwise.values())),
            with_rounds(record_store.read_fixtures(connection)),
            record_store.read_own_goals(connection),
            language,
            context.settings.reports / context.database,
            FootageReader(context.settings.home, registry.load_model(connection, model_version), shots),
        )

    @property
    def model(self) -> dict[str, Any]:
        """The champion's facts."""
        return self.models[self.model_version]

    def save(
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
            sha256=write_atomically(path, html),
            run_id=self.context.run_id,
            facts=facts,
        )
        return path

    def path(self, kind: str, scope_id: str) -> Path:
        """Where a page lies."""
        return self.folder / kind / f"{file_name(scope_id)}.html"

    @contextmanager
    def or_warn(self, connection: Connection, title: str) -> Iterator[None]:
        """A page that cannot be written costs a warning, not the other pages; the one before it stays.

        Raises
        ------
        UnwritableError, OperationalError
            Without room, or without the database, the others cannot be written either.
        """
        try:
            with connection.begin_nested():
                yield
        except (UnwritableError, OperationalError):
            raise
        except Exception:  # whatever is wrong with one match must not take the others' pages
            log.warning("the page '%s' could not be written", title, exc_info=True)
            self.failed.append(title)
