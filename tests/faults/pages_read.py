"""Whether a page or the HTML of a mail is made of nothing but our own elements, whatever stands in it."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html as lxml_html

FOREIGN = {
    "iframe", "base", "form", "object", "embed", "math", "template", "noscript", "textarea", "frame", "frameset",
    "audio", "video", "source", "portal", "foreignobject", "animate", "set", "annotation-xml", "marquee", "isindex",
}  # fmt: skip
"""None of our pages has such an element."""
OURS = ("127.0.0.1:8080", "localhost:8080")
"""Where the UI is, to which mails lead, unless settings say so."""
_HASH = re.compile(r"'sha256-([A-Za-z0-9+/=]+)'")


def what_is_not_ours(html: bytes, file: Path | None = None) -> list[str]:
    """What a name has made of a page, or of a mail (without a file); empty where it is text as it should be."""
    root = lxml_html.fromstring(html)
    return [
        *(f"<{e.tag}>" for e in root.iter() if isinstance(e.tag, str) and e.tag in FOREIGN),
        *(
            f"{name} of <{e.tag}>"
            for e in root.iter() if isinstance(e.tag, str)
            for name in e.attrib if name.lower().startswith("on") or name.lower() in ("srcdoc", "formaction")
        ),
        *_scripts(root),
        *_addresses(root, file),
    ]  # fmt: skip


def _scripts(root: lxml_html.HtmlElement) -> Iterator[str]:
    """Scripts are ours by their hash, or data that are JSON."""
    allowed = {h for meta in root.iter("meta") for h in _HASH.findall(meta.get("content") or "")}
    for script in root.iter("script"):
        content = script.text or ""
        if script.get("type") == "application/json":
            json.loads(content)
        elif base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() not in allowed:
            yield f"script {content[:80]!r}"
    known = [meta for meta in root.iter("meta") if meta.get("http-equiv")]
    yield from (f"meta {m.attrib}" for m in known if m.get("http-equiv") != "Content-Security-Policy")


def _addresses(root: lxml_html.HtmlElement, file: Path | None) -> Iterator[str]:
    """Links lead to pages that are there, to places of the page, or (of a mail) to the UI; pictures are inside."""
    for element, name, address, _ in root.iterlinks():
        parts = urlsplit(address)
        if name == "style" or (name is None and element.tag == "style"):
            if not address.startswith(("data:", "#")):
                yield f"style asks for {address[:80]}"
        elif element.tag in ("img", "image"):
            if parts.scheme not in ("data", "cid") and not address.startswith("#"):
                yield f"{name} of <{element.tag}>: {address[:80]}"
        elif file is None:
            if parts.scheme not in ("http", "https") or parts.netloc not in OURS:
                yield f"{name} of <{element.tag}>: {address[:120]}"
        elif parts.scheme or parts.netloc:
            yield f"{name} of <{element.tag}>: {address[:80]}"
        elif parts.path and not (file.parent / unquote(parts.path)).is_file():
            yield f"a dead link: {address[:120]}"


def text_of(html: bytes) -> str:
    """All that is to be read, and what stands in attributes for readers."""
    root = lxml_html.fromstring(html)
    for unread in root.xpath("//script | //style"):
        unread.text = ""
    attributes = (
        e.get(name) or "" for e in root.iter() for name in ("title", "aria-label", "alt", "data-names")
    )
    return "\n".join([root.text_content(), *attributes])
