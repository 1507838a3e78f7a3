"""Stored articles: the title is read from the head alone, whatever it holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from searchapp.article import Article
from searchapp.engines.records import HEAD_BYTES, pack_article, stored_title, unpack_article

TITLES = st.one_of(
    st.text(max_size=20),
    st.text(st.characters(), max_size=8),
    st.text('"\\县\ud800𠮷\n', min_size=1, max_size=HEAD_BYTES).map(lambda text: text * 3),
)


@given(ident=st.text(max_size=40), title=TITLES)
def test_the_title_is_that_of_the_whole_article(ident: str, title: str) -> None:
    article = Article(ident, title, "全文。" * 400, "2024-05-01", "", "")
    stored = pack_article(article)
    assert stored_title(stored) == title
    assert unpack_article(stored).title == title
