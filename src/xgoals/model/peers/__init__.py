"""Simpler models on the same shots in the same folds, which a model is judged beside."""
