"""Prices: calendar, providers, moves."""
