"""Writes the tables of docs/measurements.md from what the benches printed.

    python -m tests.bench.bench_million --out figures.jsonl
    python -m tests.bench.report figures.jsonl...

The block between `<!-- figures of NAME -->` and `<!-- /figures -->` is made from the figures of `tests.bench.NAME`
alone; a block whose bench is in none of the files stays as it is.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.figures import Figure, from_line, table

PAGE = Path(__file__).parents[2] / "docs" / "measurements.md"
_BLOCK = r"(<!-- figures of {} -->\n).*?(<!-- /figures -->)"
_BENCH = re.compile(r"-m tests\.bench\.(\w+)")


def with_figures(page: str, lines: Sequence[str]) -> str:
    """Return a page whose blocks hold the tables of these lines.

    Raises:
        ValueError: the page has no block, or several, for a bench of these lines; a line names no bench.
    """
    by_bench: dict[str, list[Figure]] = {}
    for figure in [from_line(line) for line in lines if line.strip()]:
        named = _BENCH.search(figure.command)
        if named is None:
            raise ValueError(f"no bench in {figure.command!r}")
        by_bench.setdefault(named[1], []).append(figure)
    for bench, figures in by_bench.items():
        made = table(figures)
        block = re.compile(_BLOCK.format(bench), re.DOTALL)
        page, count = block.subn(lambda found, made=made: f"{found[1]}\n{made}\n\n{found[2]}", page)  # type: ignore[misc]
        if count != 1:
            raise ValueError(f"the page has {count} blocks of figures of {bench}")
    return page


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
