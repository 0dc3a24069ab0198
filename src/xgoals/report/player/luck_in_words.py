"""Goals against xG in words: whether it was luck, and how unusual that is among all players."""

from xgoals.analysis.player.goals import Among, GoalsAgainstXg
from xgoals.language import Language


def goals_text(n: int, words: Language) -> str:
    """One goal, 12 goals."""
    return words.plural("one goal", "%(n)s goals", n)


def capital(text: str) -> str:
    """The text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def luck_answer(found: GoalsAgainstXg, among: Among | None, min_shots: int, words: Language) -> str:
    """Whether it was luck, of a shooter's goals without penalties."""
    values = _values(found, words)
    if among is None:
        return words.text(
            "Too few shots to say: %(goals)s from chances worth %(xg)s xG, where chance alone gives %(fewest)s to "
            "%(most)s. It is judged from %(min)s shots on, penalties apart.",
            **values,
            min=words.count(min_shots),
        )
    if not found.is_rare:
        return words.text(
            "There is no sign of it, of good luck or bad: %(goals)s from chances worth %(xg)s xG, and chance alone "
            "gives %(fewest)s to %(most)s in 95 of 100 cases.",
            **values,
        )
    if not among.is_beyond_chance:
        if found.over > 0:
            return words.text(
                "Perhaps, good luck or good finishing: %(goals)s from chances worth %(xg)s xG. Chance alone ends so "
                "far off, on either side, in %(share)s of cases.",
                **values,
            )
        return words.text(
            "Perhaps, bad luck or poor finishing: %(goals)s from chances worth %(xg)s xG. Chance alone ends so "
            "far off, on either side, in %(share)s of cases.",
            **values,
        )
    if found.over > 0:
        return words.text(
            "Hardly luck alone: %(goals)s from chances worth %(xg)s xG. Chance ends so far off in %(share)s of cases; "
            "the model does not know who shoots, and better finishing than that of others looks like this.",
            **values,
        )
    return words.text(
        "Hardly luck alone: %(goals)s from chances worth %(xg)s xG. Chance ends so far off in %(share)s of cases; "
        "the model does not know who shoots, and poorer finishing than that of others looks like this.",
        **values,
    )


def beaten_answer(found: GoalsAgainstXg, among: Among | None, min_shots: int, words: Language) -> str:
    """Whether a keeper lets in fewer goals than the chances were worth, penalties apart."""
    values = _values(found, words)
    if among is None:
        return words.text(
            "Too few shots to say: %(goals)s let in from chances worth %(xg)s xG, where chance alone gives %(fewest)s "
            "to %(most)s. It is judged from %(min)s shots on, penalties apart.",
            **values,
            min=words.count(min_shots),
        )
    if not found.is_rare:
        return words.text(
            "Not beyond chance, neither fewer nor more: %(goals)s let in from chances worth %(xg)s xG, and chance "
            "alone gives %(fewest)s to %(most)s in 95 of 100 cases.",
            **values,
        )
    if not among.is_beyond_chance:
        if found.over > 0:
            return words.text(
                "Perhaps more: %(goals)s let in from chances worth %(xg)s xG. Chance alone ends so far off, on either "
                "side, in %(share)s of cases.",
                **values,
            )
        return words.text(
            "Perhaps fewer: %(goals)s let in from chances worth %(xg)s xG. Chance alone ends so far off, on "
            "either side, in %(share)s of cases.",
            **values,
        )
    if found.over > 0:
        return words.text(
            "More, and hardly by chance alone: %(goals)s let in from chances worth %(xg)s xG; chance ends so far off "
            "in %(share)s of cases.",
            **values,
        )
    return words.text(
        "Fewer, and hardly by chance alone: %(goals)s let in from chances worth %(xg)s xG; chance ends so far off "
        "in %(share)s of cases.",
        **values,
    )


def _values(found: GoalsAgainstXg, words: Language) -> dict[str, str]:
    return {
        "goals": goals_text(found.goals, words),
        "xg": words.number(found.xg, 1),
        "fewest": words.count(found.fewest),
        "most": words.count(found.most),
        "share": words.share(found.chance, 0 if found.chance >= 0.1 else 1 if found.chance >= 0.001 else 2),
    }


def among_text(found: GoalsAgainstXg, among: Among | None, min_shots: int, words: Language) -> str:
    """How unusual that is among all who are looked at; empty where nothing is said."""
    if among is None:
        return ""
    values = {"n": words.count(among.n_players), "min": words.count(min_shots)}
    if among.n_players == 1:
        return words.text("Nobody else has %(min)s such shots or more.", min=values["min"])
    if not found.is_rare and 2 * (among.n_as_rare - 1) > among.n_players:
        return words.text(
            "Most of the %(n)s players with %(min)s such shots or more are further off.", **values
        )
    told = words.text(
        "Of %(n)s players with %(min)s such shots or more, %(rare)s are as far off as this or further; by chance alone "
        "up to %(by_chance)s would be.",
        **values,
        rare=words.count(among.n_as_rare),
        by_chance=words.number(among.by_chance, 0 if among.by_chance >= 10 else 1),
    )
    if not found.is_rare:
        return told
    many = words.text(
        "Whoever looks at so many finds some: only who stands out among all of them (at a false discovery rate of 5 %) "
        "is called more than luck."
    )
    return f"{told} {many}"


def bars_alt(found: GoalsAgainstXg, words: Language) -> str:
    """The picture of what chance gives, in words."""
    return words.text(
        "How many goals such chances give by chance: %(fewest)s to %(most)s in 95 of 100 cases. It was %(goals)s.",
        **{key: value for key, value in _values(found, words).items() if key in ("fewest", "most", "goals")},
    )
