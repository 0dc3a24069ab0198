"""What a shot's raw event says, measured anew: nothing of the package's geometry, physics or code tables is used.

Yards of the feed (120 x 80, towards x = 120) become metres; the goal line is y = 0 of a plane whose x runs along it.
"""

import math
from functools import cached_property
from itertools import pairwise

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
    def distance(self):
        return math.dist(self.at, (0, 0))

    @property
    def distance_to_nearest_point(self):
        return math.dist(self.at, (np.clip(self.at[0], LEFT[0], RIGHT[0]), 0))

    @property
    def angle(self):
        a, b = math.dist(self.at, LEFT), math.dist(self.at, RIGHT)
        return math.degrees(math.acos((a * a + b * b - 7.3152**2) / (2 * a * b)))  # the law of cosines

    @property
    def keeper(self):
        return min(self.keepers, key=lambda at: at[1]) if self.keepers else None

    @property
    def keeper_out(self):
        return math.dist(self.keeper, (0, 0))

    @property
    def keeper_out_nearest(self):
        return math.dist(self.keeper, (np.clip(self.keeper[0], LEFT[0], RIGHT[0]), 0))

    @property
    def nearest_opponent(self):
        return min((math.dist(self.at, at) for at in self.outfield), default=math.inf)

    @property
    def goal_side(self):
        return sum(at[1] < self.at[1] for at in self.outfield)

    @property
    def pressures(self):
        """Andrienko et al. 2017, an oval of 9 m ahead and 3 m behind."""
        found = []
        for at in self.outfield:
            d = math.dist(self.at, at)
            to_goal, to_him = -self.at, at - self.at
            cos = float(to_goal @ to_him) / ((math.hypot(*to_goal) * d) or 1.0)
            z = (1 + cos) / 2
            reach = 3 + 6 * (z**3 + 0.3 * z) / 1.3
            found.append(max(0.0, 1 - d / reach) ** 1.75)
        return found

    @cached_property
    def distances_from_triangle(self):
        """How far each outfield opponent ahead stands from the triangle of shooter and posts: sampled, not solved."""
        share = np.linspace(0, 1, 201)
        base = LEFT + share[:, None] * (RIGHT - LEFT)
        triangle = self.at + share[:, None, None] * (base - self.at)
        found = []
        for at in self.outfield:
            far = np.hypot(*(triangle - at).transpose(2, 0, 1))
            nearest = np.unravel_index(far.argmin(), far.shape)[0]
            found.append(math.inf if nearest == 0 else float(far.min()))  # behind the shooter
        return found

    def hidden_share(self, half_reach=1.6):
        """Share of 20,001 evenly turned sights to the goal that cross a bar at the keeper's place."""
        left, right = (math.atan2(post[0] - self.at[0], self.at[1]) for post in (LEFT, RIGHT))
        sights = np.linspace(left, right, 20_001)
        to_keeper = self.keeper - self.at
        bearing = math.atan2(to_keeper[0], -to_keeper[1])
        half = math.atan2(half_reach, math.hypot(*to_keeper))
        return float((np.abs((sights - bearing + math.pi) % (2 * math.pi) - math.pi) <= half).mean())

    def _shares(self, chance_of_line):
        """Mean over the 25 lines to the goal, each weighed by the angle that it stands for."""
        posts = np.linspace(LEFT[0], RIGHT[0], 26)
        bearings = np.arctan2(posts - self.at[0], max(self.at[1], 1e-3))
        chances = [chance_of_line((a + b) / 2) for a, b in pairwise(posts)]
        return float(np.average(chances, weights=np.diff(bearings)))

    def _margin(self, person, target_x, reaction, speed, reach, ball):
        """Step by step along the ball's way: by how much the person's reach exceeds his way to the ball."""
        way = np.array([target_x, 0.0]) - np.array([self.at[0], max(self.at[1], 1e-3)])
        length = math.hypot(*way)
        s = np.linspace(0, length, 400)
        ball_at = np.array([self.at[0], max(self.at[1], 1e-3)]) + s[:, None] / length * way
        to_go = np.hypot(*(ball_at - person).T)
        return float((reach + speed * np.maximum(0, s / ball - reaction) - to_go).max())

    def keeper_share(self, physics):
        ball = physics.head_ball_ms if self.word("body_part") == "Head" else physics.foot_ball_ms
        sight = self.keeper - self.at
        d = max(math.hypot(*sight), 1e-3)
        screens = 0.0
        for at in self.screens:
            along = float((at - self.at) @ sight) / d
            off = ((at - self.at)[0] * sight[1] - (at - self.at)[1] * sight[0]) / d
            if 0.3 < along < d - 0.3:
                screens += math.exp(-((off / physics.screen_half_width_m) ** 2) / 2)
        late = physics.keeper_reaction_s + physics.screen_delay_s * min(screens, 4.0)

        def gets_there(x):
            margin = self._margin(self.keeper, x, late, physics.keeper_speed_ms, physics.keeper_reach_m, ball)
            return 1 / (1 + math.exp(-margin / physics.keeper_softness_m))

        return self._shares(gets_there)

    def unblocked_share(self, physics):
        ball = physics.head_ball_ms if self.word("body_part") == "Head" else physics.foot_ball_ms

        def passes(x):
            free = 1.0
            for at in self.outfield:
                margin = self._margin(
                    at, x, physics.blocker_reaction_s, physics.blocker_speed_ms, physics.blocker_reach_m, ball
                )
                free *= 1 / (1 + math.exp(min(margin / physics.blocker_softness_m, 700)))
            return free

        return self._shares(passes)
