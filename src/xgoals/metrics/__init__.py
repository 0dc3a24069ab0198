"""What xgoals tells a monitoring system: a typed snapshot, and its text in Prometheus' formats."""
