"""Which shots teach and judge a model, and those whose xG is stated."""
