"""Tests of tracker; the folders are those of the package."""
