"""Tests of tracker.model."""
