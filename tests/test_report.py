"""The figures of benches, and the table that a script makes of them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.bench.figures import Figure, from_line, spread, to_line
from tests.bench.report import PAGE, with_figures

FIGURE = Figure(
    "a key", "ms", spread([3, 1, 2_000]), "bare app", spread([1.5]), "8 ms", "python -m tests.bench.bench_million"
)


def test_a_figure_says_median_range_and_ratio_and_survives_its_line() -> None:
    assert from_line(to_line(FIGURE)) == FIGURE
    assert FIGURE.ratio == 2
    assert "3.00 (1.00 to 2,000) ms" in FIGURE.text()
    assert "bare app: 1.50 ms" in FIGURE.text()
    none = Figure("idle", "bytes", spread([0]), "bare app", spread([0]), "", "python -m it")
    assert "– of it" in none.text()
    with pytest.raises(ValueError, match="nothing was measured"):
        spread([])


def test_the_blocks_of_a_page_are_made_anew_from_their_own_benches() -> None:
    other = "<!-- figures of bench_sync -->\nkept\n<!-- /figures -->\n"
    page = f"{other}before\n<!-- figures of bench_million -->\nold\n<!-- /figures -->\nafter\n"
    made = with_figures(page, [to_line(FIGURE), ""])
    row = (
        "| a key | 3.00 (1.00 to 2,000) ms | bare app: 1.50 ms | 2.00 | 8 ms | `python -m tests.bench.bench_million` |"
    )
    assert made.startswith(f"{other}before\n<!-- figures of bench_million -->\n\n| what |")
    assert made.endswith(f"\n{row}\n\n<!-- /figures -->\nafter\n")
    assert with_figures(made, [to_line(FIGURE)]) == made
    with pytest.raises(ValueError, match="0 blocks of figures of bench_million"):
        with_figures(other, [to_line(FIGURE)])
    with pytest.raises(ValueError, match="no bench in 'python -m it'"):
        with_figures(page, [to_line(replace(FIGURE, command="python -m it"))])
    assert with_figures(PAGE.read_text(encoding="utf-8"), [to_line(FIGURE)]).count(row) == 1
