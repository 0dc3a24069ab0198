"""The page of a player: own shots, the shots that the player made, kept goal at, or stood in the way of."""

from collections.abc import Iterable, Mapping, Sequence

from xgoals.analysis.player.everybody import Everybody
from xgoals.analysis.player.numbers import PlayerNumbers
from xgoals.analysis.profiles.shown import GroupOnPage
from xgoals.domain.page_keys import PlayerKey
from xgoals.domain.provider_level import ProviderLevel
from xgoals.language import Language
from xgoals.language import language as speaker
from xgoals.report.page.profiles import profile_section
from xgoals.report.page.render import render
from xgoals.report.player.facts import Addresses, Figure, PlayerFacts
from xgoals.report.player.keeper import keeper_facts
from xgoals.report.player.missing import missing
from xgoals.report.player.opponent import opponent_facts
from xgoals.report.player.sentences import called, lead, title_of
from xgoals.report.player.shooter import maker_facts, shooter_facts
from xgoals.report.player.shown import Link
from xgoals.report.words.level_badge import level_notes
from xgoals.report.words.providers import credit_of

_KICK_CLUBS = 3
"""So many clubs, the latest, stand above the name."""


def player_report(
    numbers: PlayerNumbers,
    everybody: Everybody,
    addresses: Addresses,
    *,
    namesakes: Sequence[PlayerKey] = (),
    is_simulated: bool = False,
    levels: Mapping[str, ProviderLevel] | None = None,
    profiles: GroupOnPage | None = None,
    language: str = "en",
) -> str:
    """Write the page of one player.

    Parameters
    ----------
    numbers
        Of the player (:func:`xgoals.analysis.player.numbers.player_numbers`), from whatever sides there are.
    everybody
        Whom the player is compared with.
    addresses
        Where links lead.
    namesakes
        Others of the same name.
    is_simulated
        Whether the matches are invented.
    levels
        By provider: the levels that numbers of this page are not at.
    profiles
        What the player's own chances depend on, where there are shots enough.
    language
        ``"en"`` or ``"de"``.

    Returns
    -------
    str
        One self-contained HTML page.

    Raises
    ------
    ValueError
        If the language is unknown.
    """
    words = speaker(language)
    facts = _facts(numbers, everybody, addresses, namesakes, words)
    context = {
        "level_notes": level_notes(levels or {}, words),
        "player": facts,
        "along": None if profiles is None else profile_section(profiles, words),
        "sources": [credit_of(numbers.key.provider)],
        "simulated": is_simulated,
        "styles": ["player/style.css", "page/profile.css"],
        "scripts": ["player/filters.js"],
    }
    return render("player/page.html", words, context)


def _facts(
    numbers: PlayerNumbers,
    everybody: Everybody,
    addresses: Addresses,
    namesakes: Sequence[PlayerKey],
    words: Language,
) -> PlayerFacts:
    shooter, keeper, opponent = numbers.shooter, numbers.keeper, numbers.opponent
    name = title_of(numbers.key.player_id, numbers.name, words)
    who = called(numbers.key.player_id, numbers.name, words)
    n_shots = 0 if shooter is None else len(shooter.shots)
    return PlayerFacts(
        name=name,
        kick=" · ".join(clubs_of(numbers)[:_KICK_CLUBS]),
        lead=lead(numbers, words),
        namesakes=tuple(_namesake(key, everybody, addresses, words) for key in namesakes),
        figures=_figures(numbers, words),
        shooter=None if shooter is None else shooter_facts(shooter, who, everybody, addresses, words),
        maker=maker_facts(numbers, addresses, words),
        keeper=None if keeper is None else keeper_facts(keeper, who, everybody, addresses, words),
        opponent=None if opponent is None else opponent_facts(opponent, who, addresses, words),
        keeper_first=keeper is not None and len(keeper.shots) >= n_shots,
        missing=missing(numbers, words),
    )


def clubs_of(numbers: PlayerNumbers) -> list[str]:
    """The names of the clubs that a player is known from, the latest first."""
    dated = [
        (line.last, line.club) for side in (numbers.shooter, numbers.keeper) if side for line in side.seasons
    ]
    clubs = [club for _, club in sorted(dated, reverse=True)]
    clubs += [line.club for line in reversed(numbers.opponent.seen)] if numbers.opponent else []
    return list(dict.fromkeys(club.name for club in clubs))


def _namesake(key: PlayerKey, everybody: Everybody, addresses: Addresses, words: Language) -> Link:
    """Another player of the same name, told apart by clubs, and by id where no club is known."""
    shots = [*everybody.shot_by.get(key, ()), *everybody.made_by.get(key, ())]
    clubs = [shot.club.name for shot in reversed(shots)]
    clubs += [shot.opponent.name for shot in reversed(everybody.faced_by.get(key, ()))]
    clubs += [line.club.name for line in everybody.seen.get(key, ())]
    of = ", ".join(list(dict.fromkeys(clubs))[:_KICK_CLUBS])
    text = words.text("%(clubs)s, id %(id)s", clubs=of, id=key.player_id) if of else key.player_id
    return Link(text, addresses.players.get(key))


def _figures(numbers: PlayerNumbers, words: Language) -> tuple[Figure, ...]:
    """The headline: of the keeper's side where there is one, else of the shooter's."""
    if numbers.keeper is not None:
        everything, plain = numbers.keeper.everything, numbers.keeper.plain
        labels = (words.text("Shots faced"), words.text("Goals let in"), words.text("xG faced"))
        mean = words.text("xG a shot faced")
    elif numbers.shooter is not None:
        everything, plain = numbers.shooter.everything, numbers.shooter.plain
        labels = (words.text("Shots"), words.text("Goals"), words.text("xG"))
        mean = words.text("xG a shot")
    else:
        return ()
    n, goals, xg = labels
    apart = words.text("without penalties")
    found: Iterable[tuple[str, str]] = (
        (n, words.count(everything.n_shots)),
        (goals, words.count(everything.goals)),
        (xg, words.number(everything.xg)),
        (f"{goals}, {apart}", words.count(plain.goals)),
        (f"{xg}, {apart}", words.number(plain.xg)),
        (f"{mean}, {apart}", words.number(plain.xg / plain.n_shots if plain.n_shots else None, 3)),
    )
    return tuple(Figure(label, value) for label, value in found)
