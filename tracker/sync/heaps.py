"""The heaps of the C library, where it is glibc's: memory of a window that is open all day, and of a sync."""

from __future__ import annotations

from contextlib import suppress

_M_ARENA_MAX = -8  # malloc.h of glibc
_ARENAS = 2
_M_MMAP_THRESHOLD = -3
_LARGE = 128 * 1024
"""Bytes from which a block has pages of its own, returned when it is freed; glibc itself raises this up to 32 MB."""


def share_heaps() -> None:
    """Let all threads share two heaps, and give large blocks pages of their own; with another C library do nothing.

    By default it creates one for each thread, and none shrinks: 3 MB of 90 in a window, half as much again over a day.
    In both processes of a cold sync, whose bodies and texts leave gaps of all sizes, it is 14 MB of 160.
    """
    import ctypes  # 5 ms, in a window after the first paint

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library
        return
    mallopt(_M_ARENA_MAX, _ARENAS)
    mallopt(_M_MMAP_THRESHOLD, _LARGE)


def trim_heap() -> None:
    """Return unused pages of the heap to the system, where the C library is glibc's."""
    import ctypes

    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
