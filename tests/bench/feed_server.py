"""Serves the captured feeds on loopback, from a process of its own, so that it never takes the interpreter of a client.

    python -m tests.bench.feed_server FOLDER

prints `PORT COUNT` when it is ready and serves `/N` for each file of FOLDER until its stdin ends. An answer carries an
ETag and a Last-Modified; a request that repeats either is answered with 304.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_MODIFIED = "Mon, 27 Jan 2025 13:00:00 GMT"


def read_bodies(folder: Path) -> list[bytes]:
    """Return the documents of a folder in the order of their names, unpacked."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return [gzip.decompress(raw) if (raw := path.read_bytes()).startswith(b"\x1f\x8b") else raw for path in files]


class FeedServer:
    """HTTP/1.1 with kept connections; answers are made once, so that serving costs next to nothing."""

    def __init__(self, bodies: list[bytes]) -> None:
        self._whole: dict[bytes, bytes] = {}
        self._same: dict[bytes, bytes] = {}
        self._tags: dict[bytes, bytes] = {}
        for number, body in enumerate(bodies):
            path = f"/{number}".encode()
            tag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
            validators = f"ETag: {tag}\r\nLast-Modified: {_MODIFIED}\r\n"
            head = (
                f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n{validators}Content-Length: {len(body)}\r\n\r\n"
            )
            self._whole[path] = head.encode() + body
            self._same[path] = f"HTTP/1.1 304 Not Modified\r\n{validators}\r\n".encode()
            self._tags[path] = tag.encode()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1]
                lower = head.lower()
                if path not in self._whole:
                    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                elif b"if-none-match: " + self._tags[path] in lower or _MODIFIED.lower().encode() in lower:
                    writer.write(self._same[path])
                else:
                    writer.write(self._whole[path])
                await writer.drain()
                if b"connection: close" in lower:
                    break
        writer.close()


async def serve(folder: Path) -> None:
    """Serve until stdin ends."""
    bodies = read_bodies(folder)
    server = await asyncio.start_server(FeedServer(bodies).talk, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], len(bodies), flush=True)
    await asyncio.to_thread(sys.stdin.buffer.read)
    server.close()


@contextmanager
def serving(folder: Path) -> Iterator[list[str]]:
    """Run the server for the length of a `with` block and give the addresses of its feeds."""
    command = [sys.executable, "-m", "tests.bench.feed_server", str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        port, count = map(int, process.stdout.readline().split())
        yield [f"http://127.0.0.1:{port}/{number}" for number in range(count)]
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
