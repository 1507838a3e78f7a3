"""Fixtures that several suites share: the measuring data beside the checkout, and the bundled sample."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from searchapp.article import Article
from searchapp.config import Settings
from searchapp.corpus import read_articles
from searchapp.errors import CorpusError
from searchapp.indexing import reindex
from searchapp.sample import SamplePaths, sample_paths

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis_settings.register_profile("searchapp", deadline=None)
hypothesis_settings.load_profile("searchapp")

CHECKOUT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("SEARCHAPP_SHARED") or CHECKOUT.parent / "shared") / "data"
# `.ci/run` looks for these words: with the data present no test may be skipped for them.
NO_SHARED_DATA = "measuring data is absent: no ../shared/data (SEARCHAPP_SHARED may name another shared)"


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder that holds pyproject.toml."""
    return CHECKOUT


@pytest.fixture
def no_collecting() -> Iterator[None]:
    """For a test with a time budget: collecting what the other tests have left takes a second by itself."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of measuring data (real news, labels, judgments), else the test is skipped."""
    if not DATA.is_dir():
        pytest.skip(NO_SHARED_DATA)
    return DATA


@pytest.fixture(scope="session")
def sample() -> SamplePaths:
    """Paths of the bundled articles and of their additions to the gazetteer."""
    return sample_paths()


@pytest.fixture(scope="session")
def sample_articles(sample: SamplePaths) -> tuple[Article, ...]:
    """The bundled articles as `reindex` reads them, not yet annotated."""

    def no_reject(error: CorpusError, record: str) -> None:
        raise AssertionError(f"{error}: {record}")

    return tuple(read_articles([str(sample.articles)], no_reject))


@pytest.fixture(scope="session")
def sample_index(sample: SamplePaths, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the sample as `serve --demo` builds it; tests must not change it."""
    index = tmp_path_factory.mktemp("sample") / "index"
    settings = Settings(index=index, aliases=sample.additions, workers=1)
    reindex([str(sample.articles)], settings, sample=True)
    return index
