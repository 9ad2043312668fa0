"""The documentation says what the program does: a new user can take every step, and every reference is up to date."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from docs.update import BLOCKS, FILES_MADE, README, ROOT, every_command, fresh
from tests.helpers.project import PROJECT, requirement_names
from tracker.cli.commands import COMMON
from tracker.cli.main import build_parser
from tracker.cli.records import RECORDS
from tracker.config import tables as schema
from tracker.config.load import load_config
from tracker.config.paths import database_path, shipped_config, state_dir, user_config

TEXT = README.read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
DECISIONS = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
SHIPPED = shipped_config().read_text(encoding="utf-8")
PAGES = sorted((ROOT / "docs").glob("*.md"))


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of the README in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def steps() -> list[str]:
    """Return the commands of the README that a shell, cron or systemd runs, one each."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    lines += [line.split(maxsplit=5)[5] for block in blocks("cron") for line in block.splitlines()]
    lines += re.findall(r"^ExecStart=(.*)$", TEXT, re.MULTILINE)
    return [step for line in lines for step in line.split(" && ")]


def said() -> list[str]:
    """Return what the README and docs/ call by `tracker ...` in running text."""
    texts = [path.read_text(encoding="utf-8") for path in (README, *PAGES)]
    return sorted({code for text in texts for code in re.findall(r"`(tracker [a-z][^`|\n]*)`", text)})


EXAMPLES = [command.example for _, command in every_command()]


def test_readme_is_short() -> None:
    assert len(TEXT.splitlines()) < 250


@pytest.mark.parametrize("step", steps())
def test_a_step_of_the_readme_can_be_taken(step: str) -> None:
    words = shlex.split(step, comments=True)
    program, arguments = words[0].rpartition("/")[2], words[1:]
    if program == "tracker":
        build_parser().parse_args(arguments)
    elif program == "pip":
        extras = re.findall(r"\.\[(\w+)\]", words[-1])
        assert set(extras) <= set(PROJECT["optional-dependencies"])
        assert words[-1].startswith(".")
    else:
        assert (program, *arguments[:2]) in {
            ("python3", "-m", "venv"),
            ("python", "-m", "pytest"),
            ("git", "pull"),
        }


@pytest.mark.parametrize("code", said())
def test_a_command_in_running_text_is_one(code: str) -> None:
    words = shlex.split(code)[1:]
    known = {name for name, _ in every_command()}
    assert words[0] in known
    options = {name for _, one in every_command() for option in one.options for name in option.names}
    options |= {name for option in COMMON for name in option.names}
    assert {word for word in words if word.startswith("--")} <= options | {"--help"}


