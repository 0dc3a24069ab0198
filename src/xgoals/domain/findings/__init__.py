"""What measuring has found, as it is stored and told."""
