"""What holds explanations against each other: single shots by name, and how far a first reason holds."""
