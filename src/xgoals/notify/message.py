"""A run as an e-mail: plain text and HTML of the same words, no picture, no request, no script."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from xgoals.domain.errors import SettingsError
from xgoals.language import Language, language
from xgoals.notify.news import run_news
from xgoals.settings import asset_folder

_ID_DOMAIN = "xgoals.invalid"
"""A domain that nobody can own (RFC 2606): the id only has to be unique."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SUBJECT_LENGTH = 160


def build_run_message(run: Mapping[str, Any], *, sender: str, recipients: Sequence[str]) -> EmailMessage:
    """The message about one run.

    Parameters
    ----------
    run
        ``run_id, database, feed, source, state, started_at, ended_at, figures, is_simulated`` and, where they
        apply, ``seconds_by_task, failed_task, error`` (``what, where, advice``), ``reports`` (``kind, title,
        path``), ``champion, auc, log_loss, provider_auc, decision`` (``verdict, reason``).
    sender, recipients
        Plain addresses.

    Returns
    -------
    EmailMessage
        Text with an HTML alternative. The ``Message-ID`` depends on the run, its state and the recipients only:
        the same news sent twice is recognisable as one.

    Raises
    ------
    SettingsError
        If an address is not one, or there is no recipient.
    """
    if not recipients:
        raise SettingsError(
            "nobody to write to", where="email.recipients", advice="Name at least one address"
        )
    words = language("en")
    news = run_news(run, words)
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender, "email.sender")
    message["To"] = [_address(recipient, "email.recipients") for recipient in recipients]
    message["Subject"] = one_line(news["subject"])
    message["Message-ID"] = message_id(run, recipients)
    message["Auto-Submitted"] = "auto-generated"
    moment = run.get("ended_at") or run.get("started_at")
    if moment is not None:
        message["Date"] = _date(moment)
    templates = _environment(words)
    message.set_content(templates.get_template("run.txt").render(news))
    message.add_alternative(templates.get_template("run.html").render(news), subtype="html")
    return message


def one_line(text: str) -> str:
    """Text that cannot start a header of its own: control characters become spaces, what is long is cut."""
    line = _CONTROL.sub(" ", text).strip()
    return line if len(line) <= _SUBJECT_LENGTH else line[: _SUBJECT_LENGTH - 1] + "…"


def message_id(run: Mapping[str, Any], recipients: Sequence[str]) -> str:
    """The same id for the same run, state and recipients, whatever their order."""
    key = json.dumps([str(run["run_id"]), str(run["state"]), sorted(recipients)])
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{_ID_DOMAIN}>"


def _address(text: str, setting: str) -> Address:
    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError, MessageError) as error:
        raise SettingsError(f"{text!r} is not an e-mail address", where=setting) from error
    if not address.username or not address.domain:
        raise SettingsError(f"{text!r} is not an e-mail address", where=setting)
    return address


def _date(moment: datetime | str) -> str:
    value = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return format_datetime(value)


def _environment(words: Language) -> Environment:
    env = Environment(
        loader=FileSystemLoader(asset_folder("templates") / "email"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["_"] = words.text
    return env
