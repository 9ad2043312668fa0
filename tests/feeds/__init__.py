"""Tests of `tracker.feeds`."""
