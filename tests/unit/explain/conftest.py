"""Boosters made by hand."""

from trees_by_hand import booster_by_hand

__all__ = ["booster_by_hand"]
