"""Readers of tracking files that lie beside somebody's events: TRACAB and Stats Perform's MA25.

Each reads the windows around the shots in one pass over the file, line by line, and gives
:class:`~xgoals.feeds.synchronise.tracking.TrackingWindows`; who these people are, when the shots were and who attacks
which goal is found in :mod:`xgoals.feeds.synchronise`.
"""