@pytest.mark.parametrize("block", blocks("toml"))
def test_a_configuration_of_the_readme_is_sound(block: str, tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(f"{SHIPPED}\n{block}", encoding="utf-8")
    assert load_config(path).warnings == ()


@pytest.mark.parametrize("step", [step for step in (*steps(), *EXAMPLES) if " feeds add " in step])
def test_an_example_adds_a_feed_that_is_not_shipped(step: str) -> None:
    """Where it is, the command fails: `config init` has already added it."""
    address = shlex.split(step)[3]
    assert urlsplit(address).hostname not in {
        urlsplit(feed.url).hostname for feed in load_config(shipped_config()).feeds
    }


def test_files_are_where_the_readme_says() -> None:
    environ = {"HOME": "/home/you"}
    for path in (user_config(environ), database_path(None, environ), state_dir(environ)):
        assert str(path).replace("/home/you", "~") in TEXT


@pytest.mark.parametrize(
    "file", ["README.md", "CHANGELOG.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_links_lead_somewhere(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        there = (ROOT / file).parent / path if path else ROOT / file
        assert there.is_file(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}, target


EVERY_PAGE = {path.name: path.read_text(encoding="utf-8") for path in (README, ROOT / "CONTRIBUTING.md", *PAGES)}
STEPS_OF_OTHERS = {"venv", "pytest"}


def modules_run() -> list[tuple[str, str, str]]:
    """Return the page, the module and the rest of each `python -m` of the documentation."""
    return [
        (page, *found)
        for page, text in EVERY_PAGE.items()
        for found in re.findall(r"python -m ([\w.]+)([^`#\n]*)", text)
        if found[0] not in STEPS_OF_OTHERS
    ]


@pytest.mark.parametrize(("page", "module", "rest"), sorted(set(modules_run())))
def test_a_module_to_run_is_there_with_its_options(page: str, module: str, rest: str) -> None:
    source = (ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    assert [option for option in re.findall(r"--[\w-]+", rest) if f'"{option}"' not in source] == []


def names_of_files() -> list[tuple[str, str]]:
    """Return the page and the name of what looks like a file, a folder or something in a module of ours."""
    in_backticks = [(page, name) for page, text in EVERY_PAGE.items() for name in re.findall(r"`([\w./]+)`", text)]
    known = {"ROOM", "MODULE", "NAME"}
    return [
        (page, name)
        for page, name in sorted(set(in_backticks))
        if re.match(r"(tracker|tests|docs|\.ci)[./]\w", name) and not known & set(re.split(r"\W|_", name))
        if not name.startswith(("tracker.db", "tracker.timer"))  # files of a user
    ]


@pytest.mark.parametrize(("page", "name"), names_of_files())
def test_a_file_or_name_in_the_documentation_is_there(page: str, name: str) -> None:
    if "/" in name:
        assert (ROOT / name).exists()
        return
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        path = ROOT.joinpath(*parts[:length])
        if path.is_dir() or path.with_suffix(".py").is_file():
            break
    source = path.with_suffix(".py").read_text(encoding="utf-8") if path.with_suffix(".py").is_file() else ""
    assert [part for part in parts[length:] if not re.search(rf"\b{part}\b", source)] == []


def test_the_tests_that_contributing_runs_are_there() -> None:
    runs = re.findall(r"-m pytest\b([^#\n]*)", CONTRIBUTING)
    assert len(runs) > 3
    for run in runs:
        paths = [ROOT / word for word in run.split() if word.startswith("tests/")]
        assert all(path.exists() for path in paths), run
        for word in re.findall(r"-k (\w+)", run):
            assert re.search(rf"def test_\w*{word}", paths[0].read_text(encoding="utf-8")), run


def test_every_subject_of_the_measurements_has_a_command() -> None:
    subjects = re.split(r"^##+ ", EVERY_PAGE["measurements.md"], flags=re.MULTILINE)[1:]
    with_figures = [one for one in subjects if re.search(r"^\|.*\d", one, re.MULTILINE)]
    assert len(with_figures) > 6
    assert [one.splitlines()[0] for one in with_figures if "`python -m " not in one] == ["What each part brings"]


@pytest.mark.parametrize("file", [*BLOCKS, *FILES_MADE])
def test_generated_parts_are_up_to_date(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert fresh(file, text) == text, "run python -m docs.update"


def test_every_command_that_writes_json_says_what_is_in_it() -> None:
    wanted = {
        name
        for name, one in every_command()
        if {"--format", "--json"} & {word for o in one.options for word in o.names}
    }
    assert wanted == set(RECORDS)


def test_contributing_says_where_each_module_is_tested() -> None:
    table = CONTRIBUTING.split("## Where a module is tested", 1)[1]
    rows = re.findall(r"^\| (`.*?) \| (`.*?) \|$", table, re.MULTILINE)
    listed = [pattern for patterns, _ in rows for pattern in re.findall(r"`([^`]+)`", patterns)]
    package, tests = ROOT / "tracker", ROOT / "tests"
    modules = [path.relative_to(package) for path in package.rglob("*.py") if path.name != "__init__.py"]
    for path in modules:
        folders = (tests / path.parent, tests / path.parts[0])
        is_named = any((folder / f"test_{path.name}").is_file() for folder in folders)
        assert is_named or any(path.match(pattern) for pattern in listed), f"{path}: add its tests to CONTRIBUTING.md"
    assert [pattern for pattern in listed if not any(path.match(pattern) for path in modules)] == []
    assert [one for _, told in rows for one in re.findall(r"`([^`]+)`", told) if not (tests / one).is_file()] == []


def test_every_package_has_a_line_in_the_decisions() -> None:
    lists = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    names = set[str]().union(*map(requirement_names, lists)) - {"newsmove"}
    packages = DECISIONS.split("\n## ")[1].casefold().replace("_", "-")
    assert [name for name in sorted(names) if not re.search(rf"(?<![\w-]){name}(?![\w-])", packages)] == []


def test_decisions_are_dated_newest_first_in_each_room() -> None:
    for room in DECISIONS.split("\n## ")[1:]:
        entries = re.findall(r"^- (.*)$", room, re.MULTILINE)
        dates = [found[1] for one in entries if (found := re.match(r"\*\*(20\d\d-\d\d-\d\d): \S", one))]
        assert len(dates) == len(entries) > 0, room.splitlines()[0]
        assert dates == sorted(dates, reverse=True), room.splitlines()[0]


@pytest.mark.parametrize("name", ["demo", "test"])
def test_ci_finds_its_commands(name: str) -> None:
    assert TEXT.count(f"<!-- {name} -->\n```sh\n") == 1


def keys_shown(table: str) -> set[str]:
    """Return the keys that are given a value where a table is explained: in the shipped feeds.toml or the reference."""
    begins = re.compile(rf"^(?:# )?\[+{table}\]", re.MULTILINE)
    example = re.findall(r"^## Configuration\n.*?^```toml\n(.*?)^```", REFERENCE, re.MULTILINE | re.DOTALL)[0]
    parts = [*re.split(r"^(?=# --- )", SHIPPED, flags=re.MULTILINE), *re.split(r"^(?=\[)", example, flags=re.MULTILINE)]
    return {key for part in parts if begins.search(part) for key in re.findall(r"\b(\w+) = ", part)}


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("settings", schema.SETTINGS),
        ("feed", schema.FEED),
        ("tag", schema.TAG),
        ("symbol", schema.SYMBOL),
        ("view", schema.VIEW),
        ("mute", schema.MUTE),
        ("alert", schema.ALERT),
        ("market", schema.MARKET),
        (r"market\.yahoo", schema.PROVIDER),
        *((rf"sources\.{name}", shape) for name, shape in schema.SOURCES.items()),
    ],
)
def test_every_key_of_the_configuration_is_explained(table: str, keys: dict[str, object]) -> None:
    assert set(keys) <= keys_shown(table)


def test_what_is_shown_of_other_tables_explains_no_key() -> None:
    assert "poll_minutes" not in keys_shown("view")
    assert "never" not in keys_shown("symbol")
    assert keys_shown("no_table") == set()


def test_the_shipped_configuration_is_sound_and_the_one_at_the_top() -> None:
    assert shipped_config() == ROOT / "feeds.toml"
    config = load_config(shipped_config())
    enabled = [feed for feed in config.feeds if feed.enabled]
    assert config.feeds[0].name == "WCCFTech"
    assert 15 <= len(enabled) <= 25
    assert all(feed.url.startswith("https://") for feed in enabled)
    assert {"Français", "Deutsch", "中文", "日本語"} <= {feed.group for feed in enabled}
    assert {"NVDA", "AMD", "TSM", "AVGO", "ASML", "MSFT", "META", "GOOGL", "DELL"} <= {s.symbol for s in config.symbols}
    assert config.warnings == ()


def test_pictures_are_there_and_small() -> None:
    names = re.findall(r"!\[[^]]+\]\(([^)]+)\)", TEXT)
    assert {ROOT / name for name in names} == set((ROOT / "docs" / "screenshots").iterdir())
    for name in names:
        data = (ROOT / name).read_bytes()
        assert data.startswith(b"GIF89a" if name.endswith(".gif") else b"\x89PNG\r\n"), name
        assert len(data) < 500_000, name
