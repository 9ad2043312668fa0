"""Lines in pieces of text, each with the name of its style, in exactly as many cells as there are."""

from __future__ import annotations

from rich.cells import cell_len

from tracker.model.joiners import with_emoji_apart
from tracker.words.cells import Cells

Pieces = list[tuple[str, str]]
"""(text, part): the part names the style of the text."""

WINDOW = Cells(cell_len)
"""Text in the cells that Textual counts."""
fit, crop = WINDOW.fit, WINDOW.crop


def fit_pieces(pieces: Pieces, width: int) -> Pieces:
    """Return the pieces in exactly `width` cells: the one that does not fit is cut with an ellipsis."""
    fitted: Pieces = []
    left = width
    for text, part in pieces:
        text = with_emoji_apart(text)
        length = cell_len(text)
        if length > left:
            return [*fitted, (fit(text, left), part)]
        fitted.append((text, part))
        left -= length
    if left > 0 and fitted:
        fitted[-1] = (fitted[-1][0] + " " * left, fitted[-1][1])
    return fitted
