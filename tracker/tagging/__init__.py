"""Tagging: the rule catalogue, matching and salience."""
