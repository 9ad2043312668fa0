"""The program's bytecode, as an installed package has it."""

from __future__ import annotations

import compileall
from pathlib import Path

import tracker


def compile_program() -> None:
    """Write the bytecode of the program where it is missing or old.

    pip writes it for what it installs, but not for an editable install; where PYTHONDONTWRITEBYTECODE is set, as in
    many containers, Python does not either, and each start of the program then compiles it anew: 0.3 s.
    """
    compileall.compile_dir(Path(tracker.__file__).parent, quiet=2)
