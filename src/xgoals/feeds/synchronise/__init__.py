"""Shots meet tracking, whoever delivers the two: the common grid, the frame of a shot, the scene and clip around it.

Knows no provider's format. ``docs/feeds-tracking.md`` says how events of one provider and tracking of another are
brought together; ``docs/feeds-dfl.md`` how the frame of a shot is found.
"""
