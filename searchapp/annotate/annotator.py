"""The whole annotation of an article: places, officials, statements, then an editor's corrections."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib import resources

from searchapp.annotate.corrections import corrected
from searchapp.annotate.counties import find_places
from searchapp.annotate.officials import find_officials
from searchapp.annotate.script import in_simplified
from searchapp.annotate.statements import find_statements
from searchapp.article import Article
from searchapp.gazetteer import Additions, Gazetteer

# Raised whenever the rules change what an article's annotation is.
RULES_VERSION = 46


class Annotator:
    """Annotates articles. Holds no state of its own beyond the gazetteer: safe to share between
    threads, and cheap to build in a worker process."""

    def __init__(self, gazetteer: Gazetteer, additions: Additions | None = None) -> None:
        self.gazetteer = gazetteer
        self.additions = additions if additions is not None else gazetteer.additions

    @property
    def fingerprint(self) -> str:
        """Short hash of rules, tables, gazetteer and corrections: other rules, other annotations."""
        digest = hashlib.sha256(f"{RULES_VERSION}\n{self.gazetteer.fingerprint}\n".encode())
        digest.update(repr(self.additions.changes).encode())
        for table in ("names.toml", "offices.toml", "speech.toml"):
            digest.update(resources.files(__package__).joinpath(table).read_bytes())
        return digest.hexdigest()[:16]

    def annotate(self, article: Article) -> Article:
        """`article` with places, officials and statements filled in; the rest unchanged."""
        places = find_places(article.title, article.text, self.gazetteer, article.source)
        title, text = in_simplified(article.title), in_simplified(article.text)
        people = find_officials(title, text, places, self.gazetteer, article.date)
        statements = find_statements(text, people, article.date)
        annotated = replace(article, places=places, officials=people.officials, statements=statements)
        return corrected(annotated, self.additions, self.gazetteer)
