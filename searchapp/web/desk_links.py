"""Where do the pages of the desk lead? Its addresses, beside those that `params` builds."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from searchapp.desk import Evidence
from searchapp.query import Query
from searchapp.results import Hit
from searchapp.web.params import article_url, pairs, to_url, with_pairs

FRAGMENT_CHARS = 24


class DeskLinks:
    """Links for templates and files; `root` is where the application is mounted, or its full
    address for files that leave it."""

    def __init__(self, root: str) -> None:
        self.root = root

    def to(self, query: Query) -> str:
        """The search that a count is the total of."""
        return to_url("statements" if query.collection == "statements" else "search", query, self.root)

    def county(self, code: str) -> str:
        return f"{self.root}/counties/{quote(code, safe='', errors='replace')}"

    def official(self, ident: str) -> str:
        return f"{self.root}/officials/{quote(ident, safe='', errors='replace')}"

    def place_of(self, code: str) -> str:
        """The profile of an official's place, "" when it is no division."""
        return self.county(code) if code.isdecimal() and code != "00" else ""

    def article(self, article_id: str) -> str:
        return article_url(article_id, Query(), self.root)

    def sentence(self, hit: Hit) -> str:
        """The place in the article where a statement begins."""
        start = f"#s{hit.statement.span.start}" if hit.statement else ""
        return self.article(hit.id) + start

    def evidence(self, shown: Evidence) -> str:
        """The sentence in its article, by a text fragment (other browsers open the article)."""
        if shown.start < 0:
            return self.article(shown.article_id)
        words = quote(shown.sentence.split("\n")[0][:FRAGMENT_CHARS], safe="", errors="replace")
        return f"{self.article(shown.article_id)}#:~:text={words.replace('-', '%2D')}"

    def compare(self, who: Sequence[str], query: Query, form: str = "", **more: str) -> str:
        """The desk for `who`; `form` is "" for the page, ".md" or ".csv" for a file."""
        asked = [("who", name) for name in who]
        asked += [(name, value) for name, value in pairs(query) if name in ("q", "source", "from", "to")]
        asked += [(name, value) for name, value in more.items() if value]
        return with_pairs(f"{self.root}/compare{form}", asked)

    def phrase(self, words: str, **more: str) -> str:
        """The track of a wording."""
        asked = [("q", words), *((name, value) for name, value in more.items() if value)]
        return with_pairs(f"{self.root}/phrase", asked)
