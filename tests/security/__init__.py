"""Attacks and accidents, by kind; docs/security.md names what each file shows."""

from __future__ import annotations
