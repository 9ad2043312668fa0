"""SQLite: schema, views, reading, writing."""

from __future__ import annotations

from sqlite3 import sqlite_version

__all__ = ["sqlite_version"]
