"""Writes the table of docs/measurements.md from what the benches printed.

    python -m tests.bench.bench_million --out figures.jsonl
    python -m tests.bench.report figures.jsonl...

The block between `<!-- figures -->` and `<!-- /figures -->` is made from these files alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.figures import from_line, table

PAGE = Path(__file__).parents[2] / "docs" / "measurements.md"
_BLOCK = re.compile(r"(<!-- figures -->\n).*?(<!-- /figures -->)", re.DOTALL)


def with_figures(page: str, lines: Sequence[str]) -> str:
    """Return a page whose block holds the table of these lines.

    Raises:
        ValueError: the page has no such block.
    """
    made = table([from_line(line) for line in lines if line.strip()])
    text, count = _BLOCK.subn(lambda found: f"{found[1]}\n{made}\n\n{found[2]}", page)
    if count != 1:
        raise ValueError("the page has no block of figures")
    return text


def main() -> int:
    """Rewrite the page."""
    lines = [line for path in sys.argv[1:] for line in Path(path).read_text(encoding="utf-8").splitlines()]
    if not lines:
        print(__doc__, file=sys.stderr)
        return 2
    PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
