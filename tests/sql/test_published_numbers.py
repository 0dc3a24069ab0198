"""Which number is *the* number: one shot through all that may happen to it, as docs/published-numbers.md shows."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, text

from reading_docs import diagram_below, tables_below
from xgoals.domain.model import Decision, ModelSister, ModelVersion, scored_by
from xgoals.store import explanations, features, match_news, matches, published, registry, sisters
from xgoals.store.schema.sql_files import broken_promises

PAGE = "published-numbers.md"
CATALOGUE = ("test", 1)
VALUES = {"A": 18.0, "B": 9.0, "C": 11.0}
"""Feature values by name; a shot of these values lies there, too."""
SAYS = {
    ("A", "old"): 0.30, ("A", "new"): 0.35, ("B", "new"): 0.50, ("C", "old"): 0.42,
    ("A", "heart"): 0.60, ("A", "heart/2"): 0.45, ("A", "fair/1"): 0.40,
}  # fmt: skip
"""The number of each model; *heart* and *fair* have learned from the match, their sisters have not."""
LEARNED = {"heart": None, "fair": 1}
"""Who has learned from the match, and the sister that has not seen it, where there is one."""


class Shot:
    """A shot, and what the pipeline's tasks do to it, one transaction each."""

    def __init__(self, engine: Engine, record: Callable, shot_of: Callable) -> None:
        self.engine, self.record, self.shot_of = engine, record, shot_of

    def read(self, values: str | None) -> None:
        """Its match is read as the feed has it now, and features are built; None: the shot is not in it."""
        shots = () if values is None else (self.shot_of(1, x_m=VALUES[values]),)
        with self.engine.begin() as connection:
            matches.save_match(connection, self.record(shots=shots), feed="test", fingerprint=str(values))
        with self.engine.begin() as connection:
            features.save_catalogue(connection, *CATALOGUE, [{"name": "distance_m", "group": "place"}])
            found, _ = features.read_scenes_without_features(connection, *CATALOGUE)
            built = pd.DataFrame({"distance_m": found["x_m"]})
            features.save_features(connection, *CATALOGUE, found, built)

    def explain(self) -> published.Publication:
        """The champion scores what it has not scored, and publishes what is due."""
        with self.engine.begin() as connection:
            champion = registry.champion_name(connection)
            assert champion
            sisters.set_aside_what_had_seen(connection, champion)
            shots = explanations.unexplained(connection, registry.load_model(connection, champion))
            values = features.read_values(connection, shots["features_key"], 1)[:, 0]
            said_by = [scored_by(champion, sister) for sister in shots["sister"].tolist()]
            xg = np.array([SAYS[name_of(value), by] for value, by in zip(values, said_by, strict=True)])
            explanations.save_explanations(
                connection,
                champion,
                shots,
                shap_values=xg[:, None] - 0.1,
                group_values=xg[:, None] - 0.1,
                base_value=0.1,
                predictions=xg,
                xg=xg,
                run_id="run",
            )
            return published.publish(connection, champion)

    def crown(self, model: str) -> None:
        """Another champion comes, or an old one comes back, and explains all shots."""
        now = datetime.now(UTC)
        with self.engine.begin() as connection:
            before, verdict = registry.champion_name(connection), "rolled_back"
            if not registry.has_model(connection, model):
                verdict = "promoted"
                keys = connection.scalars(text("select shot_key from shot")).all()
                window = pd.DataFrame(
                    {"shot_key": keys, "xg": 0.1, "xg_held_out": np.nan, "is_held_out": False}
                )
                registry.save_model(connection, a_model(model), window)
                if model in LEARNED:
                    sisters.add_matches(connection, model, {self.match: LEARNED[model]})
            decision = Decision(model, before, verdict, "a test says so", {})
            registry.record_decision(connection, decision, run_id=None, decided_at=now)
        self.explain()

    def give_sisters(self, model: str) -> None:
        """Sisters of a model that had none are fitted, and explain the shot where the model is champion."""
        with self.engine.begin() as connection:
            one = ModelSister(model, 2, b"2", "", {})
            sisters.save_sisters(connection, model, [one], {self.match: 2})
        self.explain()

    @property
    def match(self) -> tuple[str, str]:
        """Provider and id."""
        match = self.record(shots=()).match
        return match.provider, match.match_id

    def row(self) -> dict[str, str]:
        """What the database says of it, as the page shows it."""
        with self.engine.connect() as connection:
            shown = connection.execute(text("select * from xgoals_views.champion_shot")).one_or_none()
            current = connection.scalar(text("select feature_values[1] from shot_feature where is_current"))
            numbers = connection.execute(
                text(
                    """select f.feature_values[1] as value, f.is_current, x.xg, x.publication,
                              x.model_version || coalesce('/' || x.sister, '') as scored_by
                       from shot_xg x join shot_feature f using (features_key)
                       order by x.publication nulls last, x.features_key, x.model_version"""
                )
            ).all()
            replaced = connection.execute(text("select * from shot_xg_replaced order by publication")).all()
            n_not_honest = published.read_honesty(connection).n_not_honest
            withdrawn = shown is None
        stay = [number for number in numbers if number.publication]
        state = "unscored" if not stay else "published" if stay[-1].is_current else "outdated"
        if withdrawn:
            state = "withdrawn"
        elif n_not_honest:
            state = "learned"
        listed = [f"{r.model_version} {xg_text(r.xg)} ({r.publication}) replaced" for r in replaced]
        return {
            "state": state,
            "features": "–" if withdrawn else name_of(current),
            "numbers in `shot_xg`": ", ".join([*listed, *map(number_text, in_order(numbers))]) or "–",
            "xg": "–" if withdrawn else by_text(shown.xg, shown.scored_by),
            "champion_xg": "–" if withdrawn else by_text(shown.champion_xg, shown.champion_scored_by),
        }


