"""XGBoost's model format, read without trusting a byte of it: a damaged file ends XGBoost's own process."""
