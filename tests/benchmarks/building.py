"""Each engine's index, built in processes of its own: how fast, how large, how much memory?"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from memory import PeakMemory
from peers.base import Ask
from peers.stock_whoosh import BUILD_SECONDS

CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True, slots=True)
class Build:
    """Figures of one build. `cpu_seconds` of all its processes; memory: peak of the process tree,
    all and without file pages. `same_fields_bytes`: the index without what only searchapp has,
    searchable statements and suggestions while typing.
    """

    articles: int
    seconds: float
    cpu_seconds: float
    size_bytes: int
    resident_bytes: int
    private_bytes: int
    same_fields_bytes: int

    @property
    def articles_per_s(self) -> float:
        return self.articles / self.seconds

    @property
    def articles_per_cpu_s(self) -> float:
        return self.articles / self.cpu_seconds


def child_command(*arguments: object) -> list[str]:
    """The command that runs `child.py`."""
    return [sys.executable, str(CHILD), *map(str, arguments)]


def build(key: str, articles: Path, count: int, folder: Path, workers: int, reuse: bool) -> Build:
    """Build the index of peer `key` in `folder`, or take the figures of the one that is there."""
    figures = folder.with_suffix(".json")
    if reuse and figures.exists():
        return Build(**json.loads(figures.read_text()))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began, cpu_before = time.perf_counter(), _children_cpu_seconds()
    process = subprocess.Popen(child_command("build", key, articles, folder, workers), stdout=sys.stderr)
    with PeakMemory(process.pid) as peak:
        if process.wait():
            raise SystemExit(f"building {key} failed")
    seconds, cpu_seconds = time.perf_counter() - began, _children_cpu_seconds() - cpu_before
    alone = folder / BUILD_SECONDS
    if alone.exists():
        seconds, cpu_seconds = json.loads(alone.read_text())
    memory = peak.resident_bytes, peak.private_bytes
    sizes = folder_bytes(folder), *memory, folder_bytes(folder, "*.articles" if key == "ours" else "*")
    result = Build(count, seconds, cpu_seconds, *sizes)
    figures.write_text(json.dumps(asdict(result)))
    return result


def _children_cpu_seconds() -> float:
    """Processor time of all ended children and theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def folder_bytes(folder: Path, pattern: str = "*") -> int:
    """Bytes of all files in a folder; a hard link counts once."""
    files = {path.stat().st_ino: path.stat().st_size for path in folder.rglob(pattern) if path.is_file()}
    return sum(files.values())


def first_answer(key: str, folder: Path, ask: Ask, times: int = 3) -> tuple[float, int]:
    """Seconds from starting a process to its first whole page (median), and its own memory then."""
    seconds, private = [], 0
    for _ in range(times):
        began = time.time()
        command = child_command("first", key, folder, json.dumps(asdict(ask)))
        answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        seconds.append(answer["done"] - began)
        private = max(private, answer["private_bytes"])
    return sorted(seconds)[len(seconds) // 2], private


def update_seconds(folder: Path, sample: Path, work: Path, new: int, changed: int) -> float:
    """`searchapp reindex --update` with `new` articles and `changed` ones, the process included.

    Raises subprocess.CalledProcessError when it fails.
    """
    rows = []
    with sample.open(encoding="utf-8") as file:
        for number, line in zip(range(new + changed), file, strict=False):
            row = json.loads(line)
            row["text"] += f"\n{time.time_ns()}"
            if number < new:
                row["id"] = f"new~{time.time_ns()}"
            rows.append(json.dumps(row, ensure_ascii=False))
    batch = work / "update.jsonl"
    batch.write_text("\n".join(rows), encoding="utf-8")
    command = [sys.executable, "-m", "searchapp.cli", "reindex", str(batch), "--index", str(folder)]
    began = time.perf_counter()
    subprocess.run([*command, "--update", "--json"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began
