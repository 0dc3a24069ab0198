"""Facts of shots and goals that no model says: what happened, at what score, and the rank of a chance."""
