"""Exact Shapley values where every coalition's worth is known: few players, many games at once."""

from math import comb, factorial

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
    return shapley_values_with_alike(worth[:, :, None])[0]


def shapley_values_with_alike(worth: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The same where some further players are all alike: what they do depends on how many of them take part.

    Parameters
    ----------
    worth
        Shape (n, 2^m, s + 1): what a coalition of the m is worth together with 0, 1, ... s of those who are alike.

    Returns
    -------
    values, alike
        Of each of the m, (n, m), and of each one of the s, (n,): exactly what :func:`shapley_values` finds for m + s
        players one by one. A row with s times the other adds up to what all are worth beyond nobody.
    """
    n_games, n_coalitions, n_counts = worth.shape
    n_players, n_alike = n_coalitions.bit_length() - 1, n_counts - 1
    if n_coalitions != 1 << n_players or n_players > MAX_PLAYERS:
        raise ValueError(f"{n_coalitions} coalitions: a power of two up to 2^{MAX_PLAYERS} is needed")
    coalitions, counts = np.arange(n_coalitions), np.arange(n_counts)
    size = np.bitwise_count(coalitions)[:, None] + counts
    everybody = n_players + n_alike
    of_size = np.array(
        [factorial(s) * factorial(everybody - s - 1) / factorial(everybody) for s in range(everybody)] + [0.0]
    )
    ways = np.array([comb(n_alike, int(count)) for count in counts], dtype=np.float64)
    values = np.empty((n_games, n_players))
    for player in range(n_players):
        without = coalitions[coalitions >> player & 1 == 0]
        gain = worth[:, without | 1 << player] - worth[:, without]
        values[:, player] = (gain * (of_size[size[without]] * ways)).sum(axis=(1, 2))
    ways_without_one = np.array([comb(n_alike - 1, int(count)) for count in counts[:-1]], dtype=np.float64)
    gain = worth[:, :, 1:] - worth[:, :, :-1]
    alike = (gain * (of_size[size[:, :-1]] * ways_without_one)).sum(axis=(1, 2))
    return values, alike
