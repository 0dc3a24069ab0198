"""What people write who mean harm: names, addresses, values; each kind once, then more of them by chance.

Whatever of it a browser runs calls ``hit()`` or asks for something at ``canary.invalid``.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random

CANARY = "canary.invalid"

SCRIPTS = (
    "<script>hit()</script>", "<img src=x onerror=hit()>", "<svg onload=hit()>", '"><svg/onload=hit()>',
    "'><script>hit()</script>", "</script><script>hit()</script>", "]]><script>hit()</script>",
    "--><script>hit()</script><!--", "</style><script>hit()</script>", "</title><script>hit()</script>",
    "</textarea><script>hit()</script>", "</noscript><img src=x onerror=hit()>", '" autofocus onfocus="hit()',
    "' onmouseover='hit()", "` onclick=`hit()", "<iframe srcdoc='<script>hit()</script>'>",
    f"<link rel=stylesheet href=//{CANARY}/x.css>", f"<img src=//{CANARY}/x.png>", f"<base href=//{CANARY}/>",
    f"<meta http-equiv=refresh content='0;url=//{CANARY}'>", f"<form action=//{CANARY}><input type=submit>",
    "<math><mtext><style><img src=x onerror=hit()>", "<svg><a xlink:href=javascript:hit()><text>x",
    "<details open ontoggle=hit()>", "&lt;script&gt;hit()&lt;/script&gt;", "&#60;script&#62;hit()",
    "<scr\0ipt>hit()</scr\0ipt>", "\\u003cscript\\u003ehit()", "\\x3cscript\\x3ehit()", "<<script>hit()//<</script>",
    "javascript:hit()", "JaVaScRiPt:hit()", "java\tscript:hit()", "data:text/html,<script>hit()</script>",
    f"//{CANARY}/x", f"http://{CANARY}/", "';hit();//", '";hit();//', "`;hit();//", "${hit()}", "\\';hit();//",
    "\\", "\\\\", "</", "<!--", "<![CDATA[", "-->", "]]>", "/*", "*/}</style>",
)  # fmt: skip
STYLES = (
    "</style>", "}body{display:none}", f"url(//{CANARY}/x)", f"@import '//{CANARY}/x.css';", "expression(hit())",
    "red;background:url(x)", "style=position:fixed", "--x:0",
)  # fmt: skip
TEMPLATES = (
    "{{7*7}}", "{{ 7*'7' }}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{% raw %}", "{% for x in y %}", "{# x #}",
    "{{config}}", "{{ ''.__class__ }}", "%s", "%n%n%n", "%(n)s", "%d", "{}", "{0}", "{n}", "{who}", "{0.__class__}",
    "$n", "%", "%%", "{", "}", "{{", "}}", "%(", "{who!r:>999999999}", "$(touch hit)", "`touch hit`", "; touch hit",
    "| touch hit", "&& touch hit", "$HOME", "~", "~root", "!!", "*", "?", "-rf", "--help", "-", "--",
)  # fmt: skip
HEADERS = (
    "a\r\nBcc: spy@canary.invalid", "a\nSubject: other", "a\r\n\r\n<script>hit()</script>", "a\rX-Evil: 1",
    "a\u2028Bcc: spy@canary.invalid", "a\u0085X: 1", "a%0d%0aSet-Cookie: x=1",
    "=?utf-8?q?=0ABcc:_spy=40canary.invalid?=",
    "a\v\fb", "spy@canary.invalid, other@canary.invalid", '"a" <spy@canary.invalid>',
)  # fmt: skip
UNICODE = (
    "\u202egpj.exe", "\u2067abc\u2066def", "\u200b", "\u200f\u200e", "\u2060\ufeff", "\u3164", "\u2800", "\u115f\u1160",
    "\u061cabc", "a\u200bb\u200cc\u200dd", "a\u2029b", "a\u2028b",
    "Zal" + "go".join(["\u0300\u0301\u0302\u0303\u0489" * 6] * 3),
    "\u0301", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👍🏽", "\U000e0041\U000e0042", "Аdmin", "ﬁn", "İI", "ß", "ẞ", "ﷺ" * 3, "\ud800",
    "\udfff\ud800",
    "\ufffe\uffff", "\x00", "a\x00b", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x9b31m", "\x7f", "\b\b\b", "\x08a",
    "محمد صلاح", "אבי", "שלום abc محمد", "李明", "ﷺ", "🇩🇪", "\U0001f1e9", "e\u0301", "é",
)  # fmt: skip
WORDS = (
    "None", "nan", "NaN", "null", "NULL", "true", "False", "\\N", "1e5", "00123", "Infinity", "-0", "0x10", "1_000",
    "undefined", "[object Object]", "__proto__", "constructor", "toString", "hasOwnProperty", "NA", "N/A", "<NA>",
    "2024-01-01", "1:2", "", " ", "\t", "\n", "\u00a0", "\u2003", "  a  b  ", "0", ".", "..", "...", "#", "#N/A",
)  # fmt: skip
FILES = (
    "../../etc/passwd", "..\\..\\windows", "%2e%2e%2f", "C:\\x", "C:", "\\\\host\\share", "NUL", "CON", "aux.html",
    "x.",
    "x ", ".hidden", "a/b", "a:b", "a?b=c", "a#b", "a&b", "a;b", "a+b", "a=b", "a,b", "a|b", "x.part", "index",
)  # fmt: skip
CELLS = (
    "=cmd|'/c calc'!A1", "@SUM(1)", "+1+1", "-1+1", "\t=1", "\r=1", '=HYPERLINK("http://canary.invalid")', "=1+1",
    " =1", "'=1", '"=1"', "\uff1d1", "a;=1", 'a"b', "a,b", "a\nb", "|x|", "a | b", "**b**", "[a](javascript:hit())",
    "![a](//canary.invalid/x.png)", "# a", "- a", "```", "a\\|b", "<!--", "*", "_x_", "1.",
)  # fmt: skip
INJECTIONS = (
    "'; drop table xgoals.shot; --", "' or '1'='1", "') or 1=1 --", "' union select version() --",
    "1; select pg_sleep(9)",
    "'||pg_sleep(9)||'", "' and 1=(select 1 from pg_sleep(9)) --", '"; delete from match; --',
    "\\'; drop table shot; --",
    "$$; drop table shot; $$", "%' or '%'='", "_", "%", "\\%", "' /* ", "*/ or 1=1", "E'\\x27'", "''", "'", '"', "\\",
    ":name", "%(name)s", ":1", "?", "x' ESCAPE '", "copy shot to program 'touch hit'", "1)) or ((1=1",
    "admin'--", "' or pg_sleep(9) is null or '", "0 or 1=1", "1e999", "-1", "99999999999999999999", "null",
    "'; commit; --",
    "\u02bc or 1=1", "\uff07 or 1=1", "' limit 0 --", "*)(uid=*", "*))(|(cn=*", "(&(a=b))", "(a+)+$", "a{1,99999}",
    "[", "(",
    "';select pg_terminate_backend(pg_backend_pid());--", "' || (select string_agg(usename, ',') from pg_user) || '",
)  # fmt: skip
LONG = ("W" * 10_000, "i " * 5_000, "<" * 3_000, "\u0301" * 2_000, "漢" * 3_000, "a-" * 4_000)

NAMES = (*SCRIPTS, *STYLES, *TEMPLATES, *HEADERS, *UNICODE, *WORDS, *FILES, *CELLS, *INJECTIONS[:12], *LONG)


def some(known: Sequence[str], n: int, seed: int, *, of: Sequence[str] | None = None) -> list[str]:
    """So many different texts: those that are known in an order of chance, then chance joins them."""
    chance = Random(seed)
    texts = list(dict.fromkeys(known))
    chance.shuffle(texts)
    for text in _joined(chance, texts, of or known):
        if len(texts) >= n:
            return texts[:n]
        if text not in texts:
            texts.append(text)
    raise AssertionError("chance has no end")


def _joined(chance: Random, texts: Sequence[str], of: Sequence[str]) -> Iterator[str]:
    short = [text for text in texts if len(text) < 200]
    more = [text for text in of if len(text) < 200]
    while True:
        yield chance.choice(short) + chance.choice(["", " ", "x", "\0", "\u200b"]) + chance.choice(more)


def names(n: int, seed: int) -> list[str]:
    """Names to give to people, clubs, competitions."""
    return some(NAMES, n, seed)


def injections(n: int, seed: int) -> list[str]:
    """What would change a statement that it stood in."""
    return some(INJECTIONS, n, seed)


def escapes(n: int, seed: int, secret: str) -> list[str]:
    """Addresses below a folder that might lead to a file beside it, as a client sends them.

    Parameters
    ----------
    secret
        The file, as seen from the folder: ``../../secret.html``.
    """
    up = (
        "..",
        "%2e%2e",
        "%2E.",
        ".%2e",
        "%252e%252e",
        "..%00",
        "%c0%ae%c0%ae",
        "\uff0e\uff0e",
        "...",
        "..;",
        ".%00.",
        "%u002e%u002e",
    )
    between = ("/", "%2f", "%2F", "\\", "%5c", "%255c", "%252f", "//", "/./", "%c0%af", "\u2215", "/%2e/")
    levels, name = secret.count("../"), secret.rpartition("/")[2]
    known = [between_.join([*[up_] * levels, name]) for up_, between_ in product(up, between)]
    before = (
        "model/",
        "match/../",
        "/",
        "//",
        "./",
        "index.html/",
        "x%00/",
        "%2f",
        "~/",
        "file:///",
        "//canary.invalid/",
        "%09",
    )
    after = (
        "",
        "?x",
        "%00",
        "%00.html",
        "/",
        "/.",
        "%20",
        "#.html",
        ";.html",
        "%3f.html",
        "::$DATA",
        "%0d%0aX-Evil:1",
        ".html",
    )
    chance = Random(seed)
    more = [chance.choice(before) + chance.choice(known) + chance.choice(after) for _ in range(n)]
    return some(known + more, n, seed)
