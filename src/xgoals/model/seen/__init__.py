"""What a model has seen: shots like a given one, and numbers that occur together."""
