"""News become mails, one for each recipient whom the settings name."""

from xgoals.language import Language, language
from xgoals.mail.content import News, build_message
from xgoals.mail.content.message import one_line
from xgoals.settings import Settings
from xgoals.store.notifications import Mail


def compose_mails(news: News, settings: Settings) -> list[Mail]:
    """The finished mails about one outcome; none if its kind goes to nobody."""
    return [
        _mail(news, recipient, settings) for recipient in settings.email.recipients_of(news.kind, news.step)
    ]


def mail_language(settings: Settings) -> Language:
    """The language that mails are written in."""
    return language(settings.email.language)


def _mail(news: News, recipient: str, settings: Settings) -> Mail:
    message = build_message(
        news, sender=settings.email.sender, recipient=recipient, words=mail_language(settings)
    )
    return Mail(
        message_id=str(message["Message-ID"]),
        dag_id=news.dag_id,
        run_id=news.run_id,
        kind=news.kind,
        matter=news.matter,
        state_key=news.state_key,
        recipient=recipient,
        subject=one_line(news.subject),
        message=bytes(message),
    )
