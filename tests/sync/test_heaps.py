"""Heaps of several threads, counted in a process of its own."""

from __future__ import annotations

import ctypes
import platform
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tracker.sync.heaps import share_heaps, trim_heap

_COUNT_HEAPS = """
import ctypes, sys, threading
from tracker.sync.heaps import share_heaps
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes, libc.fflush.argtypes = [ctypes.c_int, ctypes.c_void_p], [ctypes.c_void_p]
if sys.argv[1] == "shared":
    share_heaps()
together = threading.Barrier(8)
def allocate():
    libc.malloc(64)
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
out = libc.fdopen(1, b"w")
libc.malloc_info(0, out)
libc.fflush(out)
"""


def heaps(how: str) -> int:
    """Return how many heaps the C library has made for eight threads that ran at the same time."""
    done = subprocess.run([sys.executable, "-c", _COUNT_HEAPS, how], capture_output=True, check=True, timeout=60)
    return done.stdout.count(b"<heap nr=")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_threads_share_two_heaps() -> None:
    assert heaps("left alone") > 2
    assert 0 < heaps("shared") <= 2


_TRIM_HEAP = """
import ctypes
from pathlib import Path
from tracker.sync.heaps import trim_heap
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4
blocks = [libc.malloc(60_000) for _ in range(500)]
for block in blocks:
    ctypes.memset(block, 1, 60_000)
full = resident()
for block in blocks[:-1]:  # the last one keeps the end of the heap where it is
    libc.free(block)
kept = resident()
trim_heap()
print(full - kept, full - resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_free_pages_in_the_middle_of_a_heap_are_returned() -> None:
    done = subprocess.run([sys.executable, "-c", _TRIM_HEAP], capture_output=True, check=True, timeout=60)
    before, after = map(int, done.stdout.split())
    assert before < 2_000
    assert after > 25_000


@pytest.mark.parametrize("error", [TypeError("Windows"), OSError("no library")])
def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(name: object) -> None:
        raise error

    monkeypatch.setattr(ctypes, "CDLL", fail)
    share_heaps()
    trim_heap()
    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace())
    share_heaps()
    trim_heap()
