"""Decompresses bodies up to a limit: 306 kB of gzip can contain 300 MB, 33 MB of it in the first piece."""

from __future__ import annotations

import zlib

_GZIP = ("gzip", "x-gzip")
_COMPRESSIONS = frozenset(
    [
        "aes128gcm",
        "br",
        "compress",
        "dcb",
        "dcz",
        "deflate",
        "exi",
        "gzip",
        "pack200-gzip",
        "x-compress",
        "x-gzip",
        "zstd",
    ]
)
"""The content codings that change a body (IANA). Servers write charsets and more there, which say nothing about it."""
_GZIP_MARK = b"\x1f\x8b"


class TooLarge(Exception):
    """The body is larger than the limit."""


class Undecodable(Exception):
    """The body has an unsupported or broken compression; `str` says which."""


class BoundedBody:
    """Collects the raw pieces of one body and decompresses them as they arrive.

    Args:
        encoding: the Content-Encoding header; "" for none. gzip and deflate (with and without zlib's frame) are known.
        max_bytes: most bytes, unpacked.
    """

    def __init__(self, encoding: str, max_bytes: int) -> None:
        codings = [name for part in encoding.lower().split(",") if (name := part.strip()) in _COMPRESSIONS]
        if len(codings) > 1 or not {"deflate", *_GZIP}.issuperset(codings):
            raise Undecodable(f"compressed with {', '.join(codings)[:40]!r}, which tracker does not accept")
        self._name = codings[0] if codings else ""
        self._max_bytes = max_bytes
        self._unpacker: zlib._Decompress | None = None
        self._is_sniffed = False
        self._start = b""
        self._pieces: list[bytes] = []
        self._size = 0

    def feed(self, piece: bytes) -> None:
        """Take the next raw piece.

        Raises:
            TooLarge: the limit is exceeded; nothing more is decompressed.
            Undecodable: the compression is broken.
        """
        if self._name and not self._is_sniffed:
            piece = self._start + piece
            if len(piece) < len(_GZIP_MARK):
                self._start = piece
                return
            self._start = b""
            self._sniff(piece)
        self._unpack_piece(piece)

    def finish(self) -> tuple[bytes, bool]:
        """Return (the decompressed body, whether its compression was complete)."""
        if self._start:
            self._add_piece(self._start)
        return b"".join(self._pieces), self._unpacker is None or self._unpacker.eof

    def _sniff(self, piece: bytes) -> None:
        """Choose the decompressor by the first two bytes; servers mislabel plain bodies, and deflate has two forms."""
        self._is_sniffed = True
        if self._name in _GZIP:
            if piece.startswith(_GZIP_MARK):
                self._unpacker = zlib.decompressobj(wbits=31)
        else:
            is_framed = piece[0] & 0x0F == 8 and int.from_bytes(piece[:2], "big") % 31 == 0
            self._unpacker = zlib.decompressobj(wbits=15 if is_framed else -15)

    def _unpack_piece(self, piece: bytes) -> None:
        while piece:
            if self._unpacker is None:
                self._add_piece(piece)
                return
            if self._unpacker.eof:
                if not piece.startswith(_GZIP_MARK):
                    return  # padding after the end
                self._unpacker = zlib.decompressobj(wbits=31)  # a body may hold several gzip files
            try:
                self._add_piece(self._unpacker.decompress(piece, self._max_bytes - self._size + 1))
            except zlib.error as error:
                raise Undecodable(f"broken compression ({error})") from None
            piece = self._unpacker.unused_data if self._unpacker.eof else self._unpacker.unconsumed_tail

    def _add_piece(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._max_bytes:
            raise TooLarge
        self._pieces.append(piece)
