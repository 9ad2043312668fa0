"""Tests of tracker.sync."""
