"""What prices did around articles, from what is stored: moves, abnormal returns, value. No network."""
