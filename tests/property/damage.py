"""Kinds of damage to feed files: what editors, networks, data frames, providers and attackers do to them."""

import gzip
import json
import random
import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from small_feeds import Files

Rng = random.Random
Damage = Callable[[Rng, Files], None]

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


def pick(rng: Rng, files: Files, *parts: str) -> str:
    """A file, among those whose name has one of the parts if there are any."""
    chosen = [name for part in parts for name in files if part in name]
    return rng.choice(sorted(chosen or files))


def of_bytes(change: Callable[[Rng, bytes], bytes]) -> Damage:
    """Damage to the bytes of one file."""

    def damage(rng: Rng, files: Files) -> None:
        name = pick(rng, files)
        files[name] = change(rng, files[name])

    return damage


def spot(rng: Rng, data: bytes) -> int:
    return rng.randrange(len(data) + 1)


def without_a_slice(rng: Rng, data: bytes) -> bytes:
    at = spot(rng, data)
    return data[:at] + data[at + rng.choice([1, 10, 1000]) :]


def with_flipped_bytes(rng: Rng, data: bytes) -> bytes:
    content = bytearray(data)
    for _ in range(rng.choice([1, 5, 50])):
        if content:
            content[rng.randrange(len(content))] = rng.randrange(256)
    return bytes(content)


def inserted(what: bytes) -> Callable[[Rng, bytes], bytes]:
    return lambda rng, data: data[: (at := spot(rng, data))] + what + data[at:]


def with_latin_1(rng: Rng, data: bytes) -> bytes:
    return data.replace(b"name", "nämé".encode("latin-1"), 1).replace(b"F1", "Fü".encode("latin-1"))


