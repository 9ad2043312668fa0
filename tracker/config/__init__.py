"""The configuration: reading, checking and editing feeds.toml."""
