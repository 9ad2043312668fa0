"""`tracker tag` and `tracker retag`."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Desk
from tests.helpers.store import article, fill
from tracker.config.load import load_config
from tracker.store.write import Writer
from tracker.sync.retagging import retag


def test_a_text_gets_its_tags_with_the_words_that_say_so(desk: Desk) -> None:
    done = desk.run("tag", "Nvidia", "and", "DeepSeek")
    assert done.code == 0
    tags = done.records[0]["tags"]
    assert [(tag["name"], tag["salience"]) for tag in tags] == [("nvidia", "about"), ("deepseek", "about")]
    assert tags[1]["matches"] == [{"field": "title", "start": 11, "end": 19, "text": "DeepSeek"}]
    assert desk.run("tag", "nothing of note").records == [{"tags": []}]


def test_on_a_terminal_a_text_gets_a_table(desk: Desk) -> None:
    done = desk.run("tag", "Nvidia and DeepSeek", is_terminal=True, environ={"NO_COLOR": "1"})
    assert [line.split() for line in done.out.splitlines()] == [
        ["tag", "share", "matched"],
        ["nvidia", "NVDA", "about", "Nvidia", "(0", "to", "6)"],
        ["deepseek", "NVDA", "about", "DeepSeek", "(11", "to", "19)"],
    ]
    assert desk.run("tag", "Nvidia", "--format", "csv").out.splitlines()[1] == "nvidia,NVDA,about,Nvidia (0 to 6)"
    none = desk.run("tag", "nothing of note", is_terminal=True)
    assert (none.code, none.out) == (0, "")
    assert none.err.startswith("no tag")


def test_rules_of_the_configuration_count(desk: Desk) -> None:
    desk.write('[[tag]]\nname = "mine"\nmatch = ["Zyxwv"]\n')
    assert [tag["name"] for tag in desk.run("tag", "All about Zyxwv").records[0]["tags"]] == ["mine"]


def test_lines_are_answered_one_by_one_in_order(desk: Desk) -> None:
    lines = [
        json.dumps({"title": "Nvidia rises", "id": 7}),
        "no json",
        json.dumps({"title": "x", "summary": "DeepSeek, DeepSeek"}),
        json.dumps([1]),
        json.dumps({"title": 3}),
        json.dumps({"other": "x"}),
        "",
        json.dumps({"title": None, "summary": "英伟达"}),
        json.dumps({"title": "\ud800 Nvidia"}),
    ]
    done = desk.run("tag", "-", stdin="\n".join(lines).encode() + b"\n\xff\xfe\n")
    assert done.code == 1
    records = done.records
    assert len(records) == len(lines) + 1
    assert [tag["name"] for tag in records[0]["tags"]] == ["nvidia"]
    assert records[1]["error"] == "line 2: is not valid JSON: Expecting value at character 1"
    assert [tag["name"] for tag in records[2]["tags"]] == ["deepseek"]
    assert records[2]["tags"][0]["matches"][0]["field"] == "text"
    assert records[3]["error"] == 'line 4: is not a JSON object such as {"title": "..."}'
    assert records[4]["error"] == 'line 5: "title" is not text'
    assert records[5]["error"] == 'line 6: has neither "title" nor "summary"'
    assert records[6]["error"].startswith("line 7: is not valid JSON")
    assert [tag["name"] for tag in records[7]["tags"]] == ["nvidia"]
    assert records[8]["tags"][0]["matches"][0]["start"] == 2
    assert records[9]["error"] == "line 10: is not valid UTF-8"


def test_a_byte_order_mark_begins_no_line(desk: Desk) -> None:
    done = desk.run("tag", "-", stdin=b'\xef\xbb\xbf{"title": "Nvidia"}\r\n{"title": "Nvidia"}\r\n')
    assert (done.code, [len(record["tags"]) for record in done.records]) == (0, [1, 1])


def test_lines_are_answered_in_json_only(desk: Desk) -> None:
    done = desk.run("tag", "-", "--format", "csv", stdin='{"title": "Nvidia"}\n')
    assert (done.code, done.out, done.err) == (2, "", '"-" answers with JSON lines; leave out --format csv\n')
    assert desk.run("tag", "-", "--format", "jsonl", stdin='{"title": "Nvidia"}\n').code == 0


def test_good_lines_only_are_code_0(desk: Desk) -> None:
    assert desk.run("tag", "-", stdin='{"title": "x"}\n').code == 0
    assert desk.run("tag", "-", stdin="").out == ""


def test_a_line_without_end_gets_one_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.cli.tag._MAX_LINE_BYTES", 100)
    done = desk.run("tag", "-", stdin='{"title": "' + "x" * 1000 + '"}\n{"title": "Nvidia"}\n')
    assert done.records[0] == {"error": "line 1: is longer than 100 bytes"}
    assert [tag["name"] for tag in done.records[1]["tags"]] == ["nvidia"]


def test_retag_applies_changed_rules(desk: Desk) -> None:
    with Writer(desk.db) as writer:
        fill(writer, "Feed", [article(f"Zyxwv number {n}") for n in range(3)])
    assert desk.run("list", "tag:mine").records == []
    desk.write('[[tag]]\nname = "mine"\nmatch = ["Zyxwv"]\nsymbol = "ZZZ"\n[market]\nproviders = []\n')
    done = desk.run("retag")
    assert (done.code, done.out, done.err) == (0, "", "retagged 3 articles\n")
    assert len(desk.run("list", "tag:mine").records) == 3
    assert "retag 3/3" in desk.run("retag", is_terminal=True).err


def test_retag_says_that_it_resumes(desk: Desk) -> None:
    with Writer(desk.db) as writer:
        fill(writer, "Feed", [article(f"Zyxwv number {n}") for n in range(250)])
    desk.write('[[tag]]\nname = "mine"\nmatch = ["Zyxwv"]\n[market]\nproviders = []\n')
    assert next(retag(load_config(desk.config), desk.db)) == (200, 250)
    assert "a retag has not finished" in desk.run("sync").err
    assert "retag" not in desk.run("sync", "--quiet").err
    resumed = "resuming an interrupted retag: 200 articles are done already\nretagged 50 articles\n"
    assert desk.run("retag").err == resumed
    assert desk.run("retag").err == "retagged 250 articles\n"


def test_retag_without_a_database_makes_none(desk: Desk) -> None:
    assert desk.run("retag").code == 0
    assert not desk.db.exists()
