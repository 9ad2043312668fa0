"""Opens the window that the command line asked for: the user's news or the replay."""

from __future__ import annotations

import sys

from tracker.model.clock import SetClock
from tracker.model.launch import LaunchWindow
from tracker.sync.current import config_file
from tracker.sync.errorlog import FILE as ERRORS_FILE
from tracker.sync.process import ApartSync, sync_early
from tracker.ui import first_turn
from tracker.ui.first_turn import RestingSelector

_SWITCH_SECONDS = 0.001
"""How long a thread that stores may keep the interpreter from the keys: the usual 5 ms are paid several times a key."""


def open_window(request: LaunchWindow) -> int:
    """Run the window until it is closed and return the exit code."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    if request.demo:
        return _open_demo(request)
    find, selector = request.find_config, RestingSelector()
    is_apart = not isinstance(request.clock, SetClock)
    early = _sync_early(request) if is_apart else None
    try:
        from tracker.ui.app import TrackerApp  # 0.3 s, beside the start of that sync

        app = TrackerApp(
            config=request.config,
            config_file=None if find is None else config_file(find, request.config, request.own_config),
            db=request.db,
            state_dir=request.state_dir,
            clock=request.clock,
            query=request.query,
            first_turn=selector,
            is_apart=is_apart,
            early=early,
        )
        first_turn.run(app.run_async(), selector)
        return app.end()
    finally:
        if early is not None:
            early.end()


def _sync_early(request: LaunchWindow) -> ApartSync | None:
    return sync_early(
        request.config,
        request.db,
        request.clock(),
        find_config=request.find_config,
        errors=request.state_dir / ERRORS_FILE,
    )


def _open_demo(request: LaunchWindow) -> int:
    import time

    from tracker.config.load import load_config
    from tracker.demo.clock import ReplayClock
    from tracker.demo.config import END, SPEED, START, demo_config_text
    from tracker.demo.estimates import store_estimates
    from tracker.demo.folder import demo_folder
    from tracker.demo.price_paths import LABEL
    from tracker.demo.server import DemoServer
    from tracker.ui.app import TrackerApp

    selector = RestingSelector()
    clock = ReplayClock(request.at or START, request.speed or SPEED, time.monotonic, END)
    # A temporary database and state: the replay never touches the user's.
    with demo_folder() as home, DemoServer(clock) as server:
        path = home / "feeds.toml"
        path.write_text(demo_config_text(server.base_url), encoding="utf-8")
        store_estimates(home / "demo.db")
        app = TrackerApp(
            config=load_config(path),
            db=home / "demo.db",
            state_dir=home,
            clock=SetClock(clock),
            query=request.query,
            demo=clock,
            label=LABEL,
            first_turn=selector,
        )
        first_turn.run(app.run_async(), selector)
    return app.end()
