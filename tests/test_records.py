"""Stored articles come back as they were; a title and a line of results are read from the head alone."""

from __future__ import annotations

from dataclasses import replace

from engine_fixtures import sample_dictionaries
from hypothesis import given
from hypothesis import strategies as st

from searchapp.article import Article
from searchapp.engines.records import TITLE_BYTES, pack_article, stored_title, unpack_article, unpack_line
from searchapp.sample import SamplePaths

TITLES = st.one_of(
    st.text(max_size=20),
    st.text(st.characters(), max_size=8),
    st.text('"\\县\ud800𠮷\n', min_size=1, max_size=TITLE_BYTES).map(lambda text: text * 3),
)


@given(ident=st.text(max_size=40), title=TITLES)
def test_the_title_is_that_of_the_whole_article(ident: str, title: str) -> None:
    article = Article(ident, title, "全文。" * 400, "2024-05-01", "", "")
    stored = pack_article(article)
    assert stored_title(stored) == title
    assert unpack_article(stored).title == title


def test_annotated_articles_come_back_and_a_line_has_counties_and_officials(
    sample: SamplePaths, sample_articles: tuple[Article, ...]
) -> None:
    annotated = list(map(sample_dictionaries(sample.additions).annotator.annotate, sample_articles))
    assert any(article.statements for article in annotated)
    for article in (*annotated, replace(annotated[0], text="\udc80", extra={"页": [1, None]})):
        stored = pack_article(article)
        assert unpack_article(stored) == article
        places = tuple(replace(place, mentions=()) for place in article.counties)
        officials = tuple(replace(official, mentions=()) for official in article.officials)
        assert unpack_line(stored) == replace(article, places=places, officials=officials, statements=())


def test_every_character_is_stored() -> None:
    """The codec of GB18030 gives back whatever it takes, so what was packed is not read again to check it."""
    for first in range(0, 0x110000, 0x800):
        text = "".join(map(chr, range(first, first + 0x800)))
        if first != 0xD800:  # lone surrogates, which it refuses
            assert text.encode("gb18030").decode("gb18030") == text
