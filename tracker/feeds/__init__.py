"""Bytes from the net become articles: fetch, parse, clean, schedule."""
