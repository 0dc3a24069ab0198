"""Jobs of SageMaker Clarify, run here: its configuration in, its files out."""
