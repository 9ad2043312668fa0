"""Alerts: which rules fire for which stories, and the ways to tell it."""
