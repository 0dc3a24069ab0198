"""By what name a page is known: seasons, clubs of a season, players, each by the ids that stay when names change.

And how people and portions name a match: by its id, or by ``provider:id`` where two providers have one of this id.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from xgoals.domain.errors import SettingsError
from xgoals.domain.text import is_number


@dataclass(frozen=True, slots=True, order=True)
class MatchKey:
    """A match, by the provider's own id."""

    provider: str
    match_id: str

    @property
    def scope_id(self) -> str:
        """As its page is registered."""
        return f"{self.provider}-{self.match_id}"

    @property
    def name(self) -> str:
        """As people name it where its id alone may be another provider's match."""
        return f"{self.provider}:{self.match_id}"

    def is_named(self, text: str) -> bool:
        """Whether a text names this match: its id, or ``provider:id``."""
        return text in (self.match_id, self.name)


@dataclass(frozen=True, slots=True, order=True)
class SeasonKey:
    """A season of a competition; where two providers have one of this name, the competition's names them, too."""

    competition: str
    season: str

    @property
    def scope_id(self) -> str:
        """As its page is registered."""
        return f"{self.competition} {self.season}"


@dataclass(frozen=True, slots=True, order=True)
class RoundKey:
    """A round of a season: the matchday's number, a cup's stage, or a date."""

    season: SeasonKey
    round: str

    @property
    def scope_id(self) -> str:
        """As the page of the matchday is registered."""
        name = f"matchday {self.round}" if is_number(self.round) else self.round
        return f"{self.season.scope_id}, {name}"


@dataclass(frozen=True, slots=True, order=True)
class ClubKey:
    """A club in a season; two clubs of one name are told apart by the provider's id."""

    season: SeasonKey
    provider: str
    team_id: str
    name: str

    @property
    def scope_id(self) -> str:
        """As its page is registered: without the name, which may change."""
        return f"{self.season.scope_id}, {self.provider}-{self.team_id}"


@dataclass(frozen=True, slots=True, order=True)
class PlayerKey:
    """A player, whatever he is called and wherever he plays."""

    provider: str
    player_id: str

    @property
    def scope_id(self) -> str:
        """As his page is registered."""
        return f"{self.provider}-{self.player_id}"


def ambiguous(text: str, keys: Iterable[MatchKey], *, else_with: str = "") -> SettingsError:
    """What to raise where a text names several providers' matches; all of them are listed.

    >>> print(ambiguous("7", [MatchKey("wyscout", "7"), MatchKey("opta", "7")]))
    opta and wyscout have a match '7' each. Say whose: opta:7 or wyscout:7

    Parameters
    ----------
    else_with
        The option that says it, too.
    """
    found = sorted(keys)
    names = " or ".join(key.name for key in found)
    return SettingsError(
        f"{' and '.join(key.provider for key in found)} have a match '{text}' each",
        advice=f"Say whose{f' with {else_with}' if else_with else ''}: {names}",
    )


def ids_in(texts: Iterable[str]) -> frozenset[str]:
    """The ids that some names may mean: an id may have a colon, too.

    >>> sorted(ids_in(["7", "opta:8"]))
    ['7', '8', 'opta:8']
    """
    return frozenset(part for text in texts for part in (text, text.partition(":")[2]) if part)


def is_one_of(key: MatchKey, texts: Collection[str]) -> bool:
    """Whether one of these names is this match's."""
    return key.match_id in texts or key.name in texts


def not_among(texts: Iterable[str], keys: Iterable[MatchKey]) -> frozenset[str]:
    """Those of some names that are none of these matches'.

    >>> sorted(not_among(["7", "opta:7", "wyscout:7"], [MatchKey("opta", "7")]))
    ['wyscout:7']
    """
    return frozenset(texts) - {name for key in keys for name in (key.match_id, key.name)}


def names_of(keys: Iterable[MatchKey], among: Iterable[MatchKey]) -> tuple[str, ...]:
    """The shortest names of some matches, in their order: the id where no other match among these has it.

    >>> one, same, other = MatchKey("opta", "7"), MatchKey("wyscout", "7"), MatchKey("opta", "8")
    >>> names_of([one, other], among=[one, same, other])
    ('opta:7', '8')
    """
    holders = Counter(match_id for match_id, _ in {(key.match_id, key.provider) for key in among})
    return tuple(key.name if holders[key.match_id] > 1 else key.match_id for key in keys)
