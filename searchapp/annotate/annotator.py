"""Who annotates, and by which rules? What the rules are is in `annotation`, loaded for the first article."""

from __future__ import annotations

import hashlib
from importlib import resources

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
        # Late: who asks for the fingerprint only never annotates, and to load the rules takes long.
        from searchapp.annotate.annotation import annotated

        return annotated(article, self.gazetteer, self.additions)
