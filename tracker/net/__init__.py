"""HTTP for feeds and prices: one guarded client with limits, polite to each host."""
