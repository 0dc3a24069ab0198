"""What all pages of a run are written from, where they go, and how they are registered."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from xgoals.domain.errors import ModelError, StoreError
from xgoals.domain.provider_level import ProviderLevel
from xgoals.domain.reason import ShotReasons
from xgoals.steps.pages.files import PageFiles
from xgoals.steps.pages.footage import FootageReader
from xgoals.steps.pages.links import PageLinks
from xgoals.steps.pages.match_events import with_circumstances
from xgoals.steps.pages.model_facts import model_facts
from xgoals.steps.pages.published import as_published
from xgoals.steps.pages.selection import with_rounds
from xgoals.steps.pages.under_way import write_page
from xgoals.steps.run_context import RunContext, log
from xgoals.store import explanations as explanation_store
from xgoals.store import records as record_store
from xgoals.store import registry, runs
from xgoals.store.database import is_outage
from xgoals.store.levels.judged import read_off
from xgoals.store.published import read_published_otherwise
from xgoals.store.reasons.given import read_reasons
from xgoals.store.told.common_names import with_common_names

if TYPE_CHECKING:
    import pandas as pd

    from xgoals.analysis.player.everybody import Everybody
    from xgoals.analysis.profiles.feature_profile import FeatureProfile
    from xgoals.analysis.profiles.shown import GroupOnPage
    from xgoals.steps.pages.profiles import Profiler


Key = tuple[str, str]
"""Provider and match id."""


@dataclass(frozen=True)
class ReportWriter:
    """Writes the pages of a run; shots are read for the pages that tell of them, never all that are stored.

    Attributes
    ----------
    model_version
        The champion.
    fixtures
        Every match with its round.
    pages
        Where they go.
    links
        The way from page to page.
    failed
        Titles of the pages that could not be written.
    saved
        Kind and scope id of the pages that were.
    compared
        All players, compared with one another, once they have been read.
    """

    context: RunContext
    model_version: str
    fixtures: "pd.DataFrame"
    language: str
    pages: PageFiles
    footage: FootageReader
    links: PageLinks
    failed: list[str] = field(default_factory=list)
    saved: set[tuple[str, str]] = field(default_factory=set)
    compared: "list[Everybody]" = field(default_factory=list)
    _profilers: "list[Profiler | None]" = field(default_factory=list)
    _facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    _off: list[dict[tuple[str, str], ProviderLevel]] = field(default_factory=list)

    @classmethod
    def load(
        cls, connection: Connection, context: RunContext, model_version: str, language: str
    ) -> "ReportWriter":
        """Read what all pages are written from."""
        pages = PageFiles.of(context.settings, context.database)
        return cls(
            context,
            model_version,
            with_rounds(record_store.read_fixtures(connection)),
            language,
            pages,
            FootageReader(pages.storage, registry.load_model(connection, model_version)),
            PageLinks(pages),
        )

    def explained(self, connection: Connection, matches: Collection[Key]) -> "pd.DataFrame":
        """The shots of some matches with the champion's numbers and values of today."""
        shots = explanation_store.read_explained(connection, self.model_version, matches=matches)
        window = registry.out_of_fold(connection, self.model_version, shots["shot_key"].tolist())
        shots = shots.merge(window, on="shot_key", how="left", validate="1:1")
        shots["is_held_out"] = shots["is_held_out"].astype("boolean").fillna(False).astype(bool)
        return with_common_names(shots, "player")

    def published(self, connection: Connection, matches: Collection[Key]) -> "pd.DataFrame":
        """The shots of some matches with the numbers and values that were published, and what their feeds say."""
        otherwise = read_published_otherwise(connection, self.model_version, matches)
        shots = as_published(self.explained(connection, matches), list(otherwise.values()))
        return with_circumstances(connection, shots, matches)

    def models(self, connection: Connection, published: "pd.DataFrame") -> Mapping[str, dict[str, Any]]:
        """The facts of every model that published one of these numbers, by version, and of the champion."""
        versions = {self.model_version, *published["model_version"]}
        return {version: self.facts(connection, version) for version in sorted(versions)}

    def levels_off(self, connection: Connection, shots: "pd.DataFrame") -> dict[str, ProviderLevel]:
        """By provider: of which of these published numbers is told that they are not at its level."""
        told = set(zip(shots["model_version"], shots["provider"], strict=True))
        return {of[1]: level for of, level in self.all_off(connection) if of in told}

    def level_off(self, connection: Connection, provider: str) -> dict[str, ProviderLevel]:
        """The same of any numbers of one provider, whoever has published them."""
        return {of: level for (_, of), level in self.all_off(connection) if of == provider}

    def all_off(self, connection: Connection) -> Iterable[tuple[tuple[str, str], ProviderLevel]]:
        """By version and provider, read once."""
        if not self._off:
            self._off.append(read_off(connection))
        return self._off[0].items()

    def reasons(self, connection: Connection, matches: Collection[Key]) -> Mapping[int, ShotReasons]:
        """Why the shots of some matches have their published numbers, by shot key."""
        return read_reasons(connection, matches)

    def feature_profiles(self, connection: Connection) -> "Mapping[str, FeatureProfile]":
        """Every feature's profile over all shots; none where the model cannot be asked."""
        profiler = self._profiler(connection)
        return {} if profiler is None else profiler.features(connection)

    def profiles(
        self,
        connection: Connection,
        *,
        matches: Collection[Key] | None = None,
        team: Key | None = None,
        player: Key | None = None,
    ) -> "GroupOnPage | None":
        """A group's profiles beside everybody's; None where its shots are too few or the model cannot be asked."""
        from xgoals.steps.pages.profiles import enough

        profiler = self._profiler(connection)
        try:
            return None if profiler is None else enough(connection, profiler, matches, team, player)
        except ModelError as error:
            log.warning("a page goes without profiles: %s", error)
            return None

    def _profiler(self, connection: Connection) -> "Profiler | None":
        """Read once a run. A model that cannot be asked costs pages a section, and a warning."""
        from xgoals.steps.pages.profiles import Profiler

        if not self._profilers:
            try:
                self._profilers.append(Profiler.of(connection, self.model_version))
            except ModelError as error:
                log.warning("pages go without profiles: %s", error)
                self._profilers.append(None)
        return self._profilers[0]

    def facts(self, connection: Connection, version: str) -> dict[str, Any]:
        """All that is known of a model, read once."""
        if version not in self._facts:
            self._facts[version] = model_facts(connection, version)
        return self._facts[version]

    def save(
        self,
        connection: Connection,
        kind: str,
        scope_id: str,
        title: str,
        html: str,
        facts: dict[str, Any],
        *,
        path: str | None = None,
    ) -> str:
        """Write one page and register it; where it lies elsewhere than :meth:`path` says, ``path`` does."""
        path = path or self.path(kind, scope_id)
        runs.save_report(
            connection,
            kind=kind,
            scope_id=scope_id,
            title=title,
            path=path,
            model_version=self.model_version,
            sha256=write_page(connection, self.pages, path, html),
            run_id=self.context.run_id,
            facts=facts,
        )
        self.saved.add((kind, scope_id))
        return path

    def path(self, kind: str, scope_id: str) -> str:
        """Where a page lies."""
        return self.pages.path(kind, scope_id)

    @contextmanager
    def or_warn(self, connection: Connection, title: str) -> Iterator[None]:
        """A page that cannot be written costs a warning, not the other pages; the one before it stays.

        Raises
        ------
        StoreError, sqlalchemy.exc.DBAPIError
            Without room, without the storage or the database the others cannot be written either.
        """
        try:
            with connection.begin_nested():
                yield
        except Exception as error:  # whatever is wrong with one match must not take the others' pages
            if isinstance(error, StoreError) or is_outage(error):
                raise
            log.warning("the page '%s' could not be written", title, exc_info=True)
            self.failed.append(title)
