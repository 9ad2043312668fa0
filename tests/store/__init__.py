"""Tests of tracker.store."""
