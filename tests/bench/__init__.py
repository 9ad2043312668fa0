"""Measurements: figures and ratios, no assertions about seconds; of the program as it is when installed."""

from __future__ import annotations

from tests.helpers.compiled import compile_program

compile_program()
