"""Reindexing: what goes in comes out, nothing is lost, and a generation is all or nothing (law 6)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from searchapp.cli.indexing import progress_line
from searchapp.config import Settings
from searchapp.engines.whoosh import generations
from searchapp.engines.whoosh.generations import current_name, generation_names, roll_back, write_lock
from searchapp.errors import ConfigError, CorpusError, IndexDamaged, IndexLocked, IndexMissing, IndexStale
from searchapp.indexing import delete_articles, reindex
from searchapp.offers import OFFER_FILES
from searchapp.query import Query
from searchapp.search import Searcher
from searchapp.syntax import parse
from searchapp.verify import last_verification, verify

Write = Callable[..., str]


def record(number: int, text: str = "", **fields: Any) -> dict[str, Any]:
    text = text or f"示例县第{number}次会议研究部署第{number}号项目，强调要抓好落实。"
    return {"id": f"a{number}", "title": f"第{number}号消息", "text": text, "date": "2022-12-15", **fields}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write records to a .jsonl file; its path."""

    def write(*records: dict[str, Any] | str, name: str = "news.jsonl") -> str:
        lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records]
        path = tmp_path / name
        path.write_text("".join(line + "\n" for line in lines), "utf-8")
        return str(path)

    return write


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index", workers=1)


def found(settings: Settings, q: str) -> list[str]:
    query = Query(q=q, clause=parse(q), sort="oldest", match="all")
    return sorted(hit.id for hit in Searcher(settings).every_hit(query))


def test_bad_records_are_counted_named_and_kept(write: Write, settings: Settings) -> None:
    path = write(record(1), "{broken", record(2, text=" "), record(3), json.dumps([1]))
    seen: list[tuple[int, str]] = []
    report = reindex([path], settings, on_reject=lambda error, raw: seen.append((error.line, raw)))
    assert (report.added, report.rejected, report.articles) == (2, 3, 2)
    assert [line for line, _ in seen] == [2, 3, 5]
    assert seen[0][1] == "{broken"
    assert all(text.startswith(f"{path}:") for text in report.rejects)


def test_strict_leaves_the_live_index_as_it_was(write: Write, settings: Settings) -> None:
    reindex([write(record(1))], settings)
    with pytest.raises(CorpusError, match=r"news\.jsonl:2: "):
        reindex([write(record(2), "{broken")], settings, strict=True)
    assert found(settings, "消息") == ["a1"]
    assert not list(settings.index.glob(".building-*"))


def test_the_later_of_one_id_wins_and_is_counted(write: Write, tmp_path: Path, sample: Any) -> None:
    settings = Settings(index=tmp_path / "index", aliases=sample.additions, workers=1)
    first = "示例省青禾县委书记林守田主持会议。林守田说，要抓好第一件大事。"
    path = write(record(1, first), record(2), record(1, "后来的正文在此"), record(1, "最后的正文在此"))
    report = reindex([path], settings)
    assert (report.added, report.repeated, report.articles, report.statements) == (2, 2, 2, 0)
    assert found(settings, '"最后的正文在此"') == ["a1"]
    assert found(settings, '"后来的正文在此"') == []


def test_update_adds_changes_skips_and_prunes(write: Write, settings: Settings) -> None:
    reindex([write(*(record(n) for n in range(10)))], settings)
    changed = record(3, "全新的第三篇正文")
    report = reindex([write(*(record(n) for n in range(3)), changed, record(77))], settings, update=True)
    assert (report.unchanged, report.changed, report.added, report.removed) == (3, 1, 1, 0)
    assert report.articles == 11
    assert found(settings, '"全新的第三篇"') == ["a3"]
    assert found(settings, '"第3号项目"') == []
    again = reindex(
        [write(record(0), changed)],
        settings,
        update=True,
        prune=True,
    )
    assert (again.unchanged, again.removed, again.articles) == (2, 9, 2)
    assert found(settings, "第") == ["a0", "a3"]
    assert verify(settings, [write(record(0), changed)], strings=50).whole


def test_an_article_changed_and_changed_back_in_one_update(write: Write, settings: Settings) -> None:
    reindex([write(record(1), record(2))], settings)
    path = write(record(1, "临时的正文"), record(1))
    assert reindex([path], settings, update=True).articles == 2
    assert found(settings, '"第1号项目"') == ["a1"]
    assert found(settings, '"临时的正文"') == []


def test_many_updates_do_not_pile_up_segments(write: Write, settings: Settings) -> None:
    reindex([write(*(record(n) for n in range(50)))], settings)
    for number in range(12):
        reindex([write(record(100 + number))], settings, update=True)
    info = Searcher(settings).info()
    assert info.articles == 62
    assert info.engine.segments <= 4
    assert found(settings, '"第105号项目"') == ["a105"]


