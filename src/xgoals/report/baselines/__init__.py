"""The page of several baselines side by side."""
