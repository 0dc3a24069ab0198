"""What a shot's raw event says, measured anew: nothing of the package's geometry, physics or code tables is used.

Yards of the feed (120 x 80, towards x = 120) become metres; the goal line is y = 0 of a plane whose x runs along it.
"""

import math
from functools import cached_property

import numpy as np

YARD = 0.9144
LEFT, RIGHT = np.array([-3.6576, 0.0]), np.array([3.6576, 0.0])


def plane(location):
    return np.array([(location[1] - 40) * YARD, (120 - location[0]) * YARD])


class RawShot:
    """One shot event with its freeze frame."""

    def __init__(self, event, seconds_since_own_shot):
        self.event, self.details = event, event["shot"]
        self.at = plane(event["location"])
        self.gap_s = seconds_since_own_shot
        frame = self.details.get("freeze_frame") or []
        self.has_frame = bool(frame)

        def is_keeper(person):
            return person["position"]["name"] == "Goalkeeper"

        self.keepers = [plane(p["location"]) for p in frame if not p["teammate"] and is_keeper(p)]
        self.outfield = [plane(p["location"]) for p in frame if not p["teammate"] and not is_keeper(p)]
        mates = [plane(p["location"]) for p in frame if p["teammate"]]
        self.screens = [*mates, *self.outfield]

    def word(self, key):
        return (self.details.get(key) or {}).get("name")

    @property
    def keeper(self):
        return min(self.keepers, key=lambda at: at[1]) if self.keepers else None

    @property
    def nearest_opponent(self):
        return min((math.dist(self.at, at) for at in self.outfield), default=math.inf)

    def distance_to(self, at):
        return math.dist(self.at, at)

    @property
    def keeper_off_line(self):
        return max(0.0, self.keeper[1])

    def bearing(self, at):
        """Seen from the ball, 0 straight ahead, positive to the right."""
        return math.atan2(at[0] - self.at[0], max(self.at[1], 0.0) - at[1])

    @property
    def keeper_off_middle(self):
        """How far the keeper is from the bisector of the opening angle; below 0 to its left."""
        middle = (self.bearing(LEFT) + self.bearing(RIGHT)) / 2
        return math.dist(self.at, self.keeper) * math.sin(self.bearing(self.keeper) - middle)

    def where(self, at):
        """Where an opponent is in respect of the ball; two words where the feed's rounding may tip it."""
        if at[1] >= self.at[1] + 0.05:
            return {"behind the ball"}
        far = self.distance_from_triangle(at)
        words = set()
        if far < 1.55:
            words.add("in the way")
        if far > 1.45:
            words.add("goal-side")
        return words | ({"behind the ball"} if at[1] > self.at[1] - 0.05 else set())

    @cached_property
    def triangle(self):
        share = np.linspace(0, 1, 201)
        base = LEFT + share[:, None] * (RIGHT - LEFT)
        return self.at + share[:, None, None] * (base - self.at)

    def distance_from_triangle(self, at):
        """How far a place ahead is from the triangle of shooter and posts: sampled, not solved."""
        far = np.hypot(*(self.triangle - at).transpose(2, 0, 1))
        nearest = np.unravel_index(far.argmin(), far.shape)[0]
        return math.inf if nearest == 0 else float(far.min())  # behind the shooter