def test_delete_takes_articles_and_their_statements_out(write: Write, tmp_path: Path, sample: Any) -> None:
    settings = Settings(index=tmp_path / "index", aliases=sample.additions, workers=1)
    said = "12月9日，示例省青禾县召开会议。县委书记林守田说，要把这件大事办好。"
    reindex([write(record(1, said), record(2))], settings)
    before = Searcher(settings).info()
    assert delete_articles(["a1", "none"], settings) == 1
    after = Searcher(settings).info()
    assert (before.articles, after.articles) == (2, 1)
    assert before.statements > after.statements == 0
    assert found(settings, "这件大事") == []
    assert delete_articles(["a1"], settings) == 0


def test_update_without_an_index_and_prune_without_update(write: Write, settings: Settings) -> None:
    with pytest.raises(IndexMissing):
        reindex([write(record(1))], settings, update=True)
    with pytest.raises(ConfigError, match="--prune"):
        reindex([write(record(1))], settings, prune=True)


def test_update_with_another_dictionary_is_refused(
    write: Write, settings: Settings, tmp_path: Path, sample: Any
) -> None:
    reindex([write(record(1))], settings)
    other = Settings(index=settings.index, aliases=sample.additions, workers=1)
    with pytest.raises(IndexStale):
        reindex([write(record(2))], other, update=True)
    assert found(settings, "消息") == ["a1"]


def test_a_missing_path_is_an_error_before_anything_is_read(settings: Settings) -> None:
    with pytest.raises((ConfigError, CorpusError), match="nowhere"):
        reindex(["nowhere"], settings)
    with pytest.raises(IndexMissing):
        current_name(settings.index)


def test_an_empty_corpus_makes_an_empty_index_that_answers(write: Write, settings: Settings) -> None:
    report = reindex([write()], settings)
    assert report.articles == 0
    assert found(settings, "会议") == []
    page = Searcher(settings).search(Query(q="会议", clause=parse("会议")))
    assert (page.total, page.hits) == (0, ())


