"""The server of the replay: feeds and prices over HTTP on loopback, as of the time its clock shows."""

from __future__ import annotations

import hashlib
import json
import socket
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from tracker.demo.answers import Window, chart, failure, spark
from tracker.demo.calendar import calendar_page
from tracker.demo.documents import CONTENT_TYPES, render
from tracker.demo.headlines import feeds
from tracker.model.clock import Clock, from_epoch

_JSON = "application/json;charset=utf-8"
_STOP_TIMEOUT = 2.0
"""Seconds that stopping waits for requests under way."""

_Line = socket.socket | tuple[bytes, socket.socket]
"""A connection as `socketserver` types it; over TCP always a socket."""


class DemoServer:
    """Plays `/feeds/<slug>`, `/v7/finance/spark` and `/v8/finance/chart/SYMBOL`; a context manager.

    It listens on a free port of 127.0.0.1 from the start, answers from its own threads inside the `with` block, and
    leaves neither socket nor thread behind. Nothing holds up the end of the program.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._http = _Server(self)
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, name="demo-server", daemon=True
        )

    @property
    def base_url(self) -> str:
        """Address without a final slash."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(_STOP_TIMEOUT)
        self._http.hang_up()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # with the usual 5, twelve clients at once made one of them wait a second

    def __init__(self, demo: DemoServer) -> None:
        self.demo = demo
        self._lines: set[_Line] = set()
        self._changed = threading.Condition()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: _Line, client_address: object) -> None:
        with self._changed:
            self._lines.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Line) -> None:
        super().shutdown_request(request)
        with self._changed:
            self._lines.discard(request)
            self._changed.notify_all()

    def handle_error(self, request: _Line, client_address: object) -> None:
        """Ignore a client that hung up, such as a window closed during a sync."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """Close the connections that clients keep open, so that no thread waits for one."""
        with self._changed:
            for line in self._lines:
                with suppress(OSError):  # it ended by itself meanwhile
                    (line if isinstance(line, socket.socket) else line[1]).shutdown(socket.SHUT_RDWR)
            self._changed.wait_for(lambda: not self._lines, _STOP_TIMEOUT)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave in one piece
    server: _Server

    def do_GET(self) -> None:
        now = self.server.demo.clock()
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        match [unquote(part) for part in parts.path.split("/")[1:]]:
            case ["feeds", slug]:
                self._feed(slug, now)
            case ["v7", "finance", "spark"]:
                self._spark(query, now)
            case ["v8", "finance", "chart", symbol]:
                self._chart(symbol, query, now)
            case ["api", "calendar", "earnings"]:
                self._send_json(200, calendar_page(query.get("date", "")))
            case _:
                self._send(404, b"not here\n", "text/plain; charset=utf-8")

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the replayed time, so that it matches the client's clock."""
        return format_datetime(self.server.demo.clock().replace(microsecond=0), usegmt=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Log nothing: stderr belongs to the program."""

    def _feed(self, slug: str, now: datetime) -> None:
        feed = next((feed for feed in feeds() if feed.slug == slug), None)
        if feed is None:
            self._send(404, b"no such feed\n", "text/plain; charset=utf-8")
            return
        body = render(feed, now)
        shown = feed.published_by(now)
        tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        validators = {"ETag": tag}
        if shown:
            validators["Last-Modified"] = format_datetime(shown[0].published, usegmt=True)
        if self._has_same(tag, shown[0].published if shown else None):
            self._send(304, b"", None, validators)
            return
        self._send(200, body, CONTENT_TYPES[feed.dialect], validators)

    def _has_same(self, tag: str, modified: datetime | None) -> bool:
        """Return whether the client already has this document (RFC 9110, 13.2.2: a tag outweighs a date)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or tag in (known.strip().removeprefix("W/") for known in tags.split(","))
        since = self.headers.get("If-Modified-Since")
        if since is None or modified is None:
            return False
        try:
            held = parsedate_to_datetime(since)
        except ValueError:
            return False
        return (held if held.tzinfo else held.replace(tzinfo=UTC)) >= modified

    def _spark(self, query: dict[str, str], now: datetime) -> None:
        window = _window(query, "1d")
        fault = window if isinstance(window, str) else window.fault()
        if isinstance(window, str) or fault:
            self._send_json(422, failure("spark", "Unprocessable Entity", str(fault)))
            return
        symbols = [symbol for symbol in query.get("symbols", "").upper().split(",") if symbol]
        self._send_json(200, spark(symbols, window, now))

    def _chart(self, symbol: str, query: dict[str, str], now: datetime) -> None:
        window = _window(query, "1d")
        fault = window if isinstance(window, str) else window.fault()
        if isinstance(window, str) or fault:
            self._send_json(422, failure("chart", "Unprocessable Entity", str(fault)))
            return
        answer = chart(symbol.upper(), window, now)
        if answer is None:
            self._send_json(404, failure("chart", "Not Found", "No data found, symbol may be delisted"))
            return
        self._send_json(200, answer)

    def _send_json(self, status: int, answer: dict[str, object]) -> None:
        self._send(status, json.dumps(answer, separators=(",", ":")).encode(), _JSON)

    def _send(self, status: int, body: bytes, kind: str | None, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if kind is not None:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _window(query: dict[str, str], default_range: str) -> Window | str:
    """Return the requested part of a history, or what is wrong with the request."""
    try:
        since = from_epoch(int(query["period1"])) if "period1" in query else None
        until = from_epoch(int(query["period2"])) if "period2" in query else None
    except (ValueError, OverflowError):
        return "Invalid input - period1 and period2 are seconds since 1970"
    is_period = since is not None or until is not None
    return Window(
        interval=query.get("interval", "1d" if is_period else "5m"),
        range="" if is_period else query.get("range", default_range),
        since=since,
        until=until,
        extended=query.get("includePrePost") == "true",
    )
