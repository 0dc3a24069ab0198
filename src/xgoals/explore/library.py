"""What is known of the champions, kept in memory; nothing heavy is imported before somebody asks."""

import threading
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from xgoals.scoring import Scorer
from xgoals.settings import Database

if TYPE_CHECKING:
    from xgoals.explore.knowledge import Knowledge


class Library:
    """The knowledge about each database's champion; may be asked from several threads.

    Parameters
    ----------
    scorer
        Who knows the champions.
    """

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer
        self._known: dict[Database, Knowledge] = {}
        self._loading = threading.Lock()

    def engine(self, database: Database) -> Engine:
        """The pool of connections to a database."""
        return self.scorer.engine(database)

    def knowledge(self, database: Database) -> "Knowledge":
        """What is known of the present champion; read where it has become so since.

        Raises
        ------
        ModelError
            If there is none, or what it has learned from is not there.
        """
        from xgoals.explore.knowledge import read_knowledge

        champion = self.scorer.champion(database)
        known = self._known.get(database)
        if known is not None and known.champion is champion:
            return known
        with self._loading:
            known = self._known.get(database)
            if known is None or known.champion is not champion:
                with self.engine(database).connect() as connection:
                    known = self._known[database] = read_knowledge(connection, champion)
        return known

    def warm_up(self, database: Database) -> None:
        """Read everything that the first question would wait for."""
        self.scorer.warm_up(database)
        self.knowledge(database)
