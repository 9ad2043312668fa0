"""SQLite through sqlite-utils: schema, views, reading, writing."""
