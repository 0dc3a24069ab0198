"""What happened within a match: cards and substitutions, how it built up, who took most away."""
