"""News as mails, and mails taken apart."""

from email.message import EmailMessage

from xgoals.language import language
from xgoals.mail.content import News, build_message


def mail(news: News, to: str = "analyst@example.org", code: str = "en") -> EmailMessage:
    return build_message(news, sender="xgoals@localhost", recipient=to, words=language(code))


def bodies(news: News, code: str = "en") -> tuple[str, str]:
    """Plain text and HTML, without what the line breaks of either do to a sentence."""
    built = mail(news, code=code)
    text, html = (built.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return " ".join(text.get_content().split()), " ".join(html.get_content().split())
