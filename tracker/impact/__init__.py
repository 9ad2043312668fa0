"""Price moves around articles, from stored data: moves, abnormal returns, value. No network."""
