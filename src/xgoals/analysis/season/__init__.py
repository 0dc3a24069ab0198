"""A season as numbers: points and what such chances give, trends, luck, extremes."""
