"""Opens one address in the user's browser; a separate program, run by its file name, that imports nothing of tracker.

    python -I browser_process.py ADDRESS

It exits with 0 when a browser has taken the address, with `NONE_FOUND` when there is none to try, else with 1. Its
streams are the null device, so nothing that a browser prints reaches the terminal of the window.
"""

from __future__ import annotations

import os
import sys
import webbrowser

NONE_FOUND = 3
_TEXT_BROWSERS = ("w3m", "lynx", "links", "links2", "elinks", "www-browser", "browsh", "carbonyl")
"""They need a terminal of their own, and the window has this one."""


def main(address: str) -> int:
    """Try the browsers of this system in their order: BROWSER, then what the desktop names."""
    chosen = [
        one for one in os.environ.get("BROWSER", "").split(os.pathsep) if one.strip() and not _is_text_browser(one)
    ]
    if chosen:
        os.environ["BROWSER"] = os.pathsep.join(chosen)
    else:
        os.environ.pop("BROWSER", None)
    terminal = os.environ.pop("TERM", None)  # without it, browsers for terminals are not looked for
    try:
        webbrowser.get()
    except webbrowser.Error:
        return NONE_FOUND
    if terminal is not None:
        os.environ["TERM"] = terminal
    # The class for commands such as xdg-open does not wait for the exit code, and takes every start for a success.
    webbrowser.BackgroundBrowser.open = webbrowser.GenericBrowser.open  # type: ignore[method-assign]
    return 0 if webbrowser.open(address) else 1


def _is_text_browser(command: str) -> bool:
    return os.path.basename(command.split()[0]) in _TEXT_BROWSERS  # noqa: PTH119


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
