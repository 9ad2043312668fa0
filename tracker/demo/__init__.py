"""27 January 2025, replayed offline with the same code as live news."""
