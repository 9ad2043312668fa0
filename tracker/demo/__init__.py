"""27 January 2025, replayed offline through the very same path as live news."""
