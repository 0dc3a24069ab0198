"""What feeds of event files share: how files make matches, what they leave unsaid, and what can be wrong with them.

A provider whose files hold events without positions needs an :class:`~xgoals.feeds.event_files.adapter.Adapter` of its
own, which knows its files and its words, and nothing else: `discovery` finds its files and puts them together,
`matches_csv` adds what they do not say, `feed` makes the record, `checks` look whether it can be true.
"""
