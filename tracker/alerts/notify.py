"""Sends an alert to the desktop or terminal, the bell, a command and an address; one that fails stops no other."""

from __future__ import annotations

import asyncio
import html
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from tracker.alerts.terminal import notification
from tracker.alerts.words import body_text, environment, title_text
from tracker.model.alert import Firing
from tracker.net.client import USER_AGENT, Client, NoAnswer
from tracker.net.hosts import HostLimits

if TYPE_CHECKING:
    import httpx

COMMAND_SECONDS = 30.0
"""How long a command may run before it is ended."""
NO_DESKTOP = "desktop: notify-send is not installed"
_POST_SECONDS = 10.0
_MAX_REPLY_BYTES = 100_000
_MAX_LINK = 2_000
"""Longest link that is sent in a header: servers limit these, and part of a link leads nowhere."""
_ADDRESS_SIGNS = "%/:?#[]@!$&'()*+,;=~"
"""What has a meaning in an address and is sent as it is."""


class Notifier:
    """Sends alerts.

    Args:
        environ: what commands inherit.
        terminal: writes to the terminal; None where there is none.
        transport: replaces the network, for tests.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        terminal: Callable[[str], object] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._environ = environ
        self._terminal = terminal
        self._transport = transport

    async def send(self, firing: Firing) -> str | None:
        """Send an alert in every way of its rule; return what did not work, in words, or None."""
        problems: list[str | None] = []
        rule = firing.rule
        if "bell" in rule.notify and self._terminal is not None:  # a sync in cron has none, and none is missing
            self._terminal("\a")
        if "desktop" in rule.notify:
            problem = await self._desktop(firing)
            problems.append(None if problem is None or self._tell_terminal(firing) else problem)
        if rule.command:
            problems.append(await self._run(rule.command, environment(firing)))
        if rule.url is not None:
            problems.append(await self._post(rule.url, firing))
        return "; ".join(problem for problem in problems if problem is not None) or None

    async def _desktop(self, firing: Firing) -> str | None:
        if sys.platform == "darwin" and shutil.which("osascript"):
            script = (
                "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run"  # no quoting
            )
            return await self._run(("osascript", "-e", script, title_text(firing), body_text(firing)), {})
        if shutil.which("notify-send", path=self._environ.get("PATH")) is None:
            return NO_DESKTOP
        # The body may hold markup (freedesktop.org, Desktop Notifications), the title never does.
        body = html.escape(body_text(firing), quote=False)
        return await self._run(("notify-send", "--app-name=tracker", "--", title_text(firing), body), {})

    def _tell_terminal(self, firing: Firing) -> bool:
        """Notify through the terminal, where there is no desktop; False where it cannot."""
        sequence = notification(title_text(firing), body_text(firing), self._environ)
        if self._terminal is None or not sequence:
            return False
        self._terminal(sequence)
        return True

    async def _run(self, command: tuple[str, ...], variables: Mapping[str, str]) -> str | None:
        name = os.path.basename(command[0])  # noqa: PTH119
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env={**self._environ, **variables},
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return f"command {name}: {getattr(error, 'strerror', None) or error}"
        try:
            async with asyncio.timeout(COMMAND_SECONDS):
                code = await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            return f"command {name}: stopped after {COMMAND_SECONDS:.0f} s"
        return None if code == 0 else f"command {name}: exit code {code}"

    async def _post(self, url: str, firing: Firing) -> str | None:
        limits = HostLimits(connections=1, host_connections=1, delay_seconds=0.0)
        headers = {"Content-Type": "text/plain; charset=utf-8", "Title": _ascii(f"tracker: {firing.symbol or 'news'}")}
        link = quote(firing.candidate.url or "", safe=_ADDRESS_SIGNS, errors="replace")
        if 0 < len(link) <= _MAX_LINK:
            headers["Click"] = link  # what ntfy opens
        body = f"{title_text(firing)}\n{body_text(firing)}".encode()
        async with Client(
            user_agent=USER_AGENT,
            limits=limits,
            max_bytes=_MAX_REPLY_BYTES,
            deadline_seconds=_POST_SECONDS,
            transport=self._transport,
        ) as client:
            try:
                reply = await client.post(url, headers, body, is_own=True)
            except NoAnswer as failure:
                return f"url: {failure.reason}"
        return None if 200 <= reply.status < 300 else f"url: responded {reply.status}"


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode("ascii").replace("\n", " ")[:500]
