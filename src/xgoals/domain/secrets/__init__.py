"""What this process must never say, and texts without it.

Errors repeat what they are about: a driver its address, a validation the value, an HTTP client its URL. So nobody is
trusted to leave secrets out: every sentence of ours, and whatever is logged, stored or mailed goes through
:func:`redacted`.
"""

import json
import re
from collections.abc import Iterator
from typing import Final, Protocol
from urllib.parse import quote, quote_plus, unquote, unquote_plus

HIDDEN: Final = "***"
_LEAST_CHARS: Final = 6
"""A shorter one would be found by chance in innocent words."""
_NO_SECRETS: Final = frozenset({"xgoals", "airflow", "postgres", "password", "secret", "public", "changeme"})
_NAMES: Final = "password|passwd|secret|token|api_?key|access_?key|signature|credential"
_IN_ADDRESSES: Final = re.compile(r"(?<=://)([^:/@\s'\"]*):(?!password@)[^\s'\"]+@")
_AS_USER: Final = re.compile(r"(?i)\b(https?://)[^:/@\s'\"]+@")
"""Homes of files take a token in place of a person's name."""
_IN_HEADERS: Final = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")
_IN_QUERIES: Final = re.compile(rf"(?i)([?&;](?:[a-z_-]*(?:{_NAMES})[a-z_-]*|sig|key)=)[^&\s'\")]+")
_ADDRESS: Final = re.compile(r"\s*[a-zA-Z][\w+.-]*://[^:/?#\s]*:(.+)@")
_OF_A_QUERY: Final = re.compile(rf"(?i)[?&](?:[a-z_-]*(?:{_NAMES})[a-z_-]*)=([^&\s]+)")
_KEY: Final = re.compile(_NAMES, re.IGNORECASE)
_known: dict[str, tuple[str, ...]] = {}


class _Address(Protocol):
    def render_as_string(self, hide_password: bool = ...) -> str:
        """As SQLAlchemy's URL does it."""


def keep_secret(*texts: str) -> None:
    """From now on nothing of ours says these: passwords, keys, tokens; of addresses and connections what is secret."""
    for text in texts:
        if text not in _known:
            forms = {form for secret in _in(text) for form in _forms(secret)}
            _known[text] = tuple(form for form in forms if _can_be_told_from_words(form))


def known_secrets() -> frozenset[str]:
    """What is kept secret, in every form that it may be written in."""
    return frozenset(form for forms in _known.values() for form in forms)


def redacted(text: str) -> str:
    """The text without what is kept secret, passwords in addresses, tokens in headers and keys in queries."""
    for secret in sorted(known_secrets(), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    text = _AS_USER.sub(rf"\1{HIDDEN}@", _IN_ADDRESSES.sub(rf"\1:{HIDDEN}@", text))
    text = _IN_HEADERS.sub(rf"\1 {HIDDEN}", text)
    return _IN_QUERIES.sub(rf"\1{HIDDEN}", text)


def shown(url: _Address) -> str:
    """An address as people may read it: without its password, also where that stands among the options."""
    return redacted(url.render_as_string(hide_password=True))


def _in(text: str) -> Iterator[str]:
    """What is secret in an address, or in a connection as JSON; anything else is a secret itself."""
    if text.lstrip().startswith("{"):
        yield from _in_json(text)
    elif "://" not in text:
        yield text
    else:
        if found := _ADDRESS.match(text) or _AS_USER.match(text.strip()):
            yield found[1] if found.re is _ADDRESS else found[0].partition("://")[2].rstrip("@")
        yield from _OF_A_QUERY.findall(text)


def _in_json(text: str) -> Iterator[str]:
    try:
        items = json.loads(text).items()
    except (ValueError, RecursionError):
        return
    for name, value in items:
        if isinstance(value, dict):
            yield from _in_json(json.dumps(value))
        elif _KEY.search(str(name)):
            yield str(value)


def _forms(secret: str) -> Iterator[str]:
    plain = unquote(secret)
    yield from {secret, plain, unquote_plus(secret), quote(plain), quote(plain, safe=""), quote_plus(plain)}
    yield from {repr(plain)[1:-1], json.dumps(plain)[1:-1], json.dumps(plain, ensure_ascii=False)[1:-1]}


def _can_be_told_from_words(form: str) -> bool:
    is_short_number = form.isdigit() and len(form) < 10
    return len(form) >= _LEAST_CHARS and form.lower() not in _NO_SECRETS and not is_short_number
