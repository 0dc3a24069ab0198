"""News of a run: numbers into mails that say in their subject how it went.

Four kinds: the *digest* of a matchday for analysts, the *health* line of a run that ended well, the *failure* of a
task, and the *warning* of something that wants a person. ``matchday_news``, ``run_news`` and ``trouble_news`` turn
facts into a :class:`News`, ``message`` a ``News`` into one mail for each recipient.

Importing this package imports neither Airflow nor pandas nor matplotlib.
"""

from xgoals.mail.content.message import build_message
from xgoals.mail.content.news import Link, News, Picture, Trouble

__all__ = ["Link", "News", "Picture", "Trouble", "build_message"]
