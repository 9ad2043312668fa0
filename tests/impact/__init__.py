"""Tests of tracker.impact."""
