"""What mails say: numbers into mails that say in their subject how it went.

One module a kind, with a template of the same name in ``templates/email``: the ``digest`` of a matchday for analysts,
the ``health`` line of a run that ended well, the ``failure`` of a task, and the ``warning`` of something that wants a
person (``troubles`` says what that is). Each turns facts into a :class:`News`; ``message`` turns a ``News`` into one
mail for each recipient.

Importing this package imports neither Airflow nor pandas nor matplotlib.
"""

from xgoals.mail.content.message import build_message
from xgoals.mail.content.news import Link, News, Picture
from xgoals.mail.content.run_summary import RunSummary

__all__ = ["Link", "News", "Picture", "RunSummary", "build_message"]
