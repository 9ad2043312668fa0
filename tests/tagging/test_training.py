"""What the model is trained on: sentences by style and labels by hash."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tagging import fresh
from tests.tagging.measure import builtin_tagger
from tracker.tagging.companies import companies, titles_about
from tracker.tagging.training import asides, label
from tracker.tagging.training.label import Place, labels
from tracker.tagging.training.moulds import grammar, moulds
from tracker.tagging.training.news import counts
from tracker.tagging.training.usage import usage


def test_every_sentence_has_a_name_and_parts_that_exist() -> None:
    for mould in (*moulds(), *grammar()):
        for sentence in mould.sentences:
            assert "X_" in sentence, mould.style
            sentence.replace("X_", "Target").format(**{part: words[0] for part, words in mould.parts.items()})


def test_no_sentence_is_both_about_a_company_and_about_something_else() -> None:
    about = {
        kind: {one for mould in moulds() if mould.is_company is kind for one in mould.sentences}
        for kind in (False, True)
    }
    assert not about[False] & about[True]
    assert min(map(len, about.values())) > 800


def test_no_sentence_to_learn_from_is_one_to_measure_with() -> None:
    names = ("plain_third", "plain_fourth", "negatives_third", "negatives_fourth")
    measured = {title for name in names for _, title in fresh.rows(name)}
    patterns = [sentence for mould in moulds() for sentence in mould.sentences if "{" not in sentence]
    assert len(measured) > 600
    for sentence in patterns:
        before, _, after = sentence.partition("X_")
        assert not [
            one
            for one in measured
            if one.startswith(before) and one.endswith(after) and " " not in one[len(before) : len(one) - len(after)]
        ], sentence


def test_a_label_is_found_whatever_the_case_and_blanks_of_the_title() -> None:
    one = Place("feed", "Target falls  4%", 0, 6, "h1", 0, "target-corp")
    assert one.key == one._replace(source="other", text="Target FALLS 4%").key
    assert one.key != one._replace(text="Target rises 4%").key


def test_a_batch_that_was_read_is_added_by_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = tmp_path / "labels.txt"
    known.write_text("# head\n00aa 1\n", encoding="utf-8")
    batch = tmp_path / "batch.txt"
    batch.write_text("0\t00bb\ttarget-corp\t[[Target]] falls\n1\t00cc\t-\tThe [[Target]]\n", encoding="utf-8")
    monkeypatch.setattr(label, "LABELS", known)
    monkeypatch.setattr("sys.argv", ["label", "add", str(batch), "0"])
    labels.cache_clear()
    try:
        assert label.main() == 0
        assert known.read_text("utf-8").splitlines()[1:] == ["00aa 1", "00bb 1", "00cc 0"]
    finally:
        labels.cache_clear()


def test_a_label_of_salience_is_a_hash_and_a_place() -> None:
    one = asides.Named("Acme  falls", "acme", ((0, 4),), ((0, 4),), "", False, False)
    assert one.key == one._replace(title="ACME falls", tag="other").key
    assert one.key != one._replace(places=((6, 10),)).key
    assert len(asides.labels()) > 1900
    assert all(len(key.split(" ")[0]) == 16 and key.split(" ")[1].isdigit() for key in asides.labels())


def test_labels_of_salience_are_added_by_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = tmp_path / "asides.txt"
    known.write_text("# head\n00aa 4 aside\n", encoding="utf-8")
    batch = tmp_path / "batch.txt"
    batch.write_text("0\t00bb 0\t[[Acme]] falls\n1\t00cc 9\tDeals on [[Acme]]\n", encoding="utf-8")
    monkeypatch.setattr(asides, "LABELS", known)
    monkeypatch.setenv("TRACKER_CORPUS", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["asides", "add", str(batch), "1"])
    asides.labels.cache_clear()
    try:
        assert asides.main() == 0
        assert known.read_text("utf-8").splitlines()[1:] == ["00aa 4 aside", "00bb 0 about", "00cc 9 aside"]
    finally:
        asides.labels.cache_clear()


def test_usage_counts_how_sentences_write_a_name() -> None:
    said = [f"The bank has raised its price target for the shares to {price}" for price in range(8)]
    titled = ["The Bank Has Raised Its Price Target for the Shares", "Bank hat den price target der Aktien und nicht"]
    assert list(usage([*said, *titled], frozenset({"target", "shell"}))) == [("target", -1.1, ["price"])]


def test_a_title_that_comes_twice_counts_once() -> None:
    found = counts(["Nvidia sues AMD", "AMD falls 4%", "Nvidia sues AMD"], builtin_tagger())
    assert (found["nvidia"], found["amd"]) == (1, 2)


def test_what_is_counted_are_companies_with_ambiguous_names() -> None:
    assert titles_about().keys() <= {row.tag for row in companies() if row.words}
    assert titles_about()["microsoft"] > 100 > titles_about().get("cvs-health", 0)
