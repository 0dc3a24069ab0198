"""What changes when the same shots are explained against another baseline."""
