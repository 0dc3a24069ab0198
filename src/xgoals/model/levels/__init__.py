"""A provider's own level: what a model's log-odds lack on its shots, learnt, built into the trees, and judged."""
