"""A real HTTP server on loopback that answers what a test tells it and keeps score of what it was asked."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """One request as it arrived. Header names are in lower case."""

    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    at: float
    """`time.monotonic()` on arrival."""
    peer: tuple[str, int] = ("", 0)
    """Address and port it came from: one for each connection."""
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What the server sends back."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    """Seconds before the first byte."""
    promise: int | None = None
    """Content-Length to announce instead of the true one (a body that is cut off)."""
    hold: float = 0.0
    """Seconds after the last byte before the connection goes on or, with `promise`, is closed."""


Handler = Callable[[Request], Answer]


class LoopbackServer:
    """Routes by path; a route is an `Answer`, or a function of the request."""

    def __init__(self) -> None:
        self.routes: dict[str, Answer | Handler] = {}
        self.requests: list[Request] = []
        self.most_at_once = 0
        self._open = 0
        self._lock = threading.Lock()
        server = self

        class _Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server._serve(self)

            do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
                pass

        class _Http(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                if not isinstance(sys.exception(), ConnectionError):  # clients may hang up, and some tests make them
                    super().handle_error(request, client_address)

        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """Base address without a final slash."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def asked(self, path: str) -> list[Request]:
        """Return the requests for one path, in order."""
        return [request for request in self.requests if request.path == path]

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        request = Request(
            parts.path,
            parse_qs(parts.query),
            {name.lower(): value for name, value in handler.headers.items()},
            time.monotonic(),
            handler.client_address[:2],
            handler.rfile.read(int(handler.headers.get("Content-Length", 0))),
        )
        with self._lock:
            self.requests.append(request)
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)
        try:
            route = self.routes.get(request.path, Answer(b"not here", 404))
            answer = route if isinstance(route, Answer) else route(request)
            if answer.delay:
                time.sleep(answer.delay)
            if "Date" in answer.headers:
                handler.send_response_only(answer.status)  # `send_response` would add the true date
            else:
                handler.send_response(answer.status)
            for name, value in answer.headers.items():
                handler.send_header(name, value)
            if answer.status != 304:
                length = len(answer.body) if answer.promise is None else answer.promise
                handler.send_header("Content-Length", str(length))
            handler.end_headers()
            if answer.status != 304:
                handler.wfile.write(answer.body)
            if answer.hold:
                handler.wfile.flush()
                time.sleep(answer.hold)
            if answer.promise is not None:
                handler.close_connection = True
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True  # the client had enough, as some tests mean it to
        finally:
            with self._lock:
                self._open -= 1

    def start(self) -> None:
        """Serve from a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop and free the port."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@contextmanager
def loopback_server() -> Iterator[LoopbackServer]:
    """Run a server for the length of a `with` block."""
    server = LoopbackServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
