"""Model files from outside, looked into before XGBoost gets them: broken ones can end its process without a word."""
