"""feeds.toml becomes a checked configuration."""
