"""The same shots against several baselines, side by side; nothing is stored."""
