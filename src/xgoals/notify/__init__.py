"""News of a run: numbers into mails that say in their subject how it went.

Four kinds: the *digest* of a matchday for analysts, the *health* line of a run that ended well, the *failure* of a
task, and the *warning* of something that wants a person. :mod:`xgoals.notify.news` and its siblings turn facts into
a :class:`News`, :mod:`xgoals.notify.message` a ``News`` into one mail for each recipient, and
:mod:`xgoals.notify.handover` hands a mail to a server and knows what its answer means.

Importing this package imports neither Airflow nor pandas nor matplotlib.
"""

from xgoals.notify.message import build_message
from xgoals.notify.news import Link, News, Picture, Trouble

__all__ = ["Link", "News", "Picture", "Trouble", "build_message"]
