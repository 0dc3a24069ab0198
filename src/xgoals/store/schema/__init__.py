"""What is in the schema beside its tables: the views for analysts, and who may do what."""
