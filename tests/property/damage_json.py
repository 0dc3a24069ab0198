"""Damage to what a JSON file says: every value of any type, at any place."""

import json
import re
from collections.abc import Callable
from typing import Any

from damage import Damage, Rng, of_bytes, pick

from small_feeds import Files

ODD_TEXTS = [
    "",
    " ",
    "\0",
    "A\0B",
    "\x1b[31m",
    "\u202eabc",
    "\ufeff",
    "é",
    "x" * 30_000,
    "=1+1",
    "<b>",
    "../../etc",
    "a/b",
]
ODD_NUMBERS = [0, -1, 1e300, 10**12, 10**30, 32_768, 2**63, 0.5, 400.0, -400.0, 99_999, 5, 6]
ODD_VALUES: list[Any] = [
    None,
    [],
    {},
    [None],
    ["A", "B"],
    {"name": "A"},
    True,
    False,
    "1",
    "half past",
    "2,5",
    *ODD_TEXTS,
    *ODD_NUMBERS,
]


def of_json(change: Callable[[Rng, Any], Any]) -> Damage:
    """Damage to what a JSON file says; a file that is none any more stays as it is."""

    def damage(rng: Rng, files: Files) -> None:
        name = pick(rng, files, "events", "matches", "lineups")
        try:
            content = change(rng, json.loads(files[name]))
            files[name] = json.dumps(content, ensure_ascii=rng.random() < 0.5).encode(
                "utf-8", "surrogatepass"
            )
        except (ValueError, RecursionError):
            return

    return damage


def holders(content: Any) -> list[tuple[Any, Any]]:
    """Every (dict or list, key or index) of a document."""
    found, waiting = [], [content]
    while waiting:
        holder = waiting.pop()
        for key in list(holder) if isinstance(holder, dict) else range(len(holder)):
            found.append((holder, key))
            if isinstance(holder[key], dict | list):
                waiting.append(holder[key])
    return found


def at_some(change: Callable[[Rng, Any, Any], None], *keys: str) -> Callable[[Rng, Any], Any]:
    """Damage at one to three places, among those with one of the keys if there are any."""

    def damage(rng: Rng, content: Any) -> Any:
        places = holders(content)
        named = [(holder, key) for holder, key in places if key in keys]
        for holder, key in rng.sample(named or places, min(rng.choice([1, 1, 3]), len(named or places))):
            if (key in holder) if isinstance(holder, dict) else key < len(holder):
                change(rng, holder, key)
        return content

    return damage


def put(*values: Any) -> Callable[[Rng, Any, Any], None]:
    def change(rng: Rng, holder: Any, key: Any) -> None:
        holder[key] = rng.choice(values)

    return change


def drop(rng: Rng, holder: Any, key: Any) -> None:
    del holder[key]


def double(rng: Rng, holder: Any, key: Any) -> None:
    if isinstance(holder, list):
        holder.insert(key, holder[key])
    else:
        holder[f"{key}_2"] = holder[key]


def nest(rng: Rng, holder: Any, key: Any) -> None:
    for _ in range(rng.choice([1, 200, 2000])):
        holder[key] = [holder[key]]


def turn_around(rng: Rng, holder: Any, key: Any) -> None:
    if (
        isinstance(holder[key], list)
        and len(holder[key]) == 2
        and all(isinstance(v, int | float) for v in holder[key])
    ):
        holder[key] = [120 - holder[key][0], 80 - holder[key][1]]


def shuffle(rng: Rng, holder: Any, key: Any) -> None:
    if isinstance(holder[key], list):
        rng.shuffle(holder[key])


def crowd(rng: Rng, holder: Any, key: Any) -> None:
    if isinstance(holder[key], list):
        holder[key] = holder[key] * 3


def as_text(rng: Rng, holder: Any, key: Any) -> None:
    holder[key] = str(holder[key])


def one_object_a_line(rng: Rng, files: Files) -> None:
    name = pick(rng, files, "events", "matches")
    try:
        content = json.loads(files[name])
    except ValueError:
        return
    files[name] = "\n".join(map(json.dumps, content if isinstance(content, list) else [content])).encode()


NAMES = ("name", "home_team_name", "competition_name", "season_name", "player_name", "player_nickname")
IDS = (
    "id",
    "match_id",
    "home_team_id",
    "away_team_id",
    "competition_id",
    "season_id",
    "player_id",
    "team_id",
)
WHOLE = ("period", "minute", "second", "match_week", "home_score", "away_score", "index")

JSON: dict[str, Damage] = {
    "a key lost": of_json(at_some(drop)),
    "null": of_json(at_some(put(None))),
    "any value": of_json(at_some(put(*ODD_VALUES))),
    "a list for a name": of_json(at_some(put(["A", "B"], {"a": 1}, 7), *NAMES)),
    "an odd name": of_json(at_some(put(*ODD_TEXTS), *NAMES)),
    "half a surrogate pair": of_json(at_some(put("\ud83d", "A\udfffB"), *NAMES)),
    "an odd id": of_json(
        at_some(put(None, "", "../x", "a/b", "..", 1.5, 7.0, True, 10**30, [], -1, "x" * 300), *IDS)
    ),
    "one id for all": of_json(at_some(put(7), *IDS)),
    "NaN": of_json(at_some(put(float("nan"), float("inf"), -float("inf")))),
    "a big number": of_json(at_some(put(*ODD_NUMBERS), *WHOLE)),
    "a text for a number": of_json(at_some(as_text, *WHOLE, "location")),
    "an odd period": of_json(at_some(put("1", None, 0, 5, 6, 1.0, "x", []), "period")),
    "an odd time": of_json(
        at_some(put("00:01:nan", "99:99:99.9", "1", None, [], "00:00:-1", "::"), "timestamp")
    ),
    "an odd date": of_json(
        at_some(put("0001-01-01", "9999-12-31", "2024-13-01", "2024-01-01 12:00", None, 7), "match_date")
    ),
    "an odd status": of_json(
        at_some(put("abandoned", "awarded", "deleted", "scheduled", "new", None, 7), "match_status")
    ),
    "a far place": of_json(
        at_some(put([400, 40], [-50.0, 40], [60, 95], [1e300, 0], [1], [], "middle", [None, 2]), "location")
    ),
    "a place at the other end": of_json(at_some(turn_around, "location")),
    "a crowd": of_json(at_some(crowd, "freeze_frame")),
    "an odd frame": of_json(at_some(put([], {}, "none", [1, 2], [[]], None), "freeze_frame")),
    "odd words": of_json(
        at_some(put({"name": "Tail"}, {"name": ["a"]}, "Goal", None, 3, {}), "outcome", "body_part", "type")
    ),
    "items twice": of_json(at_some(double)),
    "items in any order": of_json(at_some(shuffle)),
    "nested": of_json(at_some(nest)),
    "one object a line": one_object_a_line,
    "a trailing comma": of_bytes(lambda rng, data: data.rstrip().removesuffix(b"]") + b",]"),
    "1e400": of_bytes(lambda rng, data: re.sub(rb": \d+", b": 1e400", data, count=1)),
    "many digits": of_bytes(
        lambda rng, data: re.sub(rb": \d+", b": " + b"9" * rng.choice([30, 5000]), data, count=2)
    ),
}
