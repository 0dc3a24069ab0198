"""Which matches of a source a run reads: what the form in the UI and the command line ask for."""

from dataclasses import dataclass

from xgoals.feeds import Announcement


@dataclass(frozen=True, slots=True)
class MatchFilter:
    """Which matches of a source a run reads; the default is all that is new or changed.

    Which of the stored matches get pages is another question: `xgoals.steps.pages.selection`.

    Attributes
    ----------
    match_ids
        Ids, or ``provider:id`` where two providers have a match of one id.
    competition, season
        Ids or names.
    reread
        Read also what has not changed since it was read last.
    """

    match_ids: frozenset[str] = frozenset()
    competition: str | None = None
    season: str | None = None
    first_matchday: int | None = None
    last_matchday: int | None = None
    reread: bool = False

    @property
    def needs_announcements(self) -> bool:
        """Whether more than the match's id decides."""
        return any(
            part is not None
            for part in (self.competition, self.season, self.first_matchday, self.last_matchday)
        )

    def includes(self, match: Announcement) -> bool:
        """Whether a match is one of them, as far as its announcement decides."""
        after_first = self.first_matchday is None or (match.matchday or 0) >= self.first_matchday
        before_last = self.last_matchday is None or (
            match.matchday is not None and match.matchday <= self.last_matchday
        )
        return (
            after_first
            and before_last
            and self.competition in (None, match.competition_id, match.competition)
            and self.season in (None, match.season_id, match.season)
        )


NEW_OR_CHANGED = MatchFilter()
