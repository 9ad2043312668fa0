"""Extracts articles in a child process that can be stopped: a hostile page could take forever or fill the memory."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import sys
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from tracker.feeds.errors import FeedError
from tracker.model.fulltext import FullText

EXTRACT_SECONDS = 15.0
"""The slowest of 396 saved pages takes 0.3 s; a busy machine and the start of the process add to that."""
MAX_PAGE_BYTES = 10_000_000
_MEMORY_BYTES = 2 << 30
_ORPHAN_SECONDS = 5.0
_ANSWER_BYTES = 4_000_000
_START = "from tracker.feeds.page_process import main; main()"
_ROOT = str(Path(__file__).resolve().parents[2])
_HEAD = struct.Struct("<Q")


class _Page(Struct):
    content_type: str | None
    url: str | None
    seconds: float


class _Answer(Struct):
    found: FullText | None = None
    reason: str = ""


async def extract_apart(
    body: bytes, content_type: str | None = None, url: str | None = None, *, seconds: float = EXTRACT_SECONDS
) -> FullText:
    """Return the article of a page, as `tracker.feeds.pages.extract` does, within a time and an amount of memory.

    Raises:
        FeedError: with the reason, in words.
    """
    if len(body) > MAX_PAGE_BYTES:
        raise FeedError(f"more than {MAX_PAGE_BYTES / 1e6:g} MB")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-c",
        _START,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))},
        start_new_session=True,  # Ctrl-C is the parent's to handle
        limit=_ANSWER_BYTES,
    )
    head = msgspec.json.encode(_Page(content_type, url, seconds))
    try:
        async with asyncio.timeout(seconds):
            answer, _ = await process.communicate(_HEAD.pack(len(head)) + head + body)
    except TimeoutError:
        raise FeedError(f"its text was not found within {seconds:g} s") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    try:
        read = msgspec.json.decode(answer[:_ANSWER_BYTES], type=_Answer)
    except msgspec.DecodeError:
        raise FeedError("its text could not be taken out: the page is broken or too complicated") from None
    if read.found is None:
        raise FeedError(read.reason)
    return read.found


def main() -> None:
    """Read one page from stdin, write its article to stdout: the child's side."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # keep stray prints out of the answer
    data = sys.stdin.buffer.read()
    (length,) = _HEAD.unpack_from(data)
    page = msgspec.json.decode(data[_HEAD.size : _HEAD.size + length], type=_Page)
    _bound(page.seconds)
    with answers:
        answers.write(msgspec.json.encode(_answer(data[_HEAD.size + length :], page)))
    os._exit(0)  # freeing the trees of a large page takes as long as building them


def _answer(body: bytes, page: _Page) -> _Answer:
    from tracker.feeds.pages import extract

    try:
        return _Answer(extract(body, page.content_type, page.url))
    except FeedError as error:
        return _Answer(reason=error.reason)
    except (RecursionError, MemoryError):
        return _Answer(reason="the page is too complicated to find its text")
    except Exception as error:  # of trafilatura on a page that its makers have not met
        return _Answer(reason=f"its text could not be taken out ({type(error).__name__})")


def _bound(seconds: float) -> None:
    """Limit memory, and end this process when its parent was killed and cannot."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, most))
    timer = getattr(signal, "setitimer", None)  # not on Windows
    if timer is not None:
        timer(signal.ITIMER_REAL, seconds + _ORPHAN_SECONDS)
