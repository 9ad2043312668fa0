"""Measurements: figures and ratios, no assertions about seconds."""
