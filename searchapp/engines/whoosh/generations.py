"""Which build of the index is live, and how does the next one take its place?

    <index>/CURRENT             the name of the live generation, one line
    <index>/<generation>/       segment files and manifest.json, never changed once they are there
    <index>/.building-<name>/   a generation that is being written
    <index>/LOCK                held while a process writes (flock: it ends with the process)

A generation is built aside, checked, renamed into place, and becomes live by replacing CURRENT,
which is one atomic step. A process that dies leaves at most a `.building-` folder, which the next
writer removes. The folder is made private: Whoosh's table of contents is a pickle.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from searchapp.errors import IndexDamaged, IndexLocked, IndexMissing, IndexStale
from searchapp.schema import FORMAT_VERSION

CURRENT, LOCK, MANIFEST = "CURRENT", "LOCK", "manifest.json"
GENERATION_NAME = re.compile(r"g\d{6,}")
KEPT_GENERATIONS = 3


@dataclass(frozen=True)
class Manifest:
    """What a generation is. `fingerprints` by what made it (analyzer, gazetteer, annotator …);
    `files` name -> [bytes, CRC-32]; `articles`, `statements`: segment files in order."""

    generation: str
    created: str
    fingerprints: dict[str, str]
    articles: list[str]
    statements: list[str]
    counts: dict[str, int]
    files: dict[str, list[int]]
    format: int = FORMAT_VERSION
    engine: str = "whoosh"
    parent: str = ""
    sample: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


def current_name(index: Path) -> str:
    """Name of the live generation; raises IndexMissing."""
    try:
        name = (index / CURRENT).read_text("ascii", "replace").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing(f"no index in {index}: run `searchapp reindex PATH` first") from error
    if not GENERATION_NAME.fullmatch(name):
        raise IndexDamaged(f"{index / CURRENT} does not name a generation")
    return name


def read_manifest(index: Path, name: str) -> Manifest:
    """The manifest of a generation; raises IndexDamaged or IndexStale."""
    path = index / name / MANIFEST
    try:
        loaded = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"generation {name}: {MANIFEST} cannot be read ({error})") from error
    if loaded.get("format") != FORMAT_VERSION:
        raise IndexStale(
            f"generation {name} has format {loaded.get('format')}, not {FORMAT_VERSION}; reindex"
        )
    return Manifest(**loaded)


def generation_names(index: Path) -> list[str]:
    """All whole generations, oldest first."""
    if not index.is_dir():
        return []
    return sorted(
        p.name for p in index.iterdir() if GENERATION_NAME.fullmatch(p.name) and (p / MANIFEST).exists()
    )


def next_name(index: Path) -> str:
    """A name that no generation has had."""
    names = generation_names(index)
    return f"g{int(names[-1][1:]) + 1 if names else 1:06d}"


@contextlib.contextmanager
def write_lock(index: Path) -> Iterator[None]:
    """Hold the right to write; raises IndexLocked with the process that holds it."""
    index.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(PermissionError):
        index.chmod(0o700)
    with (index / LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise IndexLocked(
                f"another reindex is running ({file.read().strip() or 'unknown process'})"
            ) from error
        file.truncate(0)
        file.write(f"process {os.getpid()} since {datetime.now(UTC).isoformat(timespec='seconds')}\n")
        file.flush()
        _remove_unfinished(index)
        yield
        file.truncate(0)


def _remove_unfinished(index: Path) -> None:
    for path in index.glob(".building-*"):
        shutil.rmtree(path, ignore_errors=True)


def checksum(path: Path) -> list[int]:
    """[bytes, CRC-32] of a file."""
    crc = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            crc = zlib.crc32(block, crc)
    return [path.stat().st_size, crc]


def verify_files(index: Path, manifest: Manifest) -> None:
    """Compare every file with the manifest; raises IndexDamaged naming the first that differs."""
    for name, expected in manifest.files.items():
        path = index / manifest.generation / name
        if not path.exists():
            raise IndexDamaged(f"generation {manifest.generation}: {name} is missing")
        if checksum(path) != expected:
            raise IndexDamaged(f"generation {manifest.generation}: {name} does not match its checksum")


def publish(index: Path, building: Path, manifest: Manifest) -> None:
    """Write the manifest, rename the folder into place and make it live."""
    path = building / MANIFEST
    path.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n", "utf-8")
    for file in building.iterdir():
        _sync(file)
    _sync(building)
    os.rename(building, index / manifest.generation)
    make_live(index, manifest.generation)
    remove_old(index)


def make_live(index: Path, name: str) -> None:
    """Point CURRENT at a generation, in one step."""
    temporary = index / f"{CURRENT}.new"
    with temporary.open("w", encoding="ascii") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, index / CURRENT)
    _sync(index)


def remove_old(index: Path) -> None:
    """Keep the live generation and the newest others, KEPT_GENERATIONS in all."""
    live = current_name(index)
    others = [name for name in generation_names(index) if name != live]
    for name in others[: max(0, len(others) - (KEPT_GENERATIONS - 1))]:
        shutil.rmtree(index / name, ignore_errors=True)


def roll_back(index: Path) -> str:
    """Make the generation before the live one live; its name. Raises IndexMissing."""
    live = current_name(index)
    before = [name for name in generation_names(index) if name < live]
    if not before:
        raise IndexMissing(f"there is no generation before {live} to go back to")
    make_live(index, before[-1])
    return before[-1]


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
