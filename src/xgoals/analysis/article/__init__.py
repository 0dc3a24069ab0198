"""The article about the original model, asked of this one: its claims tested, the numbers of its figures, its baseline.

The article: "Bundesliga Match Facts: xGoals", AWS and DFL, 2020 to 2023.
"""
