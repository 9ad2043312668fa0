"""Symbols become prices: providers, calendar, moves."""
