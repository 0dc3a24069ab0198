"""Expected goals, explained."""