BYTES: dict[str, Callable[[Rng, bytes], bytes]] = {
    "cut off at the end": lambda rng, data: data[: spot(rng, data)],
    "cut off at the start": lambda rng, data: data[spot(rng, data) :],
    "empty": lambda rng, data: b"",
    "only spaces": lambda rng, data: b" \n" * 10,
    "a slice lost": without_a_slice,
    "bytes flipped": with_flipped_bytes,
    "NUL inserted": inserted(b"\0"),
    "controls inserted": inserted(b"\x01\x08\x0b\x1f\x7f"),
    "not UTF-8 inserted": inserted(b"\xff\xfe\xc3"),
    "byte order mark": lambda rng, data: b"\xef\xbb\xbf" + data,
    "byte order mark inside": inserted(b"\xef\xbb\xbf"),
    "UTF-16": lambda rng, data: data.decode("utf-8", "replace").encode("utf-16"),
    "Latin-1": with_latin_1,
    "Windows lines": lambda rng, data: data.replace(b"\n", b"\r\n").replace(b", ", b",\r\n "),
    "twice": lambda rng, data: data + data,
    "a web page": lambda rng, data: b"<!DOCTYPE html><html><body>Too many requests</body></html>",
    "an answer of an API": lambda rng, data: b'{"message": "rate limit"}',
    "gzipped under its name": lambda rng, data: gzip.compress(data),
    "half a gzip stream": lambda rng, data: gzip.compress(data)[: len(data) // 8],
    "other bytes": lambda rng, data: rng.randbytes(1000),
}


def exchange_two_files(rng: Rng, files: Files) -> None:
    one, other = pick(rng, files), pick(rng, files)
    files[one], files[other] = files[other], files[one]


def lose_a_file(rng: Rng, files: Files) -> None:
    del files[pick(rng, files)]


def copy_a_file_beside(rng: Rng, files: Files) -> None:
    name = PurePath(pick(rng, files))
    files[str(name.with_name(f"copy_{name.name}"))] = with_flipped_bytes(rng, files[str(name)])


def replace_a_file(by: bytes) -> Damage:
    """The test makes a folder, a pipe or a link of a file with this content."""

    def damage(rng: Rng, files: Files) -> None:
        files[pick(rng, files)] = by

    return damage


FOLDER, PIPE, DANGLING, LOOP = b"\0folder", b"\0pipe", b"\0dangling", b"\0loop"

FILES: dict[str, Damage] = {
    "two files exchanged": exchange_two_files,
    "a file lost": lose_a_file,
    "a second version of a file": copy_a_file_beside,
    "a folder in place of a file": replace_a_file(FOLDER),
    "a pipe in place of a file": replace_a_file(PIPE),
    "a link that leads nowhere": replace_a_file(DANGLING),
    "a link to itself": replace_a_file(LOOP),
}


# --- JSON -----------------------------------------------------------------------------------------------------------


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


# --- XML ------------------------------------------------------------------------------------------------------------

_ATTRIBUTE = re.compile(rb' ([\w-]+)="([^"]*)"')
_ELEMENT = re.compile(rb"<(\w+)\b[^<>]*/>")


def of_attribute(change: Callable[[Rng, bytes, bytes], bytes], *names: bytes) -> Damage:
    """Damage to one to three attributes of a file: ``change(rng, name, value)`` gives what stands there then."""

    def damage(rng: Rng, files: Files) -> None:
        having = [name for name in files if any(b" %s=" % n in files[name] for n in names)] if names else []
        name = pick(rng, files, *(having or ["events", "events", "matchinformation", "positions"]))
        data = files[name]
        found = [m for m in _ATTRIBUTE.finditer(data) if not names or m[1] in names]
        for match in sorted(
            rng.sample(found, min(rng.choice([1, 1, 3]), len(found))), key=lambda m: -m.start()
        ):
            data = data[: match.start()] + change(rng, match[1], match[2]) + data[match.end() :]
        files[name] = data

    return damage


def value(*values: str) -> Callable[[Rng, bytes, bytes], bytes]:
    return lambda rng, name, old: b' %s="%s"' % (name, rng.choice(values).encode())


def of_element(change: Callable[[Rng, bytes], bytes]) -> Damage:
    def damage(rng: Rng, files: Files) -> None:
        name = pick(rng, files, "matchinformation", "events", "positions")
        found = list(_ELEMENT.finditer(files[name]))
        if found:
            match = rng.choice(found)
            files[name] = files[name][: match.start()] + change(rng, match[0]) + files[name][match.end() :]

    return damage


def of_text(old: bytes, new: bytes, *parts: str) -> Damage:
    def damage(rng: Rng, files: Files) -> None:
        name = pick(rng, files, *parts)
        files[name] = files[name].replace(old, new, rng.choice([1, -1]))

    return damage


DOCTYPE = b'?>\n<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
NUMBERS = (
    "",
    "much",
    "NaN",
    "inf",
    "-1",
    "1e300",
    "400",
    "1e9",
    "12,5",
    "9" * 400,
    "0x10",
    "1_000",
    "\u0663",
)
TIMES = ("", "soon", "2023-08-21T22:30:00.000+02:00", "2023-08-18T22:30:00", "9999-12-31T23:59:59+00:00",
         "0001-01-01T00:00:00+00:00", "2023-08-18T20:33:00.000+00:00")  # fmt: skip

XML: dict[str, Damage] = {
    "an attribute lost": of_attribute(lambda rng, name, old: b""),
    "an attribute empty": of_attribute(value("")),
    "an attribute twice": of_attribute(lambda rng, name, old: b' %s="%s" %s="%s"' % (name, old, name, old)),
    "any value": of_attribute(
        value("x", "7", "-1", "true", "\u202e", "é", "../..", "&lt;b&gt;", "&#9;", "y" * 300)
    ),
    "a giant value": of_attribute(value("x" * 30_000)),
    "a forbidden character": of_attribute(value("&#0;", "&#1;", "&#xD800;", "&#xFFFF;")),
    "an unknown entity": of_attribute(value("&nbsp;", "&a;")),
    "an odd number": of_attribute(
        value(*NUMBERS), b"X", b"Y", b"Z", b"N", b"X-Position", b"Y-Position", b"xG", b"PitchX"
    ),
    "decimal commas": of_attribute(
        lambda rng, name, old: b' %s="%s"' % (name, old.replace(b".", b",")), b"X", b"Y", b"PitchX"
    ),
    "far places": of_attribute(
        value("400.00", "-400.00", "60.00", "99999"), b"X", b"Y", b"X-Position", b"Y-Position"
    ),
    "an odd frame": of_attribute(
        value("0", "21707", "999999999", "-5", "1e4", "x", "10000"), b"CalculatedFrame", b"N"
    ),
    "an odd time": of_attribute(
        value(*TIMES), b"EventTime", b"T", b"CalculatedTimestamp", b"MessageTime", b"KickoffTime"
    ),
    "an odd person": of_attribute(
        value("", "P", "SIM-P1014", "BALL", "x" * 200), b"Player", b"PersonId", b"PlayerIn"
    ),
    "an odd team": of_attribute(
        value("", "T", "SIM-T10", "BALL", "referee"), b"Team", b"TeamId", b"TeamLeft", b"HomeTeamId"
    ),
    "another match": of_attribute(value("SIM-OTHER", "", "../x", "a b"), b"MatchId"),
    "an odd section": of_attribute(
        value("", "thirdHalf", "FIRSTHALF", "penaltyShootOut", "1"), b"GameSection"
    ),
    "an odd event id": of_attribute(value("", "1", "\u202e", "z" * 200), b"EventId"),
    "an odd result": of_attribute(
        value("", "-:-", "999999999999:0", "1", "a:b", "1:2:3"), b"Result", b"MatchDay"
    ),
    "an odd flag": of_attribute(
        value("", "false", "TRUE", "maybe"), b"TransmissionComplete", b"Starting", b"BreakingOff"
    ),
    "an element lost": of_element(lambda rng, text: b""),
    "an element twice": of_element(lambda rng, text: text + text),
    "an element renamed": of_element(lambda rng, text: text.replace(b"<", b"<Old", 1)),
    "an element unclosed": of_element(lambda rng, text: text.replace(b"/>", b">")),
    "an element commented out": of_element(lambda rng, text: b"<!--" + text + b"-->"),
    "character data": of_element(lambda rng, text: text + b"<![CDATA[ <Frame> ]]>"),
    "an instruction": of_element(lambda rng, text: text + b"<?php echo 1 ?>"),
    "an attack by entities": of_text(b"?>", DOCTYPE),
    "a namespace": of_text(b"<PutDataRequest ", b'<PutDataRequest xmlns="http://www.example.org/feed" '),
    "a prefix": of_text(b"<FrameSet ", b"<d:FrameSet ", "positions"),
    "another encoding named": of_text(b"UTF-8", b"EBCDIC-XX"),
    "KickoffWhistle": of_text(b"<KickOff ", b"<KickoffWhistle ", "events"),
    "no kick-offs": of_text(b"<KickOff ", b"<Nothing ", "events"),
    "no whistles": of_text(b"<FinalWhistle ", b"<Nothing ", "events"),
    "sides exchanged": of_text(b"TeamLeft", b"TeamRight", "events"),
    "positions of nobody": of_text(b'TeamId="SIM', b'TeamId="NO', "positions"),
    "no ball": of_text(b'"BALL"', b'"BELL"', "positions"),
}


def kinds_of(feed: str) -> dict[str, Damage]:
    """All kinds of damage that files of a feed can suffer."""
    own = JSON if feed == "statsbomb" else XML
    return {**{name: of_bytes(change) for name, change in BYTES.items()}, **FILES, **own}
