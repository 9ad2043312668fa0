"""Alerts: which rules fire for which stories, and the ways to send it."""
