"""Which generation answers? Opens the live one, and notices within half a second when it changes.

Questions under way go on with the generation with which they began.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from searchapp.dictionaries import load_dictionaries
from searchapp.engines.base import EngineInfo
from searchapp.engines.whoosh.generations import Manifest, current_name, read_manifest
from searchapp.engines.whoosh.reader import WhooshReader
from searchapp.errors import IndexStale
from searchapp.gazetteer import Gazetteer
from searchapp.schema import ALIASES_FILE
from searchapp.suggest import Completer, Speller

CHECK_SECONDS = 0.5


@dataclass(frozen=True)
class Live:
    """One generation with everything that answers for it."""

    reader: WhooshReader
    manifest: Manifest
    gazetteer: Gazetteer
    completer: Completer
    speller: Speller


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Facts of the live index for pages, health checks and the command line."""

    engine: EngineInfo
    manifest: Manifest
    sample: bool

    @property
    def generation(self) -> str:
        return self.engine.generation

    @property
    def articles(self) -> int:
        return self.engine.articles

    @property
    def statements(self) -> int:
        return self.engine.statements


def open_live(index: Path, name: str) -> Live:
    """Open a generation with its own copy of the editor's file.

    Raises IndexStale when it was built with another analyzer or dictionary, IndexDamaged.
    """
    manifest = read_manifest(index, name)
    folder = index / name
    aliases = folder / ALIASES_FILE
    dictionaries = load_dictionaries(aliases if aliases.exists() else None)
    if manifest.fingerprints["analyzer"] != dictionaries.analyzer:
        raise IndexStale(f"generation {name} was built with another analyzer or dictionary; reindex")
    reader = WhooshReader(folder, manifest, dictionaries.cutter)
    return Live(reader, manifest, dictionaries.gazetteer, Completer.open(folder), Speller.open(folder))


class LiveIndex:
    """The live generation of the index in a folder. Safe between threads."""

    def __init__(self, index: Path) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._checked = time.monotonic()
        self._live = open_live(index, current_name(index))

    def __call__(self) -> Live:
        """The generation that is live now; raises EngineError when there is none."""
        now = time.monotonic()
        if now - self._checked < CHECK_SECONDS:
            return self._live
        with self._lock:
            if now - self._checked >= CHECK_SECONDS:
                name = current_name(self._index)
                if name != self._live.reader.generation:
                    self._live = open_live(self._index, name)
                self._checked = now
        return self._live
