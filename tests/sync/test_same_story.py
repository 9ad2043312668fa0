"""Which headlines of two sites become one row: judged through a whole sync, with the weights that users have."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.helpers.feeds import config_for, rss
from tests.helpers.http_server import Answer, LoopbackServer
from tests.helpers.store import NOW
from tests.helpers.sync import run_sync
from tracker.model.query import parse_query
from tracker.store.read import Reader


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Nvidia shares fall", "Nvidia shares rise", False),
        ("Nvidia stock falls after earnings", "Nvidia stock jumps after earnings", False),
        ("AMD launches Ryzen 9800X3D review", "Intel launches Core Ultra 285K review", False),
        ("Apple launches iPhone 17", "Apple launches MacBook Air", False),
        (
            "Nvidia shares slide 17% as DeepSeek spooks investors",
            "Nvidia shares plunge 17% as DeepSeek model spooks Wall Street",
            True,
        ),
        ("[问与答] DeepSeek 可以部署在 U 盘里面吗？", "[问与答] 求推荐用什么显卡跑 Deepseek r1 模型？", False),
        ("DeepSeek R2 delayed over Huawei chips", "DeepSeek delays R2 model because of Huawei chip problems", True),
    ],
)
async def test_pair(server: LoopbackServer, tmp_path: Path, one: str, other: str, is_same: bool) -> None:
    server.routes["/a"] = Answer(rss([one], published=NOW - timedelta(hours=2)))
    server.routes["/b"] = Answer(
        rss([other], published=NOW - timedelta(hours=1)).replace(b"news.example", b"b.example")
    )
    await run_sync(config_for(server, "a", "b"), tmp_path / "t.db")
    with Reader(tmp_path / "t.db") as reader:
        assert len(reader.stories.leads(parse_query(""), NOW)) == (1 if is_same else 2)
