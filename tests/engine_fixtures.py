"""An index built from known articles, with the articles as the engine was given them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from searchapp.article import Article
from searchapp.config import Settings
from searchapp.corpus import content_hash
from searchapp.dictionaries import Dictionaries, load_dictionaries
from searchapp.engines.whoosh import kernels
from searchapp.engines.whoosh.generations import read_manifest, write_lock
from searchapp.engines.whoosh.kernels import in_numpy
from searchapp.engines.whoosh.reader import WhooshReader
from searchapp.engines.whoosh.writer import GenerationWriter, build_batch


@dataclass(frozen=True)
class Built:
    """`articles` are annotated, in the order in which they were added, the live ones only."""

    index: Path
    reader: WhooshReader
    articles: tuple[Article, ...]
    dictionaries: Dictionaries


def build(
    folder: Path,
    articles: Sequence[Article],
    dictionaries: Dictionaries,
    *,
    batches: int = 3,
    merged: bool = True,
    deleted: Sequence[str] = (),
) -> Built:
    """Annotate `articles`, build them in `batches` segments, merge them or not, delete some."""
    annotated = [dictionaries.annotator.annotate(article) for article in articles]
    with write_lock(folder):
        writer = GenerationWriter(folder)
        step = max(1, -(-len(annotated) // batches))
        built = [
            build_batch(writer.folder, number, part, [content_hash(a) for a in part], dictionaries.cutter)
            for number, part in enumerate(annotated[at : at + step] for at in range(0, len(annotated), step))
        ]
        writer.add(built)
        writer.delete(deleted)
        if merged:
            writer.merge()
        name = writer.commit(dictionaries.fingerprints)
    live = tuple(article for article in annotated if article.id not in set(deleted))
    return Built(folder, open_reader(folder, name, dictionaries), live, dictionaries)


def open_reader(index: Path, name: str, dictionaries: Dictionaries) -> WhooshReader:
    """A reader of one generation."""
    manifest = read_manifest(index, name)
    return WhooshReader(index / name, manifest, dictionaries.cutter)


def settings_for(index: Path, aliases: Path | None = None) -> Settings:
    """Settings of one process, so that tests start no workers."""
    return Settings(index=index, aliases=aliases, workers=1)


def sample_dictionaries(aliases: Path) -> Dictionaries:
    """The dictionaries with the sample's invented places."""
    return load_dictionaries(aliases)


@contextmanager
def loops_in_numpy() -> Iterator[None]:
    """As where the kernels could not be compiled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "COMPILED", False)
        for name in set(kernels.__all__) - {"COMPILED"}:
            patch.setattr(kernels, name, getattr(in_numpy, name))
        yield
