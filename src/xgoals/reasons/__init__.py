"""Why this xG: in football's order, against the people of real shots from the same spot."""