def name_of(value: float) -> str:
    return next(name for name, known in VALUES.items() if known == value)


def in_order(numbers: list) -> list:
    """As they were published; one that was not stands behind the one for the same values."""

    def place(number) -> tuple:
        same = [n.publication for n in numbers if n.value == number.value and n.publication]
        return (number.publication or max(same), number.publication is None)

    return sorted(numbers, key=place)


def number_text(number) -> str:
    told = f" ({number.publication})" if number.publication else ""
    return f"{name_of(number.value)} {number.scored_by} {xg_text(number.xg)}{told}"


def by_text(xg: float | None, model: str | None) -> str:
    return "–" if xg is None else f"{xg_text(xg)} by {model}"


def xg_text(xg: float) -> str:
    return f"{xg:.2f}".removeprefix("0")


def a_model(name: str) -> ModelVersion:
    booster, day = name.encode(), date(2024, 8, 1)
    return ModelVersion(
        name, *CATALOGUE, ["distance_m"], {}, 1, day, day, 1, 1, 0, "hash", {}, False, booster,
        hashlib.sha256(booster).hexdigest(), {}, {}, "run", datetime.now(UTC),
    )  # fmt: skip


WALK: list[tuple[str, Callable[[Shot], None]]] = [
    ("the shot is read", lambda shot: shot.read("A")),
    ("old, the first champion, explains it", lambda shot: shot.crown("old")),
    ("the match comes again and says the same", lambda shot: (shot.read("A"), shot.explain())),
    ("a new champion explains all shots", lambda shot: shot.crown("new")),
    ("the shot is corrected", lambda shot: shot.read("B")),
    ("the champion explains it", Shot.explain),
    ("the correction is taken back", lambda shot: shot.read("A")),
    ("the champion explains it", Shot.explain),
    ("rolled back to old, which explains all shots", lambda shot: shot.crown("old")),
    ("the shot is corrected once more", lambda shot: shot.read("C")),
    ("that is taken back before anybody explains it", lambda shot: (shot.read("A"), shot.explain())),
    ("the shot is corrected as before", lambda shot: shot.read("C")),
    ("the champion explains it", Shot.explain),
    ("the correction is taken back", lambda shot: shot.read("A")),
    ("the champion explains it", Shot.explain),
    ("the shot is withdrawn", lambda shot: shot.read(None)),
    ("the feed has it again, as it was", lambda shot: shot.read("A")),
]


