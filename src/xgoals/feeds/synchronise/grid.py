"""The common grid: 25 frames a second, whatever the rate that a camera system has."""

FRAME_RATE_HZ = 25
"""Of the grid: what finds frames, takes velocities and cuts clips counts in its frames."""
