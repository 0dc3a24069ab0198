"""News as an e-mail to one recipient: text, HTML of the same words, and the pictures inside the mail.

::

    multipart/alternative
        text/plain
        multipart/related
            text/html
            image/png ...    shown by cid:, nothing is fetched
"""

import hashlib
import json
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from xgoals.domain.pipeline import DAG_ID
from xgoals.domain.text import isolated
from xgoals.language import Language
from xgoals.mail.content.news import News
from xgoals.settings import asset_folder

_ID_DOMAIN = "xgoals.invalid"
"""A domain that nobody can own (RFC 2606): the id only has to be unique."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SUBJECT_LENGTH = 200


def build_message(news: News, *, sender: str, recipient: str, words: Language) -> EmailMessage:
    """The mail about one outcome to one recipient.

    Parameters
    ----------
    news
        What to say.
    sender, recipient
        Plain addresses, as the settings have validated them.
    words
        The language of the news.

    Returns
    -------
    EmailMessage
        With CRLF line ends and ASCII only. Its ``Message-ID`` depends on the outcome and the recipient only: the
        same news sent twice is recognisable as one.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("xgoals", addr_spec=sender)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = one_line(news.subject)
    message["Message-ID"] = message_id(news, recipient)
    message["Date"] = format_datetime(news.moment)
    message["Auto-Submitted"] = "auto-generated"  # no answers from holiday notes
    templates = _environment(words)
    context = {"news": news, "language": words.code, **news.content}
    message.set_content(templates.get_template(f"{news.kind}.txt").render(context), cte="quoted-printable")
    html = templates.get_template(f"{news.kind}.html").render(context)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    for picture in news.pictures:
        message.get_payload(1).add_related(  # type: ignore[union-attr]
            picture.png,
            "image",
            "png",
            cid=f"<{content_id(picture.name)}>",
            filename=f"{picture.name}.png",
            disposition="inline",
        )
    return message


def one_line(text: str) -> str:
    """Text that cannot start a header of its own: control characters become spaces, what is long ends after a word."""
    line = _CONTROL.sub(" ", text).strip()
    if len(line) <= _SUBJECT_LENGTH:
        return line
    cut = line[: _SUBJECT_LENGTH - 1]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut[_SUBJECT_LENGTH // 2 :] else cut}…"


def message_id(news: News, recipient: str) -> str:
    """The same id for the same outcome and recipient.

    Mails of before bear such ids, and mail programs know doubles by them: what is hashed stays as it is.
    """
    outcome = f"{news.matter}: {news.state_key}" if news.state_key else news.matter
    key = json.dumps([*_dag_beside_the_pipeline(news), news.run_id, news.kind, outcome, recipient])
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{_ID_DOMAIN}>"


def _dag_beside_the_pipeline(news: News) -> list[str]:
    return [] if news.dag_id == DAG_ID else [news.dag_id]


def content_id(name: str) -> str:
    """By which name the HTML part refers to a picture of its mail."""
    return f"{name}@{_ID_DOMAIN}"


def _environment(words: Language) -> Environment:
    env = Environment(
        loader=FileSystemLoader(asset_folder("templates") / "email"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        xg=words.xg, number=words.number, count=words.count, seconds=words.seconds, isolated=isolated
    )
    env.globals.update(_=words.text, plural=words.plural, cid=content_id)
    return env
