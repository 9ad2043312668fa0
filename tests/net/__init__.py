"""Tests of `tracker.net`."""