def test_workers_build_the_same_index_as_one_process(
    write: Write, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("searchapp.indexing.BATCH_ARTICLES", 7)
    path = write(*(record(n) for n in range(30)))
    reindex([path], settings)
    two = Settings(index=tmp_path / "two", workers=2)
    assert reindex([path], two).articles == 30
    for q in ("项目", "第2号", "会议 -第7号"):
        assert found(settings, q) == found(two, q)
    assert verify(two, [path], strings=40).whole


def test_what_is_offered_does_not_depend_on_batches(
    write: Write, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Offers are written while the batches are merged, from the batches."""
    path = write(*(record(n) for n in range(30)), record(3, "第3号消息更正。"))
    reindex([path], settings)

    def offered(index: Path) -> dict[str, bytes]:
        files = (index / current_name(index)).iterdir()
        return {file.name: file.read_bytes() for file in files if file.name.startswith(OFFER_FILES)}

    assert len(offered(settings.index)) >= len(OFFER_FILES)
    monkeypatch.setattr("searchapp.indexing.BATCH_ARTICLES", 7)
    for workers in (1, 2):
        batches = Settings(index=tmp_path / f"of{workers}", workers=workers)
        reindex([path], batches)
        assert offered(batches.index) == offered(settings.index)


def test_every_phase_of_a_run_has_its_words(
    write: Write, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[tuple[str, int, int]] = []
    reindex([write(*(record(n) for n in range(600)))], settings, progress=lambda *phase: told.append(phase))
    assert [phase for phase, _, _ in told] == ["read", "merge", "publish"]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    show = progress_line()
    for phase in told:
        show(*phase)
    shown = capsys.readouterr().err
    assert "annotating 500 articles" in shown
    assert "merging" in shown
    assert shown.endswith("checksums\n")


FEW_FILES = """
import resource, sys, searchapp.indexing as indexing
from pathlib import Path
from searchapp.config import Settings
resource.setrlimit(resource.RLIMIT_NOFILE, (40, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
indexing.BATCH_ARTICLES = 1
print(indexing.reindex([sys.argv[1]], Settings(index=Path(sys.argv[2]), workers=1)).articles)
"""


def test_more_batches_than_files_may_be_open_at_first(write: Write, settings: Settings) -> None:
    path = write(*(record(n) for n in range(60)))
    command = [sys.executable, "-c", FEW_FILES, path, str(settings.index)]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "60\n"


# ---- generations ----------------------------------------------------------------------------


def test_rollback_goes_to_the_generation_before(write: Write, settings: Settings) -> None:
    reindex([write(record(1))], settings)
    reindex([write(record(2))], settings)
    assert found(settings, "消息") == ["a2"]
    assert roll_back(settings.index) == "g000001"
    assert found(settings, "消息") == ["a1"]
    with pytest.raises(IndexMissing):
        roll_back(settings.index)
    reindex([write(record(3))], settings)
    assert current_name(settings.index) == "g000003"


def test_only_so_many_generations_are_kept(write: Write, settings: Settings) -> None:
    for number in range(6):
        reindex([write(record(number))], settings)
    assert generation_names(settings.index) == ["g000004", "g000005", "g000006"]


def test_an_open_searcher_answers_on_and_notices_the_new_generation(write: Write, settings: Settings) -> None:
    reindex([write(record(1))], settings)
    searcher = Searcher(settings)
    query = Query(q="消息", clause=parse("消息"))
    old = searcher.live()
    reindex([write(record(2))], settings)
    assert [hit.article.id for hit in old.reader.search(query).hits] == ["a1"]
    deadline = time.monotonic() + 2
    while searcher.search(query).hits[0].id != "a2":
        assert time.monotonic() < deadline, "the new generation was not noticed"
        time.sleep(0.05)


def test_two_writers_at_once_are_refused(write: Write, settings: Settings) -> None:
    with write_lock(settings.index), pytest.raises(IndexLocked, match=str(os.getpid())):
        reindex([write(record(1))], settings)


@pytest.mark.parametrize("name", ["manifest.json", "articles", "CURRENT"])
def test_damage_is_named(write: Write, settings: Settings, name: str) -> None:
    reindex([write(record(1))], settings)
    folder = settings.index / "g000001"
    path = {
        "manifest.json": folder / "manifest.json",
        "articles": next(folder.glob("*.articles")),
        "CURRENT": settings.index / "CURRENT",
    }[name]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(data) if name == "articles" else b"\xff{")
    with pytest.raises(IndexDamaged):
        verify(settings, strings=5)


KILLED = """
import sys, time, searchapp.engines.whoosh.generations as g, searchapp.engines.whoosh.writer as w
from pathlib import Path
from searchapp.config import Settings
from searchapp.indexing import reindex
def stop(*_, **__):
    print("here", flush=True)
    time.sleep(60)
module, name = sys.argv[3].split(":")
setattr({"g": g, "w": w}[module], name, stop)
reindex([sys.argv[1]], Settings(index=Path(sys.argv[2]), workers=1))
"""


@pytest.mark.parametrize("place", ["w:to_merge", "w:publish", "g:make_live", "g:remove_old"])
def test_a_killed_run_leaves_the_live_index_and_the_next_goes_on(
    write: Write, settings: Settings, place: str
) -> None:
    """Law 6: SIGKILL while merging, before the rename, before the swap, after the swap."""
    reindex([write(record(1))], settings)
    path = write(record(2), record(3))
    command = [sys.executable, "-c", KILLED, path, str(settings.index), place]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        with pytest.raises(IndexLocked):
            reindex([path], settings)
        process.send_signal(signal.SIGKILL)
    live = ["a2", "a3"] if place == "g:remove_old" else ["a1"]
    assert found(settings, "消息") == live
    assert reindex([path], settings).articles == 2
    assert found(settings, "消息") == ["a2", "a3"]
    assert not list(settings.index.glob(".building-*"))


def test_verify_proves_and_remembers(write: Write, settings: Settings) -> None:
    path = write(*(record(n) for n in range(20)))
    reindex([path], settings)
    assert last_verification(settings.index) is None
    result = verify(settings, [path], strings=60, seed=1)
    assert (result.recall, result.precision, result.strings) == (1.0, 1.0, 60)
    assert (result.missing, result.differing, result.extra) == (0, 0, 0)
    remembered = last_verification(settings.index)
    assert remembered is not None
    assert (remembered.generation, remembered.recall) == (result.generation, 1.0)
    changed = verify(
        settings, [write(record(0), record(1, "别的"), record(99), name="other.jsonl")], strings=5
    )
    assert (changed.missing, changed.differing, changed.extra) == (1, 1, 18)
    assert not changed.whole


def test_the_index_folder_is_private(write: Write, settings: Settings) -> None:
    reindex([write(record(1))], settings)
    assert settings.index.stat().st_mode & 0o077 == 0
    assert generations.CURRENT == "CURRENT"


def test_offers_are_carried_over_small_updates_and_made_anew_by_large_ones(
    write: Write, settings: Settings
) -> None:
    text = "关于冰雪旅游节的消息，冰雪旅游节办得热闹。"
    reindex([write(*(record(n) for n in range(200)))], settings)
    reindex([write(*(record(900 + n, text) for n in range(2)))], settings, update=True)
    assert not Searcher(settings).live().completer.complete("冰雪旅游", 5)
    assert found(settings, "冰雪旅游节") == ["a900", "a901"]
    reindex([write(*(record(950 + n, text) for n in range(4)))], settings, update=True)
    assert Searcher(settings).live().speller.count("冰雪") == 6
