"""How far explanations can be trusted: whether a first reason survives what should not change it."""
