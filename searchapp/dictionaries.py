"""What decides how a text is read: gazetteer, word dictionary, annotator, and their fingerprints.

An index remembers the fingerprints it was made with. A query is read with the dictionaries of the
generation it asks (its own copy of the editor's file), so the two never differ.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from searchapp.analysis.words import WordCutter, word_cutter, words_fingerprint
from searchapp.gazetteer import Gazetteer, load_gazetteer

if TYPE_CHECKING:
    from searchapp.annotate import Annotator


@dataclass(frozen=True)
class Dictionaries:
    """Everything that is loaded once a process and never changes."""

    gazetteer: Gazetteer

    @functools.cached_property
    def cutter(self) -> WordCutter:
        """Words, with the gazetteer's names in the dictionary."""
        return word_cutter(self.gazetteer.words)

    @functools.cached_property
    def annotator(self) -> Annotator:
        """Counties, officials and statements."""
        # Imported late: a process that serves never annotates.
        from searchapp.annotate import Annotator

        return Annotator(self.gazetteer)

    @functools.cached_property
    def analyzer(self) -> str:
        """Fingerprint of what decides the words of a text; told without the cutter itself."""
        return hashlib.sha256(words_fingerprint(self.gazetteer.words).encode()).hexdigest()[:16]

    @functools.cached_property
    def fingerprints(self) -> dict[str, str]:
        """What an index must have been made with to be read or updated by this."""
        return {
            "analyzer": self.analyzer,
            "gazetteer": self.gazetteer.fingerprint[:16],
            "annotator": self.annotator.fingerprint[:16],
        }

    @property
    def changes(self) -> tuple[str, ...]:
        """The editor's changes, one line each."""
        return self.gazetteer.additions.changes


@functools.lru_cache(maxsize=4)
def load_dictionaries(aliases: Path | None = None) -> Dictionaries:
    """The dictionaries with an editor's file; raises ConfigError when that cannot be used."""
    return Dictionaries(load_gazetteer(aliases))
