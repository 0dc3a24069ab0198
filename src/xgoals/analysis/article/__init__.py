"""The article about the original, asked of this model: its claims, its figures, its baseline."""
