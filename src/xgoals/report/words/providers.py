"""How providers are called."""

SOURCES = {
    "statsbomb": "StatsBomb",
    "dfl": "Deutsche Fußball Liga (DFL)",
}
"""Who is to be named as the source of a feed's data."""
