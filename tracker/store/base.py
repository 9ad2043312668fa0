"""The base of a move in SQL: the last trade that is known to be before a publication; pure text.

`tracker.prices.series.PriceSeries.base_before` is the same rule over bars in memory, without steps that are doubted. A
property test ties the two.
"""

from __future__ import annotations

from tracker.model.market import DAILY, INTRADAY

# Bars are asked for newest first and at most a few are still open, so the condition on the end skips one or two rows.
_LAST_PRICE = (
    "SELECT * FROM (SELECT close, end, interval, interpolated FROM bar"
    " WHERE symbol = {symbol} AND interval = {interval} AND start < {moment} AND end <= {moment}"
    " ORDER BY start DESC LIMIT 1)"
)


def base_select(columns: str, symbol: str, moment: str) -> str:
    """Return the SELECT of the last bar, 5-minute or daily, that had ended by a moment, as at most one row.

    The later of the two; at the same end the daily one, whose close is the official one. A close that is not a price is
    passed over, and so is one from before a step that looks like an unannounced split: the newest price is of other
    shares.

    Args:
        columns: of `close`, `end`, `interval` and `interpolated`.
        symbol: SQL for the share.
        moment: SQL for the time of publication in epoch seconds.
    """
    both = " UNION ALL ".join(
        _LAST_PRICE.format(symbol=symbol, interval=interval, moment=moment) for interval in (INTRADAY, DAILY)
    )
    since_doubt = f"coalesce((SELECT max(at) FROM price_doubt WHERE symbol = {symbol} AND is_real = 0), 0)"
    return (
        f"SELECT {columns} FROM ({both}) WHERE close > 0 AND close < 9e999 AND end > {since_doubt}"
        " ORDER BY end DESC, interval DESC LIMIT 1"
    )
