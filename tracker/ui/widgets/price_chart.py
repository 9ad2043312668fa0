"""The chart of a share with the minutes of its headlines on it; pure drawing.

Trading time runs from left to right: nights and weekends take no room, a dotted column marks each regular open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from tracker.model.halts import OPEN_END, Halt
from tracker.model.market import DAILY
from tracker.prices.chart import Chart
from tracker.ui.widgets.braille import BrailleCanvas, bounds, scale
from tracker.ui.widgets.pieces import Pieces

_LABEL_GAP = 2
_MIN_PLOT_CELLS = 8
_MIN_HEIGHT = 4


def draw_chart(chart: Chart, width: int, height: int) -> list[Pieces]:
    """Return `height` lines of (text, part) pieces, each `width` cells wide.

    Parts: `line`, `shade` (the same outside regular hours), `label`, `last`, `axis`, `mark` (a headline), `selected`.
    """
    limits = bounds([*(bar.close for bar in chart.bars), chart.previous_close])
    labels = _price_labels(chart, limits, height - 2) if limits is not None else {}
    margin = max((len(text) for text, _ in labels.values()), default=0) + 2
    room = width - margin
    if limits is None or room < _MIN_PLOT_CELLS or height < _MIN_HEIGHT:
        return _empty("no price history yet" if limits is None else "", width, height)
    canvas = BrailleCanvas(room, height - 2)
    places = [round(scale(index, 0, len(chart.bars) - 1, canvas.width)) for index in range(len(chart.bars))]
    if chart.previous_close is not None:
        canvas.plot_row(canvas.height - 1 - scale(chart.previous_close, *limits, canvas.height), every=4)
    for index in _opens(chart):
        if index:
            canvas.plot_column(places[index], every=4)
    if chart.selected is not None and (at := _index(chart, chart.selected)) is not None:
        canvas.plot_column(places[at], every=2)
    heights = [canvas.height - 1 - scale(bar.close, *limits, canvas.height) for bar in chart.bars]
    canvas.plot_line(zip(places, heights, strict=True))
    shaded = _shaded(chart, places, room)
    lines = []
    for number, row in enumerate(canvas.rows()):
        text, part = labels.get(number, ("", "label"))
        label = [(text.rjust(margin - 2), part), (" ┤" if text else " │", "axis")]
        lines.append([*label, *_plot(row, shaded)])
    lines.append(_axis(chart, places, margin, room))
    lines.append(_time_labels(chart, places, margin, room))
    return lines


def headline_at(chart: Chart, column: int, width: int, height: int) -> int | None:
    """Return the number of the headline nearest to a column of the drawing, within two cells; None for none."""
    limits = bounds([*(bar.close for bar in chart.bars), chart.previous_close])
    if limits is None:
        return None
    margin = max((len(text) for text, _ in _price_labels(chart, limits, height - 2).values()), default=0) + 2
    room = width - margin
    best: tuple[int, int] | None = None
    for number, moment in enumerate(chart.headlines):
        index = _index(chart, moment)
        if index is None or room < _MIN_PLOT_CELLS:
            continue
        distance = abs(round(scale(index, 0, len(chart.bars) - 1, 2 * room)) // 2 + margin - column)
        if distance <= 2 and (best is None or distance <= best[0]):
            best = (distance, number)
    return None if best is None else best[1]


def _index(chart: Chart, moment: datetime) -> int | None:
    """Return the bar in which a moment falls, the next one for a moment without trading; None outside the chart."""
    bars = chart.bars
    if not bars or moment < bars[0].start or moment > bars[-1].end:
        return None
    at = bisect_right(bars, moment, key=lambda bar: bar.start) - 1
    return at if moment < bars[at].end or at + 1 == len(bars) else at + 1


def _opens(chart: Chart) -> list[int]:
    """Return the bars with which a day begins: the regular open where hours are known."""
    if chart.bars and chart.bars[0].interval == DAILY:
        return []
    starts = []
    days = [bar.start.astimezone(chart.zone).date() for bar in chart.bars]
    for day, numbers in groupby(range(len(days)), key=days.__getitem__):
        of_day = list(numbers)
        opened = next((begin for begin, _ in chart.regular if begin.astimezone(chart.zone).date() == day), None)
        first = next((n for n in of_day if opened is not None and chart.bars[n].start >= opened), of_day[0])
        starts.append(first)
    return starts


def _shaded(chart: Chart, places: Sequence[int], room: int) -> list[bool]:
    shaded = [False] * room
    if not chart.regular:
        return shaded
    # To the next bar: where there are fewer bars than cells, the cells between two are of the first.
    for place, following, bar in zip(places, (*places[1:], 2 * room), chart.bars, strict=True):
        if not any(begin <= bar.start < end for begin, end in chart.regular):
            shaded[place // 2 : max(place // 2 + 1, following // 2)] = [True] * max(1, following // 2 - place // 2)
    return shaded


def _plot(row: str, shaded: Sequence[bool]) -> Pieces:
    pieces: Pieces = []
    at = 0
    for is_shaded, cells in groupby(shaded):
        size = len(list(cells))
        pieces.append((row[at : at + size], "shade" if is_shaded else "line"))
        at += size
    return pieces


def _price_labels(chart: Chart, limits: tuple[float, float], rows: int) -> dict[int, tuple[str, str]]:
    """Return the price at each line that has one: the last, the previous close, the highest and the lowest."""
    low, high = limits
    wanted = [(high, "label"), (low, "label")]
    if chart.previous_close is not None:
        wanted.append((chart.previous_close, "label"))
    if chart.bars:
        wanted.append((chart.bars[-1].close, "last"))
    labels: dict[int, tuple[str, str]] = {}
    for price, part in wanted:  # a later one takes the line of an earlier one
        row = round((4 * rows - 1 - scale(price, low, high, 4 * rows)) // 4) if rows > 0 else 0
        labels[row] = (_price(price), part)
    return labels


def _price(value: float) -> str:
    return f"{value:.2f}" if value < 1000 else f"{value:.0f}"


def _axis(chart: Chart, places: Sequence[int], margin: int, room: int) -> Pieces:
    cells = ["─"] * room
    for index in _opens(chart):
        cells[places[index] // 2] = "┴"
    parts = ["axis"] * room
    for moment in chart.headlines:
        if (at := _index(chart, moment)) is not None:
            cells[places[at] // 2], parts[places[at] // 2] = "┬", "mark"
    for halt in chart.halts:
        for place in _halted(chart, places, halt):
            cells[place], parts[place] = "×", "mark"
    if chart.selected is not None and (at := _index(chart, chart.selected)) is not None:
        cells[places[at] // 2], parts[places[at] // 2] = "▲", "selected"
    pieces: Pieces = [(" " * (margin - 1) + "└", "axis")]
    for part, group in groupby(zip(parts, cells, strict=True), key=lambda pair: pair[0]):
        pieces.append(("".join(cell for _, cell in group), part))
    return pieces


def _halted(chart: Chart, places: Sequence[int], halt: Halt) -> range:
    """Return the cells of a halt: one at least, to the end of the chart while nobody knows when trading resumes."""
    if not chart.bars:
        return range(0)
    last = chart.bars[-1]
    if last.interval == DAILY or halt.start >= last.end + OPEN_END:
        return range(0)
    begin = _index(chart, min(halt.start, last.end))
    end = len(chart.bars) - 1 if halt.resumes is None else _index(chart, min(halt.resumes, last.end))
    if begin is None or end is None:
        return range(0)
    return range(places[begin] // 2, max(places[begin], places[end] - 1) // 2 + 1)


def _time_labels(chart: Chart, places: Sequence[int], margin: int, room: int) -> Pieces:
    line = [" "] * room
    opens = set(_opens(chart))
    wanted: list[tuple[int, str]] = []
    before: datetime | None = None
    for index, bar in enumerate(chart.bars):
        local = bar.start.astimezone(chart.zone)
        if bar.interval == DAILY:
            if before is None or local.month != before.month:
                wanted.append((index, f"{local:%b}"))
        elif index in opens:
            wanted.insert(0, (index, f"{local:%a}"))  # days first: hours fill what is left
        elif local.minute == 0:
            wanted.append((index, f"{local:%H}"))
        before = local
    for index, text in wanted:
        start = max(0, min(places[index] // 2 - len(text) // 2, room - len(text)))
        around = line[max(0, start - _LABEL_GAP) : start + len(text) + _LABEL_GAP]
        if all(cell == " " for cell in around):
            line[start : start + len(text)] = text
    return [(" " * margin, "label"), ("".join(line), "label")]


def _empty(text: str, width: int, height: int) -> list[Pieces]:
    line = text[: max(0, width)].center(max(0, width))
    return [[(line if number == height // 2 else " " * max(0, width), "label")] for number in range(max(0, height))]
