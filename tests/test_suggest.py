"""What lies on disk: whole, the same each time, refused when damaged, opened without pypinyin."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchapp.errors import IndexDamaged, IndexStale
from searchapp.suggest import Completer, Entry, Speller, write_completions, write_speller
from searchapp.suggest.columns import open_columns, write_columns

ENTRIES = (
    Entry("county", "横峰县", "361125", "横峰县 · 江西省上饶市", 50),
    Entry("official", "潘琍", "潘琍@361125", "潘琍 · 横峰县县委书记", 3),
    Entry("phrase", "项目为王", count=5),
)
VOCABULARY = (("横峰县", "county", 50), ("潘琍", "official", 3), ("项目为王", "word", 5), ("gdp", "word", 4))


@pytest.mark.parametrize("writer", ["completions", "spelling"])
def test_same_input_same_bytes(tmp_path: Path, writer: str) -> None:
    for folder in ("one", "two"):
        if writer == "completions":
            write_completions(tmp_path / folder, ENTRIES)
        else:
            write_speller(tmp_path / folder, VOCABULARY)
    files = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    assert len(files) > 5


def test_empty_lists_answer_nothing(tmp_path: Path) -> None:
    write_completions(tmp_path, [])
    write_speller(tmp_path, [])
    assert Completer.open(tmp_path).complete("横") == ()
    assert Speller.open(tmp_path).near("横峰") == []


def damage(path: Path, how: str) -> None:
    if how == "gone":
        path.unlink()
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:-1])
    else:
        path.write_bytes(b"\x80\x04 not what it was")


@pytest.mark.parametrize("how", ["gone", "cut", "other"])
def test_every_damaged_file_is_noticed(tmp_path: Path, how: str) -> None:
    write_completions(tmp_path, ENTRIES)
    write_speller(tmp_path, VOCABULARY)
    opens: dict[str, Callable[[Path], object]] = {"completions": Completer.open, "spelling": Speller.open}
    for path in sorted(tmp_path.iterdir()):
        whole = path.read_bytes()
        damage(path, how)
        for name, open_ in opens.items():
            if path.name.startswith((name, "readings")) and not (how == "cut" and path.suffix == ".json"):
                with pytest.raises(IndexDamaged, match=path.name):
                    open_(tmp_path)
        path.write_bytes(whole)


def test_another_format_is_stale_and_a_lost_column_is_damage(tmp_path: Path) -> None:
    write_completions(tmp_path, ENTRIES)
    meta = tmp_path / "completions.json"
    meta.write_text(json.dumps(json.loads(meta.read_text()) | {"format": 0}))
    with pytest.raises(IndexStale, match="completions"):
        Completer.open(tmp_path)
    write_columns(tmp_path, "completions", 1, {}, {})
    with pytest.raises(IndexDamaged, match="completions"):
        Completer.open(tmp_path)


@given(st.lists(st.text(max_size=5)))
def test_columns_give_back_what_was_written(lines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        raw = [line.encode() for line in sorted(lines, key=str.encode)]
        write_columns(Path(folder), "list", 3, {"n": np.arange(len(raw))}, {"line": raw})
        columns = open_columns(Path(folder), "list", 3)
        assert [columns.texts["line"].raw(n) for n in range(len(raw))] == raw
        assert columns.arrays["n"].tolist() == list(range(len(raw)))
        for key in (b"", b"a", *raw):
            assert columns.texts["line"].bisect(key) == sum(line < key for line in raw)


def test_answering_never_imports_pypinyin(tmp_path: Path) -> None:
    write_completions(tmp_path, ENTRIES)
    write_speller(tmp_path, VOCABULARY)
    program = f"""
import sys
from pathlib import Path
from searchapp.suggest import Completer, Speller
folder = Path({str(tmp_path)!r})
assert Completer.open(folder).complete("hfx") and Completer.open(folder).complete("横feng")
assert Speller.open(folder).near("潘莉") and Speller.open(folder).near("panli")
assert "pypinyin" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
