"""Exact Shapley values where every coalition's worth is known: few players, many games at once."""

from math import factorial

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

MAX_PLAYERS = 12
"""With more players a table of all coalitions is no longer small."""


def shapley_values(worth: FloatArray) -> FloatArray:
    """The Shapley values of n games of m players.

    Parameters
    ----------
    worth
        What each coalition is worth, shape (n, 2^m); player i takes part in coalition c where bit i of c is set.

    Returns
    -------
    ndarray (n, m)
        Each row adds up to what all together are worth beyond nobody.

    Raises
    ------
    ValueError
        If the width is no power of two, or there are too many players.

    Notes
    -----
    Shapley, A value for n-person games, 1953: the mean of what a player adds, over all orders of arrival.
    """
    n_games, n_coalitions = worth.shape
    n_players = n_coalitions.bit_length() - 1
    if n_coalitions != 1 << n_players or n_players > MAX_PLAYERS:
        raise ValueError(f"{n_coalitions} coalitions: a power of two up to 2^{MAX_PLAYERS} is needed")
    coalitions = np.arange(n_coalitions)
    size = np.bitwise_count(coalitions)
    weight = np.array(
        [factorial(s) * factorial(n_players - s - 1) / factorial(n_players) for s in range(n_players)]
    )
    values = np.empty((n_games, n_players))
    for player in range(n_players):
        without = coalitions[coalitions >> player & 1 == 0]
        gain = worth[:, without | 1 << player] - worth[:, without]
        values[:, player] = gain @ weight[size[without]]
    return values
