"""Turns feeds into articles: fetch, parse, clean, schedule."""
