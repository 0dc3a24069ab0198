"""Damage to what an XML file says: attributes, elements, and what parsers are attacked with."""

import re
from collections.abc import Callable

from damage import Damage, Rng, pick

from small_feeds import Files

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
