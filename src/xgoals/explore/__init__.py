"""A pitch to play with: the number of any scene and why, live; scenes side by side; files of one's own shots.

Nothing here writes: what is asked is answered, and forgotten.
"""
