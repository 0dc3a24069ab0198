"""Which way a feature moves a chance, all else being equal, where physics is sure of it."""

from collections.abc import Iterable, Mapping

SURE_SIGNS: Mapping[str, int] = {
    "AngleToGoal": 1,
    "DistanceToGoal": -1,
    "DistanceToGoalClosest": -1,
    "GoalkeeperInterception": -1,
    "GoalkeeperCoverage": -1,
    "UnblockedShare": 1,
    "AmountOfDefenders": -1,
    "OpponentsGoalSide": -1,
    "PressureSum": -1,
    "PressureMax": -1,
    "PressureNearest": -1,
}
"""What a search may hold a model to."""
SIGNS_OF_PEOPLE: Mapping[str, int] = {
    name: SURE_SIGNS[name]
    for name in ("GoalkeeperInterception", "AmountOfDefenders", "UnblockedShare", "OpponentsGoalSide")
}
"""What every model is held to: nobody in the way makes a chance better. Without it small samples teach the opposite
here and there, and the reasons drawn from such a model change with every refit. Pressure is free: who shoots with an
opponent at his heels is often through on goal, and held to its sign it costs log loss (.0001 on the real shots)."""


def monotone_constraints(names: Iterable[str], signs: Mapping[str, int] = SIGNS_OF_PEOPLE) -> str:
    """XGBoost's ``monotone_constraints`` for features in this order."""
    return f"({','.join(str(signs.get(name, 0)) for name in names)})"