HONEST_WALK: list[tuple[str, Callable[[Shot], None]]] = [
    ("the shot is read", lambda shot: shot.read("A")),
    (
        "heart, which has learned from its match and has no sisters, explains it",
        lambda shot: shot.crown("heart"),
    ),
    ("fair, which has sisters, explains it", lambda shot: shot.crown("fair")),
    ("fair explains once more", Shot.explain),
    (
        "rolled back to heart, which gets sisters",
        lambda shot: (shot.crown("heart"), shot.give_sisters("heart")),
    ),
]
SISTERS_WALK: list[tuple[str, Callable[[Shot], None]]] = [
    ("the shot is read", lambda shot: shot.read("A")),
    ("heart explains it", lambda shot: shot.crown("heart")),
    ("heart gets sisters, who explain it", lambda shot: shot.give_sisters("heart")),
    ("they explain once more", Shot.explain),
]
WALKS = {
    "One shot, walked through": [WALK],
    "A number that had learned from its match": [HONEST_WALK, SISTERS_WALK],
}


@pytest.fixture
def shot(engine: Engine, record, shot_of) -> Shot:
    return Shot(engine, record, shot_of)


@pytest.mark.parametrize(
    ("heading", "number"), [(heading, n) for heading, walks in WALKS.items() for n in range(len(walks))]
)
def test_one_shot_walks_through_the_table_of_the_page(shot: Shot, heading: str, number: int) -> None:
    found = []
    for what, happens in WALKS[heading][number]:
        happens(shot)
        found.append({"what happens": what} | shot.row())
    table = tables_below(PAGE, heading)[number]
    as_page = "\n".join(f"| {' | '.join(row.values())} |" for row in found)
    assert [list(row.values()) for row in found] == [list(row.values()) for row in table], as_page
    with shot.engine.connect() as connection:
        assert broken_promises(connection) == {}


def test_the_tables_walk_along_every_arrow_of_the_diagram() -> None:
    diagram = diagram_below(PAGE, "When a number is published")
    drawn = re.findall(r"^\s+(\S+) --> ([^\s:]+)", diagram, re.MULTILINE)
    walked = set()
    for table in (table for heading in WALKS for table in tables_below(PAGE, heading)):
        states = ["[*]", *(row["state"] for row in table)]
        walked |= {("stored" if after == "[*]" else before, after) for before, after in pairwise(states)}
    assert walked | {("[*]", "stored")} == set(drawn)


def test_a_number_that_was_not_honest_is_corrected_without_a_word(shot: Shot) -> None:
    shot.read("A")
    shot.crown("heart")
    with shot.engine.begin() as connection:
        match_news.settle_pages(connection, [shot.match], "written")
        match_news.settle_mails(connection, [shot.match])
    shot.crown("fair")
    with shot.engine.begin() as connection:
        assert published.read_honesty(connection) == published.Honesty(1, 0, 1)
        assert match_news.pages_owed(connection, "due") == {shot.match}
        assert match_news.read_news(connection).news == ()
        told = connection.scalar(text("select told -> shot_id ->> 1 from match_news, shot"))
        assert float(told) == SAYS["A", "fair/1"], "what was told counts as told anew"
        connection.execute(text("update match_news set mail_due = true"))
        assert match_news.read_news(connection).news == (), "and no later mail brings it up"


def test_a_correction_of_the_feed_is_told_though_the_number_before_it_was_not_honest(shot: Shot) -> None:
    shot.read("A")
    shot.crown("heart")
    with shot.engine.begin() as connection:
        match_news.settle_mails(connection, [shot.match])
    SAYS["B", "fair/1"] = 0.55
    shot.read("B")
    shot.crown("fair")
    with shot.engine.begin() as connection:
        (news,) = match_news.read_news(connection).news
    ((before, after),) = news.changes
    assert (before.xg, after.xg) == (SAYS["A", "heart"], SAYS["B", "fair/1"])
