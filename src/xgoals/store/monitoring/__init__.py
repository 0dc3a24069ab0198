"""What a results database tells a monitoring system, at a price that does not grow with history."""
