"""The page of the article."""
